//! The frame around a project's pages: its name and its tabs.

use leptos::{either::Either, prelude::*};
use leptos_router::components::{A, Outlet};

use super::path_param;
use crate::api::projects::{ProjectFrame, load_project};

#[component]
pub fn ProjectLayout() -> impl IntoView {
    let project_id = path_param("project_id");
    let frame = Resource::new(move || project_id.get(), load_project);
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match frame.await {
                    Ok(project) => Either::Left(view! { <Frame project /> }),
                    // The page below says what is wrong; here is the way on.
                    Err(_) => Either::Right(view! { <Crumbs name=None /> }),
                }
            })}
        </Transition>
        <Outlet />
    }
}

#[component]
fn Crumbs(name: Option<String>) -> impl IntoView {
    view! {
        <nav class="crumbs" aria-label="Where you are">
            <a href="/projects">"Projects"</a>
            {name
                .map(|name| {
                    view! {
                        <span aria-hidden="true">"/"</span>
                        <span>{name}</span>
                    }
                })}
        </nav>
    }
    .into_any()
}

#[component]
fn Frame(project: ProjectFrame) -> impl IntoView {
    let base = format!("/projects/{}", project.id);
    let is_admin = matches!(project.role.as_str(), "admin" | "owner");
    view! {
        <Crumbs name=Some(project.name) />
        <nav class="tabs" aria-label="Project">
            <A href=base.clone() exact=true>
                "Overview"
            </A>
            <A href=format!("{base}/tools")>"Tools"</A>
            <A href=format!("{base}/vault")>"Vault"</A>
            <A href=format!("{base}/integrations")>"Integrations"</A>
            <A href=format!("{base}/calls")>"Calls"</A>
            <A href=format!("{base}/members")>"Members"</A>
            {is_admin.then(|| view! { <A href=format!("{base}/api-keys")>"API keys"</A> })}
            <A href=format!("{base}/settings")>"Settings"</A>
        </nav>
    }
    .into_any()
}

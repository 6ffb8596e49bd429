//! The frame around a project's pages: its name and its tabs.

use leptos::{either::Either, prelude::*};
use leptos_router::components::{A, Outlet};

use super::in_path;
use crate::{
    api::projects::{ProjectFrame, ProjectRow, list_projects, load_project},
    components::{loaded::begun, project_menu::ProjectMenu, tabs::Tabs},
};

#[component]
pub fn ProjectLayout() -> impl IntoView {
    let project = begun(load_project(in_path("project_id")));
    // Without the others the menu still has the way to the list.
    let projects = begun(list_projects());
    let frame = Suspend::new(async move {
        match project.await {
            Ok(project) => {
                let projects = projects.await.unwrap_or_default();
                Either::Left(view! { <Frame project projects /> })
            }
            // The page below says what is wrong; here is the way on.
            Err(_) => Either::Right(view! {
                <Crumbs />
                <h1>"This project cannot be shown"</h1>
            }),
        }
    });
    view! {
        {frame}
        <Outlet />
    }
    .into_any()
}

#[component]
fn Crumbs(#[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <nav class="crumbs" aria-label="Where you are">
            <a href="/projects">"Projects"</a>
            {children
                .map(|children| {
                    view! {
                        <span aria-hidden="true">"/"</span>
                        {children()}
                    }
                })}
        </nav>
    }
    .into_any()
}

#[component]
fn Frame(project: ProjectFrame, projects: Vec<ProjectRow>) -> impl IntoView {
    let base = format!("/projects/{}", project.id);
    let is_admin = matches!(project.role.as_str(), "admin" | "owner");
    view! {
        <Crumbs>
            <ProjectMenu id=project.id name=project.name projects />
        </Crumbs>
        <Tabs label="Project">
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
        </Tabs>
    }
    .into_any()
}

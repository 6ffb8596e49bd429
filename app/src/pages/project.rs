//! The frame around a project's pages: its name and its tabs.

use leptos::prelude::*;
use leptos_router::components::{A, Outlet};

use super::path_param;
use crate::{
    api::projects::{ProjectFrame, load_project},
    components::loaded::Loaded,
};

#[component]
pub fn ProjectLayout() -> impl IntoView {
    let project_id = path_param("project_id");
    let frame = Resource::new(move || project_id.get(), load_project);
    view! {
        <Loaded from=frame show=|project| view! { <Frame project /> } />
        <Outlet />
    }
}

#[component]
fn Frame(project: ProjectFrame) -> impl IntoView {
    let base = format!("/projects/{}", project.id);
    view! {
        <nav class="crumbs" aria-label="Where you are">
            <a href="/projects">"Projects"</a>
            <span aria-hidden="true">"/"</span>
            <span>{project.name}</span>
        </nav>
        <nav class="tabs" aria-label="Project">
            <A href=base.clone() exact=true>
                "Overview"
            </A>
            <A href=format!("{base}/tools")>"Tools"</A>
            <A href=format!("{base}/integrations")>"Integrations"</A>
            <A href=format!("{base}/calls")>"Calls"</A>
        </nav>
    }
    .into_any()
}

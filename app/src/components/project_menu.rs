//! Where a project's page is, and the way to the reader's other projects.

use leptos::prelude::*;

use super::menu::{Menu, MenuLabel, MenuLink};
use crate::api::projects::ProjectRow;

/// Of so many a menu is still quick to read; for more there is the list.
const MOST: usize = 12;

/// The name of the project that one is in, and on a press the others.
#[component]
pub fn ProjectMenu(id: String, name: String, projects: Vec<ProjectRow>) -> impl IntoView {
    let others = projects
        .into_iter()
        .take(MOST)
        .map(|project| {
            let is_current = project.id == id;
            view! {
                <MenuLink href=format!("/projects/{}", project.id) is_current>
                    {project.name}
                </MenuLink>
            }
        })
        .collect_view();
    view! {
        <Menu
            id="project-menu"
            text=name
            about="Project"
            class="menu-button menu-button-small"
        >
            <MenuLabel>"Go to another project"</MenuLabel>
            {others}
            <hr class="menu-line" />
            <MenuLink href="/projects">"All projects"</MenuLink>
        </Menu>
    }
    .into_any()
}

//! The list of projects, and making one.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::projects::{CreateProject, ProjectRow, list_projects},
    components::{
        empty::Empty, field::TextField, form::sent, form_dialog::FormDialog, loaded::Loaded,
    },
};

#[component]
pub fn ProjectsPage() -> impl IntoView {
    view! {
        <Title text="Projects" />
        <div class="page-head">
            <div>
                <h1>"Projects"</h1>
                <p>"A project holds the tools of one API or team, and the integrations that may call them."</p>
            </div>
            <NewProject />
        </div>
        <Loaded from=list_projects() show=|projects| view! { <ProjectCards projects /> } />
    }
    .into_any()
}

#[component]
fn ProjectCards(projects: Vec<ProjectRow>) -> impl IntoView {
    if projects.is_empty() {
        return view! {
            <Empty title="Start with a project">
                <p>
                    "In ten minutes Claude calls your API: make a project, register an HTTP endpoint as a tool (or take the samples), create an integration, and paste three strings into Claude."
                </p>
                <p>
                    <a href="/docs/get-started">"Get started in 5 minutes"</a>
                </p>
            </Empty>
        }
        .into_any();
    }
    let cards = projects
        .into_iter()
        .map(|project| {
            view! {
                <a class="card card-link" href=format!("/projects/{}", project.id)>
                    <h2>{project.name}</h2>
                    <p class="facts">
                        <span>
                            <b>{project.enabled_tools}</b>
                            {format!(" of {} tools enabled", project.tools)}
                        </span>
                        <span>
                            <b>{project.integrations}</b>
                            {if project.integrations == 1 { " integration" } else { " integrations" }}
                        </span>
                        <span>{project.role}</span>
                    </p>
                </a>
            }
        })
        .collect_view();
    view! { <div class="grid-cards">{cards}</div> }.into_any()
}

#[component]
fn NewProject() -> impl IntoView {
    let create = sent::<CreateProject>();
    view! {
        <FormDialog
            id="new-project"
            open="New project"
            title="New project"
            of=&create
            fields=&["name"]
            submit="Create project"
        >
            <TextField
                label="Project name"
                field="name"
                hint="For you and your team; Claude does not see it."
                placeholder="CRM"
            />
        </FormDialog>
    }
    .into_any()
}

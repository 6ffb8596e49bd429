//! The list of projects, and making one.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;

use crate::{
    api::projects::{CreateProject, ProjectRow, list_projects},
    browser,
    components::{
        dialog::{CancelButton, Dialog, OpenButton},
        failure::{FormFailure, error_of, problems_of},
        field::TextField,
        loaded::Loaded,
    },
};

const DIALOG: &str = "new-project";

#[component]
pub fn ProjectsPage() -> impl IntoView {
    let projects = Resource::new(|| (), |()| list_projects());
    let dialog = NodeRef::<html::Dialog>::new();
    view! {
        <Title text="Projects" />
        <div class="page-head">
            <div>
                <h1>"Projects"</h1>
                <p>"A project holds the tools of one API or team, and the integrations that may call them."</p>
            </div>
            <OpenButton dialog=DIALOG node=dialog class="btn btn-primary">
                "New project"
            </OpenButton>
        </div>
        <Loaded from=projects show=|projects| view! { <ProjectCards projects /> } />
        <NewProject dialog />
    }
    .into_any()
}

#[component]
fn ProjectCards(projects: Vec<ProjectRow>) -> impl IntoView {
    if projects.is_empty() {
        return view! {
            <div class="empty">
                <h2>"Start with a project"</h2>
                <p>
                    "In ten minutes Claude calls your API: make a project, register an HTTP endpoint as a tool (or take the samples), create an integration, and paste three strings into Claude."
                </p>
                <p>
                    <a href="/docs/get-started">"Get started in 5 minutes"</a>
                </p>
            </div>
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
fn NewProject(dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let create = ServerAction::<CreateProject>::new();
    let error = error_of(create.value());
    Effect::new(move |_| {
        // Also after a plain form: the answer comes with the page's address.
        if error.with(Option::is_some) {
            browser::open(dialog);
        }
    });
    view! {
        <Dialog id=DIALOG title="New project" node=dialog>
            <ActionForm action=create attr:class="stack">
                <FormFailure error fields=&["name"] />
                <TextField
                    label="Project name"
                    field="name"
                    hint="For you and your team; Claude does not see it."
                    placeholder="CRM"
                    problems=problems_of(error)
                />
                <div class="dialog-actions">
                    <CancelButton dialog=DIALOG node=dialog />
                    <button type="submit" class="btn btn-primary" disabled=move || create.pending().get()>
                        "Create project"
                    </button>
                </div>
            </ActionForm>
        </Dialog>
    }
    .into_any()
}

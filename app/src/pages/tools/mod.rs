//! A project's tools, each with its switch.

mod asked;
mod bulk;
pub mod catalog;
pub mod curl;
pub mod editor;
pub mod import;
mod lint;
pub mod playground;
mod row;
pub mod versions;

use leptos::prelude::*;
use leptos_meta::Title;

use super::in_path;
use crate::{
    api::{
        UiError,
        lint::{ProjectLint, lint_project},
        tools::{AddSampleTools, ToolList, list_tools},
    },
    components::{
        empty::Empty,
        failure::FormFailure,
        form::{Form, sent},
        live::Live,
        loaded::Loaded,
    },
};
use asked::{Asked, Pages, Search};
use bulk::Bulk;
use lint::Cost;
use row::Row;

#[component]
pub fn ToolsPage() -> impl IntoView {
    let project_id = in_path("project_id");
    let asked = Asked::in_query(&project_id);
    let loaded = load(project_id.clone(), asked.clone());
    let show = move |(list, lint): (ToolList, Option<ProjectLint>)| {
        if list.total == 0 {
            view! { <NoTools project_id may_edit=list.may_edit /> }.into_any()
        } else {
            view! { <ToolRows project_id asked list lint /> }.into_any()
        }
    };
    view! {
        <Title text="Tools" />
        <Live project_id=in_path("project_id") />
        <div class="stack">
            <Loaded from=loaded show />
        </div>
    }
    .into_any()
}

async fn load(
    project_id: String,
    asked: Asked,
) -> Result<(ToolList, Option<ProjectLint>), UiError> {
    let list = list_tools(project_id.clone(), asked.filter).await?;
    let lint = match asked.with_report {
        true => Some(lint_project(project_id).await?),
        false => None,
    };
    Ok((list, lint))
}

/// The ways in besides the form.
#[component]
fn WaysIn(project_id: String) -> impl IntoView {
    let to = |page| format!("/projects/{project_id}/tools/{page}");
    view! {
        <a class="btn" href=to("import")>
            "Import OpenAPI"
        </a>
        <a class="btn" href=to("curl")>
            "Paste a curl command"
        </a>
        <a class="btn" href=to("catalog")>
            "Starter catalog"
        </a>
        // A button in looks and role, that leads to a page.
        <form action=to("new")>
            <button type="submit" class="btn btn-primary">
                "Register tool"
            </button>
        </form>
    }
    .into_any()
}

#[component]
fn NoTools(project_id: String, may_edit: bool) -> impl IntoView {
    view! {
        <h1 class="sr-only">"Tools"</h1>
        <Empty title="No tools yet">
            <p>
                "A tool is an HTTP endpoint of yours, described so that Claude knows when and how to call it. The sample tools answer from this server: with them you see the whole way work before you register your own."
            </p>
            {may_edit.then(|| view! { <Begin project_id /> })}
            <p>
                <a href="/docs/custom-tools">"How a tool is described"</a>
            </p>
        </Empty>
    }
    .into_any()
}

#[component]
fn Begin(project_id: String) -> impl IntoView {
    let add = sent::<AddSampleTools>();
    let of = project_id.clone();
    view! {
        <FormFailure of=&add />
        <div class="cluster">
            <Form of=&add>
                <input type="hidden" name="project_id" value=of />
                <button type="submit" class="btn">
                    "Add sample tools"
                </button>
            </Form>
            <WaysIn project_id />
        </div>
    }
    .into_any()
}

#[component]
fn ToolRows(
    project_id: String,
    asked: Asked,
    list: ToolList,
    lint: Option<ProjectLint>,
) -> impl IntoView {
    let may_edit = list.may_edit;
    let (found, page) = (list.found, list.page);
    let ways_in = may_edit.then(|| {
        let project_id = project_id.clone();
        view! {
            <div class="cluster">
                <WaysIn project_id />
            </div>
        }
    });
    let bulk = (may_edit && found > 0).then(|| view! { <Bulk project_id=project_id.clone() /> });
    let all = Asked::all(&project_id).link();
    let cost = view! { <Cost lint=lint.clone() later=asked.with_report().link() /> };
    let rows = list
        .tools
        .into_iter()
        .map(|tool| {
            let mends = lint::Mends::of(lint.as_ref(), &tool);
            view! { <Row project_id=project_id.clone() tool may_edit mends /> }
        })
        .collect_view();
    view! {
        <div class="page-head">
            <div>
                <h1>"Tools"</h1>
                <p>"Claude sees the enabled ones, from its next request on."</p>
            </div>
            {ways_in}
        </div>
        {cost}
        <Search asked=asked.clone() />
        {bulk}
        {if found == 0 {
            view! {
                <p class="quiet">
                    "No tool is like that. " <a href=all>"Show all"</a>
                </p>
            }
                .into_any()
        } else {
            view! { <ul class="rows">{rows}</ul> }.into_any()
        }}
        <Pages asked found page />
    }
    .into_any()
}

//! A project's tools, each with its switch.

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

use super::{in_path, in_query};
use crate::{
    api::{
        UiError,
        lint::{ProjectLint, lint_project},
        lists::ListQuery,
        tools::{AddSampleTools, ToolList, list_tools},
    },
    components::{
        button::{Button, ButtonKind, LinkButton},
        empty::Empty,
        failure::FormFailure,
        form::{Form, sent},
        list_query::{Asked, Choices, ListSearch, NothingFound, Pages},
        live::Live,
        loaded::Loaded,
    },
};
use bulk::{AllFound, Bulk};
use lint::Cost;
use row::Row;

const STATES: Choices = &[
    ("", "All"),
    ("enabled", "Enabled"),
    ("disabled", "Disabled"),
];
const SORTS: Choices = &[
    ("", "By name"),
    ("newest", "Newest first"),
    ("changed", "Last changed first"),
];

/// In the address of the page with what takes the server a while.
const REPORT: &str = "report";

#[component]
pub fn ToolsPage() -> impl IntoView {
    let project_id = in_path("project_id");
    let asked = Asked::in_query(format!("/projects/{project_id}/tools"));
    let loaded = load(project_id.clone(), asked.query.clone());
    let show = move |(list, lint): (ToolList, Option<ProjectLint>)| {
        if list.place.total == 0 {
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
    query: ListQuery,
) -> Result<(ToolList, Option<ProjectLint>), UiError> {
    let with_report = in_query(REPORT).is_some();
    let mut list = list_tools(project_id.clone(), query).await?;
    let lint = match with_report {
        true => Some(lint_project(project_id).await?),
        false => list.lint.take(),
    };
    Ok((list, lint))
}

/// The ways in besides the form.
#[component]
fn WaysIn(
    project_id: String,
    /// How the one stands out by which most tools come.
    kind: ButtonKind,
) -> impl IntoView {
    let to = |page| format!("/projects/{project_id}/tools/{page}");
    view! {
        <LinkButton href=to("import")>"Import OpenAPI"</LinkButton>
        <LinkButton href=to("curl")>"Paste a curl command"</LinkButton>
        <LinkButton href=to("catalog")>"Starter catalog"</LinkButton>
        // A button in looks and role, that leads to a page.
        <form action=to("new")>
            <Button kind>"Register tool"</Button>
        </form>
    }
    .into_any()
}

#[component]
fn NoTools(project_id: String, may_edit: bool) -> impl IntoView {
    view! {
        <div class="page-head">
            <h1>"Tools"</h1>
        </div>
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
                <Button kind=ButtonKind::Primary>"Add sample tools"</Button>
            </Form>
            <WaysIn project_id kind=ButtonKind::Usual />
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
    let (place, enabled) = (list.place, list.enabled);
    let ways_in = may_edit.then(|| {
        let project_id = project_id.clone();
        view! {
            <div class="cluster">
                <WaysIn project_id kind=ButtonKind::Primary />
            </div>
        }
    });
    let bulk = (may_edit && place.found > 0).then(|| {
        let (project_id, asked) = (project_id.clone(), asked.clone());
        view! {
            <div class="cluster">
                <Bulk project_id=project_id.clone() />
                {place.is_long().then(|| view! { <AllFound project_id asked place enabled /> })}
            </div>
        }
    });
    let later = asked.clone().and(REPORT, "1").link();
    let cost = view! { <Cost lint=lint.clone() later /> };
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
        <ListSearch
            asked=asked.clone()
            label="Search the tools"
            placeholder="Name, title, method or address"
            states=STATES
            sorts=SORTS
        />
        {bulk}
        {if place.found == 0 {
            view! { <NothingFound asked=asked.clone() what="tool" /> }.into_any()
        } else {
            view! { <ul class="rows">{rows}</ul> }.into_any()
        }}
        <Pages asked place />
    }
    .into_any()
}

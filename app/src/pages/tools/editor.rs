//! The form by which a tool is registered or changed.

mod authentication;
mod endpoint;
mod fold;
mod form;
mod limits;
mod preview;
mod templates;

use leptos::prelude::*;
use leptos_meta::Title;

use super::super::{in_path, in_query};
use crate::{
    api::{
        UiError,
        lint::{ToolLint, lint_tool},
        tools::{ToolPage, load_tool},
    },
    components::{button::LinkButton, loaded::Loaded},
};
pub use form::ToolEditor;

#[component]
pub fn NewToolPage() -> impl IntoView {
    view! { <Editor tool_id="new" title="Register a tool" /> }
}

#[component]
pub fn EditToolPage() -> impl IntoView {
    view! { <Editor tool_id=in_path("tool_id") title="Edit tool" /> }
}

#[component]
fn Editor(#[prop(into)] tool_id: String, title: &'static str) -> impl IntoView {
    let project_id = in_path("project_id");
    let with_report = in_query("report").is_some();
    let loaded = load(project_id.clone(), tool_id.clone(), with_report);
    let links = (tool_id != "new").then(|| {
        let base = format!("/projects/{project_id}/tools/{tool_id}");
        view! {
            <div class="cluster">
                <LinkButton href=format!("{base}/try")>
                    "Try it"
                </LinkButton>
                <LinkButton href=format!("{base}/versions")>
                    "Versions"
                </LinkButton>
                <LinkButton href=format!("/projects/{project_id}/calls?tool={tool_id}")>
                    "Its calls"
                </LinkButton>
            </div>
        }
    });
    view! {
        <Title text=title />
        <div class="page-head">
            <div>
                <h1>{title}</h1>
                <p>
                    "An HTTP endpoint, described so that a model can call it. "
                    <a href="/docs/custom-tools">"How tools work"</a>
                </p>
            </div>
            {links}
        </div>
        <Loaded
            from=loaded
            show=move |(page, lint)| view! { <ToolEditor project_id tool_id page lint /> }
        />
    }
    .into_any()
}

/// The tool; and of one that is only looked at the lint's report, once it was asked for.
async fn load(
    project_id: String,
    tool_id: String,
    with_report: bool,
) -> Result<(ToolPage, Option<ToolLint>), UiError> {
    let page = load_tool(project_id.clone(), tool_id.clone()).await?;
    let lint = match with_report && !page.may_edit && tool_id != "new" {
        true => Some(lint_tool(project_id, tool_id).await?),
        false => None,
    };
    Ok((page, lint))
}

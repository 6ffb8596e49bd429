//! Connecting a client: a guide for each, of which the page's address says the one that is open
//! (`?guide=cursor`), and how far the client has come.

use leptos::prelude::*;

use super::{
    checklist::Checklist,
    guides::{Guide, Steps},
};
use crate::{
    api::integrations::IntegrationDetails,
    components::{badge::Tone, notice::Notice},
    pages::{in_path, in_query},
};

#[component]
pub fn Setup(details: IntegrationDetails) -> impl IntoView {
    let guide = Guide::asked(in_query("guide").as_deref(), details.is_loopback);
    let is_out_of_reach = details.is_loopback && guide.calls_from_a_cloud();
    let steps = details.connect_steps.clone();
    view! {
        <section class="card stack" aria-labelledby="setup">
            <h2 id="setup">"Connect a client"</h2>
            <Tabs open=guide />
            {is_out_of_reach.then(|| view! { <OnlyLocal /> })}
            <Steps guide details />
            <Checklist steps />
        </section>
    }
    .into_any()
}

/// Whole addresses: a page that answers a form has another one.
#[component]
fn Tabs(open: Guide) -> impl IntoView {
    let page = format!(
        "/projects/{}/integrations/{}",
        in_path("project_id"),
        in_path("integration_id")
    );
    let tabs = Guide::ALL
        .into_iter()
        .map(|guide| {
            let to = format!("{page}?guide={}#setup", guide.word());
            view! {
                <a href=to aria-current=(guide == open).then_some("page")>
                    {guide.title()}
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label="Clients">
            {tabs}
        </nav>
    }
    .into_any()
}

#[component]
fn OnlyLocal() -> impl IntoView {
    view! {
        <Notice tone=Tone::Warning>
            <strong>"Its cloud cannot reach this server. "</strong>
            "Claude's custom connectors, even those of Claude Desktop, and ChatGPT's apps are called from their makers' clouds, and the public URL of this instance is on this machine only. Set TENGINE_PUBLIC_URL to an https address that the internet reaches, or use Claude Code, Cursor, VS Code or the MCP Inspector, which run here."
        </Notice>
    }
    .into_any()
}

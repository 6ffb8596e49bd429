//! A project's overview: the way to the first call, ticked as far as it is gone.

mod activity;

use leptos::prelude::*;
use leptos_meta::Title;

use self::activity::Activity;
use super::in_path;
use crate::{
    api::projects::{Checklist, load_checklist},
    components::{live::Live, loaded::Loaded},
};

#[component]
pub fn OverviewPage() -> impl IntoView {
    let list = load_checklist(in_path("project_id"));
    view! {
        <Title text="Overview" />
        <Live project_id=in_path("project_id") calls=true />
        <div class="stack">
            <Loaded from=list show=|list| view! { <Overview list /> } />
            <Activity project_id=in_path("project_id") />
        </div>
    }
    .into_any()
}

#[component]
fn Overview(list: Checklist) -> impl IntoView {
    let tools = format!("/projects/{}/tools", list.project_id);
    let integrations = format!("/projects/{}/integrations", list.project_id);
    let calls = format!("/projects/{}/calls", list.project_id);
    let is_done = list.enabled_tools > 0 && list.integrations > 0 && list.has_called;
    view! {
        <div class="page-head">
            <div>
                <h1>{if is_done { "Claude calls your tools" } else { "To the first call" }}</h1>
                <p>
                    {if is_done {
                        "Everything is set up. What was called shows under Calls."
                    } else {
                        "Five steps from here to Claude calling your API."
                    }}
                </p>
            </div>
        </div>
        <div class="card">
            <ol class="steps">
                <Step
                    is_done={list.tools > 0}
                    title="Register a tool"
                    text="An HTTP endpoint of yours with a JSON Schema for its arguments, or the sample tools."
                    href=tools.clone()
                    link="Tools"
                />
                <Step
                    is_done={list.enabled_tools > 0}
                    title="Enable it"
                    text="Claude sees enabled tools only. Each tool has a switch."
                    href=tools
                    link="Tools"
                />
                <Step
                    is_done={list.integrations > 0}
                    title="Create an integration"
                    text="It gives you a Client ID, a Client Secret and a Server URL."
                    href=integrations
                    link="Integrations"
                />
                <Step
                    is_done=list.has_connected
                    title="Connect Claude"
                    text="Paste the three strings into Claude's dialog “Add custom connector”, sign in and approve."
                    href="/docs/claude-desktop".to_owned()
                    link="How to connect"
                />
                <Step
                    is_done=list.has_called
                    title="Call a tool"
                    text="Ask Claude “What tools are available?”, then let it use one."
                    href=calls
                    link="Calls"
                />
            </ol>
        </div>
    }
    .into_any()
}

#[component]
fn Step(
    is_done: bool,
    title: &'static str,
    text: &'static str,
    href: String,
    link: &'static str,
) -> impl IntoView {
    view! {
        <li class:done=is_done>
            <h2>{title} {is_done.then(|| view! { <span class="sr-only">" (done)"</span> })}</h2>
            <p>{text}</p>
            {(!is_done).then(|| view! { <a href=href>{link} " →"</a> })}
        </li>
    }
    .into_any()
}

//! The way to the first call, ticked as far as it is gone. Once it is gone, it is folded away.

use leptos::prelude::*;

use crate::api::projects::Checklist;

#[component]
pub fn Steps(list: Checklist) -> impl IntoView {
    let is_done = list.is_done();
    let project = format!("/projects/{}", list.project_id);
    let integrations = format!("{project}/integrations");
    let connect = match &list.newest_integration {
        Some(id) => format!("{integrations}/{id}#setup"),
        None => integrations.clone(),
    };
    let steps = view! {
        <ol class="steps">
            <Step
                is_done={list.tools > 0}
                title="Register a tool"
                text="An HTTP endpoint of yours with a JSON Schema for its arguments, or the sample tools."
                href=format!("{project}/tools")
                link="Tools"
            />
            <Step
                is_done={list.enabled_tools > 0}
                title="Enable it"
                text="Claude sees enabled tools only. Each tool has a switch."
                href=format!("{project}/tools")
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
                text="The integration's page says what to paste into Claude's dialog “Add custom connector”, and ticks each step as it arrives."
                href=connect
                link="Set it up"
            />
            <Step
                is_done=list.has_called
                title="Call a tool"
                text="Ask Claude “What tools are available?”, then let it use one."
                href=format!("{project}/calls")
                link="Calls"
            />
        </ol>
    };
    match is_done {
        true => view! {
            <details class="fold">
                <summary>"Set-up: all five steps are done"</summary>
                <div class="fold-body">{steps}</div>
            </details>
        }
        .into_any(),
        false => view! { <div class="card">{steps}</div> }.into_any(),
    }
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

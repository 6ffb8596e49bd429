//! Which of the project's tools an integration offers.

use leptos::prelude::*;

use super::ids::Ids;
use crate::{
    api::integrations::{IntegrationDetails, OfferedTool, settings::SetOfferedTools},
    components::{
        choice::Choice,
        failure::FormFailure,
        form::{Form, SentForm, sent},
    },
    counted::counted,
};

const TICKS: &str = "tool_ids[]";

#[component]
pub fn Tools(details: IntegrationDetails) -> impl IntoView {
    let may_manage = details.may_manage;
    view! {
        <section class="card stack" aria-labelledby="offered-tools">
            <h2 id="offered-tools">"Tools that it offers"</h2>
            <p class="quiet">
                "No connection gets more than this, whatever was approved. A change counts from the next request on."
            </p>
            {if may_manage {
                view! { <Selection details /> }.into_any()
            } else {
                view! { <p>{summary(&details)}</p> }.into_any()
            }}
        </section>
    }
    .into_any()
}

/// For those who may only look.
fn summary(details: &IntegrationDetails) -> String {
    if details.offers_all {
        return "All tools of the project, and those that are added later.".to_owned();
    }
    let offered = details.tools.iter().filter(|tool| tool.is_offered);
    let names: Vec<_> = offered.map(|tool| tool.name.as_str()).collect();
    format!(
        "{}: {}",
        counted(names.len(), "tool", "tools"),
        names.join(", ")
    )
}

#[component]
fn Selection(details: IntegrationDetails) -> impl IntoView {
    let save = sent::<SetOfferedTools>();
    let about_ticks = SentForm::from(&save).about("tool_ids");
    let all = details.tools.len();
    let offers_all = details.offers_all;
    view! {
        <Form of=&save class="stack" done="Saved.">
            <FormFailure fields=&["tool_ids"] />
            <Ids />
            <fieldset class="choices">
                <legend class="sr-only">"Tools that it offers"</legend>
                <Choice
                    name="offer"
                    value="all"
                    title="All tools of the project"
                    text=format!("{all} now, and those that are added later.")
                    is_checked=offers_all
                />
                <Choice
                    name="offer"
                    value="selected"
                    title="Only the tools I tick"
                    text="Nothing that is added later."
                    is_checked=!offers_all
                />
            </fieldset>
            {(all > 0).then(|| view! { <Picks tools=details.tools offers_all /> })}
            {about_ticks.map(|text| view! { <p class="problem">{text}</p> })}
            <div class="cluster">
                <button type="submit" class="btn">
                    "Save tools"
                </button>
            </div>
        </Form>
    }
    .into_any()
}

#[component]
fn Picks(tools: Vec<OfferedTool>, offers_all: bool) -> impl IntoView {
    // Where all are offered no box is ticked, so that ticking begins with none.
    let picks = tools
        .into_iter()
        .map(|tool| view! { <Pick is_ticked=!offers_all && tool.is_offered tool /> })
        .collect_view();
    view! { <div class="tool-picks">{picks}</div> }.into_any()
}

#[component]
fn Pick(tool: OfferedTool, is_ticked: bool) -> impl IntoView {
    let form = use_context::<SentForm>();
    let sent = form.and_then(|form| form.ticked(TICKS, &tool.id));
    let is_ticked = sent.unwrap_or(is_ticked);
    view! {
        <label class="check">
            <input type="checkbox" name=TICKS value=tool.id checked=is_ticked />
            <span class="tool-pick-text">
                <span class="mono">{tool.name}</span>
                " "
                <span class="quiet">{tool.title}</span>
                " "
                {tool.is_read_only.then(|| view! { <span class="badge">"read-only"</span> })}
                {(!tool.is_enabled).then(|| view! { <span class="badge">"disabled"</span> })}
            </span>
        </label>
    }
    .into_any()
}

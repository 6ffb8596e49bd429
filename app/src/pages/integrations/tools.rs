//! Which of the project's tools an integration offers.

use leptos::{form::ActionForm, prelude::*};

use super::page::{Ids, Page};
use crate::{
    api::integrations::{IntegrationDetails, OfferedTool},
    components::{
        choice::Choice,
        failure::{FormFailure, error_of, problems_of},
        field::about,
    },
    counted::counted,
};

#[component]
pub fn Tools(page: Page, details: IntegrationDetails) -> impl IntoView {
    let may_manage = details.may_manage;
    view! {
        <section class="card stack" aria-labelledby="offered-tools">
            <h2 id="offered-tools">"Tools that it offers"</h2>
            <p class="quiet">
                "No connection gets more than this, whatever was approved. A change counts from the next request on."
            </p>
            {if may_manage {
                view! { <Selection page details /> }.into_any()
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
fn Selection(page: Page, details: IntegrationDetails) -> impl IntoView {
    let action = page.set_offered_tools;
    let error = error_of(action.value());
    let about_ticks = about(problems_of(error), "tool_ids");
    let is_saved = move || action.value().with(|value| matches!(value, Some(Ok(()))));
    let all = details.tools.len();
    let offers_all = details.offers_all;
    // Where all are offered no box is ticked, so that ticking begins with none.
    let picks = details
        .tools
        .into_iter()
        .map(|tool| view! { <Pick is_ticked=!offers_all && tool.is_offered tool /> })
        .collect_view();
    view! {
        <ActionForm action attr:class="stack">
            <FormFailure error fields=&["tool_ids"] />
            <Ids page />
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
            {(all > 0).then(|| view! { <div class="tool-picks">{picks}</div> })}
            {move || about_ticks.get().map(|text| view! { <p class="problem">{text}</p> })}
            <div class="cluster">
                <button type="submit" class="btn" disabled=move || action.pending().get()>
                    "Save tools"
                </button>
                <span class="quiet small" role="status">
                    {move || if is_saved() { "Saved." } else { "" }}
                </span>
            </div>
        </ActionForm>
    }
    .into_any()
}

#[component]
fn Pick(tool: OfferedTool, is_ticked: bool) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" name="tool_ids[]" value=tool.id checked=is_ticked />
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

//! How far a client has come: the server renders what is known, and an open page is rendered again when
//! something of it changes.

use leptos::prelude::*;

use crate::{
    api::integrations::connecting::ConnectStep,
    components::{copy::CopyField, time_ago::TimeAgo},
};

#[component]
pub fn Checklist(steps: Vec<ConnectStep>) -> impl IntoView {
    let is_done = steps.iter().all(|step| step.is_passed);
    let ask = match is_done {
        true => "It works. Ask, in any conversation",
        false => "Once it is connected: ask, in a new conversation",
    };
    let steps = steps
        .into_iter()
        .map(|step| view! { <Row step /> })
        .collect_view();
    view! {
        <div class="stack" data-testid="connect-checklist">
            <h3 id="checklist">"How far it has come"</h3>
            <ol class="steps" aria-labelledby="checklist">{steps}</ol>
            <CopyField label=ask value="What tools are available?" />
        </div>
    }
    .into_any()
}

#[component]
fn Row(step: ConnectStep) -> impl IntoView {
    view! {
        <li class:done=step.is_passed data-step=step.word>
            <div>
                {step.title} {(!step.is_passed).then(|| view! { <span class="sr-only">": not yet"</span> })}
            </div>
            <p>
                {step.at.map(|at| view! { <TimeAgo when=at /> " " })}
                {step.note.map(|note| view! { <span>"(" {note} ")"</span> })}
            </p>
        </li>
    }
    .into_any()
}

//! What a try made: the request, and the answer.

use leptos::prelude::*;

use crate::{
    api::playground::{Answer, Tried},
    components::{
        badge::{Badge, Tone},
        code_block::CodeBlock,
        notice::Notice,
    },
};

#[component]
pub fn Outcome(tried: Tried) -> impl IntoView {
    let request = match tried.request {
        Ok(text) => {
            view! { <CodeBlock label="the request" text hides_label=true wraps=true /> }.into_any()
        }
        Err(why) => view! {
            <Notice tone=Tone::Bad>
                <p class="pre-line">{why}</p>
            </Notice>
        }
        .into_any(),
    };
    view! {
        {tried.answer.map(|answer| view! { <Shown answer /> })}
        <section class="card stack">
            <h2>"The request"</h2>
            {request}
        </section>
    }
    .into_any()
}

#[component]
fn Shown(answer: Answer) -> impl IntoView {
    let tone = match answer.is_ok {
        true => Tone::Good,
        false => Tone::Bad,
    };
    let structured = answer.structured.map(|text| {
        view! {
            <details class="fold">
                <summary>"As structured content"</summary>
                <div class="fold-body">
                    <CodeBlock label="the structured content" text hides_label=true wraps=true />
                </div>
            </details>
        }
    });
    view! {
        <section class="card stack">
            <div class="cluster">
                <h2>"The answer"</h2>
                <Badge tone>{answer.outcome}</Badge>
                {answer.http_status.map(|status| view! { <Badge>{status}</Badge> })}
            </div>
            <p class="quiet small">
                {answer.time} " · " {answer.size} " · request " <span class="mono">{answer.request_id}</span>
            </p>
            <h3>"What the model sees"</h3>
            <CodeBlock label="what the model sees" text=answer.text hides_label=true wraps=true />
            {structured}
        </section>
    }
    .into_any()
}

//! What a try made: the request, and the answer.

use leptos::prelude::*;

use crate::api::playground::{Answer, Tried};

#[component]
pub fn Outcome(tried: Tried) -> impl IntoView {
    view! {
        {tried.answer.map(|answer| view! { <Shown answer /> })}
        <section class="card stack">
            <h2>"The request"</h2>
            {match tried.request {
                Ok(request) => view! { <pre class="code code-wrap" tabindex="0">{request}</pre> }.into_any(),
                Err(why) => view! { <div class="notice notice-bad pre-line">{why}</div> }.into_any(),
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Shown(answer: Answer) -> impl IntoView {
    let badge = if answer.is_ok {
        "badge badge-ok"
    } else {
        "badge badge-bad"
    };
    view! {
        <section class="card stack">
            <div class="cluster">
                <h2>"The answer"</h2>
                <span class=badge>{answer.outcome}</span>
                {answer.http_status.map(|status| view! { <span class="badge">{status}</span> })}
            </div>
            <p class="quiet small">
                {answer.time} " · " {answer.size} " · request " <span class="mono">{answer.request_id}</span>
            </p>
            <h3>"What the model sees"</h3>
            <pre class="code code-wrap" tabindex="0">{answer.text}</pre>
            {answer
                .structured
                .map(|structured| {
                    view! {
                        <details class="fold">
                            <summary>"As structured content"</summary>
                            <div class="fold-body">
                                <pre class="code code-wrap" tabindex="0">{structured}</pre>
                            </div>
                        </details>
                    }
                })}
        </section>
    }
    .into_any()
}

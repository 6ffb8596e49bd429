//! What there is to say of the tool as its form stands. With wasm it comes while somebody types
//! (`frontend/src/preview.rs`); without, by a button.

use leptos::prelude::*;

use crate::{
    api::lint::ToolLint,
    components::{code_block::CodeBlock, findings::Findings},
};

/// What the form asks, on this page.
pub const FUNCTION: &str = "/_ui/preview_tool?show";

/// What a call sends.
#[component]
pub fn RequestCard(
    /// The form's id.
    of: String,
    /// Whether it is looked at before somebody types.
    at_once: bool,
    /// As it was looked at, or why there is none.
    request: Option<Result<String, String>>,
) -> impl IntoView {
    // What is there already stays until a look brings another.
    let comes_later = request.is_none();
    let shown = match request {
        None => view! {
            <p class="quiet small">
                "Shows here while you type: what a call sends, with arguments that stand for real ones, and secrets masked."
            </p>
        }
        .into_any(),
        Some(Ok(text)) => {
            view! { <CodeBlock label="the request" text hides_label=true wraps=true /> }.into_any()
        }
        Some(Err(why)) => view! { <p class="quiet small pre-line">{why}</p> }.into_any(),
    };
    view! {
        <section class="card stack" aria-labelledby="request">
            <h2 id="request">"The request"</h2>
            <div
                id="request-preview"
                aria-live="polite"
                data-preview-of=of
                data-at-once=at_once
                data-later=comes_later
            >
                {shown}
            </div>
        </section>
    }
    .into_any()
}

/// What Claude would stumble over, and what the tool costs.
#[component]
pub fn LintCard(
    /// The form's id.
    of: String,
    lint: Option<ToolLint>,
    /// The page that has it, where no form looks for it.
    later: Option<String>,
) -> impl IntoView {
    let comes_later = lint.is_none();
    let shown = match (lint, later.clone()) {
        (Some(lint), _) => view! { <Lint lint /> }.into_any(),
        (None, Some(later)) => view! {
            <p class="quiet small">
                <a href=later>"Look for it, and for what the tool costs"</a>
            </p>
        }
        .into_any(),
        (None, None) => view! {
            <p class="quiet small">"Shows here while you type, once the form is right."</p>
        }
        .into_any(),
    };
    view! {
        <section class="card stack" aria-labelledby="lint">
            <h2 id="lint">"What Claude would stumble over"</h2>
            <div
                id="lint-preview"
                class="stack"
                data-preview-of=of
                data-later=comes_later
                data-later-from=comes_later.then_some(later).flatten()
            >
                {shown}
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Lint(lint: ToolLint) -> impl IntoView {
    view! {
        <p class="quiet small">
            {format!(
                "To know of this tool costs a model about {} tokens (an estimate by {}; Claude’s own count is somewhat higher).",
                lint.tokens,
                lint.tokenizer,
            )}
        </p>
        {if lint.findings.is_empty() {
            view! { <p>"Nothing that we know of."</p> }.into_any()
        } else {
            view! { <Findings findings=lint.findings /> }.into_any()
        }}
    }
    .into_any()
}

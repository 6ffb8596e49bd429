//! A value to be copied into some other program.

use leptos::prelude::*;

/// A value in monospace with its label and a button that copies it (`frontend/src/copy.rs`).
#[component]
pub fn CopyField(
    /// Also names the button: `Copy {label}`.
    #[prop(into)]
    label: String,
    #[prop(into)] value: String,
    /// By which tests find the value.
    #[prop(optional, into)]
    testid: Option<&'static str>,
) -> impl IntoView {
    view! {
        <div>
            <div class="copy-label">{label.clone()}</div>
            <div class="copy" data-copied="Copied">
                <code data-testid=testid>{value}</code>
                <button type="button" data-copy aria-label=format!("Copy {label}")>
                    "Copy"
                </button>
            </div>
        </div>
    }
    .into_any()
}

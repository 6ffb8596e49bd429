//! A value to be copied into some other program.

use leptos::{html, prelude::*, task::spawn_local};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::browser;

/// A value in monospace with its label and a button that copies it.
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
    let shown = NodeRef::<html::Code>::new();
    let copied = RwSignal::new(false);
    let text = StoredValue::new(value.clone());
    let copy = move |_| {
        let element = shown.get_untracked();
        spawn_local(async move {
            let element = element.and_then(|code| code.dyn_into::<HtmlElement>().ok());
            if browser::copy(&text.get_value(), element).await {
                copied.set(true);
                set_timeout(
                    move || {
                        // The page may be gone by then.
                        _ = copied.try_set(false);
                    },
                    Duration::from_secs(2),
                );
            }
        });
    };
    view! {
        <div>
            <div class="copy-label">{label.clone()}</div>
            <div class="copy">
                <code node_ref=shown data-testid=testid>
                    {value}
                </code>
                <button type="button" aria-label=format!("Copy {label}") on:click=copy>
                    {move || if copied.get() { "Copied" } else { "Copy" }}
                </button>
            </div>
            <span class="sr-only" role="status">
                {move || if copied.get() { "Copied to the clipboard" } else { "" }}
            </span>
        </div>
    }
    .into_any()
}

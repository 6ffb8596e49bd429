//! Several lines of code, with a button that copies them (`frontend/src/copy.rs`).

use leptos::prelude::*;

#[component]
pub fn CodeBlock(
    /// What it is; also names the button: `Copy {label}`.
    #[prop(into)]
    label: String,
    #[prop(into)] text: String,
    /// What stands above says what it is.
    #[prop(optional)]
    is_label_hidden: bool,
) -> impl IntoView {
    view! {
        <figure class="code-block">
            <figcaption class=if is_label_hidden { "sr-only" } else { "copy-label" }>{label.clone()}</figcaption>
            // Scrolls, and so can be reached by the keyboard.
            <pre class="code" tabindex="0" role="region" aria-label=label.clone()>
                <code>{text}</code>
            </pre>
            <button
                type="button"
                class="btn btn-small with-wasm"
                data-copy
                aria-label=format!("Copy {label}")
            >
                "Copy"
            </button>
        </figure>
    }
    .into_any()
}

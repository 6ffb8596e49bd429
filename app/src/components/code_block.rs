//! Several lines of code, with a button that copies them (`frontend/src/copy.rs`).

use leptos::prelude::*;

#[component]
pub fn CodeBlock(
    /// What it is; also names the button: `Copy {label}`.
    #[prop(into)]
    label: String,
    #[prop(into)] text: String,
    /// Whether what stands before it says what it is.
    #[prop(optional)]
    hides_label: bool,
    /// Whether long lines are broken: for what is read rather than written.
    #[prop(optional)]
    wraps: bool,
) -> impl IntoView {
    view! {
        <figure class="code-block">
            {(!hides_label)
                .then(|| view! { <figcaption class="copy-label">{label.clone()}</figcaption> })}
            // Scrolls, and so can be reached by the keyboard.
            <pre class="code" class:code-wrap=wraps tabindex="0" role="group" aria-label=label.clone()>
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

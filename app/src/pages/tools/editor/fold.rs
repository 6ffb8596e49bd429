//! A folded part of the tool's form: what many tools do not need.

use leptos::prelude::*;

use crate::components::form::SentForm;

/// A part that is closed until someone opens it, or something in it needs mending.
#[component]
pub fn Fold(
    title: &'static str,
    hint: &'static str,
    /// Of the fields in it.
    fields: &'static [&'static str],
    #[prop(optional)] is_open: bool,
    children: Children,
) -> impl IntoView {
    let form = use_context::<SentForm>();
    let must_open = form.is_some_and(|form| fields.iter().any(|field| form.about(field).is_some()));
    view! {
        <details class="fold" open=is_open || must_open>
            <summary>
                {title}
                <span class="hint">{hint}</span>
            </summary>
            <div class="fold-body">{children()}</div>
        </details>
    }
    .into_any()
}

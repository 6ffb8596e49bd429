//! One of a few, each with a sentence of its own.

use leptos::prelude::*;

use super::form::SentForm;

/// A radio button with a title and what it means. Stands in a `fieldset` of the class `choices`.
#[component]
pub fn Choice(
    name: &'static str,
    value: &'static str,
    #[prop(into)] title: String,
    #[prop(optional, into)] text: String,
    #[prop(optional)] is_checked: bool,
) -> impl IntoView {
    let chosen = use_context::<SentForm>().and_then(|form| form.typed(name));
    let is_checked = chosen.map_or(is_checked, |chosen| chosen == value);
    view! {
        <label class="choice">
            <input type="radio" name=name value=value checked=is_checked />
            <span>
                <strong>{title}</strong>
                {(!text.is_empty()).then(|| view! { <span class="hint">{text}</span> })}
            </span>
        </label>
    }
    .into_any()
}

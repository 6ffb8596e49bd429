//! A switch: the submit button of a form that turns one thing on or off.

use leptos::prelude::*;

#[component]
pub fn SwitchButton(
    /// What it switches, for those who cannot see what it stands beside.
    #[prop(into)]
    label: String,
    #[prop(into)] is_on: Signal<bool>,
    #[prop(optional)] is_disabled: bool,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class="switch"
            role="switch"
            aria-checked=move || is_on.get().to_string()
            aria-label=label
            title=move || if is_on.get() { "On" } else { "Off" }
            disabled=is_disabled
        ></button>
    }
    .into_any()
}

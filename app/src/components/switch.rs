//! A switch: the submit button of a form that turns one thing on or off.

use leptos::prelude::*;

#[component]
pub fn SwitchButton(
    /// What it switches, for those who cannot see what it stands beside.
    #[prop(into)]
    label: String,
    is_on: bool,
    #[prop(optional)] is_disabled: bool,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class="switch"
            role="switch"
            aria-checked=is_on.to_string()
            aria-label=label
            title=if is_on { "On" } else { "Off" }
            disabled=is_disabled
        ></button>
    }
    .into_any()
}

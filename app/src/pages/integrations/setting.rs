//! The pieces of "Who may connect": a setting with its state, and what stands before the switches
//! that make the secret alone enough.

use leptos::prelude::*;

use crate::components::{
    button::{Button, ButtonKind},
    failure::FormFailure,
    form::SentForm,
};

/// A setting: its name, its state, what it means, and under that the way to change it.
#[component]
pub fn Setting(
    title: &'static str,
    /// Beside the name.
    state: AnyView,
    text: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="setting">
            <div class="setting-head">
                <h3>{title}</h3>
                {state}
            </div>
            <p class="quiet">{text}</p>
            {children()}
        </div>
    }
    .into_any()
}

/// Folded until someone wants it, or until it has something to say.
#[component]
pub fn Fold(
    title: &'static str,
    /// The form in it.
    #[prop(into)]
    of: SentForm,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="fold" open=of.error().is_some()>
            <summary>{title}</summary>
            <div class="fold-body">{children()}</div>
        </details>
    }
    .into_any()
}

/// What it means that nobody is asked.
#[component]
pub fn AutomaticMeans() -> impl IntoView {
    view! {
        <p>
            "From then on whoever holds the Client Secret can call every tool that this integration offers, and nobody is asked. Tools that need a person refuse such calls."
        </p>
    }
}

/// The inside of a form that makes the secret alone enough: what that means.
#[component]
pub fn SecretAlone(button: &'static str) -> impl IntoView {
    view! {
        <AutomaticMeans />
        <FormFailure />
        <div>
            <Button kind=ButtonKind::Danger>{button}</Button>
        </div>
    }
    .into_any()
}

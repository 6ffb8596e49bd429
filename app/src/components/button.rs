//! Buttons, and links that look like them.

use leptos::prelude::*;

/// What a button is for. A page has one that is primary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    #[default]
    Usual,
    Primary,
    /// Ends something.
    Danger,
    /// One of many, or one that is seldom wanted.
    Quiet,
}

impl ButtonKind {
    /// Its classes.
    const fn class(self, is_small: bool) -> &'static str {
        match (self, is_small) {
            (Self::Usual, false) => "btn",
            (Self::Usual, true) => "btn btn-small",
            (Self::Primary, false) => "btn btn-primary",
            (Self::Primary, true) => "btn btn-primary btn-small",
            (Self::Danger, false) => "btn btn-danger",
            (Self::Danger, true) => "btn btn-danger btn-small",
            (Self::Quiet, false) => "btn btn-quiet",
            (Self::Quiet, true) => "btn btn-quiet btn-small",
        }
    }
}

/// Sends the form around it.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] is_small: bool,
    #[prop(optional)] is_disabled: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="submit" class=kind.class(is_small) disabled=is_disabled>
            {children()}
        </button>
    }
    .into_any()
}

/// Goes to a page.
#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] is_small: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a class=kind.class(is_small) href=href>
            {children()}
        </a>
    }
    .into_any()
}

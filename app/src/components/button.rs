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
    pub(super) const fn class(self, is_small: bool) -> &'static str {
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
    /// Whether it is as wide as what it stands in.
    #[prop(optional)]
    is_wide: bool,
    #[prop(optional)] is_disabled: bool,
    /// What is read out where its text does not say of what it is: `Remove ada@example.com`.
    #[prop(optional, into)]
    label: Option<String>,
    /// What the form says besides where this button sent it.
    #[prop(optional)]
    name: Option<&'static str>,
    #[prop(optional, into)] value: Option<String>,
    /// Where the form goes then, if not to its own function.
    #[prop(optional)]
    action: Option<&'static str>,
    /// Whether it does what wasm does by itself.
    #[prop(optional)]
    is_without_wasm: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class=kind.class(is_small)
            class:btn-wide=is_wide
            class:without-wasm=is_without_wasm
            name=name
            value=value
            formaction=action
            disabled=is_disabled
            aria-label=label
        >
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
    #[prop(optional)] is_wide: bool,
    /// Whether it is read out as a button: it ends what is shown, and that this is another page nobody need know.
    #[prop(optional)]
    is_button: bool,
    /// Whether it leads away from here, to another program or server.
    #[prop(optional)]
    is_external: bool,
    #[prop(optional)] is_new_tab: bool,
    children: Children,
) -> impl IntoView {
    let role = is_button.then_some("button");
    let rel = is_external.then_some("external noopener noreferrer");
    let target = is_new_tab.then_some("_blank");
    view! {
        <a
            class=kind.class(is_small)
            class:btn-wide=is_wide
            href=href
            role=role
            rel=rel
            target=target
        >
            {children()}
        </a>
    }
    .into_any()
}

/// Ticks all of a list, or none (`frontend/src/ticks.rs`).
#[component]
pub fn TickButton(
    #[prop(optional)] kind: ButtonKind,
    /// Whether it ticks: else it takes the ticks away.
    is_all: bool,
) -> impl IntoView {
    let (ticks, text) = match is_all {
        true => ("all", "Tick all"),
        false => ("none", "Tick none"),
    };
    view! {
        <button type="button" class=kind.class(true) class:with-wasm=true data-tick=ticks>
            {text}
        </button>
    }
    .into_any()
}

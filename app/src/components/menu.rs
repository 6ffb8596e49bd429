//! Menus: a button and the native popover that it opens, also without wasm. What is in it are links and
//! buttons, reached by Tab; `frontend/src/menus.rs` adds the arrow keys.

use leptos::prelude::*;

#[component]
pub fn Menu(
    /// Unique on the page.
    id: &'static str,
    /// What the button says.
    #[prop(into)]
    text: String,
    /// What it is about, read out before its text.
    about: &'static str,
    #[prop(default = "menu-button")] class: &'static str,
    /// Whether it hangs from the button's end: where that stands at the end of the page.
    #[prop(optional)]
    is_at_end: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class=class popovertarget=id>
            <span>
                <span class="sr-only">{about} ": "</span>
                {text}
            </span>
        </button>
        <div id=id class="menu" class:menu-end=is_at_end popover="auto" data-menu>
            {children()}
        </div>
    }
    .into_any()
}

/// Goes to a page.
#[component]
pub fn MenuLink(
    #[prop(into)] href: String,
    #[prop(optional)] is_current: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="menu-item" href=href aria-current=is_current.then_some("true")>
            {children()}
        </a>
    }
    .into_any()
}

/// Sends the form around it, as itself where it has a name.
#[component]
pub fn MenuButton(
    #[prop(optional)] name: Option<&'static str>,
    #[prop(optional)] value: Option<&'static str>,
    /// For one of several: whether it is the chosen one.
    #[prop(optional)]
    is_pressed: Option<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class="menu-item"
            name=name
            value=value
            aria-pressed=is_pressed.map(|it| it.to_string())
        >
            {children()}
        </button>
    }
    .into_any()
}

/// A title within a menu.
#[component]
pub fn MenuLabel(children: Children) -> impl IntoView {
    view! { <div class="menu-label">{children()}</div> }.into_any()
}

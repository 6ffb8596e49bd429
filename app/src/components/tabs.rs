//! Pages beside each other, as links. On a phone they scroll.

use leptos::prelude::*;

/// Holds [`Tab`]s, or the router's `A`, which knows by itself which page is shown.
#[component]
pub fn Tabs(
    /// What the pages are of.
    label: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <nav class="tabs" aria-label=label>
            {children()}
        </nav>
    }
    .into_any()
}

/// One that differs from the others in its query.
#[component]
pub fn Tab(#[prop(into)] href: String, is_current: bool, children: Children) -> impl IntoView {
    view! {
        <a href=href aria-current=is_current.then_some("page")>
            {children()}
        </a>
    }
    .into_any()
}

//! A word about a thing: its state, how bad it is.

use leptos::prelude::*;

/// How a badge or a notice is meant. Its words say so as well: nobody has to see the colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Plain,
    Good,
    Warning,
    Bad,
}

#[component]
pub fn Badge(#[prop(optional)] tone: Tone, children: Children) -> impl IntoView {
    let class = match tone {
        Tone::Plain => "badge",
        Tone::Good => "badge badge-ok",
        Tone::Warning => "badge badge-warn",
        Tone::Bad => "badge badge-bad",
    };
    view! { <span class=class>{children()}</span> }.into_any()
}

//! What ends when a person goes.

use leptos::prelude::*;

use crate::api::members::Ends;

#[component]
pub fn What(ends: Ends) -> impl IntoView {
    if ends.what.is_empty() {
        let text = match ends.is_me {
            true => "Nothing else: you have no connection and no key here.",
            false => "Nothing else: they have no connection and no key here.",
        };
        return view! { <p class="quiet">{text}</p> }.into_any();
    }
    let lines = ends
        .what
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect_view();
    view! { <ul class="bullets">{lines}</ul> }.into_any()
}

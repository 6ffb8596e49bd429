//! A time: how long ago, with the exact one on hover.

use leptos::prelude::*;

use crate::api::When;

#[component]
pub fn TimeAgo(when: When) -> impl IntoView {
    view! {
        <time datetime=when.iso.clone() title=when.iso>
            {when.relative}
        </time>
    }
    .into_any()
}

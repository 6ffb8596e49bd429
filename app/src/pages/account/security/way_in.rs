//! A way into the account in a list: what it is, since when, and when it was last used.

use leptos::prelude::*;

use crate::{api::When, components::time_ago::TimeAgo};

#[component]
pub(super) fn WayIn(
    #[prop(into)] title: String,
    /// Beside the title: whose it is, or what is wrong with it.
    beside: Option<AnyView>,
    /// What to do about what is wrong with it.
    #[prop(optional_no_strip)]
    advice: Option<&'static str>,
    /// How it came: `added`.
    came: &'static str,
    since: When,
    last_used: Option<When>,
    /// Its buttons.
    children: Children,
) -> impl IntoView {
    let used = last_used.map(|when| {
        view! {
            " · used "
            <TimeAgo when />
        }
    });
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <span>{title}</span>
                    {beside}
                </div>
                {advice.map(|advice| view! { <span class="row-sub row-sub-whole">{advice}</span> })}
                <span class="row-sub row-sub-whole">{came} " " <TimeAgo when=since /> {used}</span>
            </div>
            {children()}
        </li>
    }
    .into_any()
}

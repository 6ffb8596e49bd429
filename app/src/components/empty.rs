//! What stands where nothing is yet: it says what belongs there, and how it comes to be.

use leptos::{either::Either, prelude::*};

#[component]
pub fn Empty(
    title: &'static str,
    /// Whether it is all of its page, and its title the page's.
    #[prop(optional)]
    is_page: bool,
    children: Children,
) -> impl IntoView {
    let title = match is_page {
        true => Either::Left(view! { <h1>{title}</h1> }),
        false => Either::Right(view! { <h2>{title}</h2> }),
    };
    view! {
        <div class="empty">
            {title}
            {children()}
        </div>
    }
    .into_any()
}

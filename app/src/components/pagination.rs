//! The way through a list that is longer than a page.

use leptos::prelude::*;

#[component]
pub fn Pagination(
    /// Where the reader is: `51 to 100 of 320`.
    #[prop(into)]
    place: String,
    /// The page before; nothing on the first.
    before: Option<String>,
    /// The page after; nothing on the last.
    after: Option<String>,
) -> impl IntoView {
    view! {
        <nav class="pagination" aria-label="Pages">
            {before.map(|to| view! { <a class="btn btn-small" rel="prev" href=to>"Previous"</a> })}
            <span class="pagination-where">{place}</span>
            {after.map(|to| view! { <a class="btn btn-small" rel="next" href=to>"Next"</a> })}
        </nav>
    }
    .into_any()
}

//! Which integration a page is about: the one that its address names.

use leptos::prelude::*;

use crate::pages::in_path;

/// The two ids that every form of the page sends.
#[component]
pub fn Ids() -> impl IntoView {
    view! {
        <input type="hidden" name="project_id" value=in_path("project_id") />
        <input type="hidden" name="integration_id" value=in_path("integration_id") />
    }
    .into_any()
}

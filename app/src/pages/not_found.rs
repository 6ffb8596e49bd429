//! The page for an address that names nothing.

use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn NotFound() -> impl IntoView {
    crate::ssr::set_page_status(axum::http::StatusCode::NOT_FOUND);
    view! {
        <Title text="Not found" />
        <div class="empty">
            <h1>"There is nothing here"</h1>
            <p>"The address may be mistyped, or what it named was deleted."</p>
            <div class="cluster">
                <a class="btn btn-primary" href="/projects">
                    "Your projects"
                </a>
                <a class="btn" href="/docs">
                    "The guides"
                </a>
            </div>
        </div>
    }
}

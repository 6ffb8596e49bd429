//! The page for an address that names nothing.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::{
    button::{ButtonKind, LinkButton},
    empty::Empty,
};

#[component]
pub fn NotFound() -> impl IntoView {
    crate::ssr::set_page_status(axum::http::StatusCode::NOT_FOUND);
    view! {
        <Title text="Not found" />
        <Empty title="There is nothing here" is_page=true>
            <p>"The address may be mistyped, or what it named was deleted."</p>
            <div class="cluster">
                <LinkButton href="/projects" kind=ButtonKind::Primary>
                    "Your projects"
                </LinkButton>
                <LinkButton href="/docs">
                    "The guides"
                </LinkButton>
            </div>
        </Empty>
    }
}

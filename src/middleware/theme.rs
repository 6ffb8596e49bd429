//! Light or dark, for pages that are made outside of Leptos: they see no request.

use app::theme::Theme;
use axum::{extract::Request, middleware::Next, response::Response};

pub async fn theme(request: Request, next: Next) -> Response {
    let chosen = Theme::chosen(request.headers());
    Theme::during(chosen, next.run(request)).await
}

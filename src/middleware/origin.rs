//! A browser says where a request that changes something comes from; only our own pages may.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use domain::public_url::PublicUrl;

use crate::state::AppState;

/// Whether an `Origin` is there and is not ours (RFC 6454 §7). Programs send none.
pub fn is_foreign(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    headers
        .get(header::ORIGIN)
        .is_some_and(|origin| origin.as_bytes() != public_url.origin().as_bytes())
}

/// Refuses what another site's page sends to the dashboard with a person's cookies.
pub async fn same_origin(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let public_url = &state.services.core.public_url;
    let headers = request.headers();
    let cross_site = headers
        .get("sec-fetch-site")
        .is_some_and(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"));
    let is_safe = request.method().is_safe();
    if !is_safe && (is_foreign(headers, public_url) || cross_site) {
        let page = app::plain::message(app::plain::Message {
            title: "This request came from another site".to_owned(),
            text: "TengineAI takes changes only from its own pages.".to_owned(),
            mend: Some(format!(
                "Open the dashboard at {public_url} and try again. Whoever runs this server: that \
                 address is TENGINE_PUBLIC_URL."
            )),
            details: Vec::new(),
            link: Some((
                public_url.origin().to_owned(),
                "Open the dashboard".to_owned(),
            )),
        });
        return (StatusCode::FORBIDDEN, Html(page)).into_response();
    }
    next.run(request).await
}

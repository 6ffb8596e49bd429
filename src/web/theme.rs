//! POST /theme: keeps whether its reader wants pages light or dark, or as their system has it, and shows the
//! page again.

use app::theme::{NAME, Theme};
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use time::Duration;

use super::form_page::page_of;
use crate::{session::PlainForm, state::AppState};

const BYTES: usize = 16 * 1024;
const KEPT: Duration = Duration::days(365);

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/theme", post(choose))
        .layer(DefaultBodyLimit::max(BYTES))
}

async fn choose(
    State(state): State<AppState>,
    headers: HeaderMap,
    jar: CookieJar,
    PlainForm(fields): PlainForm<Vec<(String, String)>>,
) -> Response {
    let public_url = &state.services.core.public_url;
    let said = fields.iter().find(|(name, _)| name == NAME);
    let chosen = said.and_then(|(_, value)| Theme::named(value));
    let cookie = Cookie::build((NAME, chosen.map_or("", Theme::name)))
        .path("/")
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(public_url.is_https());
    let jar = match chosen {
        Some(_) => jar.add(cookie.max_age(KEPT)),
        None => jar.remove(cookie),
    };
    let page = page_of(&fields, &headers, public_url);
    (jar, Redirect::to(page.as_str())).into_response()
}

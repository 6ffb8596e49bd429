//! POST /theme: keeps whether its reader wants pages light or dark, or as their system has it, and shows the
//! page again.

use app::theme::{NAME, Theme};
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};

use super::form_page::page_of;
use crate::{session::PlainForm, state::AppState};

const BYTES: usize = 16 * 1024;
/// A year.
const SECONDS: u32 = 31_536_000;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/theme", post(choose))
        .layer(DefaultBodyLimit::max(BYTES))
}

async fn choose(
    State(state): State<AppState>,
    headers: HeaderMap,
    PlainForm(fields): PlainForm<Vec<(String, String)>>,
) -> Response {
    let public_url = &state.services.core.public_url;
    let said = fields.iter().find(|(name, _)| name == NAME);
    let chosen = said.and_then(|(_, value)| Theme::named(value));
    // Without a choice there is no cookie.
    let (value, seconds) = chosen.map_or(("", 0), |theme| (theme.name(), SECONDS));
    let secure = if public_url.is_https() {
        "; Secure"
    } else {
        ""
    };
    let cookie =
        format!("{NAME}={value}; Path=/; Max-Age={seconds}; SameSite=Lax; HttpOnly{secure}");
    let page = page_of(&fields, &headers, public_url);
    ([(header::SET_COOKIE, cookie)], Redirect::to(page.as_str())).into_response()
}

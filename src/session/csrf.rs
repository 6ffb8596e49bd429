//! Tokens against forged forms, beside the Origin check that every POST passes. Someone who is
//! signed in has one in the session; for the pages before that it is a cookie that the form must
//! repeat, so that a visitor leaves no row behind.

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use domain::crypto::{base64url, equal_in_constant_time};
use tower_sessions::Session;

use super::cookie_name;
use crate::state::AppState;

fn fresh(state: &AppState) -> String {
    let mut bytes = [0_u8; 32];
    state.services.core.random.fill(&mut bytes);
    base64url(&bytes)
}

fn same(a: &str, b: &str) -> bool {
    !a.is_empty() && equal_in_constant_time(a.as_bytes(), b.as_bytes())
}

pub async fn is_of_session(session: &Session, given: &str) -> bool {
    app::ssr::csrf_is_of(session, given).await
}

fn cookie(state: &AppState) -> String {
    cookie_name(state.services.core.public_url.is_https(), "tengine_form")
}

/// The visitor's token, and the jar that sets it where it is new.
pub fn of_visitor(state: &AppState, jar: CookieJar) -> (CookieJar, String) {
    let name = cookie(state);
    if let Some(token) = jar.get(&name).map(|cookie| cookie.value().to_owned()) {
        return (jar, token);
    }
    let token = fresh(state);
    let cookie = Cookie::build((name, token.clone()))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(state.services.core.public_url.is_https())
        .path("/");
    (jar.add(cookie), token)
}

pub fn is_of_visitor(state: &AppState, jar: &CookieJar, given: &str) -> bool {
    jar.get(&cookie(state))
        .is_some_and(|cookie| same(cookie.value(), given))
}

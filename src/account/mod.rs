//! Pages about one's own account that show a secret once, or that the browser's own dialogs take part
//! in: plain ones, that work without wasm.

mod authenticator;
mod export;
mod passkeys;
mod recovery_codes;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use domain::{accounts::FreshIdentity, sessions::SignedIn};
use tower_sessions::Session;

use crate::{
    oauth::error_page,
    session::{csrf, signed_in},
    state::AppState,
    web::page_error,
};

const BODY_BYTES: usize = 32 * 1024;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route(
            "/account/authenticator",
            get(authenticator::get).post(authenticator::post),
        )
        .route("/account/recovery-codes", post(recovery_codes::post))
        .route("/account/passkeys", post(passkeys::post))
        .route("/account/passkeys/challenge", post(passkeys::begin))
        .route("/account/export", post(export::post))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
}

/// The signed-in person, who showed who they are a moment ago. Who did not is led there, and to
/// `back` afterwards.
async fn fresh(
    state: &AppState,
    session: &Session,
    back: &str,
) -> Result<(SignedIn, FreshIdentity), Response> {
    let who = match signed_in(state, session).await {
        Ok(Some(who)) => who,
        Ok(None) => return Err(Redirect::to(&format!("/sign-in?next={back}")).into_response()),
        Err(error) => return Err(page_error(&error)),
    };
    match state.services.sessions.fresh(&who) {
        Ok(proof) => Ok((who, proof)),
        Err(domain::Error::ProofNeeded) => {
            Err(Redirect::to(&format!("/confirm?next={back}")).into_response())
        }
        Err(error) => Err(page_error(&error)),
    }
}

/// The same for a form that a page of this session made.
async fn fresh_by_form(
    state: &AppState,
    session: &Session,
    given: &str,
    back: &str,
) -> Result<(SignedIn, FreshIdentity), Response> {
    if !csrf::is_of_session(session, given).await {
        return Err(error_page(
            StatusCode::FORBIDDEN,
            "This page was open for too long",
            "Nothing was changed.".to_owned(),
            "Open it again.",
        ));
    }
    fresh(state, session, back).await
}

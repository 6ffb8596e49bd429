//! POST /sign-in/passkey, and the challenge before it: signing in without typing anything.

use axum::{extract::State, http::StatusCode, response::Response};
use axum_extra::extract::cookie::CookieJar;
use domain::{Error, passkeys::AuthenticationState, sessions::SignInMethod};
use serde::Deserialize;
use tower_sessions::Session;

use super::{PlainForm, arrive, challenge, csrf, failed, new_session, sign_in, steps};
use crate::{
    middleware::Visitor,
    state::AppState,
    web::{self, page_error, with_retry_after},
};

/// Where the session keeps the challenge.
const CHALLENGE: &str = "sign_in_challenge";

#[derive(Deserialize)]
pub struct Input {
    #[serde(default)]
    csrf: String,
    /// What the passkey said, as JSON.
    #[serde(default)]
    credential: String,
    next: Option<String>,
}

pub async fn begin(
    State(state): State<AppState>,
    visitor: Visitor,
    session: Session,
    jar: CookieJar,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    if !csrf::is_of_visitor(&state, &jar, &input.csrf) {
        return challenge::stale();
    }
    let begun = async {
        let (options, pending) = state.services.passkeys.begin_sign_in(visitor.address)?;
        session.insert(CHALLENGE, &pending).await.map_err(failed)?;
        Ok(options)
    };
    match begun.await {
        Ok(options) => challenge::given(options),
        Err(error) => challenge::refused(&error),
    }
}

pub async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    session: Session,
    jar: CookieJar,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    if !csrf::is_of_visitor(&state, &jar, &input.csrf) {
        let text = Some("This page was open for too long. Please sign in again.".to_owned());
        let (next, status) = (input.next, StatusCode::FORBIDDEN);
        return sign_in::page(&state, jar, next, String::new(), text, status).await;
    }
    let found = async {
        let pending: Option<AuthenticationState> =
            session.remove(CHALLENGE).await.map_err(failed)?;
        let pending = pending.ok_or(Error::WrongCredentials)?;
        let passkeys = &state.services.passkeys;
        passkeys
            .finish_sign_in(&pending, &input.credential, visitor.address)
            .await
    };
    let error = match found.await {
        Ok(account) => {
            let new = new_session(&visitor, SignInMethod::Passkey);
            return arrive::with(&state, &session, &visitor, &account, new, input.next).await;
        }
        Err(error) => error,
    };
    steps::refused(&state, &visitor, input.next.as_deref(), &error).await;
    let text = match &error {
        Error::Invalid(fields) if !fields.is_empty() => fields[0].message.clone(),
        Error::WrongCredentials => {
            "This passkey opens no account here. Sign in another way.".to_owned()
        }
        Error::Forbidden(_) | Error::Throttled { .. } => error.to_string(),
        other => return page_error(other),
    };
    let status = web::status(&error);
    let page = sign_in::page(&state, jar, input.next, String::new(), Some(text), status).await;
    with_retry_after(page, &error)
}

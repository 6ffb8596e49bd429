//! GET and POST /sign-in/second-step, and its passkeys.

use axum::{
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use domain::{Error, passkeys::AuthenticationState, sessions::SecondFactor};
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    PlainForm,
    arrive::{self, Halfway},
    challenge, csrf, failed, with_scripts,
};
use crate::{
    middleware::Visitor,
    state::AppState,
    web::{self, page_error, with_retry_after},
};

/// Where the session keeps the challenge.
const CHALLENGE: &str = "second_step_challenge";

#[derive(Deserialize)]
pub struct Input {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    code: String,
    /// What a passkey said, as JSON.
    #[serde(default)]
    credential: String,
}

/// Who is halfway, or where they begin.
async fn half(state: &AppState, session: &Session) -> Result<Halfway, Response> {
    match Halfway::of(state, session).await {
        Ok(Some(half)) => Ok(half),
        Ok(None) => Err(Redirect::to("/sign-in").into_response()),
        Err(error) => Err(page_error(&error)),
    }
}

pub async fn get(State(state): State<AppState>, session: Session, jar: CookieJar) -> Response {
    match half(&state, &session).await {
        Ok(half) => page(&state, jar, &half, None, StatusCode::OK).await,
        Err(away) => away,
    }
}

pub async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    session: Session,
    jar: CookieJar,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    let half = match half(&state, &session).await {
        Ok(half) => half,
        Err(away) => return away,
    };
    if !csrf::is_of_visitor(&state, &jar, &input.csrf) {
        return stale(&state, jar, &half).await;
    }
    let factors = &state.services.second_factors;
    let checked = factors.check(&half.user_id, &input.code, visitor.address);
    match checked.await {
        Ok(factor) => arrive::second(&state, &session, &visitor, half, factor).await,
        Err(error) => again(&state, jar, &half, error).await,
    }
}

/// A challenge for one of the person's passkeys.
pub async fn begin(
    State(state): State<AppState>,
    session: Session,
    jar: CookieJar,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    let half = match half(&state, &session).await {
        Ok(half) => half,
        Err(away) => return away,
    };
    if !csrf::is_of_visitor(&state, &jar, &input.csrf) {
        return challenge::stale();
    }
    let begun = async {
        let (options, pending) = state.services.passkeys.begin_for(&half.user_id).await?;
        session.insert(CHALLENGE, &pending).await.map_err(failed)?;
        Ok(options)
    };
    match begun.await {
        Ok(options) => challenge::given(options),
        Err(error) => challenge::refused(&error),
    }
}

pub async fn passkey(
    State(state): State<AppState>,
    visitor: Visitor,
    session: Session,
    jar: CookieJar,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    let half = match half(&state, &session).await {
        Ok(half) => half,
        Err(away) => return away,
    };
    if !csrf::is_of_visitor(&state, &jar, &input.csrf) {
        return stale(&state, jar, &half).await;
    }
    let proved = async {
        let pending: Option<AuthenticationState> =
            session.remove(CHALLENGE).await.map_err(failed)?;
        let pending = pending.ok_or(Error::WrongCredentials)?;
        let (user, answer) = (&half.user_id, &input.credential);
        let passkeys = &state.services.passkeys;
        passkeys
            .finish_for(user, &pending, answer, visitor.address)
            .await
    };
    match proved.await {
        Ok(_) => arrive::second(&state, &session, &visitor, half, SecondFactor::Passkey).await,
        Err(error) => again(&state, jar, &half, error).await,
    }
}

async fn stale(state: &AppState, jar: CookieJar, half: &Halfway) -> Response {
    let text = "This page was open for too long. Please try again.".to_owned();
    page(state, jar, half, Some(text), StatusCode::FORBIDDEN).await
}

/// The page again with what was wrong.
async fn again(state: &AppState, jar: CookieJar, half: &Halfway, error: Error) -> Response {
    let text = match &error {
        Error::Invalid(fields) if !fields.is_empty() => fields[0].message.clone(),
        Error::WrongCredentials => "This passkey was not accepted. Try again.".to_owned(),
        Error::Forbidden(_) | Error::Throttled { .. } => error.to_string(),
        other => return page_error(other),
    };
    let page = page(state, jar, half, Some(text), web::status(&error)).await;
    with_retry_after(page, &error)
}

async fn page(
    state: &AppState,
    jar: CookieJar,
    half: &Halfway,
    error: Option<String>,
    status: StatusCode,
) -> Response {
    let services = &state.services;
    let found = async {
        let account = services.accounts.enabled(&half.user_id).await?;
        let kinds = services.second_factors.required_at_sign_in(&half.user_id);
        Ok::<_, Error>((account, kinds.await?))
    };
    let (account, kinds) = match found.await {
        Ok((Some(account), kinds)) => (account, kinds),
        Ok((None, _)) => return Redirect::to("/sign-in").into_response(),
        Err(error) => return page_error(&error),
    };
    let (jar, csrf) = csrf::of_visitor(state, jar);
    let html = app::plain::second_step(app::plain::SecondStep {
        csrf,
        email: account.email,
        error,
        has_totp: kinds.contains(&SecondFactor::Totp),
        has_passkey: kinds.contains(&SecondFactor::Passkey),
        has_recovery_codes: kinds.contains(&SecondFactor::RecoveryCode),
    });
    let page = (status, jar, Html(html)).into_response();
    if kinds.contains(&SecondFactor::Passkey) {
        with_scripts(page)
    } else {
        page
    }
}

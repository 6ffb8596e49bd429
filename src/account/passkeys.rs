//! POST /account/passkeys, and the challenge before it: adding a passkey.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{Error, passkeys::RegistrationState};
use serde::Deserialize;
use tower_sessions::Session;

use super::{fresh_by_form, recovery_codes};
use crate::{
    middleware::Visitor,
    oauth::error_page,
    session::{PlainForm, challenge, csrf, failed, signed_in},
    state::AppState,
    web::{self, page_error},
};

/// Where the session keeps the challenge.
const CHALLENGE: &str = "new_passkey";

#[derive(Deserialize)]
pub struct Input {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    name: String,
    /// What the authenticator said, as JSON.
    #[serde(default)]
    credential: String,
}

pub async fn begin(
    State(state): State<AppState>,
    session: Session,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    if !csrf::is_of_session(&session, &input.csrf).await {
        return challenge::stale();
    }
    let begun = async {
        let who = signed_in(&state, &session).await?;
        let who = who.ok_or(Error::WrongCredentials)?;
        let proof = state.services.sessions.fresh(&who)?;
        let passkeys = &state.services.passkeys;
        let (options, pending) = passkeys.begin(&who.actor(), &proof).await?;
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
    PlainForm(input): PlainForm<Input>,
) -> Response {
    let back = "/account/security";
    let (who, proof) = match fresh_by_form(&state, &session, &input.csrf, back).await {
        Ok(found) => found,
        Err(away) => return away,
    };
    let added = async {
        let pending: Option<RegistrationState> = session.remove(CHALLENGE).await.map_err(failed)?;
        let pending = pending
            .ok_or_else(|| Error::invalid("credential", "Begin again: this took too long."))?;
        let services = &state.services;
        let actor = who.actor();
        let (answer, name) = (&input.credential, &input.name);
        services
            .passkeys
            .finish(&actor, &pending, answer, name, visitor.address)
            .await?;
        let status = services.second_factors.status(&who.account.id).await?;
        if status.recovery_codes > 0 {
            return Ok(None);
        }
        let factors = &services.second_factors;
        let codes = factors.make_recovery_codes(&actor, &proof, visitor.address);
        codes.await.map(Some)
    };
    match added.await {
        Ok(Some(codes)) => recovery_codes::page(&codes),
        Ok(None) => Redirect::to(back).into_response(),
        Err(error) => {
            let text = match &error {
                Error::Invalid(fields) if !fields.is_empty() => fields[0].message.clone(),
                Error::Conflict(field) => field.message.clone(),
                Error::Forbidden(_) | Error::ProofNeeded => error.to_string(),
                Error::WrongCredentials => {
                    return Redirect::to("/sign-in").into_response();
                }
                other => return page_error(other),
            };
            let status: StatusCode = web::status(&error);
            error_page(
                status,
                "The passkey was not added",
                text,
                "Go back and try again.",
            )
        }
    }
}

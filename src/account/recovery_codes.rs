//! POST /account/recovery-codes: new ones in the place of all that there are.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use domain::second_factors::RecoveryCodes;
use serde::Deserialize;
use tower_sessions::Session;

use super::fresh_by_form;
use crate::{
    middleware::Visitor,
    session::{PlainForm, with_scripts},
    state::AppState,
    web::page_error,
};

#[derive(Deserialize)]
pub struct Input {
    #[serde(default)]
    csrf: String,
}

/// The page that shows them, once, with the script that copies and prints them.
pub fn page(codes: &RecoveryCodes) -> Response {
    let page = app::plain::recovery_codes(codes.reveal().collect());
    with_scripts(Html(page).into_response())
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
    let factors = &state.services.second_factors;
    let actor = who.actor();
    let made = factors.make_recovery_codes(&actor, &proof, visitor.address);
    match made.await {
        Ok(codes) => page(&codes),
        Err(error) => page_error(&error),
    }
}

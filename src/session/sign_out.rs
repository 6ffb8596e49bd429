//! POST /sign-out

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use tower_sessions::Session;

use super::{csrf, end, failed, form::PlainForm, signed_in};
use crate::{state::AppState, web::page_error};

#[derive(Deserialize)]
pub struct Input {
    #[serde(default)]
    csrf: String,
}

/// Ends the session. With a wrong token nothing happens but a look at the dashboard.
pub async fn post(
    State(state): State<AppState>,
    session: Session,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    if !csrf::is_of_session(&session, &input.csrf).await {
        return Redirect::to("/projects").into_response();
    }
    match sign_out(&state, &session).await {
        Ok(()) => Redirect::to("/sign-in").into_response(),
        Err(error) => page_error(&error),
    }
}

/// The session first, and then the cookie's record: whoever has a copy of the cookie has nothing.
async fn sign_out(state: &AppState, session: &Session) -> domain::Result<()> {
    if let Some(signed_in) = signed_in(state, session).await? {
        end(state, &signed_in).await?;
    }
    session.flush().await.map_err(failed)
}

//! POST /sign-out

use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tower_sessions::Session;

use super::{csrf, form::PlainForm};
use crate::web::page_error;

#[derive(Deserialize)]
pub struct Input {
    #[serde(default)]
    csrf: String,
}

/// Ends the session. With a wrong token nothing happens but a look at the dashboard.
pub async fn post(session: Session, PlainForm(input): PlainForm<Input>) -> Response {
    if !csrf::is_of_session(&session, &input.csrf).await {
        return Redirect::to("/projects").into_response();
    }
    match session.flush().await {
        Ok(()) => Redirect::to("/sign-in").into_response(),
        Err(why) => page_error(&domain::Error::Corrupt {
            what: "session",
            why: why.to_string(),
        }),
    }
}

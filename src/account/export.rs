//! POST /account/export: everything that is stored about the person, as a file.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use tower_sessions::Session;

use super::fresh_by_form;
use crate::{session::PlainForm, state::AppState, web::page_error};

#[derive(Deserialize)]
pub struct Input {
    #[serde(default)]
    csrf: String,
}

pub async fn post(
    State(state): State<AppState>,
    session: Session,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    let (who, _) = match fresh_by_form(&state, &session, &input.csrf, "/account").await {
        Ok(found) => found,
        Err(away) => return away,
    };
    match state.services.accounts.export(&who.actor()).await {
        Ok(export) => {
            let text = format!("{export:#}\n");
            let headers = [
                (header::CONTENT_TYPE, "application/json"),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"tengine-account.json\"",
                ),
            ];
            (headers, text).into_response()
        }
        Err(error) => page_error(&error),
    }
}

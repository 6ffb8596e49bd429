//! POST /connect/{id}/disconnect

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::ids::VaultSecretId;
use tower_sessions::Session;

use super::{Form, member_by_form};
use crate::{session::PlainForm, state::AppState, web::page_error};

pub async fn post(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<String>,
    PlainForm(form): PlainForm<Form>,
) -> Response {
    let id = VaultSecretId::from(id);
    let access = match member_by_form(&state, &session, &id, &form).await {
        Ok(access) => access,
        Err(refusal) => return refusal,
    };
    match state.services.upstream.disconnect(&access, &id).await {
        Ok(()) | Err(domain::Error::NotFound(_)) => {
            Redirect::to(&format!("/connect/{id}")).into_response()
        }
        Err(error) => page_error(&error),
    }
}

//! POST /connect/{id}

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{ids::VaultSecretId, upstream::NotAuthorized};
use tower_sessions::Session;

use super::{Form, member_by_form, page, pending_key};
use crate::{session::PlainForm, state::AppState, web::page_error};

/// Sends the person to where they give leave.
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
    let begun = state.services.upstream.begin(&access, &id, &form.client);
    let begun = match begun.await {
        Ok(begun) => begun,
        Err(NotAuthorized::Failed(error)) => return page_error(&error),
        Err(why) => {
            let problem = Some(why.to_string());
            return page::shown(&state, &session, &access, &id, problem).await;
        }
    };
    match session.insert(&pending_key(&id), &begun.pending).await {
        Ok(()) => Redirect::to(&begun.url).into_response(),
        Err(why) => page_error(&domain::Error::Corrupt {
            what: "session",
            why: why.to_string(),
        }),
    }
}

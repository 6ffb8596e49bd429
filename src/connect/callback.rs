//! GET /connect/{id}/callback

use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    ids::VaultSecretId,
    upstream::{Callback, NotAuthorized, Pending},
};
use tower_sessions::Session;

use super::{member, page, pending_key};
use crate::{state::AppState, web::page_error};

/// Where the other server sends the person back with a code, or without one.
pub async fn get(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<String>,
    query: Result<Query<Callback>, QueryRejection>,
) -> Response {
    let id = VaultSecretId::from(id);
    let access = match member(&state, &session, &id).await {
        Ok(access) => access,
        Err(refusal) => return refusal,
    };
    // Taken out: what was begun ends once, however it ends.
    let pending: Option<Pending> = match session.remove(&pending_key(&id)).await {
        Ok(pending) => pending,
        Err(why) => {
            return page_error(&domain::Error::Corrupt {
                what: "session",
                why: why.to_string(),
            });
        }
    };
    let callback = query.map(|Query(callback)| callback).unwrap_or_default();
    match state
        .services
        .upstream
        .finish(&access, &id, pending, callback)
        .await
    {
        // To an address without the code.
        Ok(()) => Redirect::to(&format!("/connect/{id}")).into_response(),
        Err(NotAuthorized::Failed(error)) => page_error(&error),
        Err(why) => {
            let problem = Some(why.to_string());
            page::shown(&state, &session, &access, &id, problem).await
        }
    }
}

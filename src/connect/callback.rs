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
    let callback = query.map(|Query(callback)| callback).unwrap_or_default();
    let key = pending_key(&id);
    let corrupt = |why: tower_sessions::session::Error| domain::Error::Corrupt {
        what: "session",
        why: why.to_string(),
    };
    let pending = match session.get::<Pending>(&key).await {
        // Somebody else's page can send a browser here: only an answer ends what was begun.
        Ok(pending) => pending.filter(|pending| pending.is_of(callback.state.as_deref())),
        Err(why) => return page_error(&corrupt(why)),
    };
    if pending.is_some() {
        // Taken out: what was begun ends once, however it ends.
        if let Err(why) = session.remove_value(&key).await {
            return page_error(&corrupt(why));
        }
    }
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

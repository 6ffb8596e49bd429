//! How large a server function's body may be. The framework reads it whole, whoever sends it.

use axum::{
    body::{Body, HttpBody, to_bytes},
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tower_sessions::Session;

use crate::{session::signed_in, state::AppState};

/// Bytes of a form.
const USUAL: usize = 1024 * 1024;
/// Bytes where a form may hold an OpenAPI document, encoded for a form; only for who is signed in.
const WITH_DOCUMENT: usize = 24 * 1024 * 1024;
const TAKE_DOCUMENTS: [&str; 2] = ["/_ui/plan_import", "/_ui/import_tools"];

pub async fn function_body(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    if !request.uri().path().starts_with("/_ui/") {
        return next.run(request).await;
    }
    let mut most = USUAL;
    if TAKE_DOCUMENTS.contains(&request.uri().path()) {
        let session = request.extensions().get::<Session>().cloned();
        if is_signed_in(&state, session).await {
            most = WITH_DOCUMENT;
        }
    }
    let hint = request.body().size_hint().lower();
    if usize::try_from(hint).is_ok_and(|bytes| bytes > most) {
        return too_large(most);
    }
    let (parts, body) = request.into_parts();
    match to_bytes(body, most).await {
        Ok(bytes) => {
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Err(_) => too_large(most),
    }
}

async fn is_signed_in(state: &AppState, session: Option<Session>) -> bool {
    match session {
        Some(session) => matches!(signed_in(state, &session).await, Ok(Some(_))),
        None => false,
    }
}

/// In the form in which pages read what went wrong.
fn too_large(most: usize) -> Response {
    let text = format!("The form is larger than the {most} bytes that this page takes.");
    let body = serde_json::json!({
        "kind": "invalid", "fields": [{ "field": "form", "message": text }],
    });
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::PAYLOAD_TOO_LARGE, kind, body.to_string()).into_response()
}

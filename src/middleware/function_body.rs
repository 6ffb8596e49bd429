//! How large a server function's body may be. The framework reads it whole, whoever sends it.

use axum::{
    body::{Body, HttpBody, to_bytes},
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use tower_sessions::Session;

use crate::{session::signed_in, state::AppState, web::form::is_form};

/// Fields of a form: each costs far more memory than its bytes.
const MOST_FIELDS: usize = 20_000;
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
    let is_form = is_form(request.headers());
    let hint = request.body().size_hint().lower();
    if usize::try_from(hint).is_ok_and(|bytes| bytes > most) {
        return too_large(most, is_form);
    }
    let (parts, body) = request.into_parts();
    match to_bytes(body, most).await {
        Ok(bytes) if bytes.iter().filter(|byte| **byte == b'&').count() > MOST_FIELDS => refused(
            format!("The form has more than {MOST_FIELDS} fields."),
            is_form,
        ),
        Ok(bytes) => {
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Err(_) => too_large(most, is_form),
    }
}

async fn is_signed_in(state: &AppState, session: Option<Session>) -> bool {
    match session {
        Some(session) => matches!(signed_in(state, &session).await, Ok(Some(_))),
        None => false,
    }
}

/// To a program in the form in which functions fail; to a browser as a page.
fn too_large(most: usize, is_form: bool) -> Response {
    let text = format!("The form is larger than the {most} bytes that this page takes.");
    refused(text, is_form)
}

fn refused(text: String, is_form: bool) -> Response {
    if is_form {
        let page = app::plain::message(app::plain::Message {
            title: "This is too large".to_owned(),
            text,
            mend: Some(
                "Go back in the browser, where the form still is, and send less.".to_owned(),
            ),
            details: Vec::new(),
            link: None,
        });
        return (StatusCode::PAYLOAD_TOO_LARGE, Html(page)).into_response();
    }
    let body = serde_json::json!({
        "kind": "invalid", "fields": [{ "field": "form", "message": text }],
    });
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::PAYLOAD_TOO_LARGE, kind, body.to_string()).into_response()
}

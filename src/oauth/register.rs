//! POST /api/v1/mcp-oauth/register: dynamic client registration (RFC 7591).

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::{
    clients::{MetadataErrorCode, RegistrationError, SelfRegistered},
    events::{Cause, EventKind, NewEvent, Trail},
};
use serde_json::{Map, Value, json};

use super::{NO_STORE, error::OAuthError, record};
use crate::{
    middleware::{Visitor, media_type},
    state::AppState,
};

pub async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let registered = match metadata(&headers, body) {
        Ok(metadata) => state
            .services
            .clients
            .register(&metadata, visitor.address)
            .await
            .map_err(of_registration),
        Err(error) => Err(error),
    };
    match registered {
        Ok(client) => {
            let trail = Trail::of_client_id(Some(&client.client_id));
            let event = NewEvent::ok(EventKind::Registration, trail);
            record::event(&state, &visitor, event.with_detail(client.name.as_str())).await;
            (StatusCode::CREATED, NO_STORE, Json(information(&client))).into_response()
        }
        Err(error) => {
            record::refused(&state, &visitor, EventKind::Registration, &error).await;
            error.into_response()
        }
    }
}

fn metadata(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Map<String, Value>, OAuthError> {
    let body = body.map_err(|rejection| OAuthError::unreadable(rejection.status()))?;
    let malformed = |text: &str| {
        OAuthError::new(Cause::RegistrationInvalid).with_code("invalid_client_metadata", text)
    };
    if !media_type::is(headers, "application/json") {
        return Err(malformed("Send the metadata as application/json."));
    }
    serde_json::from_slice(&body).map_err(|_| malformed("The body is not one JSON object."))
}

/// RFC 7591 §3.2.2.
fn of_registration(error: RegistrationError) -> OAuthError {
    match error {
        RegistrationError::Metadata(error) => {
            let code = match error.code {
                MetadataErrorCode::InvalidRedirectUri => "invalid_redirect_uri",
                MetadataErrorCode::InvalidClientMetadata => "invalid_client_metadata",
            };
            let text = error.to_string();
            OAuthError::new(Cause::RegistrationInvalid)
                .with_detail(text.clone())
                .with_code(code, text)
        }
        RegistrationError::SwitchedOff => OAuthError::new(Cause::SwitchedOff)
            .with_code("access_denied", error.to_string())
            .with_status(StatusCode::FORBIDDEN),
        RegistrationError::Domain(error) => OAuthError::of_domain(&error),
    }
}

/// RFC 7591 §3.2.1: what was registered, which is not always what was asked for.
fn information(client: &SelfRegistered) -> Value {
    json!({
        "client_id": client.client_id,
        "client_id_issued_at": client.created_at.seconds(),
        "client_name": client.name,
        "redirect_uris": client.redirect_uris,
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": "mcp:tools offline_access",
    })
}

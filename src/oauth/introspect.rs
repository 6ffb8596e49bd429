//! POST /api/v1/mcp-oauth/introspect (RFC 7662): for a client with a secret, about its own tokens.

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::{
    events::{Cause, EventKind},
    grants::Introspection,
};
use serde_json::{Value, json};

use super::{NO_STORE, client::Request, error::OAuthError, record};
use crate::{middleware::Visitor, state::AppState};

pub async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let request = match Request::read(&headers, body) {
        Ok(request) => request,
        Err(error) => {
            record::refused(&state, &visitor, EventKind::Introspection, &error).await;
            return error.into_response();
        }
    };
    match answer(&state, &request).await {
        Ok(introspection) => {
            let issuer = state.services.core.public_url.origin();
            (NO_STORE, Json(document(introspection, issuer))).into_response()
        }
        Err(error) => {
            let kind = EventKind::Introspection;
            record::failure(&state, &visitor, kind, request.client_id(), error)
                .await
                .into_response()
        }
    }
}

async fn answer(state: &AppState, request: &Request) -> Result<Introspection, OAuthError> {
    let client = request.authenticate(state).await?;
    if client.is_public() {
        // Whoever found a token could ask about it (RFC 7662 §2.1).
        return Err(OAuthError::new(Cause::SecretMissing).with_trail(client.trail()));
    }
    let token = request.needed("token")?;
    Ok(state.services.grants.introspect(&client, token).await?)
}

/// RFC 7662 §2.2.
fn document(introspection: Introspection, issuer: &str) -> Value {
    match introspection {
        Introspection::Inactive => json!({ "active": false }),
        Introspection::AccessToken {
            scope,
            client_id,
            sub,
            aud,
            iss,
            jti,
            iat,
            exp,
        } => json!({
            "active": true, "token_type": "Bearer", "scope": scope, "client_id": client_id,
            "sub": sub, "aud": aud, "iss": iss, "jti": jti, "iat": iat, "exp": exp,
        }),
        Introspection::RefreshToken {
            scope,
            client_id,
            sub,
            aud,
            iat,
            exp,
        } => json!({
            "active": true, "scope": scope, "client_id": client_id, "sub": sub, "aud": aud,
            "iss": issuer, "iat": iat, "exp": exp,
        }),
    }
}

//! POST /api/v1/mcp-oauth/token (RFC 6749 §3.2).

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::{
    events::{Cause, EventKind, NewEvent, Trail},
    grants::{CodeExchange, HowIssued, Refresh, Tokens},
};
use serde_json::json;

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
            record::refused(&state, &visitor, EventKind::Token, &error).await;
            return error.into_response();
        }
    };
    match answer(&state, &request).await {
        Ok(tokens) => {
            let kind = match tokens.how {
                HowIssued::Granted => EventKind::Token,
                HowIssued::Refreshed => EventKind::Refresh,
                HowIssued::SameAgain | HowIssued::Sibling => EventKind::RefreshReplay,
            };
            let event = NewEvent::ok(kind, tokens.trail.clone());
            let detail = match tokens.how {
                HowIssued::SameAgain => "the same successor",
                HowIssued::Sibling => "another successor",
                HowIssued::Granted | HowIssued::Refreshed => request.method().as_str(),
            };
            record::event(&state, &visitor, event.with_detail(detail)).await;
            issued(&tokens)
        }
        Err(mut error) => {
            if *error.trail == Trail::default() {
                error.trail = Box::new(Trail::of_client_id(request.client_id()));
            }
            let kind = match request.parameters.get("grant_type") {
                Some("refresh_token") => EventKind::Refresh,
                _ => EventKind::Token,
            };
            record::failure(&state, &visitor, kind, request.client_id(), error)
                .await
                .into_response()
        }
    }
}

fn issued(tokens: &Tokens) -> Response {
    let mut body = json!({
        "access_token": tokens.access_token,
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
        "scope": tokens.scopes.to_string(),
    });
    if let Some(refresh_token) = &tokens.refresh_token {
        body["refresh_token"] = json!(refresh_token.reveal());
    }
    (NO_STORE, Json(body)).into_response()
}

async fn answer(state: &AppState, request: &Request) -> Result<Tokens, OAuthError> {
    let client = request.authenticate(state).await?;
    let parameters = &request.parameters;
    let grants = &state.services.grants;
    let known = |error: OAuthError| error.with_trail(client.trail());
    match parameters.get("grant_type") {
        Some("authorization_code") => {
            let exchange = CodeExchange {
                code: request.needed("code").map_err(known)?,
                redirect_uri: parameters.get("redirect_uri"),
                code_verifier: parameters.get("code_verifier"),
                resource: parameters.get("resource"),
            };
            Ok(grants.exchange_code(&client, exchange).await?)
        }
        Some("refresh_token") => {
            let refresh = Refresh {
                refresh_token: request.needed("refresh_token").map_err(known)?,
                scope: parameters.get("scope"),
                resource: parameters.get("resource"),
            };
            Ok(grants.refresh(&client, refresh).await?)
        }
        Some("client_credentials") => {
            let (scope, resource) = (parameters.get("scope"), parameters.get("resource"));
            Ok(grants.client_credentials(&client, scope, resource).await?)
        }
        Some(_) => Err(known(OAuthError::new(Cause::UnsupportedGrantType))),
        None => {
            let missing = OAuthError::invalid_request("grant_type is missing.");
            Err(known(missing))
        }
    }
}

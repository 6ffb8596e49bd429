//! POST /api/v1/mcp-oauth/revoke (RFC 7009).

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::{
    events::{EventKind, NewEvent},
    grants::{EndReason, Revoked},
};

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
            record::refused(&state, &visitor, EventKind::Revocation, &error).await;
            return error.into_response();
        }
    };
    match answer(&state, &request).await {
        Ok(Revoked::Ended(trail)) => {
            let revoked = NewEvent::ok(EventKind::Revocation, trail.clone());
            record::event(&state, &visitor, revoked).await;
            let ended = NewEvent::ok(EventKind::GrantEnded, trail);
            let why = EndReason::RevokedByClient.as_str();
            record::event(&state, &visitor, ended.with_detail(why)).await;
            (StatusCode::OK, NO_STORE).into_response()
        }
        Ok(Revoked::Nothing) => (StatusCode::OK, NO_STORE).into_response(),
        Err(error) => {
            let kind = EventKind::Revocation;
            record::failure(&state, &visitor, kind, request.client_id(), error)
                .await
                .into_response()
        }
    }
}

async fn answer(state: &AppState, request: &Request) -> Result<Revoked, OAuthError> {
    let client = request.authenticate(state).await?;
    let token = request.needed("token")?;
    Ok(state.services.grants.revoke(&client, token).await?)
}

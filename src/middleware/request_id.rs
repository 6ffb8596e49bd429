//! A correlation id for each request: in the log, in the answer's `X-Request-Id` and on every error
//! page. Ours always, so that nobody can write another's into our log.

use axum::{
    extract::{Request, State},
    http::HeaderValue,
    middleware::Next,
    response::Response,
};
use domain::ids::uuid_v7;
use tracing::Instrument;

use crate::state::AppState;

const HEADER: &str = "x-request-id";

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request that is being answered.
#[derive(Debug, Clone, Copy)]
pub struct RequestId;

impl RequestId {
    /// That of the current task; empty outside a request.
    #[must_use]
    pub fn current() -> String {
        CURRENT.try_with(Clone::clone).unwrap_or_default()
    }
}

pub async fn request_id(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let core = &state.services.core;
    let id = uuid_v7(&*core.clock, &*core.random).simple().to_string();
    let span = tracing::info_span!(
        "request",
        id,
        method = %request.method(),
        // Without the query, which may hold what is nobody's business.
        path = request.uri().path(),
    );
    let value = HeaderValue::from_str(&id).ok();
    // For the dashboard's server functions, which name it in their errors.
    request.headers_mut().remove(HEADER);
    if let Some(value) = value.clone() {
        request.headers_mut().insert(HEADER, value);
    }
    let mut response = CURRENT
        .scope(id.clone(), next.run(request).instrument(span))
        .await;
    if let Some(value) = value {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

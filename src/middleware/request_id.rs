//! A correlation id for each request: in the log, in the answer's `X-Request-Id` and on every error
//! page. Ours always, so that nobody can write another's into our log.

use std::panic::AssertUnwindSafe;

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::ids::uuid_v7;
use futures_util::FutureExt;
use tracing::Instrument;

use crate::{session::invite, state::AppState};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request that is being answered.
#[derive(Debug, Clone, Copy)]
pub struct RequestId;

impl RequestId {
    fn fresh(state: &AppState) -> String {
        let core = &state.services.core;
        uuid_v7(&*core.clock, &*core.random).simple().to_string()
    }

    /// That of the current task; empty outside a request.
    #[must_use]
    pub fn current() -> String {
        CURRENT.try_with(Clone::clone).unwrap_or_default()
    }

    /// The same work under the id of the current task, for a task of its own.
    pub fn carried<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
        CURRENT.scope(Self::current(), work)
    }
}

/// For the pages and the API: in a span of the log as well.
pub async fn request_id(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = RequestId::fresh(&state);
    let span = tracing::info_span!(
        "request",
        id,
        method = %request.method(),
        path = logged(request.uri().path()),
    );
    answered(id, request, next).instrument(span).await
}

/// A path as the log may have it: without the query, and without the token of an invitation, each of
/// which lets whoever reads it in.
fn logged(path: &str) -> &str {
    if path.starts_with(invite::PATH) {
        return "/invite/…";
    }
    path
}

/// For the endpoint whose requests cost less than a span and a layer do: the id, and nothing else.
/// What it logs names the id itself. A panic is an answer with an id as well.
pub async fn with_light_id(state: &AppState, answer: impl Future<Output = Response>) -> Response {
    let id = RequestId::fresh(state);
    let value = HeaderValue::from_str(&id).ok();
    let answer = CURRENT.scope(id, AssertUnwindSafe(answer).catch_unwind());
    let mut response = answer
        .await
        .unwrap_or_else(|_panicked| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    if let Some(value) = value {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

async fn answered(id: String, mut request: Request, next: Next) -> Response {
    let value = HeaderValue::from_str(&id).ok();
    // For the dashboard's server functions, which name it in their errors.
    request.headers_mut().remove(HEADER);
    if let Some(value) = value.clone() {
        request.headers_mut().insert(HEADER, value);
    }
    let mut response = CURRENT.scope(id, next.run(request)).await;
    if let Some(value) = value {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_has_no_token_of_an_invitation() {
        assert_eq!(logged("/invite/tng_inv_secret"), "/invite/…");
        assert_eq!(logged("/projects/prj_1"), "/projects/prj_1");
    }
}

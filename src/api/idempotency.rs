//! `Idempotency-Key` on POST requests (draft-ietf-httpapi-idempotency-key-header-07): the work is done
//! once, and whoever sends the request again gets the first answer.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequestParts, RawPathParams, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{
    accounts::Actor,
    crypto::sha256,
    idempotency::{Answer, Begun, Turn},
    members::Viewer,
};
use tracing::Instrument;

use super::{
    ApiError, Caller,
    auth::{access, instance_owner},
    json,
};
use crate::{middleware::RequestId, state::AppState};

pub(super) const KEY: HeaderName = HeaderName::from_static("idempotency-key");
pub(super) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Headers of an answer that are the same whenever it is given; the others are of the connection.
const KEPT: [HeaderName; 3] = [
    header::CONTENT_TYPE,
    header::CACHE_CONTROL,
    header::LOCATION,
];

/// Marks an answer behind which something happened that cannot be taken back.
#[derive(Clone)]
struct Acted;

/// An answer that is kept although it is an error: to do the work again could do it twice.
pub(super) fn acted(mut answer: Response) -> Response {
    answer.extensions_mut().insert(Acted);
    answer
}

/// What all routes of the API pass through.
pub(super) async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    match read(&state, request).await {
        Err(error) => error.into_response(),
        Ok(keyed) => {
            // It goes on where who asks goes away: they will ask again.
            let work = RequestId::carried(keyed.answered(state, next));
            match tokio::spawn(work.in_current_span()).await {
                Ok(answer) => answer,
                Err(stopped) => match stopped.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    // The runtime is shutting down, and this request with it.
                    Err(_) => std::future::pending().await,
                },
            }
        }
    }
}

/// A request with a key, read to its end.
struct Keyed {
    actor: Actor,
    key: String,
    parts: Parts,
    body: Bytes,
}

async fn read(state: &AppState, request: Request) -> Result<Keyed, ApiError> {
    let (mut parts, body) = request.into_parts();
    let Caller(actor) = Caller::from_request_parts(&mut parts, state).await?;
    let key = key(&parts.headers)?;
    let whole = Request::from_parts(parts.clone(), body);
    let body = json::bytes(whole, state).await?;
    Ok(Keyed {
        actor,
        key,
        parts,
        body,
    })
}

/// The header's value; a string of RFC 8941 (§3.3.3), as the draft writes it, without its quotes.
fn key(headers: &HeaderMap) -> Result<String, ApiError> {
    let malformed = |message: &str| ApiError::new(StatusCode::BAD_REQUEST, "malformed", message);
    let mut values = headers.get_all(KEY).iter();
    let (value, None) = (values.next(), values.next()) else {
        return Err(malformed("Send one Idempotency-Key and not several."));
    };
    let text = value
        .map(HeaderValue::as_bytes)
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .unwrap_or_default()
        .trim();
    let inner = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .filter(|inner| !inner.is_empty());
    let key = inner.unwrap_or(text);
    if domain::idempotency::is_key(key) {
        Ok(key.to_owned())
    } else {
        Err(malformed(
            "Idempotency-Key: use 1 to 255 visible ASCII characters, such as a UUID.",
        ))
    }
}

impl Keyed {
    /// SHA-256 of all that it asks.
    fn hash(&self) -> [u8; 32] {
        let target = self.parts.uri.path_and_query();
        let target = target.map_or("", |target| target.as_str());
        let mut text = format!("{} {target}\n", self.parts.method).into_bytes();
        text.extend_from_slice(&self.body);
        sha256(&text)
    }

    async fn answered(mut self, state: AppState, next: Next) -> Response {
        let requests = &state.services.idempotency;
        let begun = requests.begin(&self.actor, &self.key, &self.hash()).await;
        match begun {
            Err(error) => ApiError::from(error).into_response(),
            Ok(Begun::First(turn)) => {
                let request = Request::from_parts(self.parts, Body::from(self.body));
                kept(&state, turn, next.run(request).await).await
            }
            Ok(Begun::Again(answer)) => match self.may_still_read(&state).await {
                Ok(()) => replayed(answer),
                Err(error) => error.into_response(),
            },
            Ok(other) => refused(&other).into_response(),
        }
    }

    /// Whoever lost their place in the project, or the instance, is told nothing of it any more.
    async fn may_still_read(&mut self, state: &AppState) -> Result<(), ApiError> {
        let path = RawPathParams::from_request_parts(&mut self.parts, state).await;
        let path = path.map_err(|_| ApiError::no_such_address())?;
        if self.parts.uri.path().starts_with("/api/v1/instance/") {
            instance_owner(state, &self.actor).await?;
        }
        let project = path.iter().find(|(name, _)| *name == "project_id");
        if let Some((_, project)) = project {
            access::<Viewer>(state, &self.actor, project.to_owned()).await?;
        }
        Ok(())
    }
}

/// Keeps the answer, or lets go of the key where nothing was done. What cannot be kept is given anyway.
async fn kept(state: &AppState, turn: Turn, answer: Response) -> Response {
    let requests = &state.services.idempotency;
    let (parts, body) = answer.into_parts();
    let status = parts.status;
    let is_undone = (status.is_server_error() && parts.extensions.get::<Acted>().is_none())
        || status == StatusCode::TOO_MANY_REQUESTS;
    // Answers of the API are in memory already.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let noted = if is_undone {
        requests.release(turn).await
    } else {
        let header = |name: &HeaderName| {
            let value = parts.headers.get(name)?.to_str().ok()?;
            Some((name.to_string(), value.to_owned()))
        };
        let answer = Answer {
            status: status.as_u16(),
            headers: KEPT.iter().filter_map(header).collect(),
            body: bytes.to_vec(),
        };
        requests.finish(turn, &answer).await
    };
    if let Err(error) = noted {
        tracing::error!(%error, "the answer to a request with an Idempotency-Key was not kept");
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn replayed(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse()) {
            headers.insert(name, value);
        }
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

fn refused(begun: &Begun) -> ApiError {
    match begun {
        Begun::Differs => ApiError::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency_key_reused",
            "Another request was sent with this Idempotency-Key. Take a new key for a new request.",
        ),
        Begun::NotKept { status } => ApiError::new(
            StatusCode::CONFLICT,
            "idempotency_answer_not_kept",
            format!(
                "This was done, and answered with {status}; the answer was too large to be kept. \
                 Look at what there is."
            ),
        ),
        Begun::Lost => ApiError::new(
            StatusCode::CONFLICT,
            "idempotency_outcome_unknown",
            "The server stopped while it did this, and does not know whether it was done. Look at \
             what there is, and take a new Idempotency-Key to do it again.",
        ),
        Begun::UnderWay | Begun::First(_) | Begun::Again(_) => ApiError::new(
            StatusCode::CONFLICT,
            "idempotency_under_way",
            "The first request with this Idempotency-Key is being done. Ask again in a moment.",
        )
        .retry_after(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&[u8]]) -> Result<String, ApiError> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(KEY, HeaderValue::from_bytes(value).unwrap());
        }
        key(&headers)
    }

    #[test]
    fn a_key_is_read_with_quotes_and_without() {
        for (value, expected) in [
            (b"8e03978e-40d5".as_slice(), "8e03978e-40d5"),
            (b"\"8e03978e-40d5\"", "8e03978e-40d5"),
            (b"  k  ", "k"),
            (b"\"", "\""),
            (b"\"\"", "\"\""),
            (b"\"half", "\"half"),
        ] {
            assert_eq!(read(&[value]).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_no_key_is_said_to_be_none() {
        let long = [b'k'; 256];
        for values in [
            &[b"".as_slice()][..],
            &[b"a b"],
            &["é".as_bytes()],
            &[b"\xff"],
            &[&long],
            &[b"a", b"a"],
            &[b"a\tb"],
        ] {
            assert!(read(values).is_err(), "{values:?}");
        }
    }
}

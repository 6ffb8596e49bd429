//! The dashboard's one mapping of domain errors: to what the page is told, and to a status.

use std::fmt::Display;

use axum::http::{HeaderValue, StatusCode, header, request::Parts};
use domain::{Error, FieldError};
use leptos::{prelude::*, server_fn::error::ServerFnErrorErr};
use leptos_axum::ResponseOptions;
use leptos_router::location::Url;

use super::{services, set_page_status};
use crate::api::{FieldProblem, UiError};

impl From<FieldError> for FieldProblem {
    fn from(error: FieldError) -> Self {
        Self {
            field: error.field,
            message: error.message,
        }
    }
}

impl From<Error> for UiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(fields) => {
                set_page_status(StatusCode::UNPROCESSABLE_ENTITY);
                Self::Invalid {
                    fields: fields.into_iter().map(Into::into).collect(),
                }
            }
            Error::Conflict(problem) => {
                set_page_status(StatusCode::CONFLICT);
                Self::Conflict {
                    problem: problem.into(),
                }
            }
            Error::NotFound(what) => {
                set_page_status(StatusCode::NOT_FOUND);
                Self::NotFound {
                    what: what.to_owned(),
                }
            }
            Error::Forbidden(why) => {
                set_page_status(StatusCode::FORBIDDEN);
                Self::Forbidden { why }
            }
            Error::ProofNeeded => {
                set_page_status(StatusCode::FORBIDDEN);
                Self::ProofNeeded
            }
            Error::SecondFactorNeeded(who) => {
                set_page_status(StatusCode::FORBIDDEN);
                Self::SecondFactorNeeded {
                    who: who.to_owned(),
                }
            }
            Error::WrongCredentials => signed_out(),
            Error::Throttled {
                retry_after_seconds: seconds,
            } => {
                set_page_status(StatusCode::TOO_MANY_REQUESTS);
                Self::Throttled { seconds }
            }
            Error::LimitReached { .. } => {
                set_page_status(StatusCode::TOO_MANY_REQUESTS);
                Self::Forbidden {
                    why: error.to_string(),
                }
            }
            Error::Corrupt { .. } | Error::Database(_) => internal(error),
        }
    }
}

/// Whoever asks for a second factor of everybody has one, or they lock themselves out.
pub(crate) fn second_factor_first() -> UiError {
    Error::conflict(
        "require_second_factor",
        "Add a passkey or an authenticator app to your own account first: this would lock you out.",
    )
    .into()
}

/// The server's own fault: logged here, once, under an id; the page is told the id only.
pub(crate) fn internal(cause: impl Display) -> UiError {
    let id = correlation_id();
    tracing::error!(%id, %cause, "a server function failed");
    set_page_status(StatusCode::INTERNAL_SERVER_ERROR);
    UiError::Internal { id }
}

/// A request that is no call of ours: from an old page, or from something that is no page.
pub(crate) fn malformed(cause: &ServerFnErrorErr) {
    tracing::debug!(%cause, "a server function got what it does not understand");
    set_page_status(StatusCode::BAD_REQUEST);
}

/// Nobody is signed in: 401 for a call, and for a page the way to sign in and back.
pub(crate) fn signed_out() -> UiError {
    let (Some(request), Some(response)) =
        (use_context::<Parts>(), use_context::<ResponseOptions>())
    else {
        return UiError::SignedOut;
    };
    if is_call(&request) {
        response.set_status(StatusCode::UNAUTHORIZED);
        return UiError::SignedOut;
    }
    let back = request.uri.path_and_query().map_or("/", |it| it.as_str());
    let to = format!("/sign-in?next={}", Url::escape(back));
    if let Ok(to) = HeaderValue::from_str(&to) {
        response.insert_header(header::LOCATION, to);
        response.set_status(StatusCode::SEE_OTHER);
    }
    UiError::SignedOut
}

/// Whether this request is the call of a server function, and not a page being rendered.
fn is_call(request: &Parts) -> bool {
    request.uri.path().starts_with("/_ui/")
}

/// The request's own id, where the server gave it one.
fn correlation_id() -> String {
    let given = use_context::<Parts>().and_then(|request| {
        let id = request.headers.get("x-request-id")?.to_str().ok()?;
        Some(id.to_owned())
    });
    given.unwrap_or_else(|| {
        let mut bytes = [0; 9];
        services().core.random.fill(&mut bytes);
        domain::crypto::base64url(&bytes)
    })
}

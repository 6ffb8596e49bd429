//! Requests to providers, through the guard that stands before the tools.

use std::{pin::Pin, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, header};
use http_body_util::Full;
use oauth2::{
    HttpRequest, HttpResponse, RequestTokenError,
    basic::{BasicErrorResponse, BasicErrorResponseType},
};

use super::{Cause, failure::Fault};
use crate::execute::Fetcher;

pub(super) const LONGEST: Duration = Duration::from_secs(10);
/// Bytes of a document of a provider.
pub(super) const LARGEST: usize = 1024 * 1024;
/// Bytes of an access token.
const LONGEST_TOKEN: usize = 16 * 1024;

/// The provider gave no answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NoAnswer(String);

pub(super) type Answering = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send>>;

/// The client that the libraries of OAuth and OpenID send with. Follows no redirect.
pub(super) fn client(fetcher: &Fetcher) -> impl Fn(HttpRequest) -> Answering + Send + Sync {
    let fetcher = fetcher.clone();
    move |mut request| {
        let fetcher = fetcher.clone();
        Box::pin(async move {
            // GitHub answers nobody without a name.
            let name = HeaderValue::from_static("TengineAI");
            request.headers_mut().insert(header::USER_AGENT, name);
            let request = request.map(|body| Full::new(Bytes::from(body)));
            let answer = fetcher.send(request, LONGEST, LARGEST).await;
            answer.map_err(NoAnswer)
        })
    }
}

/// Whether a header takes it (RFC 6750 §2.1): libraries that put others there stop the thread.
pub(super) fn is_sendable(token: &str) -> bool {
    (1..=LONGEST_TOKEN).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Why there is no token, without the server's free text, which may quote what was sent.
pub(super) fn no_token(refusal: &RequestTokenError<NoAnswer, BasicErrorResponse>) -> Fault {
    let unreadable = || {
        let detail = "its answer is not that of a token endpoint, or its ID token cannot be read";
        Fault::new(Cause::TokenAnswer, detail)
    };
    match refusal {
        RequestTokenError::Request(why) => Fault::new(Cause::Unreachable, why.to_string()),
        RequestTokenError::ServerResponse(error) => refused(error),
        // GitHub answers 200 to what it refuses.
        RequestTokenError::Parse(_, body) => {
            serde_json::from_slice(body).map_or_else(|_| unreadable(), |error| refused(&error))
        }
        RequestTokenError::Other(_) => unreadable(),
    }
}

/// RFC 6749 §5.2.
fn refused(error: &BasicErrorResponse) -> Fault {
    use BasicErrorResponseType as E;
    let (cause, detail) = match error.error() {
        E::InvalidGrant => (Cause::CodeRefused, "it refused the code (invalid_grant)"),
        E::InvalidClient => (
            Cause::ClientRefused,
            "it does not know the client, or its secret is wrong (invalid_client)",
        ),
        E::UnauthorizedClient => (
            Cause::ClientRefused,
            "it does not let this client do that (unauthorized_client)",
        ),
        E::Extension(word) if word == "bad_verification_code" => (
            Cause::CodeRefused,
            "it refused the code (bad_verification_code)",
        ),
        E::Extension(word) if word == "incorrect_client_credentials" => (
            Cause::ClientRefused,
            "it does not know the client, or its secret is wrong (incorrect_client_credentials)",
        ),
        E::Extension(word) if word == "redirect_uri_mismatch" => (
            Cause::ClientRefused,
            "it has another redirect URI for the client (redirect_uri_mismatch)",
        ),
        _ => (
            Cause::TokenAnswer,
            "its token endpoint refused with another error",
        ),
    };
    Fault::new(cause, detail)
}

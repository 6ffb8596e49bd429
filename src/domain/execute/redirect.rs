//! Where an endpoint points to (RFC 9110 §15.4), and whether we go there.
//!
//! A redirect is followed within the same origin (scheme, host and port), with the same method, at
//! most three times, each through the guard like any request. A tool that proves itself with a
//! secret follows none: without the secret the other place would say 401, and with it whoever
//! chooses the place, often an argument, would choose what the secret opens. For the same reason
//! nothing goes along that a tool's templates set, nor the person's identity; only what says which
//! answer is wanted, and which call it is.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderName, Method, Request, Uri, header};
use http_body_util::Full;
use url::{Position, Url};

use super::{
    client::Answer,
    mask::{Mask, REDACTED},
    result::Ended,
};
use crate::calls::Outcome;

/// Redirects that are followed in a row.
const MOST: usize = 3;

/// The headers that go along.
const FOLLOWING: [HeaderName; 10] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_TYPE,
    header::USER_AGENT,
    HeaderName::from_static("traceparent"),
    HeaderName::from_static("x-tengine-project-id"),
    HeaderName::from_static("x-tengine-integration-id"),
    HeaderName::from_static("x-tengine-request-id"),
    HeaderName::from_static("x-tengine-timestamp"),
];

/// Why an answer that points elsewhere is the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotFollowed {
    /// It says no place.
    Nowhere,
    AnotherOrigin,
    HasSecret,
    /// It asks for another method, or may.
    Method,
    TooMany,
}

/// Whether an answer points elsewhere.
pub(super) fn is_redirect(answer: &Answer) -> bool {
    matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// The request to follow a redirect with. `followed` counts those before it.
///
/// # Errors
/// [`NotFollowed`].
pub(super) fn next(
    request: &Request<Full<Bytes>>,
    answer: &Answer,
    followed: usize,
    has_secret: bool,
) -> Result<Request<Full<Bytes>>, NotFollowed> {
    let uri = target(request.uri(), answer)?;
    if has_secret {
        return Err(NotFollowed::HasSecret);
    }
    let keeps_method = matches!(answer.status.as_u16(), 307 | 308);
    if !keeps_method && !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(NotFollowed::Method);
    }
    if followed >= MOST {
        return Err(NotFollowed::TooMany);
    }
    let mut next = Request::new(request.body().clone());
    *next.method_mut() = request.method().clone();
    *next.uri_mut() = uri;
    for name in &FOLLOWING {
        if let Some(value) = request.headers().get(name) {
            next.headers_mut().insert(name, value.clone());
        }
    }
    Ok(next)
}

/// A call whose answer points elsewhere, and is the end.
pub(super) fn ended(answer: &Answer, why: NotFollowed, mask: &Mask) -> Ended {
    let (status, to) = (answer.status.as_u16(), shown(answer, mask));
    let why = match why {
        NotFollowed::Nowhere => "A redirect needs a Location that can be read",
        NotFollowed::AnotherOrigin => {
            "A redirect is followed within the same scheme, host and port only"
        }
        NotFollowed::HasSecret => {
            "A tool with a secret follows no redirect, so that its secret goes nowhere else"
        }
        NotFollowed::Method => "A redirect that may change the method is followed for GET only",
        NotFollowed::TooMany => {
            let text = format!("The endpoint redirected more than {MOST} times in a row{to}.");
            return Ended::failed(Outcome::HttpError, text);
        }
    };
    Ended::failed(
        Outcome::HttpError,
        format!(
            "The endpoint answered {status}{to}. {why}: the tool's URL has to be the one that answers."
        ),
    )
}

/// Where to, by host only: the rest of a location may hold tokens. A host may hold the tool's secret,
/// which is looked for before its letters become small ones and after they are decoded.
fn shown(answer: &Answer, mask: &Mask) -> String {
    let location = answer.headers.get(header::LOCATION);
    let Some(location) = location.and_then(|value| value.to_str().ok()) else {
        return String::new();
    };
    let location = match mask.text(location) {
        Cow::Borrowed(as_it_came) => Cow::Borrowed(as_it_came),
        // Brackets are for addresses.
        Cow::Owned(masked) => masked.replace(REDACTED, "redacted").into(),
    };
    // A host that nobody has, to know that the location has one of its own.
    let base = Url::parse("https://own.invalid").expect("it is one");
    match base.join(&location) {
        Ok(to) if to.host_str() == base.host_str() => " and pointed to another path".to_owned(),
        Ok(to) => match to.host_str() {
            Some(host) if !host.is_empty() => format!(" and pointed to {}", mask.text(host)),
            _ => format!(" and pointed to a {} URL", to.scheme()),
        },
        Err(_) => String::new(),
    }
}

/// The place, where it is of the same origin. Scheme and authority are the request's own, whatever
/// the answer makes of them.
fn target(from: &Uri, answer: &Answer) -> Result<Uri, NotFollowed> {
    let location = answer.headers.get(header::LOCATION);
    let location = location.and_then(|value| value.to_str().ok());
    let location = location.ok_or(NotFollowed::Nowhere)?;
    let base = Url::parse(&from.to_string()).map_err(|_| NotFollowed::Nowhere)?;
    let to = base.join(location).map_err(|_| NotFollowed::Nowhere)?;
    let is_anonymous = to.username().is_empty() && to.password().is_none();
    if to.origin() != base.origin() || !is_anonymous {
        return Err(NotFollowed::AnotherOrigin);
    }
    let path = to[Position::BeforePath..Position::AfterQuery].parse();
    let mut parts = from.clone().into_parts();
    parts.path_and_query = Some(path.map_err(|_| NotFollowed::Nowhere)?);
    Uri::from_parts(parts).map_err(|_| NotFollowed::Nowhere)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};

    use super::*;

    fn answer(location: &str, status: u16) -> Answer {
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::from_iter([(header::LOCATION, location.parse().unwrap())]),
            body: Vec::new(),
            is_whole: true,
            streamed: None,
            not_followed: None,
        }
    }

    fn followed(
        from: &str,
        location: &str,
        status: u16,
        method: Method,
    ) -> Result<String, NotFollowed> {
        let mut request = Request::new(Full::default());
        *request.uri_mut() = from.parse().unwrap();
        *request.method_mut() = method;
        let answer = answer(location, status);
        assert!(is_redirect(&answer));
        next(&request, &answer, 0, false).map(|next| next.uri().to_string())
    }

    #[test]
    fn a_place_of_the_same_origin_is_followed_however_it_is_written() {
        const FROM: &str = "https://api.example/v1/a/b?c=1";
        for (location, to) in [
            ("d", "https://api.example/v1/a/d"),
            ("/d?x=1#part", "https://api.example/d?x=1"),
            ("../../..", "https://api.example/"),
            ("https://api.example:443/x", "https://api.example/x"),
            ("HTTPS://API.example/x", "https://api.example/x"),
            ("//api.example/x", "https://api.example/x"),
            ("?x", "https://api.example/v1/a/b?x"),
        ] {
            assert_eq!(
                followed(FROM, location, 302, Method::GET).as_deref(),
                Ok(to),
                "{location}"
            );
        }
    }

    #[test]
    fn a_place_is_shown_by_its_host_only() {
        for (location, expected) in [
            ("https://login.example/in?token=abc", "login.example"),
            ("//login.example:8443/in", "login.example"),
            ("\\\\login.example", "login.example"),
            ("https://user:word@login.example", "login.example"),
            ("/other?token=abc", "another path"),
            ("javascript:abc", "a javascript URL"),
        ] {
            let shown = shown(&answer(location, 302), &Mask::default());
            assert_eq!(shown, format!(" and pointed to {expected}"), "{location}");
        }
    }

    #[test]
    fn a_host_that_holds_the_secret_is_shown_without_it() {
        let mut mask = Mask::default();
        mask.hide(b"S3cret-Key".to_vec());
        mask.hide(b"s3cret-small".to_vec());
        for (location, expected) in [
            ("https://S3cret-Key.evil.example/x", "redacted.evil.example"),
            ("https://s3cret-small.evil.example", "redacted.evil.example"),
            ("//a-s3cret%2Dsmall", "a-[redacted]"),
            ("https://S3cret-Key", "redacted"),
            ("https://S3cret-Key@login.example", "login.example"),
            ("s3cret-small:x", "a redacted URL"),
        ] {
            let ended = ended(&answer(location, 302), NotFollowed::HasSecret, &mask);
            let expected = format!("answered 302 and pointed to {expected}. A tool");
            let told = ended.error.unwrap();
            assert!(told.contains(&expected), "{location}: {told}");
        }
    }

    #[test]
    fn every_other_origin_is_another_one() {
        for location in [
            "http://api.example/x",
            "https://api.example:8443/x",
            "https://api.example.evil.example/x",
            "https://api.example@evil.example/x",
            "https://user@api.example/x",
            "https://user:word@api.example/x",
            "//evil.example/x",
            "/\\evil.example/x",
            "\\\\evil.example/x",
            "https:/\\evil.example",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/plain,x",
        ] {
            assert_eq!(
                followed("https://api.example/v1", location, 307, Method::GET),
                Err(NotFollowed::AnotherOrigin),
                "{location}"
            );
        }
        assert_eq!(
            followed("https://api.example/v1", "https://[", 307, Method::GET),
            Err(NotFollowed::Nowhere)
        );
    }

    #[test]
    fn the_method_stays_what_it_was() {
        for (status, method, is_followed) in [
            (301, Method::GET, true),
            (303, Method::GET, true),
            (307, Method::POST, true),
            (308, Method::DELETE, true),
            (301, Method::POST, false),
            (302, Method::PUT, false),
            (303, Method::POST, false),
        ] {
            let done = followed("https://api.example/v1", "/x", status, method.clone());
            assert_eq!(done.is_ok(), is_followed, "{status} {method}");
        }
    }
}

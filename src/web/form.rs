//! The dashboard's forms, which every browser can send: what their server function says is a page.
//!
//! A function that did its work leads on: to where it says, else back to the page that the form was on.
//! One that failed, or whose answer is to be seen (`?show`), leads nowhere: the answer to the `POST` is
//! that page itself, with what was typed, what is wrong with it, and what was answered. So nothing typed
//! is lost, no error travels in an address where anybody could write one, and a secret that is shown once
//! is in no page that can be fetched again.
//!
//! Only who is signed out meanwhile is led to the sign-in, since nobody is there to render the page for. With
//! wasm what they typed stays on the page that they are on; without it the browser's way back brings it.

use std::sync::Arc;

use app::{plain, ssr::Answer};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request::Parts, uri::PathAndQuery,
    },
    response::{Html, IntoResponse, Response},
};
use domain::public_url::PublicUrl;
use tower::ServiceExt;

use super::form_page::{page_of, place};

/// The wasm's mark on a form that it sends, by which it is told where to go instead of being sent there.
const IN_PLACE: &str = "x-tengine-form";
/// Where it is to go: a path of ours.
const LEADS_TO: &str = "x-tengine-to";
/// Bytes; `middleware::function_body` has read the request's and let no larger one through.
const MOST: usize = 32 * 1024 * 1024;

/// Whether a browser sent this as a form, and wants a page for it.
pub fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Has the function answer as to a program, and makes the page of it.
pub async fn answer<F>(
    request: Request,
    public_url: &PublicUrl,
    function: impl FnOnce(Request) -> F,
    pages: Router,
) -> Response
where
    F: Future<Output = Response>,
{
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let form = Form::of(&parts, &body, public_url);
    parts
        .headers
        .insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let asked = Request::from_parts(parts.clone(), Body::from(body));
    let (answered, body) = function(asked).await.into_parts();
    let Ok(body) = to_bytes(body, MOST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let status = answered.status;
    let to = answered.headers.get(header::LOCATION).and_then(place);
    let mut response = match to {
        _ if status == StatusCode::UNAUTHORIZED => form.lead(&sign_in(&form.from)),
        Some(to) if status.is_success() => form.lead(&to),
        None if status.is_success() && !form.shows => form.lead(&form.from),
        _ => form.page(parts, status, &body, pages).await,
    };
    keep(&answered.headers, &mut response);
    response
}

/// What a form said of itself.
struct Form {
    function: String,
    /// The page that it is on.
    from: PathAndQuery,
    shows: bool,
    is_in_place: bool,
    fields: Vec<(String, String)>,
}

impl Form {
    fn of(parts: &Parts, body: &Bytes, public_url: &PublicUrl) -> Self {
        let fields: Vec<(String, String)> =
            url::form_urlencoded::parse(body).into_owned().collect();
        Self {
            function: parts.uri.path().to_owned(),
            from: page_of(&fields, &parts.headers, public_url),
            shows: parts.uri.query() == Some("show"),
            is_in_place: parts.headers.contains_key(IN_PLACE),
            fields,
        }
    }

    fn lead(&self, to: &PathAndQuery) -> Response {
        let to = to.as_str().to_owned();
        if self.is_in_place {
            (StatusCode::NO_CONTENT, [(LEADS_TO, to)]).into_response()
        } else {
            (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
        }
    }

    /// The page that the form is on, which is told what came of it. A page that has no such form, or
    /// leads elsewhere, would keep it to itself: it is told on one of its own then.
    async fn page(self, parts: Parts, status: StatusCode, body: &Bytes, pages: Router) -> Response {
        let text = String::from_utf8_lossy(body).into_owned();
        let result = if status.is_success() {
            Ok(text)
        } else {
            Err(text)
        };
        let answer = Arc::new(Answer::new(self.function, result, self.fields));
        let asked = asks_for(&self.from, parts, answer.clone());
        let mut page = match pages.oneshot(asked).await {
            Ok(page) => page,
            Err(never) => match never {},
        };
        if !answer.is_taken() || page.status().is_redirection() {
            return untold(&answer, status, &self.from);
        }
        if !status.is_success() {
            *page.status_mut() = status;
        }
        page
    }
}

/// Asks for a page as the one who sent the form would: with their session, which the layers around have
/// found, and by a method that changes nothing.
fn asks_for(page: &PathAndQuery, mut parts: Parts, answer: Arc<Answer>) -> Request {
    parts.method = Method::GET;
    parts.uri = Uri::from(page.clone());
    for of_body in [
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::CONTENT_ENCODING,
        header::TRANSFER_ENCODING,
    ] {
        parts.headers.remove(of_body);
    }
    parts
        .headers
        .insert(header::ACCEPT, HeaderValue::from_static("text/html"));
    // Of the road that the form came by.
    parts.extensions.remove::<axum::extract::MatchedPath>();
    parts.extensions.remove::<axum::extract::OriginalUri>();
    parts.extensions.insert(answer);
    Request::from_parts(parts, Body::empty())
}

fn untold(answer: &Answer, status: StatusCode, back: &PathAndQuery) -> Response {
    let (title, text) = match answer.error() {
        Some(error) => {
            let problems = error.problems();
            let text = match problems.as_slice() {
                [] => error.to_string(),
                some => some
                    .iter()
                    .map(|problem| problem.message.as_str())
                    .collect::<Vec<_>>()
                    .join(" "),
            };
            ("This was not done", text)
        }
        None => (
            "This is done",
            "What came of it cannot be shown here: go back and look.".to_owned(),
        ),
    };
    let page = plain::message(plain::Message {
        title: title.to_owned(),
        text,
        mend: None,
        details: Vec::new(),
        link: Some((back.to_string(), "Go back".to_owned())),
    });
    (status, Html(page)).into_response()
}

fn sign_in(back: &PathAndQuery) -> PathAndQuery {
    let back: String = url::form_urlencoded::byte_serialize(back.as_str().as_bytes()).collect();
    PathAndQuery::try_from(format!("/sign-in?next={back}"))
        .unwrap_or(PathAndQuery::from_static("/sign-in"))
}

/// What a function says about its answer that holds for the page as well. All else is of a body that
/// nobody gets, or is the page's own to say.
fn keep(from: &HeaderMap, to: &mut Response) {
    for name in [header::SET_COOKIE, header::RETRY_AFTER] {
        for value in from.get_all(&name) {
            to.headers_mut().append(name.clone(), value.clone());
        }
    }
}

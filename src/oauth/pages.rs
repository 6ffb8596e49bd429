//! Pages that say what is wrong with a request, and what to do about it. Each shows the id by which
//! the log and the record of events have it.

use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use domain::{events::Cause, grants::AuthorizeError};

use super::parameters::Duplicate;
use crate::{middleware::RequestId, web::page_error};

pub fn error_page(status: StatusCode, title: &str, text: String, mend: &str) -> Response {
    let page = app::plain::message(app::plain::Message {
        title: title.to_owned(),
        text,
        mend: Some(mend.to_owned()),
        details: vec![("Request".to_owned(), RequestId::current())],
        link: None,
    });
    (status, Html(page)).into_response()
}

pub fn duplicate(duplicate: &Duplicate) -> Response {
    error_page(
        StatusCode::BAD_REQUEST,
        "This request is malformed",
        format!("The parameter {:?} came more than once.", duplicate.0),
        "Start again from your client. If it stays, tell the client's makers.",
    )
}

/// For somebody who cannot approve, with the way to another account.
pub fn not_a_member(email: &str) -> Response {
    let page = app::plain::message(app::plain::Message {
        title: "You are not a member of this project".to_owned(),
        text: format!("{email} cannot connect the integration this client asks for."),
        mend: Some(
            "Ask the project's owner to add you. Or sign out, on the top right of your projects, \
             and start again from your client with another account."
                .to_owned(),
        ),
        details: vec![("Request".to_owned(), RequestId::current())],
        link: Some(("/projects".to_owned(), "Go to your projects".to_owned())),
    });
    (StatusCode::FORBIDDEN, Html(page)).into_response()
}

/// Instead of a redirect to a place that nobody vouches for.
pub fn back_to_client(name: &str, cause: Cause, host: &str, url: &str) -> Response {
    let page = app::plain::message(app::plain::Message {
        title: "This client asked for something it cannot have".to_owned(),
        text: format!(
            "{name}, which registered itself, asked in a wrong way. {}",
            cause.sentence()
        ),
        mend: Some(format!(
            "If you started this yourself, go back to it. It is at {host}, which nobody here has \
             checked; if you do not know it, close this page."
        )),
        details: vec![("Request".to_owned(), RequestId::current())],
        link: Some((url.to_owned(), format!("Go back to {host}"))),
    });
    (StatusCode::BAD_REQUEST, Html(page)).into_response()
}

/// The page for a request that is never redirected; `None` for one whose answer goes back to the
/// client.
pub fn refusal(error: &AuthorizeError) -> Option<Response> {
    let text = error.to_string();
    let (status, title, mend) = match error {
        AuthorizeError::UnknownClient { .. } => (
            StatusCode::BAD_REQUEST,
            "This client is not known here",
            "Copy the Client ID again from the integration's page, then remove the connector and \
             add it anew. If the integration was deleted, create another.",
        ),
        AuthorizeError::ClientDocument { .. } => (
            StatusCode::BAD_REQUEST,
            "This client could not be identified",
            "Try again in a moment. If it stays, tell the client's makers, or connect with the \
             Client ID of an integration instead.",
        ),
        AuthorizeError::SwitchedOff { .. } => (
            StatusCode::FORBIDDEN,
            "This client may not introduce itself here",
            "Connect with a Client ID: a project admin finds or makes one under Integrations.",
        ),
        AuthorizeError::UnknownRedirectUri { .. } => (
            StatusCode::BAD_REQUEST,
            "This client may not be sent back to where it asks",
            "If you know the client, add this redirect URI on the integration's page and try \
             again. If you did not start this yourself, close the page.",
        ),
        AuthorizeError::Inactive(_) => (
            StatusCode::FORBIDDEN,
            "This integration is inactive",
            "A project admin can activate it on its page; then connect again.",
        ),
        AuthorizeError::NotSelfRegistered(_) => (
            StatusCode::FORBIDDEN,
            "This integration is not open to such clients",
            "A project admin can let clients in that register themselves, on the integration's \
             page. Or connect with the integration's own Client ID.",
        ),
        AuthorizeError::Domain(error) => return Some(page_error(error)),
        AuthorizeError::Refused { .. } => return None,
    };
    Some(error_page(status, title, text, mend))
}

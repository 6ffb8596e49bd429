//! /recover: getting back into an account, by a link or a recovery code.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use domain::{
    Error,
    recovery::{LinkKind, ShownLink},
};
use serde::Deserialize;

use super::{PlainForm, csrf};
use crate::{
    middleware::Visitor,
    state::AppState,
    web::{self, page_error, with_retry_after},
};

#[derive(Deserialize)]
pub struct Parameters {
    /// Of a link that somebody was given.
    token: Option<String>,
}

#[derive(Deserialize)]
pub struct Input {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    password: String,
}

/// What a form that is shown again says.
#[derive(Default)]
struct Shown {
    email: String,
    error: Option<String>,
    fields: Vec<(String, String)>,
    is_by_code: bool,
}

impl Shown {
    /// What a person can mend; anything else is a page of its own.
    #[expect(clippy::result_large_err, reason = "it is answered with at once")]
    fn of(email: String, error: &Error) -> Result<Self, Response> {
        let (text, fields) = match error {
            Error::Invalid(fields) => (
                None,
                fields
                    .iter()
                    .map(|one| (one.field.clone(), one.message.clone()))
                    .collect(),
            ),
            Error::WrongCredentials => (
                Some("This email and recovery code do not match an account.".to_owned()),
                Vec::new(),
            ),
            Error::Throttled { .. } | Error::Forbidden(_) => (Some(error.to_string()), Vec::new()),
            other => return Err(page_error(other)),
        };
        Ok(Self {
            email,
            error: text,
            fields,
            is_by_code: false,
        })
    }
}

pub async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    jar: CookieJar,
    Query(parameters): Query<Parameters>,
) -> Response {
    let Some(token) = parameters.token else {
        return ways(&state, jar, Shown::default(), StatusCode::OK);
    };
    match state
        .services
        .recovery
        .look_at(&token, visitor.address)
        .await
    {
        Ok(link) => reset_page(&state, jar, &token, &link, Shown::default(), StatusCode::OK),
        Err(error) => dead(&error),
    }
}

/// Has a link mailed. The answer is the same whoever asks and for whom.
pub async fn ask(
    State(state): State<AppState>,
    visitor: Visitor,
    jar: CookieJar,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    if !csrf::is_of_visitor(&state, &jar, &input.csrf) {
        return stale(&state, jar, input.email);
    }
    match state
        .services
        .recovery
        .ask(&input.email, visitor.address)
        .await
    {
        Ok(()) => Html(app::plain::message(app::plain::Message {
            title: "Look into your mail".to_owned(),
            text: format!(
                "If there is an account with {}, a link is on its way there. It works once, for an \
                 hour.",
                input.email.trim()
            ),
            mend: Some(
                "Nothing after some minutes? Look into the spam folder, and whether you have the \
                 account with another address."
                    .to_owned(),
            ),
            details: Vec::new(),
            link: Some(("/sign-in".to_owned(), "Back to signing in".to_owned())),
        }))
        .into_response(),
        Err(error) => again(&state, jar, input.email, &error),
    }
}

/// Sets a new password with a recovery code.
pub async fn by_code(
    State(state): State<AppState>,
    visitor: Visitor,
    jar: CookieJar,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    if !csrf::is_of_visitor(&state, &jar, &input.csrf) {
        return stale(&state, jar, input.email);
    }
    let recovery = &state.services.recovery;
    let (email, code, password) = (&input.email, &input.code, &input.password);
    let reset = recovery.reset_with_code(email, code, password, visitor.address);
    match reset.await {
        Ok(_) => recovered(),
        Err(error) => match Shown::of(input.email.clone(), &error) {
            Ok(shown) => {
                let shown = Shown {
                    is_by_code: true,
                    ..shown
                };
                with_retry_after(ways(&state, jar, shown, web::status(&error)), &error)
            }
            Err(page) => page,
        },
    }
}

/// Sets a new password with a link.
pub async fn reset(
    State(state): State<AppState>,
    visitor: Visitor,
    jar: CookieJar,
    Query(parameters): Query<Parameters>,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    let token = parameters.token.unwrap_or_default();
    let recovery = &state.services.recovery;
    let link = match recovery.look_at(&token, visitor.address).await {
        Ok(link) => link,
        Err(error) => return dead(&error),
    };
    if !csrf::is_of_visitor(&state, &jar, &input.csrf) {
        let shown = Shown {
            error: Some("This page was open for too long. Please try again.".to_owned()),
            ..Shown::default()
        };
        return reset_page(&state, jar, &token, &link, shown, StatusCode::FORBIDDEN);
    }
    match recovery
        .reset(&token, &input.password, visitor.address)
        .await
    {
        Ok(_) => recovered(),
        Err(Error::Invalid(fields)) if fields.iter().any(|one| one.field == "link") => {
            dead(&Error::Invalid(fields))
        }
        Err(error) => match Shown::of(String::new(), &error) {
            Ok(shown) => {
                let page = reset_page(&state, jar, &token, &link, shown, web::status(&error));
                with_retry_after(page, &error)
            }
            Err(page) => page,
        },
    }
}

fn recovered() -> Response {
    Redirect::to("/sign-in?recovered").into_response()
}

fn again(state: &AppState, jar: CookieJar, email: String, error: &Error) -> Response {
    match Shown::of(email, error) {
        Ok(shown) => with_retry_after(ways(state, jar, shown, web::status(error)), error),
        Err(page) => page,
    }
}

fn stale(state: &AppState, jar: CookieJar, email: String) -> Response {
    let shown = Shown {
        email,
        error: Some("This page was open for too long. Please try again.".to_owned()),
        ..Shown::default()
    };
    ways(state, jar, shown, StatusCode::FORBIDDEN)
}

fn ways(state: &AppState, jar: CookieJar, shown: Shown, status: StatusCode) -> Response {
    let (jar, csrf) = csrf::of_visitor(state, jar);
    let html = app::plain::recover(app::plain::Recover {
        csrf,
        email: shown.email,
        errors: shown.fields,
        error: shown.error,
        has_mail: state.services.core.mailer.is_configured(),
        is_by_code: shown.is_by_code,
    });
    (status, jar, Html(html)).into_response()
}

fn reset_page(
    state: &AppState,
    jar: CookieJar,
    token: &str,
    link: &ShownLink,
    shown: Shown,
    status: StatusCode,
) -> Response {
    let (jar, csrf) = csrf::of_visitor(state, jar);
    let token: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
    let html = app::plain::reset(app::plain::Reset {
        csrf,
        action: format!("/recover/reset?token={token}"),
        whose: link.masked_email.clone(),
        removes_second_factor: link.kind == LinkKind::ResetAll,
        errors: shown.fields,
        error: shown.error,
    });
    (status, jar, Html(html)).into_response()
}

/// A link that does not work, whatever the reason.
pub(super) fn dead(error: &Error) -> Response {
    let text = match error {
        Error::Invalid(fields) if !fields.is_empty() => fields[0].message.clone(),
        Error::Conflict(field) => field.message.clone(),
        Error::NotFound(_) | Error::Throttled { .. } | Error::Forbidden(_) => error.to_string(),
        other => return page_error(other),
    };
    let page = crate::oauth::error_page(
        web::status(error),
        "This link does not work",
        text,
        "Ask for a new one.",
    );
    with_retry_after(page, error)
}

//! GET and POST /sign-up

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use domain::{
    Error,
    accounts::{SignUp, SignUpState},
    sessions::SignInMethod,
};
use serde::Deserialize;
use tower_sessions::Session;

use super::{begin, csrf, form::PlainForm, invite, new_session, next, signed_in};
use crate::{
    middleware::Visitor,
    state::AppState,
    web::{page_error, status, with_retry_after},
};

#[derive(Deserialize)]
pub struct Parameters {
    next: Option<String>,
    /// Of a link that a mail brought.
    token: Option<String>,
}

#[derive(Deserialize)]
pub struct Input {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    setup_code: Option<String>,
    #[serde(default)]
    csrf: String,
    next: Option<String>,
    token: Option<String>,
}

/// What a form that is shown again says.
#[derive(Default)]
struct Shown {
    next: Option<String>,
    token: Option<String>,
    email: String,
    error: Option<String>,
    fields: Vec<(String, String)>,
}

pub async fn get(
    State(state): State<AppState>,
    session: Session,
    jar: CookieJar,
    Query(parameters): Query<Parameters>,
) -> Response {
    match signed_in(&state, &session).await {
        Ok(Some(_)) => Redirect::to("/projects").into_response(),
        Ok(None) => {
            let shown = Shown {
                next: parameters.next,
                token: parameters.token,
                ..Shown::default()
            };
            page(&state, jar, shown, StatusCode::OK).await
        }
        Err(error) => page_error(&error),
    }
}

pub async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    session: Session,
    jar: CookieJar,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    let mut shown = Shown {
        next: input.next.clone(),
        email: input.email.clone(),
        token: input.token.clone(),
        ..Shown::default()
    };
    if !csrf::is_of_visitor(&state, &jar, &input.csrf) {
        shown.error = Some("This page was open for too long. Please try again.".to_owned());
        return page(&state, jar, shown, StatusCode::FORBIDDEN).await;
    }
    match asked_of(&state, input.next.as_deref()).await {
        Ok(SignUpState::ByMail) if input.token.is_none() => {
            return ask(&state, &visitor, jar, input, shown).await;
        }
        Ok(_) => {}
        Err(error) => return page_error(&error),
    }
    let sign_up = SignUp {
        email: &input.email,
        password: &input.password,
        setup_code: input.setup_code.as_deref(),
        invitation: invite::token_of(input.next.as_deref()),
        link: input.token.as_deref(),
    };
    let error = match state
        .services
        .accounts
        .sign_up(sign_up, visitor.address)
        .await
    {
        Ok(account) => {
            let new = new_session(&visitor, SignInMethod::SignUp);
            match begin(&state, &session, &account, &new).await {
                Ok(()) => {
                    // An invitation is used by then, and its page would say so.
                    let next = input.next.as_deref();
                    let next = next.filter(|next| invite::token_of(Some(next)).is_none());
                    let to = next::checked(&state.services.core.public_url, next);
                    return Redirect::to(&to).into_response();
                }
                Err(error) => error,
            }
        }
        Err(error) => error,
    };
    again(&state, jar, shown, &error).await
}

/// What somebody has to do to sign up, with the invitation that they come from if they do.
async fn asked_of(state: &AppState, next: Option<&str>) -> Result<SignUpState, Error> {
    let accounts = &state.services.accounts;
    match invite::token_of(next) {
        Some(invitation) => accounts.sign_up_state_with(invitation).await,
        None => accounts.sign_up_state().await,
    }
}

/// Has a link mailed. The answer is the same for every address.
async fn ask(
    state: &AppState,
    visitor: &Visitor,
    jar: CookieJar,
    input: Input,
    shown: Shown,
) -> Response {
    let public_url = &state.services.core.public_url;
    let next = input.next.as_deref();
    let next = next.map(|next| next::checked(public_url, Some(next)));
    let accounts = &state.services.accounts;
    let invitation = invite::token_of(input.next.as_deref());
    let address = visitor.address;
    let asked = accounts.ask_to_sign_up(&input.email, next.as_deref(), invitation, address);
    match asked.await {
        Ok(()) => Html(app::plain::message(app::plain::Message {
            title: "Look into your mail".to_owned(),
            text: format!(
                "A mail is on its way to {}, with a link to go on. It works for a day.",
                input.email.trim()
            ),
            mend: Some("Nothing after some minutes? Look into the spam folder.".to_owned()),
            details: Vec::new(),
            link: Some(("/sign-in".to_owned(), "Back to signing in".to_owned())),
        }))
        .into_response(),
        Err(error) => again(state, jar, shown, &error).await,
    }
}

/// The form again, with what is wrong.
async fn again(state: &AppState, jar: CookieJar, mut shown: Shown, error: &Error) -> Response {
    let status = status(error);
    match error {
        Error::Invalid(fields) if fields.iter().any(|one| one.field == "link") => {
            return super::recover::dead(error);
        }
        Error::Invalid(fields) => {
            shown.fields = fields
                .iter()
                .map(|error| (error.field.clone(), error.message.clone()))
                .collect();
        }
        Error::Conflict(field) => {
            shown.fields = vec![(field.field.clone(), field.message.clone())];
        }
        Error::Forbidden(_) | Error::NotFound(_) | Error::Throttled { .. } => {
            shown.error = Some(error.to_string())
        }
        other => return page_error(other),
    }
    with_retry_after(page(state, jar, shown, status).await, error)
}

async fn page(state: &AppState, jar: CookieJar, shown: Shown, status: StatusCode) -> Response {
    let sign_up = match asked_of(state, shown.next.as_deref()).await {
        Ok(sign_up) => sign_up,
        Err(error) => return page_error(&error),
    };
    let link = match &shown.token {
        None => None,
        Some(token) => match state.services.accounts.address_of_link(token) {
            Ok(email) => Some((token.clone(), email)),
            Err(error) => return super::recover::dead(&error),
        },
    };
    let (jar, csrf) = csrf::of_visitor(state, jar);
    let html = app::plain::sign_up(app::plain::SignUp {
        csrf,
        next: shown.next,
        email: shown.email,
        errors: shown.fields,
        error: shown.error,
        state: sign_up,
        link,
    });
    (status, jar, Html(html)).into_response()
}

//! GET and POST /confirm-email: a link that was sent to an address.

use axum::{
    extract::{Query, State},
    response::{Html, IntoResponse, Response},
};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::{PlainForm, csrf, recover::dead};
use crate::{middleware::Visitor, oauth::error_page, state::AppState};

#[derive(Deserialize)]
pub struct Parameters {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
pub struct Input {
    #[serde(default)]
    csrf: String,
}

/// Asks first: mail programs open links too.
pub async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    jar: CookieJar,
    Query(parameters): Query<Parameters>,
) -> Response {
    let accounts = &state.services.accounts;
    let token = parameters.token;
    match accounts.look_at_email_link(&token, visitor.address).await {
        Ok(link) => {
            let (jar, csrf) = csrf::of_visitor(&state, jar);
            let token: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
            let html = app::plain::confirm_email(app::plain::ConfirmEmail {
                csrf,
                action: format!("/confirm-email?token={token}"),
                email: link.masked_email,
            });
            (jar, Html(html)).into_response()
        }
        Err(error) => dead(&error),
    }
}

pub async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    jar: CookieJar,
    Query(parameters): Query<Parameters>,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    if !csrf::is_of_visitor(&state, &jar, &input.csrf) {
        return error_page(
            axum::http::StatusCode::FORBIDDEN,
            "This page was open for too long",
            "Nothing was changed.".to_owned(),
            "Open the link again.",
        );
    }
    let accounts = &state.services.accounts;
    let confirmed = accounts.confirm_email(&parameters.token, visitor.address);
    match confirmed.await {
        Ok(account) => Html(app::plain::message(app::plain::Message {
            title: "The address is confirmed".to_owned(),
            text: format!("Your account has the address {} now.", account.email),
            mend: None,
            details: Vec::new(),
            link: Some(("/account".to_owned(), "Go to your account".to_owned())),
        }))
        .into_response(),
        Err(error) => dead(&error),
    }
}

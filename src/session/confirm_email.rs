//! GET and POST /confirm-email: a link that was sent to an address, for the person who asked for it.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use domain::{Error, accounts::Actor};
use serde::Deserialize;
use tower_sessions::Session;
use url::form_urlencoded::byte_serialize;

use super::{PlainForm, csrf, recover::dead, signed_in};
use crate::{middleware::Visitor, oauth::error_page, state::AppState, web::page_error};

#[derive(Deserialize)]
pub struct Parameters {
    #[serde(default)]
    token: String,
}

impl Parameters {
    /// The link's own address.
    fn path(&self) -> String {
        let token: String = byte_serialize(self.token.as_bytes()).collect();
        format!("/confirm-email?token={token}")
    }
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
    session: Session,
    jar: CookieJar,
    Query(parameters): Query<Parameters>,
) -> Response {
    let who = match person(&state, &session, &parameters).await {
        Ok(who) => who,
        Err(away) => return away,
    };
    let accounts = &state.services.accounts;
    let looked = accounts.look_at_email_link(&who, &parameters.token, visitor.address);
    match looked.await {
        Ok(link) => {
            let (jar, csrf) = csrf::of_visitor(&state, jar);
            let html = app::plain::confirm_email(app::plain::ConfirmEmail {
                csrf,
                action: parameters.path(),
                email: link.masked_email,
            });
            (jar, Html(html)).into_response()
        }
        Err(error) => refused(&error),
    }
}

pub async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    session: Session,
    jar: CookieJar,
    Query(parameters): Query<Parameters>,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    if !csrf::is_of_visitor(&state, &jar, &input.csrf) {
        return error_page(
            StatusCode::FORBIDDEN,
            "This page was open for too long",
            "Nothing was changed.".to_owned(),
            "Open the link again.",
        );
    }
    let who = match person(&state, &session, &parameters).await {
        Ok(who) => who,
        Err(away) => return away,
    };
    let accounts = &state.services.accounts;
    let confirmed = accounts.confirm_email(&who, &parameters.token, visitor.address);
    match confirmed.await {
        Ok(account) => Html(app::plain::message(app::plain::Message {
            title: "The address is confirmed".to_owned(),
            text: format!("Your account has the address {} now.", account.email),
            mend: None,
            details: Vec::new(),
            link: Some(("/account".to_owned(), "Go to your account".to_owned())),
        }))
        .into_response(),
        Err(error) => refused(&error),
    }
}

/// Who is signed in. Others sign in first, and come back to the link.
async fn person(
    state: &AppState,
    session: &Session,
    parameters: &Parameters,
) -> Result<Actor, Response> {
    match signed_in(state, session).await {
        Ok(Some(who)) => Ok(who.actor()),
        Ok(None) => {
            let next: String = byte_serialize(parameters.path().as_bytes()).collect();
            Err(Redirect::to(&format!("/sign-in?next={next}")).into_response())
        }
        Err(error) => Err(page_error(&error)),
    }
}

fn refused(error: &Error) -> Response {
    match error {
        Error::Forbidden(why) => error_page(
            StatusCode::FORBIDDEN,
            "This link is for another account",
            why.clone(),
            "Sign out, and open the link again.",
        ),
        other => dead(other),
    }
}

//! GET and POST /sign-in

use axum::{
    Extension,
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use domain::accounts::SignUpState;
use serde::Deserialize;
use tower_sessions::Session;

use super::{begin, csrf, form::PlainForm, next, signed_in};
use crate::{middleware::ClientAddress, state::AppState, web::page_error};

#[derive(Deserialize)]
pub struct Parameters {
    next: Option<String>,
}

#[derive(Deserialize)]
pub struct Input {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    csrf: String,
    next: Option<String>,
}

pub async fn get(
    State(state): State<AppState>,
    session: Session,
    jar: CookieJar,
    Query(parameters): Query<Parameters>,
) -> Response {
    match signed_in(&state, &session).await {
        Ok(Some(_)) => {
            let to = next::checked(&state.services.core.public_url, parameters.next.as_deref());
            Redirect::to(&to).into_response()
        }
        Ok(None) => {
            page(
                &state,
                jar,
                parameters.next,
                String::new(),
                None,
                StatusCode::OK,
            )
            .await
        }
        Err(error) => page_error(&error),
    }
}

pub async fn post(
    State(state): State<AppState>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    session: Session,
    jar: CookieJar,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    if !csrf::is_of_visitor(&state, &jar, &input.csrf) {
        let error = "This page was open for too long. Please sign in again.".to_owned();
        return page(
            &state,
            jar,
            input.next,
            input.email,
            Some(error),
            StatusCode::FORBIDDEN,
        )
        .await;
    }
    match state
        .services
        .accounts
        .sign_in(&input.email, &input.password, address)
        .await
    {
        Ok(account) => match begin(&session, &account).await {
            Ok(()) => {
                let to = next::checked(&state.services.core.public_url, input.next.as_deref());
                Redirect::to(&to).into_response()
            }
            Err(why) => page_error(&domain::Error::Corrupt {
                what: "session",
                why: why.to_string(),
            }),
        },
        Err(error @ (domain::Error::WrongCredentials | domain::Error::Throttled { .. })) => {
            let status = crate::web::status(&error);
            let text = Some(error.to_string());
            let page = page(&state, jar, input.next, input.email, text, status).await;
            crate::web::with_retry_after(page, &error)
        }
        Err(error) => page_error(&error),
    }
}

async fn page(
    state: &AppState,
    jar: CookieJar,
    next: Option<String>,
    email: String,
    error: Option<String>,
    status: StatusCode,
) -> Response {
    let can_sign_up = match state.services.accounts.sign_up_state().await {
        Ok(sign_up) => sign_up != SignUpState::Closed,
        Err(error) => return page_error(&error),
    };
    let (jar, csrf) = csrf::of_visitor(state, jar);
    let purpose = next
        .as_deref()
        .filter(|next| next.starts_with("/api/v1/mcp-oauth/authorize"))
        .map(|_| "to connect your client".to_owned());
    let html = app::plain::sign_in(app::plain::SignIn {
        csrf,
        next,
        email,
        error,
        purpose,
        can_sign_up,
    });
    (status, jar, Html(html)).into_response()
}

//! GET and POST /sign-in

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use domain::{accounts::SignUpState, sessions::SignInMethod};
use serde::Deserialize;
use tower_sessions::Session;

use super::{arrive, csrf, form::PlainForm, invite, new_session, next, signed_in, steps};
use crate::{middleware::Visitor, state::AppState, web::page_error};

#[derive(Deserialize)]
pub struct SignInQuery {
    next: Option<String>,
    /// There, whatever it says, for who comes with a new password.
    recovered: Option<String>,
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
    Query(query): Query<SignInQuery>,
) -> Response {
    match signed_in(&state, &session).await {
        Ok(Some(_)) => {
            let to = next::checked(&state.services.core.public_url, query.next.as_deref());
            Redirect::to(&to).into_response()
        }
        Ok(None) => {
            let said = Said {
                notice: query.recovered.map(|_| {
                    "Your new password is set, and every browser was signed out.".to_owned()
                }),
                ..Said::default()
            };
            shown(&state, jar, query.next, said, StatusCode::OK).await
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
    let signed_in = state
        .services
        .accounts
        .sign_in(&input.email, &input.password, visitor.address)
        .await;
    match signed_in {
        Ok(account) => {
            let new = new_session(&visitor, SignInMethod::Password);
            arrive::with(&state, &session, &visitor, &account, new, input.next).await
        }
        Err(error @ (domain::Error::WrongCredentials | domain::Error::Throttled { .. })) => {
            steps::refused(&state, &visitor, input.next.as_deref(), &error).await;
            let status = crate::web::status(&error);
            let text = Some(error.to_string());
            let page = page(&state, jar, input.next, input.email, text, status).await;
            crate::web::with_retry_after(page, &error)
        }
        Err(error) => page_error(&error),
    }
}

/// What the page says and is filled in with.
#[derive(Default)]
struct Said {
    email: String,
    error: Option<String>,
    notice: Option<String>,
}

pub(super) async fn page(
    state: &AppState,
    jar: CookieJar,
    next: Option<String>,
    email: String,
    error: Option<String>,
    status: StatusCode,
) -> Response {
    let said = Said {
        email,
        error,
        notice: None,
    };
    shown(state, jar, next, said, status).await
}

async fn shown(
    state: &AppState,
    jar: CookieJar,
    next: Option<String>,
    said: Said,
    status: StatusCode,
) -> Response {
    let can_sign_up = match state.services.accounts.sign_up_state().await {
        Ok(sign_up) => {
            sign_up != SignUpState::Closed || invite::token_of(next.as_deref()).is_some()
        }
        Err(error) => return page_error(&error),
    };
    let providers = match state.services.providers.offered().await {
        Ok(providers) => providers,
        Err(error) => return page_error(&error),
    };
    let (jar, csrf) = csrf::of_visitor(state, jar);
    let purpose = next
        .as_deref()
        .filter(|next| steps::is_authorize(next))
        .map(|_| "to connect your client".to_owned());
    let has_passkeys = state.services.passkeys.unavailable().is_none();
    let html = app::plain::sign_in(app::plain::SignIn {
        csrf,
        next,
        email: said.email,
        error: said.error,
        notice: said.notice,
        purpose,
        can_sign_up,
        has_passkeys,
        providers: providers
            .into_iter()
            .map(|one| (one.id.to_string(), one.name))
            .collect(),
    });
    let page = (status, jar, Html(html)).into_response();
    if has_passkeys {
        super::with_scripts(page)
    } else {
        page
    }
}

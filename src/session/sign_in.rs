//! GET and POST /sign-in

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use domain::{
    accounts::{Account, SignUpState},
    events::{Cause, EventKind, NewEvent, Trail, attempt_of},
    sessions::SignInMethod,
};
use serde::Deserialize;
use tower_sessions::Session;

use super::{begin, csrf, form::PlainForm, new_session, next, signed_in};
use crate::{
    middleware::Visitor,
    oauth::{Parameters, record},
    state::AppState,
    web::page_error,
};

#[derive(Deserialize)]
pub struct SignInQuery {
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
    Query(query): Query<SignInQuery>,
) -> Response {
    match signed_in(&state, &session).await {
        Ok(Some(_)) => {
            let to = next::checked(&state.services.core.public_url, query.next.as_deref());
            Redirect::to(&to).into_response()
        }
        Ok(None) => page(&state, jar, query.next, String::new(), None, StatusCode::OK).await,
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
    record_step(&state, &visitor, input.next.as_deref(), &signed_in).await;
    match signed_in {
        Ok(account) => {
            let new = new_session(&visitor, SignInMethod::Password);
            match begin(&state, &session, &account, &new).await {
                Ok(()) => {
                    let to = next::checked(&state.services.core.public_url, input.next.as_deref());
                    Redirect::to(&to).into_response()
                }
                Err(error) => page_error(&error),
            }
        }
        Err(error @ (domain::Error::WrongCredentials | domain::Error::Throttled { .. })) => {
            let status = crate::web::status(&error);
            let text = Some(error.to_string());
            let page = page(&state, jar, input.next, input.email, text, status).await;
            crate::web::with_retry_after(page, &error)
        }
        Err(error) => page_error(&error),
    }
}

/// On the way to a connection, signing in is one of its steps.
async fn record_step(
    state: &AppState,
    visitor: &Visitor,
    next: Option<&str>,
    signed_in: &domain::Result<Account>,
) {
    let query = next
        .filter(|next| is_authorize(next))
        .and_then(|next| next.split_once('?'));
    let Some((_, query)) = query else {
        return;
    };
    let Ok(parameters) = Parameters::parse(query.as_bytes(), "") else {
        return;
    };
    let client_id = parameters.get("client_id").unwrap_or_default();
    let integration = state.services.integrations.by_client_id(client_id).await;
    let trail = Trail {
        integration_id: integration.ok().flatten().map(|one| one.id),
        user_id: signed_in.as_ref().ok().map(|account| account.id.clone()),
        attempt: parameters.get("code_challenge").map(attempt_of),
        ..Trail::of_client_id(Some(client_id))
    };
    let event = match signed_in {
        Ok(_) => NewEvent::ok(EventKind::SignIn, trail),
        Err(domain::Error::Throttled { .. }) => {
            // Without its integration, so that many of them are counted and not stored.
            NewEvent::refused(EventKind::SignIn, Trail::default(), Cause::Throttled)
        }
        Err(_) => NewEvent::refused(EventKind::SignIn, trail, Cause::WrongCredentials),
    };
    record::event(state, visitor, event).await;
}

fn is_authorize(next: &str) -> bool {
    ["/api/v1/mcp-oauth/authorize?", "/authorize?"]
        .iter()
        .any(|path| next.starts_with(path))
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
        .filter(|next| is_authorize(next))
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

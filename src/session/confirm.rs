//! GET and POST /confirm: the person shows once more who they are, before an act that a stolen
//! session must not be enough for.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::sessions::SignedIn;
use serde::Deserialize;
use tower_sessions::Session;

use super::{PlainForm, csrf, failed, next, signed_in};
use crate::{
    middleware::Visitor,
    state::AppState,
    web::{page_error, with_retry_after},
};

#[derive(Deserialize)]
pub struct ConfirmQuery {
    next: Option<String>,
}

#[derive(Deserialize)]
pub struct Input {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    password: String,
    next: Option<String>,
}

pub async fn get(
    State(state): State<AppState>,
    session: Session,
    Query(query): Query<ConfirmQuery>,
) -> Response {
    match signed_in(&state, &session).await {
        Ok(Some(who)) => page(&state, &session, &who, query.next, None, StatusCode::OK).await,
        Ok(None) => Redirect::to("/sign-in?next=/confirm").into_response(),
        Err(error) => page_error(&error),
    }
}

pub async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    session: Session,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    let who = match signed_in(&state, &session).await {
        Ok(Some(who)) => who,
        Ok(None) => return Redirect::to("/sign-in?next=/confirm").into_response(),
        Err(error) => return page_error(&error),
    };
    if !csrf::is_of_session(&session, &input.csrf).await {
        let error = "This page was open for too long. Please try again.".to_owned();
        let (next, status) = (input.next, StatusCode::FORBIDDEN);
        return page(&state, &session, &who, next, Some(error), status).await;
    }
    let accounts = &state.services.accounts;
    let actor = who.actor();
    let proof = accounts.prove(&actor, &input.password, visitor.address);
    match proof.await {
        Ok(proof) => match proved(&state, &session, &who, &proof).await {
            Ok(()) => done(&state, input.next.as_deref()),
            Err(error) => page_error(&error),
        },
        Err(error @ (domain::Error::Invalid(_) | domain::Error::Throttled { .. })) => {
            let text = match &error {
                domain::Error::Invalid(fields) => fields[0].message.clone(),
                other => other.to_string(),
            };
            let status = crate::web::status(&error);
            let page = page(&state, &session, &who, input.next, Some(text), status).await;
            with_retry_after(page, &error)
        }
        Err(error) => page_error(&error),
    }
}

/// Notes a proof, under a new id of the cookie: it may do more than before.
pub async fn proved(
    state: &AppState,
    session: &Session,
    who: &SignedIn,
    proof: &domain::accounts::FreshIdentity,
) -> domain::Result<()> {
    state.services.sessions.prove_again(who, proof).await?;
    session.cycle_id().await.map_err(failed)
}

/// Back to where it was asked for, or to say that the other tab may go on.
pub fn done(state: &AppState, next: Option<&str>) -> Response {
    match next {
        Some(next) => {
            let to = next::checked(&state.services.core.public_url, Some(next));
            Redirect::to(&to).into_response()
        }
        None => Html(app::plain::message(app::plain::Message {
            title: "It is you".to_owned(),
            text: "Go back to the other tab and do it again there; this one can be closed."
                .to_owned(),
            mend: None,
            details: Vec::new(),
            link: Some(("/projects".to_owned(), "Or go to your projects".to_owned())),
        }))
        .into_response(),
    }
}

async fn page(
    state: &AppState,
    session: &Session,
    who: &SignedIn,
    next: Option<String>,
    error: Option<String>,
    status: StatusCode,
) -> Response {
    let csrf = match app::ssr::csrf_of(&state.services, session).await {
        Ok(csrf) => csrf,
        Err(why) => return page_error(&failed(why)),
    };
    let html = app::plain::confirm(app::plain::Confirm {
        csrf,
        next,
        email: who.account.email.clone(),
        error,
    });
    (status, Html(html)).into_response()
}

//! GET and POST /invite/{token}: what the link of an invitation leads to.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use domain::Error;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use tower_sessions::Session;

use super::{PlainForm, csrf, recover::dead, signed_in};
use crate::{
    middleware::Visitor,
    state::AppState,
    web::{page_error, status},
};

/// What a token has none of.
const NOT_OF_TOKENS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-');
/// Where such links begin.
pub const PATH: &str = "/invite/";

#[derive(Deserialize)]
pub struct Input {
    #[serde(default)]
    csrf: String,
}

/// The token in a place to go to after signing up, if that is an invitation's.
pub fn token_of(next: Option<&str>) -> Option<&str> {
    next?.strip_prefix(PATH)
}

/// A token as part of a path, whatever a stranger put into its place.
fn segment(token: &str) -> String {
    utf8_percent_encode(token, NOT_OF_TOKENS).to_string()
}

pub async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    session: Session,
    jar: CookieJar,
    Path(token): Path<String>,
) -> Response {
    page(
        &state,
        &visitor,
        &session,
        jar,
        &token,
        None,
        StatusCode::OK,
    )
    .await
}

pub async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    session: Session,
    jar: CookieJar,
    Path(token): Path<String>,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    let who = match signed_in(&state, &session).await {
        Ok(Some(who)) => who,
        Ok(None) => {
            return Redirect::to(&format!("/sign-in?next={PATH}{}", segment(&token)))
                .into_response();
        }
        Err(error) => return page_error(&error),
    };
    let is_ours = csrf::is_of_visitor(&state, &jar, &input.csrf);
    if !is_ours {
        let text = Some("This page was open for too long. Please try again.".to_owned());
        let status = StatusCode::FORBIDDEN;
        return page(&state, &visitor, &session, jar, &token, text, status).await;
    }
    let invitations = &state.services.invitations;
    let joined = invitations
        .accept(&token, &who.actor(), visitor.address)
        .await;
    match joined {
        Ok(joined) => {
            let to = joined
                .project_id
                .map_or_else(|| "/projects".to_owned(), |id| format!("/projects/{id}"));
            Redirect::to(&to).into_response()
        }
        Err(error @ Error::NotFound(_)) => dead(&error),
        Err(error) => {
            let text = match &error {
                Error::Invalid(fields) if !fields.is_empty() => fields[0].message.clone(),
                Error::Forbidden(_) | Error::Throttled { .. } => error.to_string(),
                Error::Conflict(field) => field.message.clone(),
                other => return page_error(other),
            };
            let status = status(&error);
            page(&state, &visitor, &session, jar, &token, Some(text), status).await
        }
    }
}

async fn page(
    state: &AppState,
    visitor: &Visitor,
    session: &Session,
    jar: CookieJar,
    token: &str,
    error: Option<String>,
    status: StatusCode,
) -> Response {
    let found = async {
        let invitations = &state.services.invitations;
        let invitation = invitations.look_at(token, visitor.address).await?;
        Ok::<_, Error>((invitation, signed_in(state, session).await?))
    };
    let (invitation, who) = match found.await {
        Ok(found) => found,
        Err(error) => return dead(&error),
    };
    let (jar, csrf) = csrf::of_visitor(state, jar);
    let project = invitation.project_name.zip(invitation.role);
    let html = app::plain::invitation(app::plain::Invitation {
        csrf,
        path: format!("{PATH}{}", segment(token)),
        project: project.map(|(name, role)| (name, role.to_string())),
        invited_by: Some(invitation.invited_by),
        is_personal: invitation.is_bound,
        signed_in_as: who.map(|who| who.account.email),
        error,
    });
    (status, jar, Html(html)).into_response()
}

//! GET /api/v1/mcp-oauth/authorize: checks the request, has the person sign in, and asks.

use axum::{
    extract::{OriginalUri, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    accounts::Account,
    events::{Cause, EventKind, NewEvent, Trail},
    grants::{AuthorizeError, AuthorizeErrorCode, AuthorizeParameters, AuthorizeRequest, Checked},
    ids::UserId,
};
use tower_sessions::Session;
use url::Url;

use super::{choose, consent, error::description, pages, parameters::Parameters, record};
use crate::{middleware::Visitor, session, state::AppState, web::page_error};

/// The parameters that the consent form carries along.
pub const ECHOED: &[&str] = &[
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "resource",
    "integration",
];

/// Who is at the other end: the request's origin, session and person.
pub struct Person<'a> {
    pub visitor: &'a Visitor,
    pub session: &'a Session,
    pub account: &'a Account,
}

pub async fn get(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    visitor: Visitor,
    session: Session,
) -> Response {
    let now = state.services.core.now();
    if let Err(error) = state.limits.authorize(visitor.address, now) {
        let seen = NewEvent::refused(EventKind::Authorize, Trail::default(), Cause::Throttled);
        record::event(&state, &visitor, seen).await;
        return page_error(&error);
    }
    let query = uri.query().unwrap_or_default();
    let mut parameters = match Parameters::parse(query.as_bytes(), "") {
        Ok(parameters) => parameters,
        Err(duplicate) => {
            let seen = NewEvent::refused(EventKind::Authorize, Trail::default(), Cause::Malformed);
            record::event(&state, &visitor, seen).await;
            return pages::duplicate(&duplicate);
        }
    };
    let account = match session::signed_in(&state, &session).await {
        Ok(account) => account,
        Err(error) => return page_error(&error),
    };
    let user = account.as_ref().map(|account| &account.id);
    let mut checked = match check(&state, &visitor, &parameters, user).await {
        Ok(checked) => checked,
        Err(refusal) => return refusal,
    };
    // Somebody for whom there is only one integration to choose need not be asked which.
    if let (Checked::Choose(open), Some(account)) = (&checked, &account) {
        let choices = match state.services.grants.open_integrations(&account.id).await {
            Ok(choices) => choices,
            Err(error) => return page_error(&error),
        };
        let [only] = choices.as_slice() else {
            return choose::ask(&state, account, open, &choices, &uri).await;
        };
        parameters.set("integration", only.id.as_str());
        checked = match check(&state, &visitor, &parameters, user).await {
            Ok(checked) => checked,
            Err(refusal) => return refusal,
        };
    }
    let (request, redirect_uri, trail) = match &checked {
        Checked::Ready(request) => (Some(request), request.redirect_uri(), request.trail()),
        Checked::Choose(open) => (None, open.redirect_uri(), open.trail()),
        Checked::SignInFirst => return to_sign_in(&uri),
    };
    record::event(
        &state,
        &visitor,
        NewEvent::ok(EventKind::Authorize, trail.clone()),
    )
    .await;
    if let Some(request) = request.filter(|request| request.approves_itself()) {
        return match state.services.grants.approve_automatically(request).await {
            Ok(code) => {
                with_code(&state, &visitor, request, &parameters, code.reveal(), trail).await
            }
            Err(error) => page_error(&error),
        };
    }
    let prompt = parameters.get("prompt").unwrap_or_default();
    let is_silent = prompt.split(' ').any(|one| one == "none");
    let (Some(account), Some(request)) = (&account, request) else {
        if !is_silent {
            return to_sign_in(&uri);
        }
        let refused = NewEvent::refused(EventKind::Authorize, trail, Cause::LoginRequired);
        record::event(&state, &visitor, refused).await;
        let answer = [("error", "login_required")];
        return redirect(&state, redirect_uri, parameters.get("state"), &answer);
    };
    let person = Person {
        visitor: &visitor,
        session: &session,
        account,
    };
    if !prompt.split(' ').any(|one| one == "consent")
        && let Some(answer) = as_before(&state, &person, request, &parameters).await
    {
        return answer;
    }
    if is_silent {
        let refused = NewEvent::refused(EventKind::Authorize, trail, Cause::ConsentRequired);
        record::event(&state, &visitor, refused).await;
        let answer = [("error", "consent_required")];
        return to_client(&state, request, &parameters, &answer);
    }
    consent::ask(&state, &person, request, &parameters).await
}

/// A consent that was remembered stands in for the page.
async fn as_before(
    state: &AppState,
    person: &Person<'_>,
    request: &AuthorizeRequest,
    parameters: &Parameters,
) -> Option<Response> {
    let grants = &state.services.grants;
    match grants.approve_as_before(request, &person.account.id).await {
        Ok(None) => None,
        Ok(Some(code)) => {
            let trail = Trail {
                user_id: Some(person.account.id.clone()),
                ..request.trail()
            };
            let remembered = NewEvent::ok(EventKind::ConsentRemembered, trail.clone());
            record::event(state, person.visitor, remembered).await;
            let code = code.reveal();
            Some(with_code(state, person.visitor, request, parameters, code, trail).await)
        }
        // Who is no member any more is told so by the page.
        Err(domain::Error::Forbidden(_)) => None,
        Err(error) => Some(page_error(&error)),
    }
}

fn to_sign_in(uri: &axum::http::Uri) -> Response {
    let back = uri
        .path_and_query()
        .map_or("/projects", |path_and_query| path_and_query.as_str());
    let back: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
    Redirect::to(&format!("/sign-in?next={back}")).into_response()
}

/// The checked request, or the answer that refuses it.
pub async fn check(
    state: &AppState,
    visitor: &Visitor,
    parameters: &Parameters,
    user: Option<&UserId>,
) -> Result<Checked, Response> {
    let asked = AuthorizeParameters {
        response_type: parameters.owned("response_type"),
        client_id: parameters.owned("client_id"),
        redirect_uri: parameters.owned("redirect_uri"),
        scope: parameters.owned("scope"),
        code_challenge: parameters.owned("code_challenge"),
        code_challenge_method: parameters.owned("code_challenge_method"),
        resource: parameters.owned("resource"),
        integration: parameters.owned("integration"),
    };
    let error = match state.services.grants.authorize_request(&asked, user).await {
        Ok(checked) => return Ok(checked),
        Err(error) => error,
    };
    let mut trail = error.trail();
    trail.user_id = user.cloned();
    let mut refused = NewEvent::refused(EventKind::Authorize, trail, error.cause());
    // What the mend needs: which redirect URI or resource it was.
    refused.detail = match &error {
        AuthorizeError::UnknownRedirectUri { redirect_uri, .. } => Some(redirect_uri.clone()),
        AuthorizeError::ClientDocument { why, .. } => Some(why.clone()),
        AuthorizeError::Refused {
            cause: Cause::WrongResource,
            ..
        } => asked.resource.clone(),
        _ => None,
    };
    record::event(state, visitor, refused).await;
    let AuthorizeError::Refused {
        redirect_uri,
        code,
        cause,
        ..
    } = &error
    else {
        return Err(pages::refusal(&error)
            .unwrap_or_else(|| page_error(&domain::Error::NotFound("request"))));
    };
    let code = match code {
        AuthorizeErrorCode::InvalidRequest => "invalid_request",
        AuthorizeErrorCode::UnsupportedResponseType => "unsupported_response_type",
        AuthorizeErrorCode::InvalidTarget => "invalid_target",
    };
    let text = description(cause.sentence());
    let answer = [("error", code), ("error_description", text.as_str())];
    Err(redirect(
        state,
        redirect_uri,
        parameters.get("state"),
        &answer,
    ))
}

/// Sends the browser back to the client with a code.
pub async fn with_code(
    state: &AppState,
    visitor: &Visitor,
    request: &AuthorizeRequest,
    parameters: &Parameters,
    code: &str,
    trail: Trail,
) -> Response {
    record::event(state, visitor, NewEvent::ok(EventKind::CodeIssued, trail)).await;
    to_client(state, request, parameters, &[("code", code)])
}

/// Sends the browser back to the client with an answer.
pub fn to_client(
    state: &AppState,
    request: &AuthorizeRequest,
    parameters: &Parameters,
    answer: &[(&str, &str)],
) -> Response {
    redirect(
        state,
        request.redirect_uri(),
        parameters.get("state"),
        answer,
    )
}

/// A redirect to a registered URI: the answer, `state` as it came, and `iss` against mix-ups
/// (RFC 9207 §2). 303, so that a form's body is never sent on (RFC 9700 §4.12).
fn redirect(
    state: &AppState,
    redirect_uri: &str,
    client_state: Option<&str>,
    answer: &[(&str, &str)],
) -> Response {
    let Ok(mut url) = Url::parse(redirect_uri) else {
        return page_error(&domain::Error::Corrupt {
            what: "redirect URI",
            why: "it was registered and does not parse".to_owned(),
        });
    };
    {
        let mut query = url.query_pairs_mut();
        query.extend_pairs(answer);
        if let Some(client_state) = client_state {
            query.append_pair("state", client_state);
        }
        query.append_pair("iss", state.services.core.public_url.origin());
    }
    Redirect::to(url.as_str()).into_response()
}

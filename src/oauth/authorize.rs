//! GET /api/v1/mcp-oauth/authorize: checks the request, has the person sign in, and asks.

use axum::{
    extract::{OriginalUri, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    accounts::Account,
    clients::KnownClient,
    events::{Cause, EventKind, NewEvent, Trail},
    grants::{AuthorizeError, AuthorizeErrorCode, AuthorizeParameters, AuthorizeRequest, Checked},
    ids::UserId,
    integrations::redirect_uri,
};
use tower_sessions::Session;
use url::Url;

use super::{
    choose, consent,
    error::description,
    pages,
    parameters::{Duplicate, Parameters},
    record,
};
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
    let (mut parameters, duplicates) = Parameters::parse_all(query.as_bytes(), "");
    // Of these two nothing can be believed that came twice, and so nobody is sent anywhere.
    let of_whom = |one: &&Duplicate| matches!(one.0.as_str(), "client_id" | "redirect_uri");
    if let Some(duplicate) = duplicates.iter().find(of_whom) {
        let seen = NewEvent::refused(EventKind::Authorize, Trail::default(), Cause::Malformed);
        record::event(&state, &visitor, seen).await;
        return pages::duplicate(duplicate);
    }
    let has_duplicates = !duplicates.is_empty();
    if duplicates.iter().any(|one| one.0 == "state") {
        parameters.set("state", "");
    }
    let account = match session::signed_in(&state, &session).await {
        Ok(signed_in) => signed_in.map(|one| one.account),
        Err(error) => return page_error(&error),
    };
    let user = account.as_ref().map(|account| &account.id);
    let mut checked = match check(&state, &visitor, &parameters, user, has_duplicates).await {
        Ok(checked) => checked,
        Err(refusal) => return refusal,
    };
    let prompt = parameters.get("prompt").unwrap_or_default().to_owned();
    let is_silent = prompt.split(' ').any(|one| one == "none");
    // Somebody for whom there is only one integration to choose need not be asked which.
    if let (Checked::Choose(open), Some(account)) = (&checked, &account) {
        let choices = match state.services.grants.open_integrations(&account.id).await {
            Ok(choices) => choices,
            Err(error) => return page_error(&error),
        };
        let [only] = choices.as_slice() else {
            let seen = NewEvent::ok(EventKind::Authorize, open.trail());
            record::event(&state, &visitor, seen).await;
            if is_silent {
                let (client, to) = (open.client(), open.redirect_uri());
                let back = WayBack::new(client, to, &parameters);
                let cause = Cause::ConsentRequired;
                return back.refuse(&state, &visitor, open.trail(), cause).await;
            }
            return choose::ask(&state, account, open, &choices, &parameters).await;
        };
        parameters.set("integration", only.id.as_str());
        checked = match check(&state, &visitor, &parameters, user, has_duplicates).await {
            Ok(checked) => checked,
            Err(refusal) => return refusal,
        };
    }
    let (request, back, trail) = match &checked {
        Checked::Ready(request) => {
            let back = WayBack::new(request.client(), request.redirect_uri(), &parameters);
            (Some(request), back, request.trail())
        }
        Checked::Choose(open) => {
            let back = WayBack::new(open.client(), open.redirect_uri(), &parameters);
            (None, back, open.trail())
        }
        Checked::SignInFirst => {
            let trail = Trail::of_client_id(parameters.get("client_id"));
            let seen = NewEvent::ok(EventKind::Authorize, trail);
            record::event(&state, &visitor, seen).await;
            return to_sign_in(&uri);
        }
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
    let (Some(account), Some(request)) = (&account, request) else {
        if !is_silent {
            return to_sign_in(&uri);
        }
        return back
            .refuse(&state, &visitor, trail, Cause::LoginRequired)
            .await;
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
        return back
            .refuse(&state, &visitor, trail, Cause::ConsentRequired)
            .await;
    }
    consent::ask(&state, &person, request, &parameters, None).await
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
        // Who may not come in any more is told so by the page.
        Err(domain::Error::Forbidden(_) | domain::Error::SecondFactorNeeded(_)) => None,
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
    has_duplicates: bool,
) -> Result<Checked, Response> {
    let asked = AuthorizeParameters {
        response_type: parameters.owned("response_type"),
        client_id: parameters.owned("client_id"),
        redirect_uri: parameters.owned("redirect_uri"),
        scope: parameters.owned("scope"),
        code_challenge: parameters.owned("code_challenge"),
        code_challenge_method: parameters.owned("code_challenge_method"),
        resource: parameters.owned("resource"),
        has_duplicates,
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
        client,
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
    Err(WayBack::new(client, redirect_uri, parameters).answer(state, code, *cause))
}

/// How a client is told that it gets nothing (RFC 6749 §4.1.2.1).
pub struct WayBack<'a> {
    client: &'a KnownClient,
    redirect_uri: &'a str,
    client_state: Option<&'a str>,
}

impl<'a> WayBack<'a> {
    pub fn new(client: &'a KnownClient, redirect_uri: &'a str, parameters: &'a Parameters) -> Self {
        Self {
            client,
            redirect_uri,
            client_state: parameters.get("state"),
        }
    }

    /// Tells it, and writes it down.
    async fn refuse(
        &self,
        state: &AppState,
        visitor: &Visitor,
        trail: Trail,
        cause: Cause,
    ) -> Response {
        let refused = NewEvent::refused(EventKind::Authorize, trail, cause);
        record::event(state, visitor, refused).await;
        let code = match cause {
            Cause::LoginRequired => "login_required",
            _ => "consent_required",
        };
        self.answer(state, code, cause)
    }

    /// By a redirect; or, to a place that nobody vouches for and that no person has seen yet, by a
    /// page with a link: else anyone who registers a client could use us as an open redirector
    /// (RFC 9700 §4.11.2).
    fn answer(&self, state: &AppState, code: &str, cause: Cause) -> Response {
        let text = description(cause.sentence());
        let answer = [("error", code), ("error_description", text.as_str())];
        let Some(url) = answer_url(state, self.redirect_uri, self.client_state, &answer) else {
            return unusable();
        };
        if self.client.is_vouched_for() {
            Redirect::to(url.as_str()).into_response()
        } else {
            pages::back_to_client(
                &self.client.name_at(self.redirect_uri),
                cause,
                &redirect_uri::shown_host(self.redirect_uri),
                url.as_str(),
            )
        }
    }
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

/// Sends the browser back to the client with an answer, after the person has seen where it goes.
pub fn to_client(
    state: &AppState,
    request: &AuthorizeRequest,
    parameters: &Parameters,
    answer: &[(&str, &str)],
) -> Response {
    let client_state = parameters.get("state");
    // 303, so that a form's body is never sent on (RFC 9700 §4.12).
    match answer_url(state, request.redirect_uri(), client_state, answer) {
        Some(url) => Redirect::to(url.as_str()).into_response(),
        None => unusable(),
    }
}

/// A registered URI with the answer, `state` as it came, and `iss` against mix-ups (RFC 9207 §2).
fn answer_url(
    state: &AppState,
    redirect_uri: &str,
    client_state: Option<&str>,
    answer: &[(&str, &str)],
) -> Option<Url> {
    let mut url = Url::parse(redirect_uri).ok()?;
    {
        let mut query = url.query_pairs_mut();
        query.extend_pairs(answer);
        if let Some(client_state) = client_state {
            query.append_pair("state", client_state);
        }
        query.append_pair("iss", state.services.core.public_url.origin());
    }
    Some(url)
}

fn unusable() -> Response {
    page_error(&domain::Error::Corrupt {
        what: "redirect URI",
        why: "it was registered and does not parse".to_owned(),
    })
}

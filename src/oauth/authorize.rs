//! GET /api/v1/mcp-oauth/authorize: checks the request, has the person sign in, and asks.

use axum::{
    extract::{OriginalUri, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{
    grants::{AuthorizeError, AuthorizeErrorCode, AuthorizeParameters, AuthorizeRequest},
    integrations::Approval,
};
use tower_sessions::Session;
use url::Url;

use super::{
    consent,
    parameters::{Duplicate, Parameters},
};
use crate::{middleware::RequestId, session, state::AppState, web::page_error};

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
];

pub async fn get(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    session: Session,
) -> Response {
    let query = uri.query().unwrap_or_default();
    let parameters = match Parameters::parse(query.as_bytes(), "") {
        Ok(parameters) => parameters,
        Err(duplicate) => return duplicate_page(&duplicate),
    };
    let request = match check(&state, &parameters).await {
        Ok(request) => request,
        Err(refusal) => return refusal,
    };
    if request.integration().approval == Approval::Automatic {
        return match state.services.grants.approve_automatically(&request).await {
            Ok(code) => to_client(&state, &request, &parameters, &[("code", code.reveal())]),
            Err(error) => page_error(&error),
        };
    }
    let prompt = parameters.get("prompt").unwrap_or_default();
    match session::signed_in(&state, &session).await {
        Ok(Some(_)) if prompt == "none" => {
            let refused = [("error", "consent_required")];
            to_client(&state, &request, &parameters, &refused)
        }
        Ok(Some(account)) => consent::ask(&state, &session, &account, &request, &parameters).await,
        Ok(None) if prompt == "none" => to_client(
            &state,
            &request,
            &parameters,
            &[("error", "login_required")],
        ),
        Ok(None) => {
            let back: String =
                url::form_urlencoded::byte_serialize(format!("{}?{query}", uri.path()).as_bytes())
                    .collect();
            Redirect::to(&format!("/sign-in?next={back}")).into_response()
        }
        Err(error) => page_error(&error),
    }
}

/// The checked request, or the answer that refuses it.
pub async fn check(
    state: &AppState,
    parameters: &Parameters,
) -> Result<AuthorizeRequest, Response> {
    let asked = AuthorizeParameters {
        response_type: parameters.owned("response_type"),
        client_id: parameters.owned("client_id"),
        redirect_uri: parameters.owned("redirect_uri"),
        scope: parameters.owned("scope"),
        code_challenge: parameters.owned("code_challenge"),
        code_challenge_method: parameters.owned("code_challenge_method"),
        resource: parameters.owned("resource"),
        prompt: parameters.owned("prompt"),
    };
    let error = match state.services.grants.authorize_request(&asked).await {
        Ok(request) => return Ok(request),
        Err(error) => error,
    };
    let text = error.to_string();
    Err(match error {
        AuthorizeError::UnknownClient { .. } => error_page(
            StatusCode::BAD_REQUEST,
            "This client is not known here",
            text,
            "Copy the Client ID again from the integration's page, then remove the connector and \
             add it anew. If the integration was deleted, create another.",
        ),
        AuthorizeError::UnknownRedirectUri { .. } => error_page(
            StatusCode::BAD_REQUEST,
            "This client may not be sent back to where it asks",
            text,
            "If you know the client, add this redirect URI on the integration's page and try \
             again. If you did not start this yourself, close the page.",
        ),
        AuthorizeError::Inactive(_) => error_page(
            StatusCode::FORBIDDEN,
            "This integration is inactive",
            text,
            "A project admin can activate it on its page; then connect again.",
        ),
        AuthorizeError::Refused {
            redirect_uri,
            code,
            description,
        } => {
            let code = match code {
                AuthorizeErrorCode::InvalidRequest => "invalid_request",
                AuthorizeErrorCode::UnsupportedResponseType => "unsupported_response_type",
                AuthorizeErrorCode::InvalidTarget => "invalid_target",
            };
            let description = format!("{description} (request {})", RequestId::current());
            let answer = [("error", code), ("error_description", description.as_str())];
            redirect(state, &redirect_uri, parameters.get("state"), &answer)
        }
        AuthorizeError::Domain(error) => page_error(&error),
    })
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
/// (RFC 9207 §2). 303, so that a form's body is never sent on.
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

pub fn duplicate_page(duplicate: &Duplicate) -> Response {
    error_page(
        StatusCode::BAD_REQUEST,
        "This request is malformed",
        format!("The parameter {:?} came more than once.", duplicate.0),
        "Start again from your client. If it stays, tell the client's makers.",
    )
}

pub fn error_page(status: StatusCode, title: &str, text: String, mend: &str) -> Response {
    let page = app::plain::message(app::plain::Message {
        title: title.to_owned(),
        text,
        mend: Some(mend.to_owned()),
        details: vec![("Request".to_owned(), RequestId::current())],
        link: None,
    });
    (status, Html(page)).into_response()
}

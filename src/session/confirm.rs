//! GET and POST /confirm: the person shows once more who they are, before an act that a stolen
//! session must not be enough for.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{ids::ProviderId, passkeys::AuthenticationState, sessions::SignedIn};
use serde::Deserialize;
use tower_sessions::Session;

use super::{PlainForm, challenge, csrf, failed, next, signed_in, with_scripts};
use crate::{
    middleware::Visitor,
    state::AppState,
    web::{page_error, with_retry_after},
};

/// Where the session keeps the challenge.
const CHALLENGE: &str = "confirm_challenge";

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
    /// What a passkey said, as JSON.
    #[serde(default)]
    credential: String,
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
    let ways = match ways(state, who).await {
        Ok(ways) => ways,
        Err(error) => return page_error(&error),
    };
    let has_passkey = ways.has_passkey;
    let html = app::plain::confirm(app::plain::Confirm {
        csrf,
        next,
        email: who.account.email.clone(),
        error,
        has_password: ways.has_password,
        has_passkey: ways.has_passkey,
        providers: ways.providers,
    });
    let page = (status, Html(html)).into_response();
    if has_passkey {
        with_scripts(page)
    } else {
        page
    }
}

/// How a person can show that it is them.
struct Ways {
    has_password: bool,
    has_passkey: bool,
    providers: Vec<(String, String)>,
}

async fn ways(state: &AppState, who: &SignedIn) -> domain::Result<Ways> {
    let services = &state.services;
    let user = &who.account.id;
    let status = services.second_factors.status(user).await?;
    let identities = services.providers.identities(&who.actor()).await?;
    let offered = services.providers.offered().await?;
    let is_linked = |id: &ProviderId| identities.iter().any(|one| one.provider_id == *id);
    Ok(Ways {
        has_password: services.accounts.has_password(user).await?,
        has_passkey: status.passkeys > 0,
        providers: offered
            .into_iter()
            .filter(|one| one.kind.can_prove() && is_linked(&one.id))
            .map(|one| (one.id.to_string(), one.name))
            .collect(),
    })
}

/// A challenge for one of the person's passkeys.
pub async fn begin(
    State(state): State<AppState>,
    session: Session,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    if !csrf::is_of_session(&session, &input.csrf).await {
        return challenge::stale();
    }
    let begun = async {
        let who = signed_in(&state, &session).await?;
        let who = who.ok_or(domain::Error::WrongCredentials)?;
        let passkeys = &state.services.passkeys;
        let (options, pending) = passkeys.begin_for(&who.account.id).await?;
        session.insert(CHALLENGE, &pending).await.map_err(failed)?;
        Ok(options)
    };
    match begun.await {
        Ok(options) => challenge::given(options),
        Err(error) => challenge::refused(&error),
    }
}

pub async fn passkey(
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
    let proved = async {
        let pending: Option<AuthenticationState> =
            session.remove(CHALLENGE).await.map_err(failed)?;
        let pending = pending.ok_or(domain::Error::ProofNeeded)?;
        let (user, answer) = (&who.account.id, &input.credential);
        let passkeys = &state.services.passkeys;
        let proof = passkeys
            .finish_for(user, &pending, answer, visitor.address)
            .await?;
        proved(&state, &session, &who, &proof).await
    };
    match proved.await {
        Ok(()) => done(&state, input.next.as_deref()),
        Err(error) => {
            let text = match &error {
                domain::Error::Invalid(fields) if !fields.is_empty() => fields[0].message.clone(),
                domain::Error::Forbidden(_)
                | domain::Error::ProofNeeded
                | domain::Error::Throttled { .. } => error.to_string(),
                other => return page_error(other),
            };
            let status = crate::web::status(&error);
            let page = page(&state, &session, &who, input.next, Some(text), status).await;
            with_retry_after(page, &error)
        }
    }
}

//! What comes after a first proof of who one is: the second factor where the account asks for one, and
//! then the session.

use axum::response::{IntoResponse, Redirect, Response};
use domain::{
    accounts::Account,
    ids::{ProviderId, UserId},
    providers::PendingLink,
    sessions::{NewSession, SecondFactor, SignInMethod},
};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use super::{begin, failed, next, signed_in, steps};
use crate::{middleware::Visitor, state::AppState, web::page_error};

/// Seconds for the second factor.
const HALFWAY_SECONDS: i64 = 600;
const HALFWAY: &str = "halfway";
/// Where a link to a provider waits for its person to sign in.
pub const PENDING_LINK: &str = "pending_link";

/// Somebody who has shown the first of two proofs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Halfway {
    pub user_id: UserId,
    method: SignInMethod,
    provider_id: Option<ProviderId>,
    next: Option<String>,
    begun_at: i64,
    /// Which password the account had: once it has another, what was shown before is no proof.
    password: Option<String>,
}

impl Halfway {
    /// Who is halfway in this browser, if it was not too long ago.
    pub async fn of(state: &AppState, session: &Session) -> domain::Result<Option<Self>> {
        let found: Option<Self> = session.get(HALFWAY).await.map_err(failed)?;
        let now = state.services.core.now();
        let found = found.filter(|half| {
            domain::clock::Timestamp(half.begun_at).plus_seconds(HALFWAY_SECONDS) > now
        });
        let Some(half) = found else { return Ok(None) };
        let password = state.services.accounts.password_mark(&half.user_id).await?;
        Ok(Some(half).filter(|half| half.password == password))
    }
}

/// Somebody whose first proof is good: signs them in, or leads to the second factor.
pub async fn with(
    state: &AppState,
    session: &Session,
    visitor: &Visitor,
    account: &Account,
    new: NewSession<'_>,
    next: Option<String>,
) -> Response {
    // A passkey is something that one has and what unlocks it.
    let is_enough = match new.method {
        SignInMethod::Passkey | SignInMethod::SignUp => true,
        SignInMethod::Password | SignInMethod::Provider | SignInMethod::Recovery => match state
            .services
            .second_factors
            .required_at_sign_in(&account.id)
            .await
        {
            Ok(kinds) => kinds.is_empty(),
            Err(error) => return page_error(&error),
        },
    };
    if is_enough {
        return complete(state, session, visitor, account, &new, next).await;
    }
    match halfway(state, session, account, &new, next).await {
        Ok(()) => Redirect::to("/sign-in/second-step").into_response(),
        Err(error) => page_error(&error),
    }
}

/// Under a new id of the cookie: one that was planted before is worth nothing.
async fn halfway(
    state: &AppState,
    session: &Session,
    account: &Account,
    new: &NewSession<'_>,
    next: Option<String>,
) -> domain::Result<()> {
    let half = Halfway {
        user_id: account.id.clone(),
        method: new.method,
        provider_id: new.provider_id.clone(),
        next,
        begun_at: state.services.core.now().0,
        password: state.services.accounts.password_mark(&account.id).await?,
    };
    session.cycle_id().await.map_err(failed)?;
    session.insert(HALFWAY, &half).await.map_err(failed)
}

/// The second proof is good too.
pub async fn second(
    state: &AppState,
    session: &Session,
    visitor: &Visitor,
    half: Halfway,
    factor: SecondFactor,
) -> Response {
    let account = match state.services.accounts.enabled(&half.user_id).await {
        Ok(Some(account)) => account,
        Ok(None) => return page_error(&domain::Error::WrongCredentials),
        Err(error) => return page_error(&error),
    };
    let new = NewSession {
        method: half.method,
        provider_id: half.provider_id,
        second_factor: Some(factor),
        address: visitor.address,
        user_agent: &visitor.visit.user_agent,
    };
    complete(state, session, visitor, &account, &new, half.next).await
}

async fn complete(
    state: &AppState,
    session: &Session,
    visitor: &Visitor,
    account: &Account,
    new: &NewSession<'_>,
    next: Option<String>,
) -> Response {
    let begun = async {
        let pending: Option<PendingLink> = session.get(PENDING_LINK).await.map_err(failed)?;
        begin(state, session, account, new).await?;
        if let Some(pending) = pending.filter(|pending| pending.is_for(&account.id)) {
            link(state, session, visitor, pending).await?;
        }
        Ok::<_, domain::Error>(())
    };
    if let Err(error) = begun.await {
        return page_error(&error);
    }
    steps::done(state, visitor, next.as_deref(), &account.id).await;
    let to = next::checked(&state.services.core.public_url, next.as_deref());
    Redirect::to(&to).into_response()
}

/// Links the identity that somebody came with, now that they have shown that the account is theirs. That
/// it fails keeps nobody out: they see under Security that it is not there.
async fn link(
    state: &AppState,
    session: &Session,
    visitor: &Visitor,
    pending: PendingLink,
) -> domain::Result<()> {
    let Some(who) = signed_in(state, session).await? else {
        return Ok(());
    };
    let proof = state.services.sessions.fresh(&who)?;
    let providers = &state.services.providers;
    let linked = providers
        .finish_link(&who.actor(), &proof, pending, visitor.address)
        .await;
    if let Err(why) = linked {
        tracing::warn!(%why, "an identity was not linked");
    }
    Ok(())
}

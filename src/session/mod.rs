//! Sessions of people in browsers: tower-sessions on the same database.

mod arrive;
pub mod challenge;
pub mod confirm;
pub mod confirm_email;
pub mod csrf;
mod form;
pub mod invite;
pub mod next;
#[cfg(test)]
mod next_properties;
pub mod passkey;
pub mod provider;
pub mod recover;
pub mod second_step;
pub mod sign_in;
pub mod sign_out;
pub mod sign_up;
mod steps;
mod store;

use app::ssr::SESSION_ID;
use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use domain::{
    accounts::{Account, Actor},
    sessions::{NewSession, SessionEnd, SignInMethod, SignedIn},
};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer,
    cookie::{SameSite, time::Duration},
};

pub use form::PlainForm;
use store::Store;
pub use store::{expire, migrate};

use crate::{middleware::Visitor, state::AppState};

/// What a plain page with a script may load: our own, and what it asks us.
const SCRIPTED_PAGE: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; \
     style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

/// Lets a plain page load the script that it has: of passkeys, of recovery codes.
pub fn with_scripts(mut response: Response) -> Response {
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(SCRIPTED_PAGE),
    );
    response
}

/// The layer that finds a request's session. `Lax`, because arriving at authorize from Claude must
/// not look signed out.
pub fn layer(state: &AppState) -> SessionManagerLayer<Store> {
    let core = &state.services.core;
    let is_https = core.public_url.is_https();
    SessionManagerLayer::new(Store::new(&core.db, core.session_limits.idle))
        .with_name(cookie_name(is_https, "tengine_session"))
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(is_https)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::seconds(
            core.session_limits.idle,
        )))
}

/// `__Host-` where the browser accepts it: no other host and no plain-http page can then set the
/// cookie (RFC 6265bis §4.1.3.2).
fn cookie_name(is_https: bool, name: &str) -> String {
    if is_https {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

/// Signs a browser in, under a new session id: one that was planted before is worth nothing. What
/// the browser was signed in by ends.
///
/// # Errors
/// Where a database fails.
pub async fn begin(
    state: &AppState,
    session: &Session,
    account: &Account,
    new: &NewSession<'_>,
) -> Result<(), domain::Error> {
    if let Some(before) = signed_in(state, session).await? {
        end(state, &before).await?;
    }
    let begun = state.services.sessions.begin(account, new).await?;
    session.clear().await;
    session.cycle_id().await.map_err(failed)?;
    let stored = session.insert(SESSION_ID, begun.id.as_str()).await;
    stored.map_err(failed)
}

/// Ends what a browser is signed in by.
async fn end(state: &AppState, signed_in: &SignedIn) -> Result<(), domain::Error> {
    let sessions = &state.services.sessions;
    let (actor, id) = (signed_in.actor(), &signed_in.session.id);
    match sessions.end(&actor, id, SessionEnd::SignedOut).await {
        // Meanwhile, from elsewhere.
        Err(domain::Error::NotFound(_)) => Ok(()),
        other => other,
    }
}

/// A failure of the store of cookies.
pub fn failed(why: tower_sessions::session::Error) -> domain::Error {
    domain::Error::Corrupt {
        what: "session",
        why: why.to_string(),
    }
}

/// Who is signed in, if their session is live and their account is enabled.
///
/// # Errors
/// Where a database fails.
pub async fn signed_in(
    state: &AppState,
    session: &Session,
) -> Result<Option<SignedIn>, domain::Error> {
    let id: Option<String> = session.get(SESSION_ID).await.map_err(failed)?;
    match id {
        None => Ok(None),
        Some(id) => state.services.sessions.current(&id.into()).await,
    }
}

/// The actor that a signed-in account is.
pub fn actor(account: &Account) -> Actor {
    Actor::Person {
        user_id: account.id.clone(),
    }
}

/// How a browser is being signed in, as its person's list of sessions tells it.
pub fn new_session(visitor: &Visitor, method: SignInMethod) -> NewSession<'_> {
    NewSession {
        method,
        provider_id: None,
        second_factor: None,
        address: visitor.address,
        user_agent: &visitor.visit.user_agent,
    }
}

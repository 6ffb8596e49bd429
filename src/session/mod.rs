//! Sessions of people in browsers: tower-sessions on the same database.

pub mod csrf;
mod form;
pub mod next;
#[cfg(test)]
mod next_properties;
pub mod sign_in;
pub mod sign_out;
pub mod sign_up;
mod store;

use domain::{
    accounts::{Account, Actor},
    ids::UserId,
};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer,
    cookie::{SameSite, time::Duration},
};

pub use form::PlainForm;
use store::Store;
pub use store::{expire, migrate};

use crate::state::AppState;

/// Days that a session lives unused.
const IDLE_DAYS: i64 = 14;

/// The layer that finds a request's session. `Lax`, because arriving at authorize from Claude must
/// not look signed out.
pub fn layer(state: &AppState) -> SessionManagerLayer<Store> {
    let core = &state.services.core;
    let is_https = core.public_url.is_https();
    SessionManagerLayer::new(Store::new(&core.db))
        .with_name(cookie_name(is_https, "tengine_session"))
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(is_https)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::days(IDLE_DAYS)))
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

/// Signs a browser in, under a new session id: one that was planted before is worth nothing.
pub async fn begin(
    session: &Session,
    account: &Account,
) -> Result<(), tower_sessions::session::Error> {
    session.clear().await;
    session.cycle_id().await?;
    session
        .insert(app::ssr::SESSION_USER, account.id.as_str())
        .await
}

/// Who is signed in, if their account is enabled.
///
/// # Errors
/// Where the database fails.
pub async fn signed_in(
    state: &AppState,
    session: &Session,
) -> Result<Option<Account>, domain::Error> {
    let user: Option<String> =
        session
            .get(app::ssr::SESSION_USER)
            .await
            .map_err(|why| domain::Error::Corrupt {
                what: "session",
                why: why.to_string(),
            })?;
    match user {
        None => Ok(None),
        Some(user) => state.services.accounts.enabled(&UserId::from(user)).await,
    }
}

/// The actor that a signed-in account is.
pub fn actor(account: &Account) -> Actor {
    Actor::Person {
        user_id: account.id.clone(),
    }
}

//! Where the signed-in person is signed in.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{UiError, When};

/// A browser that the person is signed in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    pub id: String,
    /// `Chrome on macOS`
    pub device: String,
    /// `203.0.113.7`
    pub address: String,
    /// `with a password and an authenticator app`
    pub how: String,
    pub since: When,
    pub last_used: When,
    /// The one that asks.
    pub is_this: bool,
}

/// The sessions, and how long they live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionList {
    pub sessions: Vec<SessionRow>,
    /// `14 days`
    pub idle: String,
    /// `90 days`
    pub max: String,
}

#[server(endpoint = "list_sessions")]
pub async fn list_sessions() -> Result<SessionList, UiError> {
    use crate::ssr::{person, services, sessions, when::lifetime};
    let signed_in = person().await?;
    let services = services();
    let now = services.core.now();
    let limits = services.core.session_limits;
    let list = services.sessions.list(&signed_in.account.id).await?;
    Ok(SessionList {
        sessions: list
            .into_iter()
            .map(|one| sessions::row(one, &signed_in.session.id, now))
            .collect(),
        idle: lifetime(limits.idle),
        max: lifetime(limits.max),
    })
}

/// Signs one of the person's browsers out; with this one, it leads to the sign-in page.
#[server(endpoint = "end_session")]
pub async fn end_session(session_id: String) -> Result<(), UiError> {
    use crate::ssr::{person, services};
    use domain::{ids::SessionId, sessions::SessionEnd};
    let signed_in = person().await?;
    let id = SessionId::from(session_id);
    let why = match id == signed_in.session.id {
        true => SessionEnd::SignedOut,
        false => SessionEnd::EndedElsewhere,
    };
    let sessions = &services().sessions;
    sessions.end(&signed_in.actor(), &id, why).await?;
    Ok(())
}

/// Signs the person out everywhere but here.
#[server(endpoint = "end_other_sessions")]
pub async fn end_other_sessions() -> Result<u64, UiError> {
    use crate::ssr::{person, services};
    let signed_in = person().await?;
    Ok(services().sessions.end_others(&signed_in).await?)
}

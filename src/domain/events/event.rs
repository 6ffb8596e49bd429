//! A step of an attempt to connect, as it is recorded.

use crate::{
    clock::Timestamp,
    crypto::{base64url, sha256},
    events::Cause,
    ids::{EventId, GrantId, IntegrationId, UserId},
    text_enum,
};

text_enum! {
    /// Which step it was. A step with a [`Cause`] was refused.
    pub enum EventKind {
        /// A metadata document was fetched; the detail says which.
        Discovery = "discovery",
        /// A client registered itself (RFC 7591).
        Registration = "registration",
        /// A client sent a browser to authorize.
        Authorize = "authorize",
        /// The person signed in on the way.
        SignIn = "sign_in",
        /// The consent page was shown.
        ConsentShown = "consent_shown",
        /// A remembered consent stood in for the page.
        ConsentRemembered = "consent_remembered",
        /// The person decided on the consent page.
        Consent = "consent",
        /// The client was sent back with a code.
        CodeIssued = "code_issued",
        /// The client asked for tokens with a code, or with its own credentials.
        Token = "token",
        /// The client used a refresh token.
        Refresh = "refresh",
        /// The client used a refresh token again, and it was tolerated.
        RefreshReplay = "refresh_replay",
        /// The connection ended; the detail says why.
        GrantEnded = "grant_ended",
        /// The client revoked a token (RFC 7009).
        Revocation = "revocation",
        /// The client introspected a token (RFC 7662).
        Introspection = "introspection",
    }
}

/// Who a request comes from, as far as HTTP says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visit {
    /// The correlation id that error pages and `error_description` show.
    pub request_id: String,
    pub address: String,
    pub user_agent: String,
}

impl Visit {
    #[must_use]
    pub fn new(request_id: String, address: String, user_agent: &str) -> Self {
        Self {
            request_id,
            address,
            user_agent: readable(user_agent, 200),
        }
    }
}

/// What an event belongs to, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trail {
    pub integration_id: Option<IntegrationId>,
    pub client_id: Option<String>,
    pub user_id: Option<UserId>,
    pub grant_id: Option<GrantId>,
    pub attempt: Option<String>,
}

impl Trail {
    /// A client that nothing else is known of; what it calls itself is made readable.
    #[must_use]
    pub fn of_client_id(client_id: Option<&str>) -> Self {
        Self {
            client_id: client_id.map(|id| readable(id, 300)),
            ..Self::default()
        }
    }
}

/// What the steps of one authorization have in common: authorize and token both know the PKCE
/// challenge, which is different for each.
#[must_use]
pub fn attempt_of(code_challenge: &str) -> String {
    let hash = sha256(format!("attempt {code_challenge}").as_bytes());
    base64url(&hash[..12])
}

/// An event to be recorded.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub kind: EventKind,
    pub cause: Option<Cause>,
    pub trail: Trail,
    /// What is worth knowing besides: a redirect URI, a path. Never a secret.
    pub detail: Option<String>,
}

impl NewEvent {
    #[must_use]
    pub const fn ok(kind: EventKind, trail: Trail) -> Self {
        Self {
            kind,
            cause: None,
            trail,
            detail: None,
        }
    }

    #[must_use]
    pub const fn refused(kind: EventKind, trail: Trail, cause: Cause) -> Self {
        Self {
            kind,
            cause: Some(cause),
            trail,
            detail: None,
        }
    }

    #[must_use]
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }
}

/// An event as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub id: EventId,
    pub at: Timestamp,
    pub kind: EventKind,
    /// Why it was refused; `None` where it was not.
    pub cause: Option<Cause>,
    pub trail: Trail,
    pub visit: Visit,
    pub detail: Option<String>,
    /// How often it happened since the row before it.
    pub count: i64,
}

/// A stranger's text, short and without control characters, for people to read.
pub(super) fn readable(text: &str, most: usize) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(most)
        .collect()
}

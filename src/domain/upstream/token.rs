//! A token that another server handed out, or why there is none.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{Error, clock::Timestamp, db::DbError, ids::UserId, vault::VaultSecret};

/// Whose token is asked for.
pub(crate) struct TokenFor {
    /// The client that asks.
    pub(crate) secret: VaultSecret,
    /// For whom; `None`: for the client itself.
    pub(crate) person: Option<UserId>,
}

/// An access token (RFC 6749 §1.4), of the type `Bearer`.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) value: Zeroizing<String>,
    pub(crate) issued_at: Timestamp,
    /// Whether another can be had without asking anybody.
    pub(crate) is_renewable: bool,
}

/// What a token endpoint answers (RFC 6749 §5.1), as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Issued {
    pub(super) access_token: Zeroizing<String>,
    pub(super) refresh_token: Option<Zeroizing<String>>,
    /// Seconds from its issue on; `None` where the server does not say.
    pub(super) expires_in: Option<i64>,
}

/// Seconds beyond which no token is believed to live.
const LONGEST_LIFE: u64 = 10 * 365 * 86_400;

/// What a server says of a token's life, within reason.
pub(super) fn life_of(expires_in: std::time::Duration) -> i64 {
    i64::try_from(expires_in.as_secs().min(LONGEST_LIFE)).unwrap_or_default()
}

/// Why there is no token.
#[derive(Debug)]
pub(crate) enum NoToken {
    /// The person has to connect their account first, or again.
    NotConnected {
        again: bool,
    },
    /// The server refused; in a sentence without secrets.
    Refused(String),
    /// The server did not answer as it should; in a sentence without secrets.
    Unreachable(String),
    Failed(Error),
}

impl From<DbError> for NoToken {
    fn from(error: DbError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Error> for NoToken {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

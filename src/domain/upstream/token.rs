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
}

/// What a token endpoint answers (RFC 6749 §5.1), as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Issued {
    pub(super) access_token: Zeroizing<String>,
    pub(super) refresh_token: Option<Zeroizing<String>>,
    /// Seconds from its issue on; `None` where the server does not say.
    pub(super) expires_in: Option<i64>,
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

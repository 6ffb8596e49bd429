//! What a ceremony is between its two halves. It is kept in the browser's session, on the server, and
//! taken out when the second half begins: it says itself what it is for, of whom and until when.

use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyRegistration};

use crate::{Error, Result, clock::Timestamp, ids::UserId};

/// Seconds that a person has for a ceremony.
pub const CEREMONY_SECONDS: i64 = 300;

/// What a ceremony is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Purpose {
    Registration,
    /// Signing in as whoever the passkey is of.
    SignIn,
    /// A known person's proof of who they are.
    Proof,
}

/// A passkey that is being made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RegistrationState {
    pub(super) purpose: Purpose,
    pub(super) user_id: UserId,
    pub(super) expires_at: Timestamp,
    pub(super) ceremony: PasskeyRegistration,
}

impl RegistrationState {
    pub(super) fn check(&self, user: &UserId, now: Timestamp) -> Result<()> {
        let is_right = self.purpose == Purpose::Registration && self.user_id == *user;
        in_time(is_right, self.expires_at, now)
    }
}

/// A passkey that is being asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AuthenticationState {
    pub(super) purpose: Purpose,
    /// Whose it has to be, where that is known.
    pub(super) user_id: Option<UserId>,
    pub(super) expires_at: Timestamp,
    /// SHA-256 of the challenge, base64url.
    pub(super) challenge_hash: String,
    pub(super) ceremony: DiscoverableAuthentication,
}

impl AuthenticationState {
    pub(super) fn check(&self, user: Option<&UserId>, now: Timestamp) -> Result<()> {
        let purpose = match user {
            Some(_) => Purpose::Proof,
            None => Purpose::SignIn,
        };
        let is_right = self.purpose == purpose && self.user_id.as_ref() == user;
        in_time(is_right, self.expires_at, now)
    }
}

fn in_time(is_right: bool, expires_at: Timestamp, now: Timestamp) -> Result<()> {
    if is_right && now < expires_at {
        Ok(())
    } else {
        Err(Error::invalid(
            "passkey",
            "This took too long, or was begun for something else. Try again.",
        ))
    }
}

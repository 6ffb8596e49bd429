//! What the token endpoint answers with.

use super::{EndReason, Grant, Grants, REFRESH_PREFIX, signing_keys::SigningKey, store};
use crate::{
    Error, Result,
    clients::Client,
    clock::Timestamp,
    crypto::BearerSecret,
    db::{DbError, Tx},
    events::{Cause, Trail},
    grants::Scopes,
};

/// How tokens came about, for the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HowIssued {
    /// A new grant.
    Granted,
    /// A refresh token was used for the first time.
    Refreshed,
    /// A used one came again in time, and got the same successor.
    SameAgain,
    /// A used one came again within its grace, and got another successor.
    Sibling,
}

/// Tokens (RFC 6749 §5.1).
#[derive(Debug)]
pub struct Tokens {
    pub access_token: String,
    /// Seconds.
    pub expires_in: i64,
    /// `None` for client credentials (RFC 6749 §4.4.3).
    pub refresh_token: Option<BearerSecret>,
    pub scopes: Scopes,
    pub how: HowIssued,
    pub trail: Trail,
}

/// Why the token endpoint refuses.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("{}", .cause.sentence())]
    Refused {
        cause: Cause,
        trail: Box<Trail>,
        /// The grant that ended with this.
        ended: Option<EndReason>,
    },
    #[error(transparent)]
    Domain(#[from] Error),
}

impl TokenError {
    pub(super) fn refused(cause: Cause, trail: Trail) -> Self {
        Self::Refused {
            cause,
            trail: Box::new(trail),
            ended: None,
        }
    }

    /// Why, where it was refused.
    #[must_use]
    pub const fn cause(&self) -> Option<Cause> {
        match self {
            Self::Refused { cause, .. } => Some(*cause),
            Self::Domain(_) => None,
        }
    }
}

impl From<DbError> for TokenError {
    fn from(error: DbError) -> Self {
        Self::Domain(error.into())
    }
}

impl Client {
    /// Before anything else is looked at: the answer to a client of an inactive integration must not
    /// make it throw its tokens away.
    pub(super) fn must_be_active(&self) -> Result<(), TokenError> {
        match self.integration() {
            Some(integration) if !integration.is_active => {
                Err(TokenError::refused(Cause::Inactive, self.trail()))
            }
            _ => Ok(()),
        }
    }
}

impl Grants {
    /// An access token for a grant, with `scopes` of it, and a refresh token where it has one.
    pub(super) fn tokens(
        &self,
        key: &SigningKey,
        grant: &Grant,
        scopes: Scopes,
        refresh_token: Option<BearerSecret>,
        how: HowIssued,
    ) -> Result<Tokens> {
        Ok(Tokens {
            access_token: self.sign_access_token(key, grant, scopes)?,
            expires_in: self.core.lifetimes.access_token,
            refresh_token,
            scopes,
            how,
            trail: grant.trail(),
        })
    }

    /// A new refresh token, stored with `tx`; `parent` is the hash of the one that it succeeds.
    pub(super) async fn new_refresh_token(
        &self,
        tx: &mut Tx,
        grant: &Grant,
        parent: Option<&[u8]>,
    ) -> Result<BearerSecret> {
        let token = BearerSecret::generate(&*self.core.random, REFRESH_PREFIX);
        let hash = token.hash();
        let sealed = self.core.sealer.seal(
            &*self.core.random,
            &seal_context(&hash),
            token.reveal().as_bytes(),
        );
        store::insert_refresh_token(
            tx,
            &store::NewRefreshToken {
                hash: &hash,
                grant_id: &grant.id,
                parent,
                sealed: &sealed,
                created_at: self.core.now(),
                expires_at: self.refresh_token_ends(grant),
            },
        )
        .await?;
        Ok(token)
    }

    fn refresh_token_ends(&self, grant: &Grant) -> Timestamp {
        let lifetimes = &self.core.lifetimes;
        let idle = self.core.now().plus_seconds(lifetimes.refresh_idle);
        let absolute = grant.created_at.plus_seconds(lifetimes.refresh_max);
        idle.min(absolute)
    }

    /// When the last of the tokens ends that are made now.
    pub(super) fn last_token_ends(&self, grant: &Grant) -> Timestamp {
        let access_token = self.core.lifetimes.access_token;
        let now = self.core.now();
        now.plus_seconds(access_token)
            .max(self.refresh_token_ends(grant))
    }
}

/// Binds a sealed refresh token to its row.
pub(super) fn seal_context(hash: &[u8]) -> String {
    format!("refresh_token:{}", crate::crypto::base64url(hash))
}

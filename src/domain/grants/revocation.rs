//! Revocation by the client (RFC 7009): either kind of token ends the connection that it is of.

use super::{EndReason, Grants, TokenError, store};
use crate::{
    clients::Client,
    crypto,
    events::{Cause, Trail},
    ids::GrantId,
};

/// What came of it.
#[derive(Debug)]
pub enum Revoked {
    /// The connection has ended with this.
    Ended(Trail),
    /// There was nothing to end: an unknown, expired or ended token is as good as revoked (§2.2).
    Nothing,
}

impl Grants {
    /// # Errors
    /// [`Cause::NotYours`] for a token of another client (§2.1).
    pub async fn revoke(&self, client: &Client, token: &str) -> Result<Revoked, TokenError> {
        let Some(grant_id) = self.grant_of_token(token).await? else {
            return Ok(Revoked::Nothing);
        };
        let Some(grant) = store::grant_by_id(&self.core.db, &grant_id).await? else {
            return Ok(Revoked::Nothing);
        };
        if grant.client_id != client.client_id() {
            return Err(TokenError::refused(Cause::NotYours, client.trail()));
        }
        if grant.ended_at.is_some() {
            return Ok(Revoked::Nothing);
        }
        let mut tx = self.core.db.begin().await?;
        let now = self.core.now();
        let reason = EndReason::RevokedByClient;
        let has_ended = store::end_grant(&mut tx, &grant.id, reason, now).await?;
        tx.commit().await?;
        Ok(match has_ended {
            true => Revoked::Ended(grant.trail()),
            false => Revoked::Nothing,
        })
    }

    /// The grant of a refresh token in any state, or of an access token that lives.
    pub(super) async fn grant_of_token(&self, token: &str) -> Result<Option<GrantId>, TokenError> {
        let hash = crypto::hash_secret(token);
        if let Some(found) = store::refresh_token_by_hash(&self.core.db, &hash).await? {
            return Ok(Some(found.grant_id));
        }
        let claims = self.access_token_claims(token).await?;
        Ok(claims.ok().map(|claims| claims.grant))
    }
}

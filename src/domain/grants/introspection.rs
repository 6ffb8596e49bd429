//! Introspection (RFC 7662): what a token of the client's own stands for.

use super::{Grant, Grants, TokenError, refresh::State, store};
use crate::{clients::Client, crypto, ids::GrantId};

/// The answer of RFC 7662 §2.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Introspection {
    /// Unknown, expired, ended, another client's, or of an integration that is inactive: the answer
    /// does not say which.
    Inactive,
    AccessToken {
        scope: String,
        client_id: String,
        sub: String,
        aud: Vec<String>,
        iss: String,
        jti: String,
        iat: i64,
        exp: i64,
    },
    RefreshToken {
        scope: String,
        client_id: String,
        sub: String,
        aud: Vec<String>,
        /// Seconds since the Unix epoch.
        iat: i64,
        exp: i64,
    },
}

impl Grants {
    /// # Errors
    /// Where the database fails.
    pub async fn introspect(
        &self,
        client: &Client,
        token: &str,
    ) -> Result<Introspection, TokenError> {
        let hash = crypto::hash_secret(token);
        if let Some(found) = store::refresh_token_by_hash(&self.core.db, &hash).await? {
            let now = self.core.now();
            let is_good = matches!(found.state(now), State::Live | State::Used { .. });
            let grant = self.live_grant(client, &found.grant_id).await?;
            return Ok(match grant.filter(|_| is_good) {
                None => Introspection::Inactive,
                Some(grant) => Introspection::RefreshToken {
                    sub: grant.subject().to_owned(),
                    scope: grant.scopes.to_string(),
                    client_id: grant.client_id,
                    aud: grant.audience,
                    iat: found.created_at.seconds(),
                    exp: found.expires_at.seconds(),
                },
            });
        }
        let Ok(claims) = self.access_token_claims(token).await? else {
            return Ok(Introspection::Inactive);
        };
        let grant_id = GrantId::from(claims.grant.as_str());
        Ok(match self.live_grant(client, &grant_id).await? {
            None => Introspection::Inactive,
            Some(_) => Introspection::AccessToken {
                scope: claims.scope,
                client_id: claims.client_id,
                sub: claims.sub,
                aud: claims.aud,
                iss: claims.iss,
                jti: claims.jti,
                iat: claims.iat,
                exp: claims.exp,
            },
        })
    }

    async fn live_grant(&self, client: &Client, id: &GrantId) -> Result<Option<Grant>, TokenError> {
        let grant = store::grant_by_id(&self.core.db, id)
            .await?
            .filter(|grant| grant.client_id == client.client_id());
        let Some(grant) = grant else {
            return Ok(None);
        };
        match self.check_grant(&grant).await {
            Ok(()) => Ok(Some(grant)),
            Err(TokenError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

//! Refresh tokens: opaque, rotated at each use, bound to their client (OAuth 2.1 §4.3).

use super::{
    ACCESS_TOKEN_SECONDS, Grant, Grants, REFRESH_ABSOLUTE_SECONDS, REFRESH_IDLE_SECONDS,
    REFRESH_PREFIX, Scopes, TokenError, Tokens, store,
};
use crate::{
    Result,
    crypto::{self, BearerSecret},
    db::Tx,
    integrations::{Approval, Client},
    members,
};

/// What comes to the token endpoint with `grant_type=refresh_token`.
#[derive(Debug, Clone, Copy)]
pub struct Refresh<'a> {
    pub refresh_token: &'a str,
    pub scope: Option<&'a str>,
    pub resource: Option<&'a str>,
}

const DEAD: TokenError =
    TokenError::InvalidGrant("The refresh token is unknown, used or expired; connect again.");

impl Grants {
    /// Spends a refresh token for its successor and a new access token.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn refresh(
        &self,
        client: &Client,
        refresh: Refresh<'_>,
    ) -> Result<Tokens, TokenError> {
        let hash = crypto::hash_secret(refresh.refresh_token);
        let now = self.core.now();
        let token = store::refresh_token_by_hash(&self.core.db, &hash)
            .await?
            .ok_or(DEAD)?;
        let grant = store::grant_by_id(&self.core.db, &token.grant_id)
            .await?
            .filter(|grant| grant.client_id == client.client_id() && grant.ended_at.is_none())
            .ok_or(DEAD)?;
        if token.used_at.is_some() || token.expires_at <= now {
            return Err(DEAD);
        }
        if grant.user_id.is_none() && client.integration().approval != Approval::Automatic {
            return Err(DEAD);
        }
        if let Some(user) = &grant.user_id {
            let project = &client.integration().project_id;
            if members::store::role(&self.core.db, project, user)
                .await?
                .is_none()
            {
                return Err(TokenError::InvalidGrant(
                    "The person who connected is no longer a member of the project.",
                ));
            }
        }
        self.check_resource(refresh.resource, &grant.audience)?;
        let scopes = narrowed(grant.scopes, refresh.scope)?;

        let grant = Grant { scopes, ..grant };
        let access_token = self.sign_access_token(&grant).await?;
        let mut tx = self.core.db.begin().await?;
        if !store::spend_refresh_token(&mut tx, &hash, now).await? {
            return Err(DEAD);
        }
        let tokens = self.issue_tokens(&mut tx, &grant, access_token).await?;
        tx.commit().await?;
        Ok(tokens)
    }

    /// A new refresh token for a grant, stored with `tx`, beside an access token that was signed
    /// before: signing may need the database itself, which SQLite's one writer would wait for.
    pub(super) async fn issue_tokens(
        &self,
        tx: &mut Tx,
        grant: &Grant,
        access_token: String,
    ) -> Result<Tokens> {
        let now = self.core.now();
        let refresh_token = BearerSecret::generate(&*self.core.random, REFRESH_PREFIX);
        let idle = now.plus_seconds(REFRESH_IDLE_SECONDS);
        let absolute = grant.created_at.plus_seconds(REFRESH_ABSOLUTE_SECONDS);
        store::insert_refresh_token(
            tx,
            &refresh_token.hash(),
            &grant.id,
            now,
            idle.min(absolute),
        )
        .await?;
        Ok(Tokens {
            access_token,
            expires_in: ACCESS_TOKEN_SECONDS,
            refresh_token,
            scopes: grant.scopes,
        })
    }
}

/// The scopes asked for, never more than were granted; none asked for keeps them (RFC 6749 §6).
fn narrowed(granted: Scopes, asked: Option<&str>) -> Result<Scopes, TokenError> {
    let asked = match asked.map(str::trim).filter(|text| !text.is_empty()) {
        None => return Ok(granted),
        Some(text) => Scopes::parse(text),
    };
    if asked != Scopes::default() && asked.within(granted) {
        Ok(asked)
    } else {
        Err(TokenError::InvalidScope(
            "scope may not hold more than was granted.",
        ))
    }
}

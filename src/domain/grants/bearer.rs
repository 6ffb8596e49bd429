//! Who an MCP request speaks for: the token's claims, and whether all that they rest on still holds.

use std::sync::Arc;

use super::{
    FetchedList, Grants, Offer, ResourceUrl, Scopes,
    access_token::{AccessTokenError, Claims},
    standing::Standing,
    store,
};
use crate::{
    Error, Result,
    calls::Via,
    changes::{Change, ChangeKind},
    clock::Timestamp,
    execute::Caller,
    ids::{GrantId, UserId},
    integrations::Integration,
    projects::Project,
};

/// A verified bearer. Only [`Grants::bearer`] makes one. Cheap to clone.
#[derive(Clone)]
pub struct Bearer {
    pub(super) standing: Arc<Standing>,
    claims: Arc<Claims>,
    /// The signing keys, by `Authority::keys`, among which the token's was found.
    keys: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum BearerError {
    /// RFC 6750 §3.1 `invalid_token`: the client should get a new one.
    #[error("{0}")]
    InvalidToken(String),
    /// RFC 6750 §3.1 `insufficient_scope`.
    #[error("The access token lacks the scope mcp:tools")]
    InsufficientScope,
    /// The tokens stay good: activating it again restores the connection.
    #[error("This integration is inactive. A project admin can activate it on its page.")]
    Inactive,
    #[error(transparent)]
    Domain(#[from] Error),
}

impl From<AccessTokenError> for BearerError {
    fn from(error: AccessTokenError) -> Self {
        Self::InvalidToken(error.to_string())
    }
}

impl Grants {
    /// Checks a token and all that it rests on: grant, integration, membership and account. The
    /// database is asked only for what is not remembered.
    ///
    /// # Errors
    /// [`BearerError`].
    pub async fn bearer(&self, token: &str, resource: &ResourceUrl) -> Result<Bearer, BearerError> {
        let keys = self.authority.keys();
        let claims = self.verified(token).await?;
        if !claims.aud.iter().any(|url| url == resource.as_str()) {
            return Err(AccessTokenError::WrongAudience.into());
        }
        let standing = self.standing(&claims.grant).await?;
        if !Scopes::parse(&claims.scope).tools {
            return Err(BearerError::InsufficientScope);
        }
        if !standing.integration.is_active {
            return Err(BearerError::Inactive);
        }
        self.note_use(&standing).await;
        Ok(Bearer {
            standing,
            claims,
            keys,
        })
    }

    /// Whether what a bearer rested on still holds, and what of it: for streams and calls that
    /// outlive the check that they began with.
    ///
    /// # Errors
    /// [`BearerError`].
    pub async fn still(&self, bearer: &Bearer) -> Result<Bearer, BearerError> {
        let standing = self.standing(&bearer.standing.grant.id).await?;
        if !standing.integration.is_active {
            return Err(BearerError::Inactive);
        }
        if bearer.expires_at() <= self.core.now() {
            return Err(AccessTokenError::Expired.into());
        }
        let keys = self.authority.keys();
        if !self.is_signed(bearer).await? {
            return Err(AccessTokenError::Malformed.into());
        }
        Ok(Bearer {
            standing,
            claims: bearer.claims.clone(),
            keys,
        })
    }

    /// Whether a change may have changed what a connection is or has.
    #[must_use]
    pub fn concerns(&self, bearer: &Bearer, change: &Change) -> bool {
        let Change::Of(kind, subject) = change else {
            return true;
        };
        let is = |id: &str| id == &**subject;
        match kind {
            ChangeKind::Grant => is(bearer.grant_id().as_str()),
            ChangeKind::Integration => is(bearer.integration().id.as_str()),
            ChangeKind::Project | ChangeKind::Tools => is(bearer.project().id.as_str()),
            ChangeKind::Account | ChangeKind::Member => {
                bearer.user_id().is_some_and(|user| is(user.as_str()))
            }
            ChangeKind::SigningKey => true,
            ChangeKind::ApiKey
            | ChangeKind::Client
            | ChangeKind::MasterKey
            | ChangeKind::Provider
            | ChangeKind::Session
            | ChangeKind::Setting => false,
        }
    }

    /// Whether a connection is over, for a call of it that is running.
    ///
    /// # Errors
    /// Where the database fails: then nobody knows.
    pub async fn has_ended(&self, bearer: &Bearer) -> Result<bool> {
        match self.standing(bearer.grant_id()).await {
            Ok(standing) => Ok(!standing.integration.is_active || !self.is_signed(bearer).await?),
            Err(BearerError::Domain(error)) => Err(error),
            Err(_) => Ok(true),
        }
    }

    /// Whether the key is still good that signed the token of a bearer.
    async fn is_signed(&self, bearer: &Bearer) -> Result<bool> {
        Ok(self.authority.keys() == bearer.keys
            || self.keys.verifying(&bearer.claims.kid).await?.is_some())
    }

    async fn verified(&self, token: &str) -> Result<Arc<Claims>, BearerError> {
        let tokens = &self.authority.tokens;
        if let Some(claims) = tokens.get(token) {
            if claims.exp <= self.core.now().seconds() {
                return Err(AccessTokenError::Expired.into());
            }
            return Ok(claims);
        }
        let since = tokens.since();
        let claims = Arc::new(Box::pin(self.access_token_claims(token)).await??);
        tokens.keep(since, token.into(), claims.clone());
        Ok(claims)
    }

    /// A failure is logged and fails nothing: the note is for people to read.
    async fn note_use(&self, standing: &Standing) {
        let now = self.core.now();
        if !standing.memory.notes_use(now) {
            return;
        }
        let noted = Box::pin(store::mark_grant_used(
            &self.core.db,
            &standing.grant.id,
            now,
        ));
        if let Err(error) = noted.await {
            tracing::warn!(%error, "the use of a connection could not be noted");
        }
    }

    /// Notes that a connection fetched the list of its tools, page by page up to so many. A failure is
    /// logged and fails nothing.
    pub async fn note_list(&self, bearer: &Bearer, offer: &Offer, tools: usize) {
        let now = self.core.now();
        if !bearer.standing.memory.notes_list(offer.id, tools, now) {
            return;
        }
        let list = FetchedList {
            fingerprint: offer.fingerprint().to_owned(),
            tools: i64::try_from(tools).unwrap_or(i64::MAX),
            at: now,
        };
        let noted = store::mark_list_fetched(&self.core.db, bearer.grant_id(), &list);
        if let Err(error) = Box::pin(noted).await {
            tracing::warn!(%error, "that a connection fetched its list could not be noted");
        }
    }
}

impl Bearer {
    #[must_use]
    pub fn grant_id(&self) -> &GrantId {
        &self.standing.grant.id
    }

    /// Its grant and the key that signed its token: two bearers that have both in common end together.
    #[must_use]
    pub fn rests_on(&self) -> (&GrantId, &str) {
        (self.grant_id(), &self.claims.kid)
    }

    /// Who connected; `None` where nobody did.
    #[must_use]
    pub fn user_id(&self) -> Option<&UserId> {
        self.standing.grant.user_id.as_ref()
    }

    #[must_use]
    pub fn integration(&self) -> &Integration {
        &self.standing.integration
    }

    #[must_use]
    pub fn project(&self) -> &Project {
        &self.standing.project
    }

    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        Timestamp(self.claims.exp * 1000)
    }

    /// What a call by this connection is made as.
    #[must_use]
    pub fn caller(&self) -> Caller {
        Caller {
            project_id: self.project().id.clone(),
            integration_id: Some(self.integration().id.clone()),
            grant_id: Some(self.grant_id().clone()),
            api_key_id: None,
            member: self.standing.member.clone(),
            via: Via::Mcp,
        }
    }
}

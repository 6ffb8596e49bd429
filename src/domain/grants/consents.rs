//! Consents that a person asked us to remember: only for clients with a secret, since anyone on the
//! same machine can claim a public client's id and a loopback redirect.

use super::{AuthorizeRequest, Grants, Scopes, ToolRule, store};
use crate::{
    Result, clients::Registration, clock::Timestamp, crypto::BearerSecret, ids::UserId,
    integrations::ClientKind,
};

/// A decision of before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RememberedConsent {
    pub(super) scopes: Scopes,
    pub(super) tool_rule: ToolRule,
    pub(super) created_at: Timestamp,
}

impl AuthorizeRequest {
    /// Whether a decision about it may be remembered.
    #[must_use]
    pub fn can_be_remembered(&self) -> bool {
        self.client.registration == Registration::Integration
            && self.client.kind == ClientKind::Secret
    }
}

impl Grants {
    /// Remembers a decision for the same person, integration, client and redirect URI, until a
    /// connection of theirs ends.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remember(
        &self,
        request: &AuthorizeRequest,
        user: &UserId,
        tool_rule: &ToolRule,
    ) -> Result<()> {
        if !request.can_be_remembered() {
            return Ok(());
        }
        let consent = RememberedConsent {
            scopes: request.scopes,
            tool_rule: tool_rule.clone(),
            created_at: self.core.now(),
        };
        let mut tx = self.core.db.begin().await?;
        store::remember_consent(&mut tx, request, user, &consent).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A code for what a member approved before, if the request asks for no more than that.
    ///
    /// # Errors
    /// As [`Grants::approve`].
    pub async fn approve_as_before(
        &self,
        request: &AuthorizeRequest,
        user: &UserId,
    ) -> Result<Option<BearerSecret>> {
        if !request.can_be_remembered() {
            return Ok(None);
        }
        let consent = store::remembered_consent(&self.core.db, request, user).await?;
        match consent.filter(|consent| request.scopes.within(consent.scopes)) {
            None => Ok(None),
            Some(consent) => self
                .approve_as_of(request, user, consent.tool_rule, consent.created_at)
                .await
                .map(Some),
        }
    }
}

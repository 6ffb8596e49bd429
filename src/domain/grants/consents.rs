//! Consents that a person asked us to remember: only for clients with a secret, since anyone on the
//! same machine can claim a public client's id and a loopback redirect; and only while the page would
//! show the same tools again, since whoever may change a tool could otherwise put another one behind
//! what was approved.

use super::{AuthorizeRequest, Grants, Scopes, ToolRule, store};
use crate::{
    Result, clients::Registration, clock::Timestamp, crypto::BearerSecret, db::Tx, ids::UserId,
    integrations::ClientKind, tools::Tool,
};

/// A decision of before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RememberedConsent {
    pub(super) scopes: Scopes,
    pub(super) tool_rule: ToolRule,
    pub(super) created_at: Timestamp,
}

impl RememberedConsent {
    /// Whether a tool that it covers was added or changed since.
    fn is_outdated_by(&self, request: &AuthorizeRequest, tool: &Tool) -> bool {
        tool.is_enabled
            && tool.since(self.created_at).is_some()
            && self.tool_rule.covers(tool, self.created_at)
            && request.integration.offers(&tool.id)
    }
}

impl AuthorizeRequest {
    /// Whether a decision about it may be remembered.
    #[must_use]
    pub fn can_be_remembered(&self) -> bool {
        self.client.registration == Registration::Integration
            && self.client.kind == ClientKind::Secret
    }
}

/// Whether a decision is to be remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// For the same person, integration, client and redirect URI, until a connection of theirs ends or
    /// a tool that they approved is changed or added.
    Remember,
    /// And what was remembered before goes too: it was decided anew.
    Forget,
}

impl Grants {
    /// Puts a decision in the place of the one before, in the transaction of what it decides.
    pub(super) async fn settle(
        &self,
        tx: &mut Tx,
        request: &AuthorizeRequest,
        user: &UserId,
        tool_rule: &ToolRule,
        memory: Memory,
    ) -> Result<()> {
        if memory == Memory::Forget || !request.can_be_remembered() {
            store::forget_consent(tx, request, user).await?;
            return Ok(());
        }
        let consent = RememberedConsent {
            scopes: request.scopes,
            tool_rule: tool_rule.clone(),
            created_at: self.core.now(),
        };
        store::remember_consent(tx, request, user, &consent).await?;
        Ok(())
    }

    /// A member denies: what they approved before does not stand in for them again.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn deny(&self, request: &AuthorizeRequest, user: &UserId) -> Result<()> {
        let mut tx = self.core.db.begin().await?;
        store::forget_consent(&mut tx, request, user).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A code for what a member approved before, if the request asks for no more than that and each
    /// tool of it is still the one that they saw ([`Tool::since`]).
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
        // As long as a connection lives at most, whatever became of the one that it was decided for.
        let longest = self.core.lifetimes.refresh_max;
        let now = self.core.now();
        let holds = |consent: &RememberedConsent| {
            request.scopes.within(consent.scopes) && now < consent.created_at.plus_seconds(longest)
        };
        let Some(consent) = consent.filter(holds) else {
            return Ok(None);
        };
        let toolset = self.toolsets.of(&request.integration.project_id).await?;
        if toolset
            .tools()
            .iter()
            .any(|tool| consent.is_outdated_by(request, tool))
        {
            return Ok(None);
        }
        self.approve_as_of(request, user, consent.tool_rule, consent.created_at)
            .await
    }

    /// When a person last approved the client of a request for its integration, to mark on the consent
    /// page what is not as it was then ([`Tool::since`]); `None` where they never did.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn approved_before(
        &self,
        request: &AuthorizeRequest,
        user: &UserId,
    ) -> Result<Option<Timestamp>> {
        Ok(store::last_approval(&self.core.db, request, user).await?)
    }
}

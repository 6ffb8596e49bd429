//! Tokens for a client in its own name (RFC 6749 §4.4): off unless an integration allows it.

use super::{
    ApprovedBy, Grant, Grants, HowIssued, ResourceUrl, Scopes, TokenError, Tokens, ToolRule, store,
};
use crate::{
    Result,
    clients::{Client, Registration},
    events::Cause,
    ids::GrantId,
    integrations::{self, Integration},
};

impl Grants {
    /// An access token, and never a refresh token. Behind it stands one grant per integration, made
    /// with the first token and ended like any other.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn client_credentials(
        &self,
        client: &Client,
        scope: Option<&str>,
        resource: Option<&str>,
    ) -> Result<Tokens, TokenError> {
        client.must_be_active()?;
        let refused = |cause| TokenError::refused(cause, client.trail());
        let integration = client
            .integration()
            .filter(|one| one.client_credentials && !client.is_public())
            .ok_or_else(|| refused(Cause::NotAllowed))?;
        // There is no refresh token, and so nothing that offline_access would stand for.
        let scopes = Scopes::requested(scope).without_offline_access();
        let both = self.audience_of_own_client(integration);
        if !self.is_resource_of(resource, &both) {
            return Err(refused(Cause::WrongResource));
        }
        let key = self.keys.current().await?;
        let grant = self
            .standing_grant(integration, &both)
            .await?
            .ok_or_else(|| refused(Cause::NotAllowed))?;
        // The grant is for both URLs; this token only for the one that was asked for.
        let asked = resource.and_then(|text| ResourceUrl::parse(&self.core.public_url, text));
        let audience = asked.map_or(both, |url| vec![url.as_str().to_owned()]);
        let grant = Grant { audience, ..grant };
        Ok(self.tokens(&key, &grant, scopes, None, HowIssued::Granted)?)
    }

    /// `None`: the integration stopped allowing it in between.
    async fn standing_grant(
        &self,
        integration: &Integration,
        audience: &[String],
    ) -> Result<Option<Grant>> {
        let now = self.core.now();
        let until = now.plus_seconds(self.core.lifetimes.access_token);
        let mut tx = self.core.db.begin().await?;
        // Of two first requests at once the second finds what the first one made.
        let still = integrations::store::locked(&mut tx, &integration.project_id, &integration.id)
            .await?
            .filter(|one| one.client_credentials && one.is_active);
        if still.is_none() {
            return Ok(None);
        }
        let grant = match store::standing_grant_in(&mut tx, &integration.id).await? {
            Some(grant) => grant,
            None => {
                let grant = Grant {
                    id: GrantId::new(&*self.core.clock, &*self.core.random),
                    integration_id: integration.id.clone(),
                    client_id: integration.client_id.clone(),
                    client_name: "The integration's own client".to_owned(),
                    registration: Registration::Integration,
                    approved_by: ApprovedBy::ClientCredentials,
                    user_id: None,
                    audience: audience.to_vec(),
                    scopes: Scopes::DEFAULT,
                    tool_rule: ToolRule::All,
                    redirect_uri: None,
                    attempt: None,
                    consented_at: now,
                    created_at: now,
                    last_used_at: None,
                    last_list: None,
                    expires_at: None,
                    ended_at: None,
                    end_reason: None,
                };
                store::insert_grant(&mut tx, &grant).await?;
                grant
            }
        };
        store::extend_grant(&mut tx, &grant.id, until).await?;
        tx.commit().await?;
        Ok(Some(grant))
    }
}

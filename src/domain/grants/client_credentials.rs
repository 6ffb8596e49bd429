//! Tokens for a client in its own name (RFC 6749 §4.4): off unless an integration allows it.

use super::{ApprovedBy, Grant, Grants, HowIssued, Scopes, TokenError, Tokens, ToolRule, store};
use crate::{
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
        let audience = vec![
            self.core.public_url.server_url(),
            self.core.public_url.integration_url(&integration.slug),
        ];
        if !self.is_resource_of(resource, &audience) {
            return Err(refused(Cause::WrongResource));
        }
        let key = self.keys.current().await?;
        let grant = self.standing_grant(integration, audience).await?;
        // The grant is for both URLs; this token only for the one that was asked for.
        let audience = match resource.filter(|text| !text.is_empty()) {
            None => grant.audience.clone(),
            Some(asked) => {
                let asked = super::ResourceUrl::parse(&self.core.public_url, asked);
                asked
                    .map(|url| vec![url.as_str().to_owned()])
                    .unwrap_or_default()
            }
        };
        let grant = Grant { audience, ..grant };
        Ok(self.tokens(&key, &grant, scopes, None, HowIssued::Granted)?)
    }

    async fn standing_grant(
        &self,
        integration: &Integration,
        audience: Vec<String>,
    ) -> Result<Grant, TokenError> {
        let now = self.core.now();
        let until = now.plus_seconds(self.core.lifetimes.access_token);
        let mut tx = self.core.db.begin().await?;
        // Of two first requests at once the second finds what the first one made.
        let still = integrations::store::locked(&mut tx, &integration.project_id, &integration.id)
            .await?
            .filter(|one| one.client_credentials && one.is_active);
        if still.is_none() {
            return Err(TokenError::refused(
                Cause::NotAllowed,
                crate::events::Trail::of_client_id(Some(&integration.client_id)),
            ));
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
                    audience,
                    scopes: Scopes::DEFAULT,
                    tool_rule: ToolRule::All,
                    redirect_uri: None,
                    attempt: None,
                    consented_at: now,
                    created_at: now,
                    last_used_at: None,
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
        Ok(grant)
    }
}

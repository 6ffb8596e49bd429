//! Authorization codes: made by an approval, spent once at the token endpoint (OAuth 2.1 §4.1).

use super::{
    CODE_PREFIX, CODE_SECONDS, EndReason, Grant, Grants, TokenError, Tokens, ToolRule,
    request::AuthorizeRequest, store,
};
use crate::{
    Error, Result,
    clock::Timestamp,
    crypto::{self, BearerSecret, equal_in_constant_time},
    ids::{GrantId, UserId},
    integrations::{Approval, Client, ClientKind, Integration},
    members,
    public_url::PublicUrl,
};

/// One of our MCP URLs in its canonical form, with the slash at the end; with and without it they
/// are one audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceUrl {
    url: String,
    slug: Option<String>,
}

impl ResourceUrl {
    /// The URL that all integrations share.
    #[must_use]
    pub fn shared(public_url: &PublicUrl) -> Self {
        Self {
            url: public_url.server_url(),
            slug: None,
        }
    }

    /// The URL of one integration.
    #[must_use]
    pub fn of_slug(public_url: &PublicUrl, slug: &str) -> Self {
        Self {
            url: public_url.integration_url(slug),
            slug: Some(slug.to_owned()),
        }
    }

    /// Ours in either slash form, or nothing.
    #[must_use]
    pub fn parse(public_url: &PublicUrl, text: &str) -> Option<Self> {
        let path = text
            .strip_prefix(public_url.origin())?
            .strip_prefix("/mcp")?;
        match path.strip_suffix('/').unwrap_or(path) {
            "" => Some(Self::shared(public_url)),
            slug => {
                let slug = slug.strip_prefix('/')?;
                let is_slug = !slug.is_empty()
                    && slug
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
                is_slug.then(|| Self::of_slug(public_url, slug))
            }
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.url
    }

    pub(super) fn is_for(&self, integration: &Integration) -> bool {
        self.slug
            .as_ref()
            .is_none_or(|slug| *slug == integration.slug)
    }
}

/// A code as it is stored, until it is spent and after.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) hash: Vec<u8>,
    pub(super) integration_id: crate::ids::IntegrationId,
    pub(super) client_id: String,
    pub(super) user_id: Option<UserId>,
    pub(super) redirect_uri: String,
    pub(super) code_challenge: String,
    pub(super) resource: Option<String>,
    pub(super) scopes: super::Scopes,
    pub(super) tool_rule: ToolRule,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
    /// The grant it became.
    pub(super) grant_id: Option<GrantId>,
}

/// What comes to the token endpoint with `grant_type=authorization_code`.
#[derive(Debug, Clone, Copy)]
pub struct CodeExchange<'a> {
    pub code: &'a str,
    pub redirect_uri: Option<&'a str>,
    pub code_verifier: Option<&'a str>,
    pub resource: Option<&'a str>,
}

impl Grants {
    /// A member approves, and the client gets a code.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who is no member of the integration's project.
    pub async fn approve(
        &self,
        request: &AuthorizeRequest,
        user: &UserId,
        tool_rule: ToolRule,
    ) -> Result<BearerSecret> {
        let project = &request.integration.project_id;
        if members::store::role(&self.core.db, project, user)
            .await?
            .is_none()
        {
            return Err(Error::Forbidden(
                "Only a member of the integration's project may connect it.".to_owned(),
            ));
        }
        self.issue_code(request, Some(user.clone()), tool_rule)
            .await
    }

    /// The integration approves by itself: its secret, shown at the token endpoint, is the proof.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the integration asks a person.
    pub async fn approve_automatically(&self, request: &AuthorizeRequest) -> Result<BearerSecret> {
        let integration = &request.integration;
        if integration.approval != Approval::Automatic
            || integration.client_kind != ClientKind::Secret
        {
            return Err(Error::Forbidden(
                "This integration asks a person.".to_owned(),
            ));
        }
        self.issue_code(request, None, ToolRule::All).await
    }

    async fn issue_code(
        &self,
        request: &AuthorizeRequest,
        user_id: Option<UserId>,
        tool_rule: ToolRule,
    ) -> Result<BearerSecret> {
        let secret = BearerSecret::generate(&*self.core.random, CODE_PREFIX);
        let now = self.core.now();
        let code = Code {
            hash: secret.hash(),
            integration_id: request.integration.id.clone(),
            client_id: request.integration.client_id.clone(),
            user_id,
            redirect_uri: request.redirect_uri.clone(),
            code_challenge: request.code_challenge.clone(),
            resource: request.resource.as_ref().map(|url| url.as_str().to_owned()),
            scopes: request.scopes,
            tool_rule,
            created_at: now,
            expires_at: now.plus_seconds(CODE_SECONDS),
            grant_id: None,
        };
        let mut tx = self.core.db.begin().await?;
        store::insert_code(&mut tx, &code).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Spends a code. A second use, by the client that proved who it is, ends what the first one
    /// made: one of the two was a thief.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn exchange_code(
        &self,
        client: &Client,
        exchange: CodeExchange<'_>,
    ) -> Result<Tokens, TokenError> {
        const UNKNOWN: TokenError = TokenError::InvalidGrant("The code is unknown or expired.");
        let hash = crypto::hash_secret(exchange.code);
        let code = store::code_by_hash(&self.core.db, &hash)
            .await?
            .filter(|code| code.client_id == client.client_id())
            .ok_or(UNKNOWN)?;
        if let Some(grant) = &code.grant_id {
            // A public client's only proof is the verifier; without it this is a stranger.
            if client.integration().client_kind == ClientKind::Public {
                check_verifier(&code, exchange)?;
            }
            return Err(self.replayed(grant).await?);
        }
        if code.user_id.is_none() && client.integration().approval != Approval::Automatic {
            return Err(UNKNOWN);
        }
        self.check_exchange(&code, exchange)?;

        let integration = client.integration();
        let now = self.core.now();
        let grant = Grant {
            id: GrantId::new(&*self.core.clock, &*self.core.random),
            integration_id: code.integration_id.clone(),
            client_id: code.client_id.clone(),
            user_id: code.user_id.clone(),
            audience: match &code.resource {
                Some(resource) => vec![resource.clone()],
                None => vec![
                    self.core.public_url.server_url(),
                    self.core.public_url.integration_url(&integration.slug),
                ],
            },
            scopes: code.scopes,
            tool_rule: code.tool_rule.clone(),
            created_at: now,
            ended_at: None,
        };
        let access_token = self.sign_access_token(&grant).await?;
        let mut tx = self.core.db.begin().await?;
        store::insert_grant(&mut tx, &grant).await?;
        if !store::spend_code(&mut tx, &hash, &grant.id).await? {
            // Another exchange of the same code was committed in between.
            drop(tx);
            let spent = store::code_by_hash(&self.core.db, &hash).await?;
            let winner = spent.and_then(|code| code.grant_id).ok_or(UNKNOWN)?;
            return Err(self.replayed(&winner).await?);
        }
        let tokens = self.issue_tokens(&mut tx, &grant, access_token).await?;
        tx.commit().await?;
        Ok(tokens)
    }

    fn check_exchange(&self, code: &Code, exchange: CodeExchange<'_>) -> Result<(), TokenError> {
        if code.expires_at <= self.core.now() {
            return Err(TokenError::InvalidGrant("The code expired; connect again."));
        }
        if exchange
            .redirect_uri
            .is_some_and(|uri| uri != code.redirect_uri)
        {
            return Err(TokenError::InvalidGrant(
                "redirect_uri is not the one of the request.",
            ));
        }
        check_verifier(code, exchange)?;
        self.check_resource(exchange.resource, code.resource.as_slice())
    }

    /// `resource` must be, up to its slash, what was authorized.
    pub(super) fn check_resource(
        &self,
        asked: Option<&str>,
        authorized: &[String],
    ) -> Result<(), TokenError> {
        let Some(asked) = asked.filter(|text| !text.is_empty()) else {
            return Ok(());
        };
        let refused = TokenError::InvalidTarget("resource is not the one that was authorized.");
        let resource = ResourceUrl::parse(&self.core.public_url, asked);
        match resource {
            // Nothing was asked for at authorize: the defaults hold, and this must be one of ours.
            Some(_) if authorized.is_empty() => Ok(()),
            Some(resource) if authorized.iter().any(|url| url == resource.as_str()) => Ok(()),
            _ => Err(refused),
        }
    }

    async fn replayed(&self, grant: &GrantId) -> Result<TokenError> {
        let mut tx = self.core.db.begin().await?;
        store::end_grant(&mut tx, grant, EndReason::CodeReplayed, self.core.now()).await?;
        tx.commit().await?;
        Ok(TokenError::InvalidGrant(
            "The code was used twice, so the connection it made has ended; connect again.",
        ))
    }
}

/// RFC 7636 §4.6.
fn check_verifier(code: &Code, exchange: CodeExchange<'_>) -> Result<(), TokenError> {
    let verified = exchange.code_verifier.is_some_and(|verifier| {
        (43..=128).contains(&verifier.len())
            && equal_in_constant_time(
                crypto::pkce_s256(verifier).as_bytes(),
                code.code_challenge.as_bytes(),
            )
    });
    if verified {
        Ok(())
    } else {
        Err(TokenError::InvalidGrant(
            "code_verifier does not match the challenge.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_ours_in_either_slash_form_and_nothing_else_is() {
        let public: PublicUrl = "https://tools.example.com".parse().unwrap();
        let shared = ResourceUrl::shared(&public);
        for text in [
            "https://tools.example.com/mcp",
            "https://tools.example.com/mcp/",
        ] {
            assert_eq!(ResourceUrl::parse(&public, text), Some(shared.clone()));
        }
        assert_eq!(
            ResourceUrl::parse(&public, "https://tools.example.com/mcp/crm-1f")
                .unwrap()
                .as_str(),
            "https://tools.example.com/mcp/crm-1f/"
        );
        for text in [
            "https://tools.example.com",
            "https://tools.example.com/mcpx",
            "https://tools.example.com/mcp//",
            "https://tools.example.com/mcp/a/b",
            "https://tools.example.com/mcp?x",
            "https://tools.example.com/mcp/#x",
            "https://tools.example.com.evil.example/mcp",
            "http://tools.example.com/mcp",
            "",
        ] {
            assert_eq!(ResourceUrl::parse(&public, text), None, "{text}");
        }
    }
}

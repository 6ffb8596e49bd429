//! Authorization codes: made by an approval, spent once at the token endpoint (OAuth 2.1 §4.1).

use super::{
    ApprovedBy, CODE_PREFIX, EndReason, Grant, Grants, HowIssued, Memory, ResourceUrl, TokenError,
    Tokens, ToolRule, request::AuthorizeRequest, store,
};
use crate::{
    Error, Result,
    clients::{self, Client, Registration},
    clock::Timestamp,
    crypto::{self, BearerSecret, equal_in_constant_time},
    db::Tx,
    events::{Cause, Trail, attempt_of},
    ids::{GrantId, IntegrationId, UserId},
    integrations::{self, Approval, ClientKind, Integration},
    members,
};

/// A code as it is stored, until it is spent and after.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) hash: Vec<u8>,
    pub(super) integration_id: IntegrationId,
    pub(super) client_id: String,
    pub(super) client_name: String,
    pub(super) registration: Registration,
    pub(super) user_id: Option<UserId>,
    pub(super) redirect_uri: String,
    pub(super) code_challenge: String,
    pub(super) resource: Option<String>,
    pub(super) scopes: super::Scopes,
    pub(super) tool_rule: ToolRule,
    pub(super) consented_at: Timestamp,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
    /// The grant it became.
    pub(super) grant_id: Option<GrantId>,
}

impl Code {
    fn trail(&self) -> Trail {
        Trail {
            integration_id: Some(self.integration_id.clone()),
            client_id: Some(self.client_id.clone()),
            user_id: self.user_id.clone(),
            grant_id: self.grant_id.clone(),
            attempt: Some(attempt_of(&self.code_challenge)),
        }
    }

    fn refuse(&self, cause: Cause) -> TokenError {
        TokenError::refused(cause, self.trail())
    }
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
    /// A member approves, and the client gets a code. What they decided before about the same request
    /// is replaced, or forgotten.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who is no member of the integration's project.
    pub async fn approve(
        &self,
        request: &AuthorizeRequest,
        user: &UserId,
        tool_rule: ToolRule,
        memory: Memory,
    ) -> Result<BearerSecret> {
        self.check_member(request, user).await?;
        let now = self.core.now();
        let code = self.new_code(request, Some(user.clone()), tool_rule, now);
        let mut tx = self.core.db.begin().await?;
        still_member(&mut tx, request, user).await?;
        self.settle(&mut tx, request, user, &code.1.tool_rule, memory)
            .await?;
        self.insert_code(tx, request, code).await
    }

    /// The same, for a decision of before; `None` where it was forgotten meanwhile.
    pub(super) async fn approve_as_of(
        &self,
        request: &AuthorizeRequest,
        user: &UserId,
        tool_rule: ToolRule,
        consented_at: Timestamp,
    ) -> Result<Option<BearerSecret>> {
        self.check_member(request, user).await?;
        let code = self.new_code(request, Some(user.clone()), tool_rule, consented_at);
        let mut tx = self.core.db.begin().await?;
        still_member(&mut tx, request, user).await?;
        if !store::is_remembered(&mut tx, request, user, consented_at).await? {
            return Ok(None);
        }
        self.insert_code(tx, request, code).await.map(Some)
    }

    async fn check_member(&self, request: &AuthorizeRequest, user: &UserId) -> Result<()> {
        let project = &request.integration.project_id;
        if !members::may_enter(&self.core, project, user).await? {
            return Err(no_member());
        }
        Ok(())
    }

    /// The integration approves by itself: its secret, shown at the token endpoint, is the proof.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the integration asks a person.
    pub async fn approve_automatically(&self, request: &AuthorizeRequest) -> Result<BearerSecret> {
        if !request.approves_itself() {
            return Err(Error::Forbidden(
                "This integration asks a person.".to_owned(),
            ));
        }
        let code = self.new_code(request, None, ToolRule::All, self.core.now());
        self.insert_code(self.core.db.begin().await?, request, code)
            .await
    }

    fn new_code(
        &self,
        request: &AuthorizeRequest,
        user_id: Option<UserId>,
        tool_rule: ToolRule,
        consented_at: Timestamp,
    ) -> (BearerSecret, Code) {
        let secret = BearerSecret::generate(&*self.core.random, CODE_PREFIX);
        let now = self.core.now();
        let client = &request.client;
        let code = Code {
            hash: secret.hash(),
            integration_id: request.integration.id.clone(),
            client_id: client.client_id.clone(),
            client_name: client.name_at(&request.redirect_uri),
            registration: client.registration,
            user_id,
            redirect_uri: request.redirect_uri.clone(),
            code_challenge: request.code_challenge.clone(),
            resource: request.resource.as_ref().map(|url| url.as_str().to_owned()),
            scopes: request.scopes,
            tool_rule,
            consented_at,
            created_at: now,
            expires_at: now.plus_seconds(self.core.lifetimes.code),
            grant_id: None,
        };
        (secret, code)
    }

    async fn insert_code(
        &self,
        mut tx: Tx,
        request: &AuthorizeRequest,
        (secret, code): (BearerSecret, Code),
    ) -> Result<BearerSecret> {
        if code.registration != Registration::Integration {
            // From now on it is known at the token endpoint, and kept.
            self.clients.keep_in_use(&mut tx, &request.client).await?;
        }
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
        client.must_be_active()?;
        let unknown = || TokenError::refused(Cause::CodeUnknown, client.trail());
        let hash = crypto::hash_secret(exchange.code);
        let code = store::code_by_hash(&self.core.db, &hash)
            .await?
            .filter(|code| code.client_id == client.client_id())
            .ok_or_else(unknown)?;
        if code.grant_id.is_some() {
            // A public client's only proof is the verifier; without it this is a stranger.
            if client.is_public() && !is_verified(&code, exchange) {
                return Err(code.refuse(Cause::WrongVerifier));
            }
            return Err(self.code_replayed(&code).await?);
        }
        let integration = integrations::store::by_id(&self.core.db, &code.integration_id)
            .await?
            .ok_or_else(unknown)?;
        self.check_exchange(&code, &integration, exchange).await?;

        // Before the transaction: it may need the database, which SQLite's one writer would wait for.
        let key = self.keys.current().await?;
        let grant = self.grant_of(&code, &integration);
        let mut tx = self.core.db.begin().await?;
        // Locked and looked at again: whoever switches off what this rests on, or disconnects
        // everything, does it before or after and finds the grant.
        let still = integrations::store::locked(&mut tx, &integration.project_id, &integration.id)
            .await?
            .ok_or_else(unknown)?;
        check_switches(&code, &still)?;
        store::insert_grant(&mut tx, &grant).await?;
        if !store::spend_code(&mut tx, &hash, &grant.id).await? {
            // Another exchange of the same code came first. Outside of the transaction nobody may see
            // that yet.
            let spent = store::code_in(&mut tx, &hash).await?.ok_or_else(unknown)?;
            drop(tx);
            return Err(self.code_replayed(&spent).await?);
        }
        let refresh_token = self.new_refresh_token(&mut tx, &grant, None).await?;
        store::extend_grant(&mut tx, &grant.id, self.last_token_ends(&grant)).await?;
        if grant.registration != Registration::Integration {
            clients::store::mark_used(&mut tx, &grant.client_id, grant.created_at).await?;
        }
        let how = HowIssued::Granted;
        let tokens = self.tokens(&key, &grant, grant.scopes, Some(refresh_token), how)?;
        tx.commit().await?;
        Ok(tokens)
    }

    /// What was asked for at authorize; where that was nothing, the client's defaults.
    fn audience_of(&self, code: &Code, integration: &Integration) -> Vec<String> {
        match (&code.resource, code.registration) {
            (Some(resource), _) => vec![resource.clone()],
            (None, Registration::Integration) => self.audience_of_own_client(integration),
            (None, Registration::Dynamic | Registration::MetadataDocument) => {
                vec![self.core.public_url.server_url()]
            }
        }
    }

    /// What an integration's own client may use where it names no resource.
    pub(super) fn audience_of_own_client(&self, integration: &Integration) -> Vec<String> {
        let public_url = &self.core.public_url;
        vec![
            public_url.server_url(),
            public_url.integration_url(&integration.slug),
        ]
    }

    fn grant_of(&self, code: &Code, integration: &Integration) -> Grant {
        Grant {
            id: GrantId::new(&*self.core.clock, &*self.core.random),
            integration_id: code.integration_id.clone(),
            client_id: code.client_id.clone(),
            client_name: code.client_name.clone(),
            registration: code.registration,
            approved_by: match code.user_id {
                Some(_) => ApprovedBy::Person,
                None => ApprovedBy::Automatic,
            },
            user_id: code.user_id.clone(),
            audience: self.audience_of(code, integration),
            scopes: code.scopes,
            tool_rule: code.tool_rule.clone(),
            redirect_uri: Some(code.redirect_uri.clone()),
            attempt: Some(attempt_of(&code.code_challenge)),
            consented_at: code.consented_at,
            created_at: self.core.now(),
            last_used_at: None,
            last_list: None,
            expires_at: None,
            ended_at: None,
            end_reason: None,
        }
    }

    async fn check_exchange(
        &self,
        code: &Code,
        integration: &Integration,
        exchange: CodeExchange<'_>,
    ) -> Result<(), TokenError> {
        if code.expires_at <= self.core.now() {
            return Err(code.refuse(Cause::CodeExpired));
        }
        check_switches(code, integration)?;
        if let Some(user) = &code.user_id {
            let project = &integration.project_id;
            let role = members::store::role(&self.core.db, project, user).await?;
            if role.is_none() {
                return Err(code.refuse(Cause::NotMember));
            }
        }
        if exchange
            .redirect_uri
            .is_some_and(|uri| uri != code.redirect_uri)
        {
            return Err(code.refuse(Cause::WrongRedirectUri));
        }
        if !is_verified(code, exchange) {
            return Err(code.refuse(Cause::WrongVerifier));
        }
        if !self.is_resource_of(exchange.resource, &self.audience_of(code, integration)) {
            return Err(code.refuse(Cause::WrongResource));
        }
        Ok(())
    }

    /// Whether `resource` is, up to its slash, what was authorized; none asked for is.
    pub(super) fn is_resource_of(&self, asked: Option<&str>, authorized: &[String]) -> bool {
        let Some(asked) = asked.filter(|text| !text.is_empty()) else {
            return true;
        };
        ResourceUrl::parse(&self.core.public_url, asked)
            .is_some_and(|resource| authorized.iter().any(|url| url == resource.as_str()))
    }

    async fn code_replayed(&self, code: &Code) -> Result<TokenError> {
        let mut ended = None;
        if let Some(grant) = &code.grant_id {
            let reason = EndReason::CodeReplayed;
            let mut tx = self.core.db.begin().await?;
            let has_ended = store::end_grant(&mut tx, grant, reason, self.core.now()).await?;
            tx.commit().await?;
            ended = has_ended.then_some(reason);
        }
        Ok(TokenError::Refused {
            cause: Cause::CodeReplayed,
            trail: Box::new(code.trail()),
            ended,
        })
    }
}

impl AuthorizeRequest {
    /// Whether no person is asked.
    #[must_use]
    pub fn approves_itself(&self) -> bool {
        self.client.registration == Registration::Integration
            && self.client.kind == ClientKind::Secret
            && self.integration.approval == Approval::Automatic
    }
}

/// Looked at again where whoever removes them waits: a code or a consent of theirs that came after would
/// be there when they come back.
async fn still_member(tx: &mut Tx, request: &AuthorizeRequest, user: &UserId) -> Result<()> {
    let role = members::lock_member(tx, &request.integration.project_id, user).await?;
    role.map(|_| ()).ok_or_else(no_member)
}

fn no_member() -> Error {
    Error::Forbidden("Only a member of the integration's project may connect it.".to_owned())
}

/// What of the integration the code rests on.
fn check_switches(code: &Code, integration: &Integration) -> Result<(), TokenError> {
    if !integration.is_active {
        return Err(code.refuse(Cause::Inactive));
    }
    if code.user_id.is_none() && integration.approval != Approval::Automatic {
        return Err(code.refuse(Cause::CodeUnknown));
    }
    if code.registration != Registration::Integration && !integration.self_registered {
        return Err(code.refuse(Cause::NotSelfRegistered));
    }
    Ok(())
}

/// RFC 7636 §4.6.
fn is_verified(code: &Code, exchange: CodeExchange<'_>) -> bool {
    exchange.code_verifier.is_some_and(|verifier| {
        (43..=128).contains(&verifier.len())
            && equal_in_constant_time(
                crypto::pkce_s256(verifier).as_bytes(),
                code.code_challenge.as_bytes(),
            )
    })
}

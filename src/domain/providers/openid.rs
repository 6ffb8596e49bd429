//! OpenID Connect with the authorization code flow (OpenID Connect Core §3.1).

use std::time::Duration;

use oauth2::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet, HttpRequest,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};
use openidconnect::{
    AdditionalClaims, ClaimsVerificationError, EmptyExtraTokenFields, IdTokenFields, Nonce,
    OAuth2TokenResponse, StandardErrorResponse, StandardTokenResponse, UserInfoClaims,
    UserInfoError,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType,
        CoreGenderClaim, CoreJsonWebKey, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm, CoreRevocableToken, CoreRevocationErrorResponse,
        CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};

use super::{
    Cause, Pending, Provider, ProviderKind, Providers, Purpose,
    claimed::Claimed,
    discovery::Metadata,
    failure::Fault,
    finish::Exchange,
    http::{self, NoAnswer},
    id_token::{self, Claims, Rejected},
};

/// What Google says besides the standard claims: the Workspace that somebody belongs to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Workspace {
    #[serde(default)]
    pub(super) hd: Option<String>,
}

impl AdditionalClaims for Workspace {}

type Fields = IdTokenFields<
    Workspace,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
/// What a token endpoint answers, with an ID token.
pub(super) type Answer = StandardTokenResponse<Fields, CoreTokenType>;
type Client<A = EndpointSet, T = EndpointSet> = openidconnect::Client<
    Workspace,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Answer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    A,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    T,
    EndpointNotSet,
>;

fn client(
    provider: &Provider,
    metadata: &Metadata,
    redirect_url: RedirectUrl,
    keys: CoreJsonWebKeySet,
) -> Client {
    let id = ClientId::new(provider.client_id.clone());
    Client::<EndpointNotSet, EndpointNotSet>::new(id, metadata.issuer.clone(), keys)
        .set_auth_uri(metadata.authorization_endpoint.clone())
        .set_token_uri(metadata.token_endpoint.clone())
        .set_auth_type(metadata.auth_type.clone())
        .set_redirect_uri(redirect_url)
}

pub(super) fn authorize_url(
    provider: &Provider,
    metadata: &Metadata,
    redirect_url: RedirectUrl,
    pending: &Pending,
) -> String {
    let client = client(
        provider,
        metadata,
        redirect_url,
        CoreJsonWebKeySet::default(),
    );
    let verifier = PkceCodeVerifier::new(pending.verifier.clone());
    let (state, nonce) = (pending.state.clone(), pending.nonce.clone());
    let mut request = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || CsrfToken::new(state),
            move || Nonce::new(nonce),
        )
        .add_scope(Scope::new("email".to_owned()))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    if matches!(pending.purpose, Purpose::Prove { .. }) {
        request = request
            .set_max_age(Duration::ZERO)
            .add_prompt(CoreAuthPrompt::Login);
    }
    // Google then offers that Workspace's accounts first.
    if let (ProviderKind::Google, [domain]) = (provider.kind, &provider.allowed_domains[..]) {
        request = request.add_extra_param("hd", domain.clone());
    }
    let (url, ..) = request.url();
    url.into()
}

impl Providers {
    /// Trades the code for an ID token, and reads of it and of UserInfo who came.
    pub(super) async fn told_by_openid(
        &self,
        provider: &Provider,
        metadata: &Metadata,
        exchange: Exchange<'_>,
    ) -> Result<Claimed, Fault> {
        let keys = self.known.keys(metadata, None).await?;
        let mut client = client(
            provider,
            metadata,
            exchange.redirect_url,
            (*keys.set).clone(),
        );
        if let Some(secret) = exchange.secret {
            client = client.set_client_secret(ClientSecret::new(secret.to_string()));
        }
        let http = http::client(&self.fetcher);
        let answer: Answer = client
            .exchange_code(AuthorizationCode::new(exchange.code))
            .set_pkce_verifier(PkceCodeVerifier::new(exchange.pending.verifier.clone()))
            .request_async(&http)
            .await
            .map_err(|refusal| http::no_token(&refusal))?;
        let proof = id_token::Proof {
            answer: &answer,
            client_id: &provider.client_id,
            issuer: &metadata.issuer,
            nonce: &exchange.pending.nonce,
            now: self.core.now(),
        };
        let claims = match proof.claims(&keys.set) {
            Err(Rejected::UnknownKey) => {
                // The provider may have a new key by now.
                let newer = self.known.keys(metadata, Some(&keys)).await?;
                proof.claims(&newer.set)
            }
            other => other,
        };
        let claims = claims.map_err(|rejected| match rejected {
            Rejected::UnknownKey => Fault::new(
                Cause::IdTokenSignature,
                "its ID token is signed with a key that is not among its keys",
            ),
            Rejected::Fault(fault) => fault,
        })?;
        let said = self
            .email(&client, metadata, &http, &answer, claims)
            .await?;
        let subject = claims.subject().as_str();
        let (email, is_verified) = (said.email.as_deref(), said.is_verified);
        let mut claimed = Claimed::new(subject, email, is_verified)
            .ok_or_else(|| Fault::new(Cause::IdToken, "its subject (sub) is none"))?;
        if provider.kind == ProviderKind::Google {
            claimed = claimed.of_google(claims.additional_claims().hd.as_deref());
        }
        claimed.signed_in_at = claims.auth_time().map(|at| at.timestamp());
        Ok(claimed)
    }

    /// The address and whether it was confirmed, both out of one place: the ID token where it has
    /// both, else UserInfo (OpenID Connect Core §5.3).
    async fn email(
        &self,
        client: &Client,
        metadata: &Metadata,
        http: &(impl Fn(HttpRequest) -> http::Answering + Send + Sync),
        answer: &Answer,
        claims: &Claims,
    ) -> Result<Said, Fault> {
        let of_token = Said {
            email: claims.email().map(|email| email.to_string()),
            is_verified: claims.email_verified() == Some(true),
        };
        let is_complete = of_token.email.is_some() && claims.email_verified().is_some();
        let url = match &metadata.userinfo_endpoint {
            Some(url) if !is_complete => url.clone(),
            _ => return Ok(of_token),
        };
        let token = answer.access_token();
        if !http::is_sendable(token.secret()) {
            return Err(Fault::new(
                Cause::TokenAnswer,
                "its access token is not one that a header takes",
            ));
        }
        let info: UserInfoClaims<Workspace, CoreGenderClaim> = client
            .clone()
            .set_user_info_url(url)
            .user_info(token.clone(), Some(claims.subject().clone()))
            .request_async(http)
            .await
            .map_err(|error| not_told(&error))?;
        Ok(match info.email() {
            Some(email) => Said {
                email: Some(email.to_string()),
                is_verified: info.email_verified() == Some(true),
            },
            None => of_token,
        })
    }
}

/// An address as a provider tells it.
struct Said {
    email: Option<String>,
    is_verified: bool,
}

fn not_told(error: &UserInfoError<NoAnswer>) -> Fault {
    match error {
        UserInfoError::ClaimsVerification(ClaimsVerificationError::InvalidSubject(_)) => {
            Fault::new(
                Cause::UserInfoSubject,
                "its UserInfo is about somebody else than its ID token",
            )
        }
        UserInfoError::Request(why) => Fault::new(Cause::Unreachable, why.to_string()),
        UserInfoError::Response(status, ..) => Fault::new(
            Cause::UserInfo,
            format!("its UserInfo cannot be used (status {})", status.as_u16()),
        ),
        _ => Fault::new(Cause::UserInfo, "its UserInfo cannot be used"),
    }
}

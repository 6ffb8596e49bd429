//! GitHub: OAuth 2, and its API for who somebody is.

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::Full;
use oauth2::{
    AccessToken, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse, TokenUrl,
    basic::{BasicClient, BasicTokenType},
};
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use super::{
    Cause, Pending, Provider, Providers,
    claimed::Claimed,
    failure::Fault,
    finish::Exchange,
    http::{self as guarded, LARGEST, LONGEST},
};
use crate::{Error, Result};

/// Where things are, after the address of a GitHub: its pages, and its API.
struct Endpoints {
    authorize: &'static str,
    token: &'static str,
    /// Who it calls itself in its answers (RFC 9207).
    issuer: &'static str,
    user: &'static str,
    emails: &'static str,
}

const ENDPOINTS: Endpoints = Endpoints {
    authorize: "/login/oauth/authorize",
    token: "/login/oauth/access_token",
    issuer: "/login/oauth",
    user: "/user",
    emails: "/user/emails",
};

/// A host of its own at github.com and for companies on ghe.com; a path on their own servers.
fn api(base: &str) -> String {
    let host = Url::parse(base).ok();
    let host = host.as_ref().and_then(Url::host_str).unwrap_or_default();
    if host == "github.com" || host.ends_with(".ghe.com") {
        format!("https://api.{host}")
    } else {
        format!("{base}/api/v3")
    }
}

pub(super) fn is_issuer(provider: &Provider, iss: &str) -> bool {
    iss.strip_prefix(provider.issuer.as_str())
        .is_some_and(|rest| rest.is_empty() || rest == ENDPOINTS.issuer)
}

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

fn client(provider: &Provider, redirect_url: RedirectUrl) -> Result<Client> {
    let corrupt = |_| Error::corrupt("sign-in provider", "its issuer is no URL");
    let at = |path: &str| format!("{}{path}", provider.issuer);
    Ok(BasicClient::new(ClientId::new(provider.client_id.clone()))
        .set_auth_uri(AuthUrl::new(at(ENDPOINTS.authorize)).map_err(corrupt)?)
        .set_token_uri(TokenUrl::new(at(ENDPOINTS.token)).map_err(corrupt)?)
        .set_auth_type(AuthType::RequestBody)
        .set_redirect_uri(redirect_url))
}

pub(super) fn authorize_url(
    provider: &Provider,
    redirect_url: RedirectUrl,
    pending: &Pending,
) -> Result<String> {
    let verifier = PkceCodeVerifier::new(pending.verifier.clone());
    let (url, _) = client(provider, redirect_url)?
        .authorize_url(|| CsrfToken::new(pending.state.clone()))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        .add_scope(Scope::new("user:email".to_owned()))
        .url();
    Ok(url.into())
}

#[derive(Deserialize)]
struct User {
    /// Never given to anybody else, as a login may be.
    id: u64,
}

#[derive(Deserialize)]
struct Email {
    email: String,
    primary: bool,
    verified: bool,
}

impl Providers {
    pub(super) async fn told_by_github(
        &self,
        provider: &Provider,
        exchange: Exchange<'_>,
    ) -> Result<Claimed, Fault> {
        let unusable = || Fault::new(Cause::ClientRefused, "its address makes no URL");
        let mut client = client(provider, exchange.redirect_url).map_err(|_| unusable())?;
        if let Some(secret) = exchange.secret {
            client = client.set_client_secret(ClientSecret::new(secret.to_string()));
        }
        let http = guarded::client(&self.fetcher);
        let answer = client
            .exchange_code(AuthorizationCode::new(exchange.code))
            .set_pkce_verifier(PkceCodeVerifier::new(exchange.pending.verifier.clone()))
            .request_async(&http)
            .await
            .map_err(|refusal| guarded::no_token(&refusal))?;
        let token = answer.access_token();
        if !matches!(answer.token_type(), BasicTokenType::Bearer)
            || !guarded::is_sendable(token.secret())
        {
            return Err(Fault::new(
                Cause::TokenAnswer,
                "its token is not one that can be sent as Bearer",
            ));
        }
        let api = api(&provider.issuer);
        let user: User = self.told(format!("{api}{}", ENDPOINTS.user), token).await?;
        let emails: Vec<Email> = self
            .told(format!("{api}{}", ENDPOINTS.emails), token)
            .await?;
        let primary = emails.iter().find(|one| one.primary);
        let (email, is_verified) = primary.map_or((None, false), |one| {
            (Some(one.email.as_str()), one.verified)
        });
        Claimed::new(&user.id.to_string(), email, is_verified)
            .ok_or_else(|| Fault::new(Cause::UserInfo, "its user has no id"))
    }

    /// What its API says to somebody's token.
    async fn told<T: DeserializeOwned>(
        &self,
        url: String,
        token: &AccessToken,
    ) -> Result<T, Fault> {
        let unusable = |detail: String| Fault::new(Cause::UserInfo, detail);
        let request = Request::get(&url)
            .header(header::AUTHORIZATION, format!("Bearer {}", token.secret()))
            .header(header::ACCEPT, "application/vnd.github+json")
            .header(header::USER_AGENT, "TengineAI")
            .body(Full::<Bytes>::default())
            .map_err(|_| unusable(format!("{url} is no URL")))?;
        let answer = self
            .fetcher
            .send(request, LONGEST, LARGEST)
            .await
            .map_err(|why| Fault::new(Cause::Unreachable, format!("at {url}, {why}")))?;
        if answer.status() != StatusCode::OK {
            let status = answer.status().as_u16();
            return Err(unusable(format!("{url} answered with the status {status}")));
        }
        serde_json::from_slice(answer.body())
            .map_err(|_| unusable(format!("what {url} answered cannot be read")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_github_has_its_api_where_it_documents_it() {
        for (base, expected) in [
            ("https://github.com", "https://api.github.com"),
            ("https://acme.ghe.com", "https://api.acme.ghe.com"),
            (
                "https://github.acme.example",
                "https://github.acme.example/api/v3",
            ),
            ("https://notghe.com", "https://notghe.com/api/v3"),
        ] {
            assert_eq!(api(base), expected);
        }
    }

    #[test]
    fn github_calls_itself_by_its_address() {
        let provider = Provider {
            issuer: "https://github.com".to_owned(),
            ..Provider::example()
        };
        assert!(is_issuer(&provider, "https://github.com/login/oauth"));
        for other in [
            "https://github.com.evil.example",
            "https://login.example",
            "",
        ] {
            assert!(!is_issuer(&provider, other), "{other}");
        }
    }
}

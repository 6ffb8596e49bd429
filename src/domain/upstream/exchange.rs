//! Requests to another server's token endpoint, through the guard that stands before the tools.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, TokenResponse, TokenUrl,
    basic::{
        BasicClient, BasicErrorResponse, BasicErrorResponseType, BasicTokenResponse, BasicTokenType,
    },
};
use zeroize::Zeroizing;

use super::token::{Issued, NoToken, life_of};
use crate::{
    Core, Error,
    execute::{Fetcher, Network},
    vault::{ClientAuth, OAuthClient, VaultSecret},
};

const LONGEST: Duration = Duration::from_secs(15);
const LARGEST: usize = 64 * 1024;
/// Bytes of a token that is kept.
const LONGEST_TOKEN: usize = 16 * 1024;

pub(super) type Client =
    BasicClient<EndpointMaybeSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

#[derive(Clone)]
pub(super) struct Exchange {
    core: Core,
    fetcher: Fetcher,
}

/// The token endpoint gave no answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NoAnswer(String);

type Refusal = RequestTokenError<NoAnswer, BasicErrorResponse>;

impl Exchange {
    pub(super) fn new(core: Core, network: Network) -> Self {
        Self {
            core,
            fetcher: Fetcher::new(network),
        }
    }

    /// The client of a secret, as the library knows it.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where the stored secret is none of a client.
    pub(super) fn client(&self, secret: &VaultSecret) -> Result<(Client, OAuthClient), Error> {
        let corrupt = |why: &str| Error::corrupt("vault secret", why);
        let stored =
            (secret.oauth2.clone()).ok_or_else(|| corrupt("it belongs to no OAuth client"))?;
        let token_url = TokenUrl::new(stored.token_url.clone());
        let authorization_url = stored
            .authorization_url
            .clone()
            .map(AuthUrl::new)
            .transpose();
        let mut client = BasicClient::new(ClientId::new(stored.client_id.clone()))
            .set_token_uri(token_url.map_err(|_| corrupt("its token_url"))?)
            .set_auth_uri_option(authorization_url.map_err(|_| corrupt("its authorization_url"))?)
            .set_auth_type(match stored.client_auth {
                ClientAuth::Basic => AuthType::BasicAuth,
                ClientAuth::Post | ClientAuth::None => AuthType::RequestBody,
            });
        if let Some(value) = secret.open(&self.core)? {
            let text = std::str::from_utf8(&value).map_err(|_| corrupt("its value"))?;
            client = client.set_client_secret(ClientSecret::new(text.to_owned()));
        }
        Ok((client, stored))
    }

    /// The client credentials grant (RFC 6749 §4.4.2).
    pub(super) async fn for_client(&self, secret: &VaultSecret) -> Result<Issued, NoToken> {
        let (client, stored) = self.client(secret)?;
        let mut request = client.exchange_client_credentials();
        for scope in &stored.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        if let Some(audience) = &stored.audience {
            request = request.add_extra_param("audience", audience.clone());
        }
        let http = self.http();
        issued(request.request_async(&http).await)
    }

    /// The code that a person brought back (RFC 6749 §4.1.3, RFC 7636 §4.5).
    pub(super) async fn for_code(
        &self,
        secret: &VaultSecret,
        redirect_uri: String,
        code: String,
        verifier: String,
    ) -> Result<Issued, NoToken> {
        let (client, _) = self.client(secret)?;
        let redirect_uri = RedirectUrl::new(redirect_uri)
            .map_err(|_| Error::corrupt("public URL", "it makes no redirect URI"))?;
        let client = client.set_redirect_uri(redirect_uri);
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier));
        let http = self.http();
        issued(request.request_async(&http).await)
    }

    /// RFC 6749 §6; a server that hands out no new refresh token means that the old one stays.
    pub(super) async fn refreshed(
        &self,
        secret: &VaultSecret,
        refresh_token: &str,
    ) -> Result<Issued, NoToken> {
        let (client, _) = self.client(secret)?;
        let old = RefreshToken::new(refresh_token.to_owned());
        let http = self.http();
        let mut issued = issued(
            client
                .exchange_refresh_token(&old)
                .request_async(&http)
                .await,
        )?;
        issued
            .refresh_token
            .get_or_insert_with(|| Zeroizing::new(refresh_token.to_owned()));
        Ok(issued)
    }

    fn http(
        &self,
    ) -> impl Fn(
        HttpRequest,
    )
        -> std::pin::Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send>> {
        let fetcher = self.fetcher.clone();
        move |request| {
            let fetcher = fetcher.clone();
            Box::pin(async move {
                let request = request.map(|body| Full::new(Bytes::from(body)));
                fetcher
                    .send(request, LONGEST, LARGEST)
                    .await
                    .map_err(NoAnswer)
            })
        }
    }
}

fn issued(answer: Result<BasicTokenResponse, Refusal>) -> Result<Issued, NoToken> {
    let answer = answer.map_err(|refusal| no_token(&refusal))?;
    if !matches!(answer.token_type(), BasicTokenType::Bearer) {
        return Err(NoToken::Refused(
            "it hands out tokens of a type other than Bearer".to_owned(),
        ));
    }
    let text = |token: &str| Zeroizing::new(token.to_owned());
    let access_token = text(answer.access_token().secret());
    let refresh_token = answer.refresh_token().map(|token| text(token.secret()));
    // RFC 6750 §2.1: what a header takes.
    let fits = |token: &Zeroizing<String>| {
        (1..=LONGEST_TOKEN).contains(&token.len())
            && token.bytes().all(|byte| byte.is_ascii_graphic())
    };
    if !fits(&access_token) {
        return Err(NoToken::Refused(
            "its token is not one that a header takes".to_owned(),
        ));
    }
    let expires_in = answer.expires_in();
    Ok(Issued {
        access_token,
        refresh_token: refresh_token.filter(|token| token.len() <= LONGEST_TOKEN),
        expires_in: expires_in.map(life_of),
    })
}

fn no_token(refusal: &Refusal) -> NoToken {
    match refusal {
        RequestTokenError::ServerResponse(error) => refused(error),
        RequestTokenError::Request(why) => NoToken::Unreachable(why.to_string()),
        // Some answer 200 to what they refuse.
        RequestTokenError::Parse(_, body) => match serde_json::from_slice(body) {
            Ok(error) => refused(&error),
            Err(_) => NoToken::Unreachable("its answer is not that of a token endpoint".to_owned()),
        },
        RequestTokenError::Other(_) => {
            NoToken::Unreachable("its answer is not that of a token endpoint".to_owned())
        }
    }
}

/// What the server says (RFC 6749 §5.2), without its free text, which may quote what was sent.
fn refused(error: &BasicErrorResponse) -> NoToken {
    use BasicErrorResponseType as E;
    let why = match error.error() {
        E::InvalidGrant => return NoToken::NotConnected { again: true },
        E::InvalidClient => "it does not know the client, or its secret is wrong (invalid_client)",
        E::InvalidRequest => "it finds something missing in the request (invalid_request)",
        E::InvalidScope => "it does not grant these scopes (invalid_scope)",
        E::UnauthorizedClient => "it does not let this client do that (unauthorized_client)",
        E::UnsupportedGrantType => "it does not offer this grant (unsupported_grant_type)",
        // GitHub's word for a code or a refresh token that it does not take.
        E::Extension(word) if matches!(&**word, "bad_verification_code" | "bad_refresh_token") => {
            return NoToken::NotConnected { again: true };
        }
        E::Extension(_) => "it refused with an error of its own",
    };
    NoToken::Refused(why.to_owned())
}

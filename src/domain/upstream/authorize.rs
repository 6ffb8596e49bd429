//! How a person connects an account: there, give leave, and back with a code (RFC 6749 §4.1, with
//! PKCE by RFC 7636 and the advice of RFC 9700).

use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use serde::{Deserialize, Serialize};

use super::{Upstream, store, token::NoToken};
use crate::{
    Error,
    clock::Timestamp,
    crypto::{base64url, equal_in_constant_time},
    db::DbError,
    ids::{UserId, VaultSecretId},
    members::{Access, Members, Viewer},
    vault,
};

/// Seconds that a person has to give leave.
const TIME: i64 = 600;

/// What has to be remembered of an authorization while the person is away, in their session.
#[derive(Clone, Serialize, Deserialize)]
pub struct Pending {
    secret_id: VaultSecretId,
    user_id: UserId,
    state: String,
    verifier: String,
    /// Of the client that the person was shown.
    client: String,
    expires_at: Timestamp,
}

impl Pending {
    /// Whether this is what an answer with such a state belongs to.
    #[must_use]
    pub fn is_of(&self, state: Option<&str>) -> bool {
        equal_in_constant_time(self.state.as_bytes(), state.unwrap_or_default().as_bytes())
    }
}

/// An authorization that begins.
pub struct Authorization {
    /// Where the person goes.
    pub url: String,
    pub pending: Pending,
}

/// What the other server sent the person back with (RFC 6749 §4.1.2).
#[derive(Default, Deserialize)]
pub struct Callback {
    pub state: Option<String>,
    pub code: Option<String>,
    pub error: Option<String>,
}

/// Why a person is not connected.
#[derive(Debug, thiserror::Error)]
pub enum NotAuthorized {
    /// The client is not what the person was shown.
    #[error(
        "An admin changed this client in the meantime. Look at what it says now, and begin again."
    )]
    Changed,
    /// Nothing was begun here, or something else, or too long ago.
    #[error(
        "This does not belong to a connection that you began here in the last 10 minutes. Begin again."
    )]
    NotBegun,
    #[error("You did not give leave there, and nothing was connected.")]
    Denied,
    /// The other server's fault, in a sentence.
    #[error("The account could not be connected: {0}.")]
    Refused(String),
    #[error(transparent)]
    Failed(#[from] Error),
}

impl Upstream {
    /// Where a person gives leave. `shown` is the digest of the client that they were shown.
    ///
    /// # Errors
    /// [`NotAuthorized::Changed`]; [`Error::NotFound`] where the project has no such client for people.
    pub async fn begin(
        &self,
        access: &Access<Viewer>,
        id: &VaultSecretId,
        shown: &str,
    ) -> Result<Authorization, NotAuthorized> {
        let connection = self.connection(access, id).await?;
        if connection.secret.client_digest() != shown {
            return Err(NotAuthorized::Changed);
        }
        let (client, stored) = self.exchange.client(&connection.secret)?;
        let redirect_uri = RedirectUrl::new(self.callback_url(id))
            .map_err(|_| Error::corrupt("public URL", "it makes no redirect URI"))?;
        let client = client.set_redirect_uri(redirect_uri);
        let verifier = PkceCodeVerifier::new(self.random_text());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let state = self.random_text();
        let mut request = client
            .authorize_url(|| CsrfToken::new(state.clone()))
            .map_err(|_| Error::corrupt("vault secret", "it has no authorization_url"))?
            .set_pkce_challenge(challenge)
            .add_scopes(stored.scopes.iter().cloned().map(Scope::new));
        if let Some(audience) = &stored.audience {
            request = request.add_extra_param("audience", audience.clone());
        }
        let (url, _) = request.url();
        Ok(Authorization {
            url: url.into(),
            pending: Pending {
                secret_id: id.clone(),
                user_id: access.user_id().clone(),
                state,
                verifier: verifier.into_secret(),
                client: shown.to_owned(),
                expires_at: self.core.now().plus_seconds(TIME),
            },
        })
    }

    /// Trades the code that the person came back with for tokens. `pending` works once: it was taken
    /// out of the session before.
    ///
    /// # Errors
    /// [`NotAuthorized`].
    pub async fn finish(
        &self,
        access: &Access<Viewer>,
        id: &VaultSecretId,
        pending: Option<Pending>,
        callback: Callback,
    ) -> Result<(), NotAuthorized> {
        let pending = pending
            .filter(|pending| pending.secret_id == *id && pending.user_id == *access.user_id())
            .filter(|pending| pending.expires_at > self.core.now())
            .filter(|pending| pending.is_of(callback.state.as_deref()))
            .ok_or(NotAuthorized::NotBegun)?;
        let code = match (callback.error.as_deref(), callback.code) {
            (Some("access_denied"), _) => return Err(NotAuthorized::Denied),
            (None, Some(code)) if !code.is_empty() && code.len() <= 4_096 => code,
            _ => {
                let why = "the other server sent you back with an error instead of a code";
                return Err(NotAuthorized::Refused(why.to_owned()));
            }
        };
        let connection = self.connection(access, id).await?;
        if connection.secret.client_digest() != pending.client {
            return Err(NotAuthorized::Changed);
        }
        let exchange = self.exchange.for_code(
            &connection.secret,
            self.callback_url(id),
            code,
            pending.verifier,
        );
        let issued = exchange.await.map_err(|none| match none {
            NoToken::Failed(error) => NotAuthorized::Failed(error),
            NoToken::Refused(why) | NoToken::Unreachable(why) => NotAuthorized::Refused(why),
            NoToken::NotConnected { .. } => {
                NotAuthorized::Refused("the other server does not take its own code".to_owned())
            }
        })?;
        let person = access.user_id();
        let (_, kept) = self.kept(&connection.secret, person, &issued, Timestamp(0));
        self.connect(access, id, &pending.client, &kept).await
    }

    /// Keeps the tokens, if the client is still the one that they were given to and the person still a
    /// member.
    async fn connect(
        &self,
        access: &Access<Viewer>,
        id: &VaultSecretId,
        client: &str,
        kept: &store::Kept,
    ) -> Result<(), NotAuthorized> {
        let failed = |error: DbError| NotAuthorized::Failed(error.into());
        // They may have been removed while they were away.
        let members = Members::new(self.core.clone());
        let (mut tx, _) = members.locked(access).await?;
        let secret = vault::store::locked(&mut tx, access.project_id(), id).await?;
        if secret.is_none_or(|secret| secret.client_digest() != client) {
            return Err(NotAuthorized::Changed);
        }
        let connected = store::connect(&mut tx, id, access.user_id(), kept).await;
        connected.map_err(failed)?;
        tx.commit().await.map_err(failed)
    }

    /// One per client: what comes back cannot be taken for another server's (RFC 9700 §4.4.2.2).
    #[must_use]
    pub fn callback_url(&self, id: &VaultSecretId) -> String {
        format!("{}/connect/{id}/callback", self.core.public_url.origin())
    }

    /// 256 bits.
    fn random_text(&self) -> String {
        let mut bytes = [0; 32];
        self.core.random.fill(&mut bytes);
        base64url(&bytes)
    }
}

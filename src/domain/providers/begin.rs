//! How somebody is sent to a provider (RFC 6749 §4.1 with PKCE; OpenID Connect Core §3.1.2.1).

use std::net::IpAddr;

use oauth2::RedirectUrl;
use serde::{Deserialize, Serialize};

use super::{
    NotSignedIn, Provider, ProviderKind, Providers, Refusal, failure::Fault, github, openid,
};
use crate::{
    Error, Result,
    accounts::{Actor, FreshIdentity},
    clock::Timestamp,
    crypto::{base64url, equal_in_constant_time},
    ids::{ProviderId, UserId},
    limits::network,
};

/// Seconds that a person has there.
const TIME: i64 = 600;

/// What somebody is sent to a provider for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    SignIn,
    /// To have one more way into an account.
    Link {
        user_id: UserId,
    },
    /// To show once more who is signed in.
    Prove {
        user_id: UserId,
    },
}

/// What has to be remembered while somebody is away, in the session of their browser, on the server.
/// Works once: who finishes takes it out of the session before.
#[derive(Clone, Serialize, Deserialize)]
pub struct Pending {
    pub(super) provider_id: ProviderId,
    pub(super) purpose: Purpose,
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
    pub(super) begun_at: Timestamp,
}

impl Pending {
    #[must_use]
    pub const fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// Whether this is what an answer with such a state belongs to, in time and to this provider.
    #[must_use]
    pub fn is_of(&self, id: &ProviderId, state: Option<&str>, now: Timestamp) -> bool {
        let state = state.unwrap_or_default();
        self.provider_id == *id
            && self.begun_at.plus_seconds(TIME) > now
            && equal_in_constant_time(self.state.as_bytes(), state.as_bytes())
    }
}

/// A visit to a provider that begins.
pub struct Begun {
    /// Where the browser goes.
    pub url: String,
    pub pending: Pending,
}

impl Providers {
    /// Sends somebody to a provider to sign in.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such provider or it is disabled; [`Error::Throttled`];
    /// [`NotSignedIn::Provider`] where it cannot be reached.
    pub async fn begin_sign_in(&self, id: &ProviderId, from: IpAddr) -> Result<Begun, NotSignedIn> {
        self.begin(id, Purpose::SignIn, from).await
    }

    /// Sends a person to a provider for one more way into their account.
    ///
    /// # Errors
    /// As [`Providers::begin_sign_in`]; [`Error::ProofNeeded`] for somebody else's proof.
    pub async fn begin_link(
        &self,
        id: &ProviderId,
        actor: &Actor,
        proof: &FreshIdentity,
        from: IpAddr,
    ) -> Result<Begun, NotSignedIn> {
        let user_id = proven(actor, proof)?.clone();
        self.begin(id, Purpose::Link { user_id }, from).await
    }

    /// Sends a person to a provider to show once more who they are. It has to ask them anew.
    ///
    /// # Errors
    /// As [`Providers::begin_sign_in`]; [`Refusal::CannotProve`] for GitHub and Google.
    pub async fn begin_proof(
        &self,
        id: &ProviderId,
        actor: &Actor,
        from: IpAddr,
    ) -> Result<Begun, NotSignedIn> {
        let user_id = person(actor)?.clone();
        self.begin(id, Purpose::Prove { user_id }, from).await
    }

    async fn begin(
        &self,
        id: &ProviderId,
        purpose: Purpose,
        from: IpAddr,
    ) -> Result<Begun, NotSignedIn> {
        if self.core.limits {
            self.beginnings.take(&network(from), self.core.now())?;
        }
        let provider = self.enabled(id).await?;
        if matches!(purpose, Purpose::Prove { .. }) && !provider.kind.can_prove() {
            return Err(Refusal::CannotProve.into());
        }
        let pending = Pending {
            provider_id: provider.id.clone(),
            purpose,
            state: self.random_text(),
            nonce: self.random_text(),
            verifier: self.random_text(),
            begun_at: self.core.now(),
        };
        let redirect_url = self.redirect_url(&provider.id)?;
        let url = match provider.kind {
            ProviderKind::GitHub => github::authorize_url(&provider, redirect_url, &pending)?,
            ProviderKind::Oidc | ProviderKind::Google => {
                let metadata = self.known.metadata(&provider.issuer).await;
                let metadata = metadata.map_err(|fault| failed(&provider, &fault))?;
                openid::authorize_url(&provider, &metadata, redirect_url, &pending)
            }
        };
        Ok(Begun { url, pending })
    }

    pub(super) fn redirect_url(&self, id: &ProviderId) -> Result<RedirectUrl> {
        RedirectUrl::new(self.redirect_uri(id))
            .map_err(|_| Error::corrupt("public URL", "it makes no redirect URI"))
    }

    /// 256 bits.
    fn random_text(&self) -> String {
        let mut bytes = [0; 32];
        self.core.random.fill(&mut bytes);
        base64url(&bytes)
    }
}

/// Notes what a provider did wrong for whoever has to mend it.
pub(super) fn failed(provider: &Provider, fault: &Fault) -> NotSignedIn {
    tracing::warn!(
        provider = %provider.id,
        cause = %fault.cause,
        detail = fault.detail,
        "nobody could sign in with an identity provider"
    );
    NotSignedIn::Provider(fault.cause)
}

/// A person: keys of the REST API have no browser to send anywhere.
pub(super) fn person(actor: &Actor) -> Result<&UserId> {
    match actor {
        Actor::Person { user_id } => Ok(user_id),
        Actor::ApiKey { .. } => Err(Error::Forbidden(
            "Only a person can do this, on the dashboard.".to_owned(),
        )),
    }
}

/// A person who showed a moment ago who they are.
pub(super) fn proven<'a>(actor: &'a Actor, proof: &FreshIdentity) -> Result<&'a UserId> {
    let user = person(actor)?;
    if proof.is_of(actor) {
        Ok(user)
    } else {
        Err(Error::ProofNeeded)
    }
}

//! Signing in with somebody else's word for who one is: GitHub, Google, or any OpenID provider that
//! an owner of the instance sets up. An identity is a provider and its subject; a mail address links
//! nothing, and counts only where the provider confirmed it.

mod begin;
mod claimed;
mod discovery;
mod failure;
mod finish;
mod github;
mod http;
mod id_token;
mod known;
mod link;
mod manage;
mod openid;
mod rules;
mod store;

use std::{net::IpAddr, sync::Arc};

use serde::Deserialize;
use zeroize::Zeroizing;

pub use begin::{Begun, Pending, Purpose};
pub use failure::{Cause, NotSignedIn, Refusal};
pub use finish::{Callback, Outcome};
pub use link::PendingLink;

use self::known::Known;
use crate::{
    Core, Error, Result,
    clock::Timestamp,
    execute::{Fetcher, Network},
    ids::ProviderId,
    limits::{Limiter, Quota},
    text_enum,
};

text_enum! {
    /// What a provider speaks.
    pub enum ProviderKind {
        /// OpenID Connect, found by its issuer.
        Oidc = "oidc",
        /// OpenID Connect at Google.
        Google = "google",
        /// OAuth 2 without OpenID, at github.com or a company's own.
        GitHub = "github",
    }
}

impl ProviderKind {
    /// Whether it can show that somebody signed in just now. GitHub has no word for it, and Google
    /// does not say it.
    #[must_use]
    pub const fn can_prove(self) -> bool {
        matches!(self, Self::Oidc)
    }
}

/// A provider as an owner fills it in.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderInput {
    /// Stays as it was made.
    pub kind: ProviderKind,
    /// What the button says; unique.
    pub name: String,
    /// The issuer of an `oidc` provider, or the address of a GitHub Enterprise. Stays as it was made.
    #[serde(default)]
    pub issuer: Option<String>,
    pub client_id: String,
    /// Write-only: left out, the stored one stays; empty, there is none.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// Mail domains that people may have who come this way; empty: any.
    #[serde(default)]
    pub allowed_domains: Vec<String>,
    /// Whether who comes for the first time gets an account, whatever the sign-up policy says.
    #[serde(default)]
    pub may_sign_up: bool,
    #[serde(default = "yes")]
    pub is_enabled: bool,
}

const fn yes() -> bool {
    true
}

impl std::fmt::Debug for ProviderInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderInput")
            .field("kind", &self.kind)
            .field("name", &self.name)
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// A provider as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Provider {
    pub id: ProviderId,
    pub kind: ProviderKind,
    pub name: String,
    /// For GitHub, where its pages are.
    pub issuer: String,
    pub client_id: String,
    /// Sealed with the provider's id as its context; `None` for a public client.
    sealed: Option<Vec<u8>>,
    /// Lower-cased.
    pub allowed_domains: Vec<String>,
    pub may_sign_up: bool,
    pub is_enabled: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Provider {
    #[must_use]
    pub const fn has_secret(&self) -> bool {
        self.sealed.is_some()
    }

    /// # Errors
    /// [`Error::Corrupt`] where it was sealed under another master key.
    fn secret(&self, core: &Core) -> Result<Option<Zeroizing<String>>> {
        let Some(sealed) = &self.sealed else {
            return Ok(None);
        };
        let opened = core.sealer.open(self.id.as_str(), sealed)?;
        let text = std::str::from_utf8(&opened)
            .map_err(|_| Error::corrupt("client secret", "it is no text"))?;
        Ok(Some(Zeroizing::new(text.to_owned())))
    }

    #[cfg(test)]
    fn example() -> Self {
        Self {
            id: "idp_1".into(),
            kind: ProviderKind::Oidc,
            name: "Example".to_owned(),
            issuer: "https://login.example".to_owned(),
            client_id: "tengine".to_owned(),
            sealed: None,
            allowed_domains: Vec::new(),
            may_sign_up: false,
            is_enabled: true,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
        }
    }
}

/// A provider and who comes by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderEntry {
    pub provider: Provider,
    /// Accounts that are linked to it.
    pub accounts: i64,
    /// Those of them that have no password, no passkey and no other provider that is enabled: without
    /// this one they come in by recovery only.
    pub only_way_in: i64,
    /// Live sessions that began with it: they end where it is switched off or deleted.
    pub sessions: i64,
    /// What the provider has to be told of this instance.
    pub redirect_uri: String,
}

/// A provider that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    pub provider: Provider,
    /// Live sessions that ended because it was switched off.
    pub sessions_ended: i64,
}

/// What everybody sees of a provider on the sign-in page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedProvider {
    pub id: ProviderId,
    pub name: String,
    pub kind: ProviderKind,
}

/// An account somewhere else that opens an account here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub provider_id: ProviderId,
    pub provider_name: String,
    pub kind: ProviderKind,
    /// Whether people come in by the provider at all now.
    pub is_enabled: bool,
    pub subject: String,
    /// The address that the provider last told, confirmed or not.
    pub email: Option<String>,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// Sign-ins that begin from one network: each may cost us requests to a provider.
const BEGINNINGS: Quota = Quota::new(30, 2_000);

/// The room's service.
#[derive(Clone)]
pub struct Providers {
    core: Core,
    fetcher: Fetcher,
    known: Arc<Known>,
    beginnings: Arc<Limiter<IpAddr>>,
}

impl Providers {
    pub(crate) fn new(core: Core, network: Network) -> Self {
        let fetcher = Fetcher::new(network);
        Self {
            known: Arc::new(Known::new(core.clone(), fetcher.clone())),
            fetcher,
            beginnings: Arc::new(Limiter::new(BEGINNINGS)),
            core,
        }
    }

    /// One per provider: what comes back cannot be taken for another one's (RFC 9700 §4.4.2.2).
    #[must_use]
    pub fn redirect_uri(&self, id: &ProviderId) -> String {
        let origin = self.core.public_url.origin();
        format!("{origin}/sign-in/with/{id}/callback")
    }

    /// A provider that people come in by now.
    async fn enabled(&self, id: &ProviderId) -> Result<Provider> {
        let found = store::find(&self.core.db, id).await?;
        found
            .filter(|provider| provider.is_enabled)
            .ok_or(NO_PROVIDER)
    }
}

const NO_PROVIDER: Error = Error::NotFound("sign-in provider");

//! OAuth clients: who asks. An integration has a client of its own; others register themselves
//! (RFC 7591) or are described by a document at the URL that is their id (Client ID Metadata
//! Documents), and are public.

mod authenticate;
pub mod known;
mod metadata;
mod metadata_document;
#[cfg(test)]
mod metadata_properties;
mod registration;
pub(crate) mod store;

use std::{net::IpAddr, sync::Arc};

pub use authenticate::{Client, ClientError, ClientProof};
pub(crate) use metadata::is_invisible;
pub use metadata::{ClientMetadata, MetadataError, MetadataErrorCode};
pub use metadata_document::is_document_url;
pub use registration::RegistrationError;

use authenticate::{Proved, Shown};

use crate::{
    Core, Error,
    changes::Remembered,
    clock::Timestamp,
    execute::{Fetcher, Network},
    ids::UserId,
    integrations::{self, ClientKind, Integration, redirect_uri},
    limits::{Limiter, Quota},
    text_enum,
};

text_enum! {
    /// How a client came to be known.
    pub enum Registration {
        /// Made with an integration.
        Integration = "integration",
        /// It registered itself (RFC 7591).
        Dynamic = "dynamic",
        /// A document at its client id describes it.
        MetadataDocument = "metadata_document",
    }
}

/// Which clients may introduce themselves on this instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SelfRegistration {
    /// Dynamic registration (RFC 7591).
    pub dynamic: bool,
    /// Client ID Metadata Documents.
    pub metadata_documents: bool,
}

impl Default for SelfRegistration {
    fn default() -> Self {
        Self {
            dynamic: true,
            metadata_documents: true,
        }
    }
}

/// A client as authorize knows it: it has proved nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownClient {
    pub client_id: String,
    pub kind: ClientKind,
    pub registration: Registration,
    /// What it calls itself; `None` for an integration's own, which is told by its callback.
    pub name: Option<String>,
    pub redirect_uris: Vec<String>,
    /// Whose own client it is.
    pub integration: Option<Integration>,
}

impl KnownClient {
    /// Whether the browser may be sent back to this URI (RFC 9700 §2.1).
    #[must_use]
    pub fn allows(&self, redirect_uri: &str) -> bool {
        self.redirect_uris
            .iter()
            .any(|registered| redirect_uri::matches(registered, redirect_uri))
    }

    /// Whether its redirect URIs were chosen by somebody whom this instance trusts: a project's admin,
    /// or us. To others no browser is sent unless the person has seen where it goes (RFC 9700
    /// §4.11.2).
    #[must_use]
    pub fn is_vouched_for(&self) -> bool {
        self.registration == Registration::Integration || known::is_built_in(&self.client_id)
    }

    /// What to call it on pages, where it is sent back to `redirect_uri`.
    #[must_use]
    pub fn name_at(&self, redirect_uri: &str) -> String {
        match &self.name {
            Some(name) => name.clone(),
            None => known::name_of_callback(redirect_uri).to_owned(),
        }
    }
}

/// A client that introduced itself, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfRegistered {
    pub client_id: String,
    pub registration: Registration,
    pub name: String,
    pub redirect_uris: Vec<String>,
    pub created_at: Timestamp,
    pub fresh_until: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
}

impl From<SelfRegistered> for KnownClient {
    fn from(client: SelfRegistered) -> Self {
        Self {
            client_id: client.client_id,
            kind: ClientKind::Public,
            registration: client.registration,
            name: Some(client.name),
            redirect_uris: client.redirect_uris,
            integration: None,
        }
    }
}

/// Why there is no such client.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    #[error("No client has this id.")]
    Unknown,
    /// Its document is fetched only for someone who is signed in.
    #[error("Sign in first.")]
    SignInFirst,
    /// Its document cannot be used: a sentence that says why.
    #[error("{0}")]
    Document(String),
    /// This instance does not let such clients in.
    #[error("This instance has clients of this kind switched off.")]
    SwitchedOff,
    #[error(transparent)]
    Domain(#[from] Error),
}

/// Documents fetched for one person.
const FETCHES: Quota = Quota::new(20, 10_000);
/// Registrations from one address.
const REGISTRATIONS: Quota = Quota::new(60, 10_000);

/// The room's service.
#[derive(Clone)]
pub struct Clients {
    core: Core,
    fetcher: Fetcher,
    fetches: Arc<Limiter<UserId>>,
    registrations: Arc<Limiter<IpAddr>>,
    proved: Arc<Remembered<Shown, Arc<Proved>>>,
}

impl Clients {
    pub(crate) fn new(core: Core, network: Network) -> Self {
        Self {
            proved: authenticate::proved(&core),
            core,
            fetcher: Fetcher::new(network),
            fetches: Arc::new(Limiter::new(FETCHES)),
            registrations: Arc::new(Limiter::new(REGISTRATIONS)),
        }
    }

    /// Notes with `tx` that somebody approved a client that introduced itself: from now on it is
    /// known at the token endpoint, and kept while it has connections.
    pub(crate) async fn keep_in_use(
        &self,
        tx: &mut crate::db::Tx,
        client: &KnownClient,
    ) -> crate::Result<()> {
        let now = self.core.now();
        if store::mark_used(tx, &client.client_id, now).await? {
            return Ok(());
        }
        // One that is built in, or whose unused registration was deleted a moment ago.
        let kept = SelfRegistered {
            client_id: client.client_id.clone(),
            registration: client.registration,
            name: client.name.clone().unwrap_or_default(),
            redirect_uris: client.redirect_uris.clone(),
            created_at: now,
            fresh_until: None,
            last_used_at: Some(now),
        };
        store::keep(tx, &kept).await?;
        Ok(())
    }

    /// The client of an id, whichever way it came to be known. A metadata document is fetched only
    /// for `person`, someone who is signed in.
    ///
    /// # Errors
    /// [`FindError`].
    pub async fn find(
        &self,
        client_id: &str,
        person: Option<&UserId>,
    ) -> Result<KnownClient, FindError> {
        if let Some(integration) =
            integrations::store::by_client_id(&self.core.db, client_id).await?
        {
            return Ok(KnownClient {
                client_id: integration.client_id.clone(),
                kind: integration.client_kind,
                registration: Registration::Integration,
                name: None,
                redirect_uris: integration.redirect_uris.clone(),
                integration: Some(integration),
            });
        }
        if client_id.starts_with("https://") {
            return self.described(client_id, person).await;
        }
        let registered = store::by_id(&self.core.db, client_id)
            .await?
            .ok_or(FindError::Unknown)?;
        if !self.core.settings().await?.dynamic_registration {
            return Err(FindError::SwitchedOff);
        }
        Ok(registered.into())
    }
}

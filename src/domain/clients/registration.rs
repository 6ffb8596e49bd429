//! Dynamic registration (RFC 7591): a client introduces itself and gets an id.

use std::net::IpAddr;

use serde_json::{Map, Value};

use super::{ClientMetadata, Clients, MetadataError, Registration, SelfRegistered, store};
use crate::{Error, clock::Timestamp, crypto::base64url, db::DbError, limits::network};

const CLIENT_ID_PREFIX: &str = "tng_dc_";
/// Seconds that a registration lives that nobody approves.
const UNUSED_SECONDS: i64 = 24 * 3_600;
/// Seconds after its last use that a client without a live connection is kept.
const IDLE_SECONDS: i64 = 90 * 24 * 3_600;
/// Registrations that nobody approved yet, on the whole instance; past it the oldest go.
const MOST_UNUSED: i64 = 10_000;

#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error(
        "This instance has dynamic registration switched off. Use a Client ID from an integration's page."
    )]
    SwitchedOff,
    #[error(transparent)]
    Domain(#[from] Error),
}

impl Clients {
    /// Registers a client; it is public.
    ///
    /// # Errors
    /// [`RegistrationError`]; [`Error::Throttled`] for many from one address.
    pub async fn register(
        &self,
        metadata: &Map<String, Value>,
        from: IpAddr,
    ) -> Result<SelfRegistered, RegistrationError> {
        if !self.core.settings().await?.dynamic_registration {
            return Err(RegistrationError::SwitchedOff);
        }
        let now = self.core.now();
        if self.core.limits {
            self.registrations.take(&network(from), now)?;
        }
        let metadata = ClientMetadata::parse(metadata)?;
        let mut bytes = [0_u8; 16];
        self.core.random.fill(&mut bytes);
        let client = SelfRegistered {
            client_id: format!("{CLIENT_ID_PREFIX}{}", base64url(&bytes)),
            registration: Registration::Dynamic,
            name: metadata.name,
            redirect_uris: metadata.redirect_uris,
            created_at: now,
            fresh_until: None,
            last_used_at: None,
        };
        let mut tx = self.core.db.begin().await.map_err(Error::from)?;
        store::keep(&mut tx, &client).await.map_err(Error::from)?;
        tx.commit().await.map_err(Error::from)?;
        Ok(client)
    }

    /// Deletes a batch of clients that nobody uses. Tells how many went.
    pub(crate) async fn expire(&self, now: Timestamp, batch: i64) -> Result<u64, DbError> {
        let mut tx = self.core.db.begin().await?;
        let unused = now.plus_seconds(-UNUSED_SECONDS);
        let idle = now.plus_seconds(-IDLE_SECONDS);
        let mut gone = store::expire(&mut tx, unused, idle, now, batch).await?;
        gone += store::expire_surplus(&mut tx, MOST_UNUSED, batch).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

//! Discovery documents and keys of providers, as they were fetched a while ago.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use openidconnect::core::CoreJsonWebKeySet;

use super::{
    Cause,
    discovery::{self, Metadata},
    failure::Fault,
    rules::MOST_PROVIDERS,
};
use crate::{Core, clock::Timestamp, execute::Fetcher};

/// Seconds after which they are fetched anew.
const OLDEST: i64 = 3_600;
/// Seconds between two fetches of keys because of one that is not among them: whoever makes up key
/// ids must not make us ask all the time.
const PATIENCE: i64 = 60;
/// Seconds for which a provider that failed is not asked again.
const AFTER_FAILURE: i64 = 5;

/// A provider's keys, and since when.
#[derive(Clone)]
pub(super) struct Keys {
    pub(super) set: Arc<CoreJsonWebKeySet>,
    fetched_at: Timestamp,
}

#[derive(Default)]
struct Place {
    metadata: Option<(Timestamp, Arc<Metadata>)>,
    keys: Option<Keys>,
    failed: Option<(Timestamp, Fault)>,
}

impl Place {
    /// Why it is not asked again just now.
    fn recent_failure(&self, now: Timestamp) -> Result<(), Fault> {
        match &self.failed {
            Some((at, fault)) if at.plus_seconds(AFTER_FAILURE) > now => Err(fault.clone()),
            _ => Ok(()),
        }
    }
}

/// One fetch of an issuer at a time; who waits has what the other fetched.
type Places = Mutex<HashMap<String, Arc<tokio::sync::Mutex<Place>>>>;

pub(super) struct Known {
    core: Core,
    fetcher: Fetcher,
    places: Places,
}

impl Known {
    pub(super) fn new(core: Core, fetcher: Fetcher) -> Self {
        Self {
            core,
            fetcher,
            places: Mutex::default(),
        }
    }

    fn place(&self, issuer: &str) -> Arc<tokio::sync::Mutex<Place>> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        // Those of providers that are gone by now.
        if places.len() >= 2 * MOST_PROVIDERS && !places.contains_key(issuer) {
            places.clear();
        }
        places.entry(issuer.to_owned()).or_default().clone()
    }

    /// Document and keys of an issuer, fetched now: for whoever sets it up.
    pub(super) async fn fetched(&self, issuer: &str) -> Result<(), Fault> {
        let metadata = Metadata::fetched(&self.fetcher, issuer).await?;
        let set = Arc::new(discovery::keys(&self.fetcher, &metadata.jwks_uri).await?);
        let now = self.core.now();
        *self.place(issuer).lock().await = Place {
            metadata: Some((now, Arc::new(metadata))),
            keys: Some(Keys {
                set,
                fetched_at: now,
            }),
            failed: None,
        };
        Ok(())
    }

    pub(super) async fn metadata(&self, issuer: &str) -> Result<Arc<Metadata>, Fault> {
        let place = self.place(issuer);
        let mut place = place.lock().await;
        let now = self.core.now();
        if let Some((at, known)) = &place.metadata
            && at.plus_seconds(OLDEST) > now
        {
            return Ok(known.clone());
        }
        place.recent_failure(now)?;
        let fetched = Metadata::fetched(&self.fetcher, issuer).await;
        let metadata = Arc::new(fetched.inspect_err(|fault| {
            place.failed = Some((self.core.now(), fault.clone()));
        })?);
        place.metadata = Some((self.core.now(), metadata.clone()));
        Ok(metadata)
    }

    /// The issuer's keys; with `lacking`, newer ones than those, which lack one.
    pub(super) async fn keys(
        &self,
        metadata: &Metadata,
        lacking: Option<&Keys>,
    ) -> Result<Keys, Fault> {
        let place = self.place(metadata.issuer.as_str());
        let mut place = place.lock().await;
        let now = self.core.now();
        if let Some(known) = &place.keys {
            let is_fresh = known.fetched_at.plus_seconds(OLDEST) > now;
            match lacking {
                None if is_fresh => return Ok(known.clone()),
                Some(lacking) if known.fetched_at > lacking.fetched_at => return Ok(known.clone()),
                Some(_) if known.fetched_at.plus_seconds(PATIENCE) > now => {
                    return Err(Fault::new(
                        Cause::IdTokenSignature,
                        "its ID token is signed with a key that is not among its keys",
                    ));
                }
                None | Some(_) => {}
            }
        }
        place.recent_failure(now)?;
        let fetched = discovery::keys(&self.fetcher, &metadata.jwks_uri).await;
        let set = Arc::new(fetched.inspect_err(|fault| {
            place.failed = Some((self.core.now(), fault.clone()));
        })?);
        let keys = Keys {
            set,
            fetched_at: self.core.now(),
        };
        place.keys = Some(keys.clone());
        Ok(keys)
    }
}

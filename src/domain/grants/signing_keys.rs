//! The keys that access tokens are signed with, shared by all replicas through the database, where
//! the private halves lie encrypted under the master key.

use std::sync::{Arc, RwLock};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use jsonwebtoken::DecodingKey;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::store;
use crate::{
    Core, Error, Result,
    changes::{Change, ChangeKind, changed, heard_by},
    clock::Timestamp,
    crypto::{base64url, sha256},
    db::Tx,
};

/// A key pair; ECDSA on P-256 (ES256, RFC 7518 §3.4).
pub(super) struct SigningKey {
    pub(super) kid: String,
    /// PKCS #8.
    pub(super) private_key: Zeroizing<Vec<u8>>,
    /// RFC 7517.
    pub(super) public_jwk: Value,
    /// When it stopped signing.
    retired_at: Option<Timestamp>,
    /// The longest life of a token that it signed, in seconds.
    token_seconds: i64,
    verifying: DecodingKey,
}

impl SigningKey {
    /// Until when it verifies; `None` for the one that signs.
    fn verifies_at(&self, now: Timestamp) -> bool {
        self.verifies_until().is_none_or(|until| until > now)
    }

    fn verifies_until(&self) -> Option<Timestamp> {
        self.retired_at.map(|retired| match self.token_seconds {
            0 => retired,
            seconds => retired.plus_seconds(seconds + RETIRED_SLACK_SECONDS),
        })
    }
}

/// The keys, loaded again after a second at the latest, so that what another process rotated acts
/// here.
pub struct SigningKeys {
    core: Core,
    loaded: RwLock<Loaded>,
}

#[derive(Clone, Default)]
struct Loaded {
    keys: Arc<Vec<Arc<SigningKey>>>,
    at: Option<Timestamp>,
    /// Counts changes: what was loaded across one is not kept.
    changes: u64,
}

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// The key that signs from now on.
    pub kid: String,
    /// Keys that only verify, and until when.
    pub retired: Vec<(String, Timestamp)>,
}

impl SigningKeys {
    pub(super) fn new(core: Core) -> Arc<Self> {
        let keys = Arc::new(Self {
            core: core.clone(),
            loaded: RwLock::default(),
        });
        heard_by(core.db.feed(), &keys, |keys, change| {
            if let Change::Anything | Change::Of(ChangeKind::SigningKey, _) = change
                && let Ok(mut loaded) = keys.loaded.write()
            {
                *loaded = Loaded {
                    changes: loaded.changes + 1,
                    ..Loaded::default()
                };
            }
        });
        keys
    }

    /// The key that signs; the first call on a new instance makes one. It is kept until the last
    /// token that it signs has ended.
    pub(super) async fn current(&self) -> Result<Arc<SigningKey>> {
        let key = match signing(&self.keys().await?) {
            Some(key) => key,
            None => {
                self.generate().await?;
                signing(&self.load().await?)
                    .ok_or_else(|| Error::corrupt("signing key", "it was made and is not there"))?
            }
        };
        let token_seconds = self.core.lifetimes.access_token;
        if key.token_seconds < token_seconds {
            let mut tx = self.core.db.begin().await?;
            store::keep_signing_key_longer(&mut tx, &key.kid, token_seconds).await?;
            tx.commit().await?;
            // It may have been retired in between.
            return signing(&self.load().await?)
                .ok_or_else(|| Error::corrupt("signing key", "none is there that signs"));
        }
        Ok(key)
    }

    pub(super) async fn verifying(&self, kid: &str) -> Result<Option<DecodingKey>> {
        let now = self.core.now();
        let keys = self.keys().await?;
        let key = keys
            .iter()
            .find(|key| key.kid == kid && key.verifies_at(now));
        Ok(key.map(|key| key.verifying.clone()))
    }

    /// Makes a new key, which signs from now on. The old ones verify until the last token that they
    /// signed has ended; with `at_once`, for a key that leaked, no longer at all.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn rotate(&self, at_once: bool) -> Result<Rotated> {
        let fresh = FreshKey::generate(&self.core)?;
        let now = self.core.now();
        let mut tx = self.core.db.begin().await?;
        store::retire_signing_keys(&mut tx, at_once, now).await?;
        fresh.insert(&self.core, &mut tx).await?;
        tx.commit().await?;
        let keys = self.load().await?;
        let retired = keys
            .iter()
            .filter_map(|key| Some((key.kid.clone(), key.verifies_until()?)))
            .collect();
        Ok(Rotated {
            kid: fresh.kid,
            retired,
        })
    }

    /// The public keys (RFC 7517 §5).
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn jwks(&self) -> Result<Value> {
        self.current().await?;
        let now = self.core.now();
        let keys = self.keys().await?;
        let public: Vec<&Value> = keys
            .iter()
            .filter(|key| key.verifies_at(now))
            .map(|key| &key.public_jwk)
            .collect();
        Ok(json!({ "keys": public }))
    }

    /// All keys, as they were a second ago at the earliest.
    async fn keys(&self) -> Result<Arc<Vec<Arc<SigningKey>>>> {
        let loaded = self.known();
        let now = self.core.now();
        match loaded.at {
            Some(at) if at <= now && now < at.plus_seconds(1) => Ok(loaded.keys),
            _ => self.load().await,
        }
    }

    fn known(&self) -> Loaded {
        self.loaded
            .read()
            .map(|loaded| loaded.clone())
            .unwrap_or_default()
    }

    async fn load(&self) -> Result<Arc<Vec<Arc<SigningKey>>>> {
        let at = Some(self.core.now());
        let before = self.known().changes;
        let mut keys = Vec::new();
        for row in store::signing_keys(&self.core.db).await? {
            let private_key = self.core.sealer.open(&row.kid, &row.private_key)?;
            let public_jwk: Value = serde_json::from_str(&row.public_jwk)
                .map_err(|why| Error::corrupt("signing key", why))?;
            let coordinate = |name: &str| public_jwk[name].as_str().unwrap_or_default().to_owned();
            let verifying = DecodingKey::from_ec_components(&coordinate("x"), &coordinate("y"))
                .map_err(|why| Error::corrupt("signing key", why))?;
            keys.push(Arc::new(SigningKey {
                kid: row.kid,
                private_key,
                public_jwk,
                retired_at: row.retired_at,
                token_seconds: row.token_seconds,
                verifying,
            }));
        }
        let keys = Arc::new(keys);
        if let Ok(mut loaded) = self.loaded.write()
            && loaded.changes == before
        {
            *loaded = Loaded {
                keys: keys.clone(),
                at,
                changes: before,
            };
        }
        Ok(keys)
    }

    async fn generate(&self) -> Result<()> {
        let fresh = FreshKey::generate(&self.core)?;
        let mut tx = self.core.db.begin().await?;
        fresh.insert(&self.core, &mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The newest of those that sign.
fn signing(keys: &[Arc<SigningKey>]) -> Option<Arc<SigningKey>> {
    keys.iter().find(|key| key.retired_at.is_none()).cloned()
}

/// A key that is not stored yet.
struct FreshKey {
    kid: String,
    sealed: Vec<u8>,
    public_jwk: Value,
}

impl FreshKey {
    fn generate(core: &Core) -> Result<Self> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
            .map_err(|why| Error::corrupt("signing key", why))?;
        let private_key = pair
            .to_pkcs8v1()
            .map_err(|why| Error::corrupt("signing key", why))?;
        // An uncompressed point: 0x04, then x and y of 32 bytes each (SEC 1 §2.3.3).
        let point = pair.public_key().as_ref();
        let kid: String = base64url(&sha256(point)).chars().take(KID_LENGTH).collect();
        let public_jwk = json!({
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": kid,
            "x": base64url(&point[1..33]), "y": base64url(&point[33..65]),
        });
        let sealed = core.sealer.seal(&*core.random, &kid, private_key.as_ref());
        Ok(Self {
            kid,
            sealed,
            public_jwk,
        })
    }

    async fn insert(&self, core: &Core, tx: &mut Tx) -> Result<()> {
        let now = core.now();
        let row = store::NewSigningKey {
            kid: &self.kid,
            private_key: &self.sealed,
            public_jwk: &self.public_jwk.to_string(),
            created_at: now,
            token_seconds: core.lifetimes.access_token,
        };
        store::insert_signing_key(tx, &row).await?;
        changed(tx, ChangeKind::SigningKey, &self.kid, now).await?;
        Ok(())
    }
}

const KID_LENGTH: usize = 16;
/// Seconds that a retired key verifies beyond the life of the tokens that it signed: another process
/// may sign with it for a moment more.
const RETIRED_SLACK_SECONDS: i64 = 60;

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
    crypto::{base64url, sha256},
    events::{ChangeKind, changed},
};

/// A key pair; ECDSA on P-256 (ES256, RFC 7518 §3.4).
pub(super) struct SigningKey {
    pub(super) kid: String,
    /// PKCS #8.
    pub(super) private_key: Zeroizing<Vec<u8>>,
    /// RFC 7517.
    pub(super) public_jwk: Value,
    verifying: DecodingKey,
}

/// The keys, loaded once and again when a token names one that is not known.
pub struct SigningKeys {
    core: Core,
    loaded: RwLock<Arc<Vec<Arc<SigningKey>>>>,
}

impl SigningKeys {
    pub(super) fn new(core: Core) -> Self {
        Self {
            core,
            loaded: RwLock::default(),
        }
    }

    /// The newest key; the first call on a new instance makes one.
    pub(super) async fn current(&self) -> Result<Arc<SigningKey>> {
        let known = self.known();
        if let Some(key) = known.first() {
            return Ok(key.clone());
        }
        let keys = self.load().await?;
        if let Some(key) = keys.first() {
            return Ok(key.clone());
        }
        self.generate().await?;
        let keys = self.load().await?;
        keys.first()
            .cloned()
            .ok_or_else(|| Error::corrupt("signing key", "it was made and is not there"))
    }

    pub(super) async fn verifying(&self, kid: &str) -> Result<Option<DecodingKey>> {
        let find = |keys: &[Arc<SigningKey>]| {
            keys.iter()
                .find(|key| key.kid == kid)
                .map(|key| key.verifying.clone())
        };
        if let Some(key) = find(&self.known()) {
            return Ok(Some(key));
        }
        // Another replica may have made it. A kid of ours has one form, which keeps strangers from
        // sending us to the database with every invented one.
        if kid.len() != KID_LENGTH {
            return Ok(None);
        }
        Ok(find(&self.load().await?))
    }

    /// The public keys (RFC 7517 §5).
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn jwks(&self) -> Result<Value> {
        self.current().await?;
        let keys = self.load().await?;
        let public: Vec<&Value> = keys.iter().map(|key| &key.public_jwk).collect();
        Ok(json!({ "keys": public }))
    }

    fn known(&self) -> Arc<Vec<Arc<SigningKey>>> {
        self.loaded
            .read()
            .map(|keys| keys.clone())
            .unwrap_or_default()
    }

    async fn load(&self) -> Result<Arc<Vec<Arc<SigningKey>>>> {
        let mut keys = Vec::new();
        for row in store::signing_keys(&self.core.db).await? {
            let private_key = self.core.vault.open(&row.kid, &row.private_key)?;
            let public_jwk: Value = serde_json::from_str(&row.public_jwk)
                .map_err(|why| Error::corrupt("signing key", why))?;
            let coordinate = |name: &str| public_jwk[name].as_str().unwrap_or_default().to_owned();
            let verifying = DecodingKey::from_ec_components(&coordinate("x"), &coordinate("y"))
                .map_err(|why| Error::corrupt("signing key", why))?;
            keys.push(Arc::new(SigningKey {
                kid: row.kid,
                private_key,
                public_jwk,
                verifying,
            }));
        }
        let keys = Arc::new(keys);
        if let Ok(mut loaded) = self.loaded.write() {
            *loaded = keys.clone();
        }
        Ok(keys)
    }

    async fn generate(&self) -> Result<()> {
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
        let now = self.core.now();
        let sealed = self
            .core
            .vault
            .seal(&*self.core.random, &kid, private_key.as_ref());
        let mut tx = self.core.db.begin().await?;
        store::insert_signing_key(&mut tx, &kid, &sealed, &public_jwk.to_string(), now).await?;
        changed(&mut tx, ChangeKind::SigningKey, &kid, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

const KID_LENGTH: usize = 16;

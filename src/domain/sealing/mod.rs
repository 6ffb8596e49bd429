//! The master key, and what is kept encrypted under it.

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use crate::{
    Error, Result,
    clock::Random,
    crypto::{self, AeadKey},
};

/// 256 bits from a file or the environment: the one secret that the database does not hold.
#[derive(Clone)]
pub struct MasterKey(Arc<AeadKey>);

impl MasterKey {
    #[must_use]
    pub fn generate(random: &dyn Random) -> Self {
        let mut bytes = AeadKey::new([0; 32]);
        random.fill(bytes.as_mut());
        Self(Arc::new(bytes))
    }

    /// Reads the form that [`MasterKey::encoded`] writes.
    ///
    /// # Errors
    /// A sentence, without the key, where it is not 32 bytes in base64.
    pub fn decode(text: &str) -> Result<Self, String> {
        let bytes = STANDARD
            .decode(text.trim())
            .map(Zeroizing::new)
            .map_err(|_| "the master key is not base64".to_owned())?;
        let bytes: [u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| format!("the master key has {} bytes, not 32", bytes.len()))?;
        Ok(Self(Arc::new(AeadKey::new(bytes))))
    }

    /// base64 (RFC 4648 §4), for the key's file.
    #[must_use]
    pub fn encoded(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.0.as_slice()))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(redacted)")
    }
}

/// Seals and opens what is stored encrypted. `context` names the row that a value belongs to.
#[derive(Debug, Clone)]
pub struct Sealer {
    key: MasterKey,
}

impl Sealer {
    #[must_use]
    pub const fn new(key: MasterKey) -> Self {
        Self { key }
    }

    #[must_use]
    pub fn seal(&self, random: &dyn Random, context: &str, plain: &[u8]) -> Vec<u8> {
        crypto::seal(&self.key.0, random, context, plain)
    }

    /// # Errors
    /// [`Error::Corrupt`] where the value was sealed under another master key or was changed.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        crypto::open(&self.key.0, context, sealed).map_err(|why| Error::corrupt("secret", why))
    }

    /// The code that claims an instance which the whole network can reach. Every replica with the
    /// same master key prints the same one.
    #[must_use]
    pub fn setup_code(&self) -> String {
        let mac = crypto::hmac_sha256(self.key.0.as_slice(), b"tengine set-up code");
        crypto::base64url(&mac[..12])
    }
}

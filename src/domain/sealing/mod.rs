//! The master key, and what is kept encrypted under it.

mod reseal;

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

pub use reseal::Resealed;

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

/// The keys of an instance: what is sealed is sealed under the first, and what is stored may be
/// sealed under any of them. More than one while the master key is being replaced.
#[derive(Clone)]
pub struct Keyring(Vec<MasterKey>);

impl Keyring {
    #[must_use]
    pub fn of(key: MasterKey) -> Self {
        Self(vec![key])
    }

    /// Reads keys with white space between them.
    ///
    /// # Errors
    /// As [`MasterKey::decode`], and where there is none.
    pub fn decode(text: &str) -> Result<Self, String> {
        let keys: Vec<_> = text
            .split_whitespace()
            .map(MasterKey::decode)
            .collect::<Result<_, _>>()?;
        if keys.is_empty() {
            return Err("there is no master key".to_owned());
        }
        Ok(Self(keys))
    }

    /// As [`Keyring::decode`] reads it: a key a line.
    #[must_use]
    pub fn encoded(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::new());
        for key in &self.0 {
            text.push_str(&key.encoded());
            text.push('\n');
        }
        text
    }

    /// The same with a new key before the others.
    #[must_use]
    pub fn with_new(&self, key: MasterKey) -> Self {
        Self(std::iter::once(key).chain(self.0.iter().cloned()).collect())
    }

    /// The first key alone.
    #[must_use]
    pub fn newest(&self) -> Self {
        Self::of(self.0[0].clone())
    }

    #[must_use]
    pub fn has_older(&self) -> bool {
        self.0.len() > 1
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} redacted)", self.0.len())
    }
}

/// Reads the keys again, from where they came; `None` where they cannot be read.
pub type ReadAgain = Arc<dyn Fn() -> Option<Keyring> + Send + Sync>;

/// Seals and opens what is stored encrypted. `context` names the row that a value belongs to.
#[derive(Clone)]
pub struct Sealer {
    keys: Arc<RwLock<Keyring>>,
    read_again: Option<ReadAgain>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.keys().fmt(f)
    }
}

impl Sealer {
    #[must_use]
    pub fn new(keys: Keyring) -> Self {
        Self {
            keys: Arc::new(RwLock::new(keys)),
            read_again: None,
        }
    }

    /// One that follows its keys when another process replaces them.
    #[must_use]
    pub fn followed(keys: Keyring, read_again: ReadAgain) -> Self {
        Self {
            read_again: Some(read_again),
            ..Self::new(keys)
        }
    }

    fn keys(&self) -> Keyring {
        self.keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Takes the keys as they are now where they came from.
    pub(crate) fn refresh(&self) {
        if let Some(keys) = self.read_again.as_ref().and_then(|read| read()) {
            *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        }
    }

    #[must_use]
    pub fn seal(&self, random: &dyn Random, context: &str, plain: &[u8]) -> Vec<u8> {
        crypto::seal(&self.keys().0[0].0, random, context, plain)
    }

    /// # Errors
    /// [`Error::Corrupt`] where the value was sealed under another master key or was changed.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let opened = self.keys().open(context, sealed);
        let opened = opened.or_else(|why| {
            // Another process may have replaced the key in this moment.
            if self.read_again.is_none() {
                return Err(why);
            }
            self.refresh();
            self.keys().open(context, sealed)
        });
        opened.map_err(|why| Error::corrupt("secret", why))
    }

    /// The same value under the first key; `None` where it is that already.
    ///
    /// # Errors
    /// As [`Sealer::open`].
    pub(crate) fn resealed(
        &self,
        random: &dyn Random,
        context: &str,
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>> {
        if crypto::open(&self.keys().0[0].0, context, sealed).is_ok() {
            return Ok(None);
        }
        let plain = self.open(context, sealed)?;
        Ok(Some(self.seal(random, context, &plain)))
    }

    /// The code that claims an instance which the whole network can reach. Every replica with the
    /// same master key prints the same one.
    #[must_use]
    pub fn setup_code(&self) -> String {
        let mac = crypto::hmac_sha256(self.keys().0[0].0.as_slice(), b"tengine set-up code");
        crypto::base64url(&mac[..12])
    }
}

impl Keyring {
    fn open(
        &self,
        context: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, crypto::DoesNotOpen> {
        let mut last = Err(crypto::DoesNotOpen);
        for key in &self.0 {
            last = crypto::open(&key.0, context, sealed);
            if last.is_ok() {
                break;
            }
        }
        last
    }
}

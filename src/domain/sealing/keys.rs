//! The master key, and the ring of several while it is replaced.

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use crate::{
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

impl MasterKey {
    /// Tells keys apart, and nothing of the key: 16 hexadecimal digits of an HMAC under it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mac = crypto::hmac_sha256(self.bytes().as_slice(), b"tengine master key fingerprint");
        mac[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) fn bytes(&self) -> &AeadKey {
        &self.0
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
        Self::of(self.first().clone())
    }

    /// All but the first, which older backups of the database need; `None` where there is one key.
    #[must_use]
    pub fn older(&self) -> Option<Self> {
        self.has_older().then(|| Self(self.0[1..].to_vec()))
    }

    #[must_use]
    pub fn has_older(&self) -> bool {
        self.0.len() > 1
    }

    /// What things are sealed under.
    pub(super) fn first(&self) -> &MasterKey {
        &self.0[0]
    }

    pub(super) fn has(&self, fingerprint: &str) -> bool {
        self.0.iter().any(|key| key.fingerprint() == fingerprint)
    }

    pub(super) fn open(
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

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} redacted)", self.0.len())
    }
}

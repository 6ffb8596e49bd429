//! The master key, and what is kept encrypted under it.

mod keys;
mod reseal;
#[cfg(test)]
mod tests;

use std::{
    collections::HashSet,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use zeroize::Zeroizing;

pub use keys::{Keyring, MasterKey};
pub use reseal::{NotResealed, Resealed, Unopened};

use crate::{Error, Result, clock::Random, crypto};

/// Reads the keys again, from where they came, or says in a sentence why they cannot be read.
pub type ReadAgain = Arc<dyn Fn() -> Result<Keyring, String> + Send + Sync>;

/// What was logged of the keys: each once, and not for each request.
#[derive(Default)]
struct Logged {
    /// Why they cannot be read, since they last could.
    unread: HashSet<String>,
    /// Fingerprints of keys that others seal under and this process does not.
    absent: HashSet<String>,
}

/// Seals and opens what is stored encrypted. `context` names the row that a value belongs to.
#[derive(Clone)]
pub struct Sealer {
    keys: Arc<RwLock<Keyring>>,
    read_again: Option<ReadAgain>,
    logged: Arc<Mutex<Logged>>,
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
            logged: Arc::default(),
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

    /// Takes the keys as they are now where they came from. Where they cannot be read it goes on with
    /// those that it has, and logs why.
    pub(crate) fn refresh(&self) {
        let Some(read_again) = &self.read_again else {
            return;
        };
        match read_again() {
            Ok(keys) => {
                *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
                self.logged().unread.clear();
            }
            Err(why) => {
                if self.logged().unread.insert(why.clone()) {
                    tracing::error!(
                        why,
                        "the master key cannot be read again: this process goes on with the key \
                         that it has, and opens nothing that is sealed under a newer one. Let the \
                         account that it runs as read the file."
                    );
                }
            }
        }
    }

    /// Takes note that things are sealed under the key of this fingerprint from now on.
    pub(crate) fn replaced(&self, fingerprint: &str) {
        self.refresh();
        let keys = self.keys();
        // A file says itself which key is first, and may say it of a later one by now.
        let is_behind = self.read_again.is_none() && keys.first().fingerprint() != fingerprint;
        // Older programs told no fingerprint.
        if fingerprint.is_empty() || (keys.has(fingerprint) && !is_behind) {
            return;
        }
        if !self.logged().absent.insert(fingerprint.to_owned()) {
            return;
        }
        if keys.has(fingerprint) {
            tracing::error!(
                fingerprint,
                "the master key was replaced, and this process still seals under an older one: what \
                 it seals opens nowhere once that is taken away. Put the new key first in its \
                 setting, start it again, and run `tengine keys rotate-master` once more."
            );
        } else {
            tracing::error!(
                fingerprint,
                "the master key was replaced, and this process has no key of that fingerprint: it \
                 cannot open what is sealed from now on, and others cannot open what it seals. Give \
                 it the new key: as a setting, where several machines serve one database (README, \
                 Operations: a new master key)."
            );
        }
    }

    /// The fingerprint of the key that things are sealed under.
    pub(crate) fn fingerprint(&self) -> String {
        self.keys().first().fingerprint()
    }

    fn logged(&self) -> MutexGuard<'_, Logged> {
        self.logged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[must_use]
    pub fn seal(&self, random: &dyn Random, context: &str, plain: &[u8]) -> Vec<u8> {
        crypto::seal(self.keys().first().bytes(), random, context, plain)
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
        if crypto::open(self.keys().first().bytes(), context, sealed).is_ok() {
            return Ok(None);
        }
        let plain = self.open(context, sealed)?;
        Ok(Some(self.seal(random, context, &plain)))
    }

    /// The code that claims an instance which the whole network can reach. Every replica with the
    /// same master key prints the same one.
    #[must_use]
    pub fn setup_code(&self) -> String {
        let mac = crypto::hmac_sha256(
            self.keys().first().bytes().as_slice(),
            b"tengine set-up code",
        );
        crypto::base64url(&mac[..12])
    }
}

//! Hashes, bearer secrets and authenticated encryption. One library does all of it.

use aws_lc_rs::{aead, constant_time, digest, hmac};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::clock::Random;

/// SHA-256 (FIPS 180-4), 32 bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

/// The same of what is written to it bit by bit.
pub struct Sha256(digest::Context);

impl Default for Sha256 {
    fn default() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }
}

impl Sha256 {
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        let mut out = [0; 32];
        out.copy_from_slice(self.0.finish().as_ref());
        out
    }
}

impl std::io::Write for Sha256 {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// HMAC-SHA256 (RFC 2104), 32 bytes.
#[must_use]
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message);
    out.copy_from_slice(tag.as_ref());
    out
}

/// Compares in a time that tells nothing of where two values differ.
#[must_use]
pub fn equal_in_constant_time(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// base64url without padding (RFC 4648 §5).
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What base64url without padding stands for; `None` for a text that is none.
#[must_use]
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// The code challenge of a PKCE verifier by the method `S256` (RFC 7636 §4.2).
#[must_use]
pub fn pkce_s256(verifier: &str) -> String {
    base64url(&sha256(verifier.as_bytes()))
}

/// A random bearer secret: `{prefix}{43 characters of 256 bits}{6 characters of checksum}`, all of
/// `[A-Za-z0-9_-]`, so that it needs no encoding in a form or a Basic header and a secret scanner
/// can tell a leaked one from noise.
pub struct BearerSecret(Zeroizing<String>);

impl BearerSecret {
    #[must_use]
    pub fn generate(random: &dyn Random, prefix: &str) -> Self {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        random.fill(bytes.as_mut());
        let body = format!("{prefix}{}", base64url(bytes.as_ref()));
        let checksum = checksum(&body);
        Self(Zeroizing::new(format!("{body}{checksum}")))
    }

    /// A secret that was kept encrypted; `None` where the bytes are no text.
    #[must_use]
    pub fn restored(plain: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(plain).ok()?;
        Some(Self(Zeroizing::new(text.to_owned())))
    }

    /// The secret itself, to be shown or sent once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored in its place.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        hash_secret(&self.0)
    }

    /// The beginning by which people tell secrets apart: the prefix and six random characters.
    #[must_use]
    pub fn shown_prefix(&self, prefix: &str) -> String {
        self.0.chars().take(prefix.len() + 6).collect()
    }
}

impl std::fmt::Debug for BearerSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BearerSecret(redacted)")
    }
}

/// What is stored of a bearer secret with 256 random bits: its SHA-256. A slow hash would protect
/// nothing more and would only slow the token endpoint.
#[must_use]
pub fn hash_secret(secret: &str) -> Vec<u8> {
    sha256(secret.as_bytes()).to_vec()
}

fn checksum(body: &str) -> String {
    base64url(&sha256(body.as_bytes()))
        .chars()
        .take(6)
        .collect()
}

/// Whether a string has the form and the checksum of a [`BearerSecret`] with this prefix.
#[must_use]
pub fn is_well_formed(secret: &str, prefix: &str) -> bool {
    secret.is_ascii()
        && secret.starts_with(prefix)
        && secret.len() == prefix.len() + 43 + 6
        && checksum(&secret[..prefix.len() + 43]) == secret[prefix.len() + 43..]
}

/// A 256-bit key for AES-256-GCM.
pub type AeadKey = Zeroizing<[u8; 32]>;

/// What could not be decrypted: a wrong key, or bytes that were changed.
#[derive(Debug, thiserror::Error)]
#[error("the encrypted value does not open with this master key")]
pub struct DoesNotOpen;

/// AES-256-GCM (NIST SP 800-38D): 12 bytes of nonce, then ciphertext and tag. `context` is
/// authenticated and binds the value to its row, so that it cannot be moved to another one.
#[must_use]
pub fn seal(key: &AeadKey, random: &dyn Random, context: &str, plain: &[u8]) -> Vec<u8> {
    let mut nonce = [0_u8; aead::NONCE_LEN];
    random.fill(&mut nonce);
    let sealing = less_safe(key);
    let mut body = plain.to_vec();
    sealing
        .seal_in_place_append_tag(
            aead::Nonce::assume_unique_for_key(nonce),
            aead::Aad::from(context.as_bytes()),
            &mut body,
        )
        .expect("a value of this size can be sealed");
    [nonce.as_slice(), &body].concat()
}

/// The opposite of [`seal`].
///
/// # Errors
/// [`DoesNotOpen`] where key, context or bytes are not those of the sealing.
pub fn open(
    key: &AeadKey,
    context: &str,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
    let (nonce, body) = sealed
        .split_at_checked(aead::NONCE_LEN)
        .ok_or(DoesNotOpen)?;
    let nonce = aead::Nonce::try_assume_unique_for_key(nonce).map_err(|_| DoesNotOpen)?;
    let mut body = Zeroizing::new(body.to_vec());
    let length = less_safe(key)
        .open_in_place(nonce, aead::Aad::from(context.as_bytes()), &mut body)
        .map_err(|_| DoesNotOpen)?
        .len();
    body.truncate(length);
    Ok(body)
}

fn less_safe(key: &AeadKey) -> aead::LessSafeKey {
    let unbound = aead::UnboundKey::new(&aead::AES_256_GCM, key.as_slice())
        .expect("a key of 32 bytes fits AES-256-GCM");
    aead::LessSafeKey::new(unbound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemRandom;

    #[test]
    fn a_bearer_secret_carries_its_prefix_and_a_checksum_that_a_typo_breaks() {
        let secret = BearerSecret::generate(&SystemRandom, "tng_cs_");
        assert!(is_well_formed(secret.reveal(), "tng_cs_"));
        assert!(!is_well_formed(secret.reveal(), "tng_rt_"));
        let typo = format!("{}~", &secret.reveal()[..secret.reveal().len() - 1]);
        assert!(!is_well_formed(&typo, "tng_cs_"));
        assert!(!format!("{secret:?}").contains(secret.reveal()));
    }

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        assert_eq!(
            pkce_s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn a_sealed_value_opens_only_with_its_key_and_in_its_place() {
        let key = AeadKey::new([7; 32]);
        let sealed = seal(&key, &SystemRandom, "tool_1", b"token");
        assert_eq!(open(&key, "tool_1", &sealed).unwrap().as_slice(), b"token");
        assert!(open(&key, "tool_2", &sealed).is_err());
        assert!(open(&AeadKey::new([8; 32]), "tool_1", &sealed).is_err());
        assert!(open(&key, "tool_1", &sealed[..5]).is_err());
    }
}

//! Recovery codes: ten, each for once, for whoever has lost the rest.

use std::fmt;

use zeroize::Zeroizing;

use super::totp::{base32, in_fours};
use crate::{Core, crypto::sha256, ids::UserId};

/// Codes of an account.
pub const CODES: usize = 10;
/// 80 random bits: 16 characters of base32.
const BYTES: usize = 10;
const CHARACTERS: usize = 16;

/// New codes, to be shown once.
pub struct RecoveryCodes(Vec<Zeroizing<String>>);

impl RecoveryCodes {
    pub(super) fn generate(core: &Core) -> Self {
        let code = |_| {
            let mut bytes = Zeroizing::new([0_u8; BYTES]);
            core.random.fill(bytes.as_mut());
            Zeroizing::new(base32(bytes.as_ref()))
        };
        Self((0..CODES).map(code).collect())
    }

    /// As they are to be shown, in groups of four.
    pub fn reveal(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|code| in_fours(code))
    }

    pub(super) fn hashes(&self, user: &UserId) -> Vec<Vec<u8>> {
        self.0.iter().map(|code| hash(user, code)).collect()
    }
}

impl fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCodes(redacted)")
    }
}

/// What is stored of a code. With its person, so that nobody who has the table can try one guess on
/// all of it at once.
pub(super) fn hash(user: &UserId, code: &str) -> Vec<u8> {
    sha256(format!("recovery code {user} {code}").as_bytes()).to_vec()
}

/// What a person typed, if it has the form of a code: groups, small letters and the digits that look
/// like letters do not matter.
pub(super) fn read(text: &str) -> Option<String> {
    let code: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .take(CHARACTERS + 1)
        .map(|c| match c.to_ascii_uppercase() {
            '0' => 'O',
            '1' => 'I',
            '8' => 'B',
            other => other,
        })
        .collect();
    let is_base32 = code.chars().all(|c| matches!(c, 'A'..='Z' | '2'..='7'));
    (is_base32 && code.len() == CHARACTERS).then_some(code)
}

/// What is stored of what a person typed; of no code at all where it has not the form of one.
pub(crate) fn hash_of_typed(user: &UserId, text: &str) -> Vec<u8> {
    hash(user, &read(text).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = "ABCDEFGHIJKO2B67";
        for text in [
            code,
            " abcd efgh ijko 2b67\n",
            "abcd-efgh-1jk0-2867",
            "ABCD EFGH IJKO 2B67",
        ] {
            assert_eq!(read(text).as_deref(), Some(code), "{text}");
        }
        for wrong in [
            "",
            "123456",
            "ABCD",
            "ABCDEFGHIJKO2B677",
            "ABCDEFGHIJKO2B6é",
            "9999999999999999",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_same_code_of_two_people_is_stored_as_two_things() {
        let hash = |user: &str| hash(&user.into(), "ABCDEFGHIJKO2B67");
        assert_ne!(hash("usr_a"), hash("usr_b"));
    }
}

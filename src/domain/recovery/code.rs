//! Recovery codes, as far as recovery needs them; `second_factors` makes them.

use crate::{crypto::sha256, ids::UserId};

/// What is stored of a recovery code: of 80 random bits, bound to its account. However somebody
/// types it, in small letters, with spaces or dashes or without, it is the same one.
#[must_use]
pub fn recovery_code_hash(user_id: &UserId, code: &str) -> [u8; 32] {
    let normalised: String = code
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    sha256(format!("recovery-code:{user_id}:{normalised}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_it_is_typed_it_is_one_code_of_one_account() {
        let ada = UserId::from("usr_ada");
        let hash = recovery_code_hash(&ada, "ABCD-EFGH-IJKL-MNOP");
        assert_eq!(hash, sha256(b"recovery-code:usr_ada:ABCDEFGHIJKLMNOP"));
        for typed in [
            "abcdefghijklmnop",
            " ABCD efgh\tIJKL mnop\n",
            "abcd-EFGH-ijkl-MNOP",
        ] {
            assert_eq!(recovery_code_hash(&ada, typed), hash, "{typed}");
        }
        assert_ne!(recovery_code_hash(&ada, "ABCD-EFGH-IJKL-MNOQ"), hash);
        assert_ne!(
            recovery_code_hash(&"usr_bob".into(), "ABCD-EFGH-IJKL-MNOP"),
            hash
        );
    }
}

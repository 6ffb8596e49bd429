//! Passwords that somebody would try among the first.

use zxcvbn::{Score, zxcvbn};

use crate::{Error, Result};

/// Passwords that take a guesser a million tries or less are refused: at the pace that sign-in allows,
/// more take weeks.
const WEAKEST: Score = Score::Two;
/// Characters that are looked at: more of them cannot make a password easier to guess. A stranger can
/// make up 32 that take 45 ms to judge, and a hundred that take half a second.
const LOOKED_AT: usize = 32;
/// Parts of an address that are too short to be a word of its person's.
const SHORTEST_PART: usize = 3;

/// Refuses a password that is among the commonest, or is made of them, of the person's own address or
/// of the program's name. Keeps a processor busy for as long as hashing it does.
pub(super) fn check(password: &str, email: &str) -> Result<()> {
    let mut inputs = vec!["tengine", "tengineai", email];
    inputs.extend(email.split('@'));
    inputs.extend(email.rsplit_once('.').map(|(most, _)| most));
    let parts = email.split(|c: char| !c.is_alphanumeric());
    inputs.extend(parts.filter(|part| part.len() >= SHORTEST_PART));
    let beginning: String = password.chars().take(LOOKED_AT).collect();
    let estimate = zxcvbn(&beginning, &inputs);
    if estimate.score() >= WEAKEST {
        return Ok(());
    }
    let warning = estimate
        .feedback()
        .and_then(zxcvbn::feedback::Feedback::warning);
    let warning = warning.map_or_else(
        || "This password is easy to guess.".to_owned(),
        |warning| warning.to_string(),
    );
    Err(Error::invalid(
        "password",
        format!("{warning} Use three or four words that have nothing to do with each other."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMAIL: &str = "ada.lovelace@example.com";

    #[test]
    fn the_commonest_passwords_and_what_is_made_of_them_are_refused() {
        for password in [
            "password123",
            "Password123!",
            "1234567890",
            "qwertyuiop",
            "iloveyou12",
            "aaaaaaaaaaaaaaaaaaaa",
            "abcabcabcabc",
            "tengine2026",
            "adalovelace",
            "lovelace1815",
            EMAIL,
        ] {
            let Err(Error::Invalid(fields)) = check(password, EMAIL) else {
                panic!("{password} passed");
            };
            assert_eq!(fields[0].field, "password");
            assert!(!fields[0].message.contains(password), "{password}");
        }
    }

    #[test]
    fn a_few_words_or_anything_random_pass() {
        for password in [
            crate::contract::PASSWORD,
            "correct horse battery staple",
            "xK9#mQ2$vL",
            "mop teapot gravel",
            "пять белых ворон",
            "\u{1f600}\u{1f680}\u{1f984}\u{1f40d}\u{1f3b2}\u{1f9ea}\u{1f344}\u{1f30b}\u{1f9ed}\u{1f6f6}",
        ] {
            assert!(check(password, EMAIL).is_ok(), "{password}");
        }
    }
}

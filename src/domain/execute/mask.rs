//! Takes the tool's secret out of what the endpoint answered, in whatever form it was sent.

use std::borrow::Cow;

use memchr::memmem;
use zeroize::Zeroizing;

pub(super) use crate::calls::redaction::REDACTED;
/// Shorter secrets are not masked: every answer would be full of holes, and nobody is protected.
const SHORTEST: usize = 4;

/// The secrets to look for, in each form in which they were sent.
#[derive(Default)]
pub(super) struct Mask(Vec<Zeroizing<Vec<u8>>>);

impl Mask {
    /// Hides one more.
    pub(super) fn hide(&mut self, secret: Vec<u8>) {
        let secret = Zeroizing::new(secret);
        if secret.len() >= SHORTEST && !self.0.contains(&secret) {
            self.0.push(secret);
            // What holds another goes first, so that nothing of it is left.
            self.0.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        }
    }

    /// `bytes` without the secrets. Where the answer was cut off, its end goes as well, as it might
    /// be the beginning of one.
    pub(super) fn bytes<'a>(&self, bytes: &'a [u8], is_whole: bool) -> Cow<'a, [u8]> {
        let longest = self.0.first().map_or(0, |secret| secret.len());
        let keep = if is_whole {
            bytes.len()
        } else {
            bytes.len().saturating_sub(longest)
        };
        let mut shown = Cow::Borrowed(&bytes[..keep]);
        for secret in &self.0 {
            if let Some(less) = without(&shown, secret) {
                shown = Cow::Owned(less);
            }
        }
        shown
    }

    /// Each form.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|secret| secret.as_slice())
    }

    /// Whether one of them is in a text.
    pub(super) fn finds(&self, text: &str) -> bool {
        (self.0.iter()).any(|secret| memmem::find(text.as_bytes(), secret).is_some())
    }

    /// The same as [`Mask::bytes`] for text.
    pub(super) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.bytes(text.as_bytes(), true) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }
}

/// `bytes` with a word in place of each `secret`.
fn without(bytes: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    let mut found = memmem::find_iter(bytes, secret).peekable();
    found.peek()?;
    let (mut out, mut from) = (Vec::with_capacity(bytes.len()), 0);
    for at in found {
        out.extend_from_slice(&bytes[from..at]);
        out.extend_from_slice(REDACTED.as_bytes());
        from = at + secret.len();
    }
    out.extend_from_slice(&bytes[from..]);
    Some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mask() -> Mask {
        let mut mask = Mask::default();
        mask.hide(b"s3cr\"et".to_vec());
        mask
    }

    #[test]
    fn each_form_of_a_secret_goes_and_short_ones_stay() {
        let mut mask = mask();
        mask.hide(b"abc".to_vec());
        mask.hide(b"dXNlcjpzM2NyImV0".to_vec());
        mask.hide(b"s3cr\"et and more".to_vec());
        assert_eq!(
            mask.text("abc s3cr\"et and more, dXNlcjpzM2NyImV0, s3cr\"et"),
            "abc [redacted], [redacted], [redacted]"
        );
        assert!(mask.finds("x s3cr\"et") && !mask.finds("abc"));
    }

    #[test]
    fn every_occurrence_goes_and_the_rest_stays() {
        let shown = mask()
            .bytes(b"a s3cr\"et, b s3cr\"et s3cr", true)
            .into_owned();
        assert_eq!(shown, b"a [redacted], b [redacted] s3cr");
    }

    #[test]
    fn an_answer_that_was_cut_off_does_not_end_with_half_a_secret() {
        assert_eq!(
            mask().bytes(b"0123456789 s3cr\"e", false).as_ref(),
            b"0123456789"
        );
    }

    /// The same, one place after another.
    fn slowly(mut text: &[u8], secret: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        while let Some(first) = text.first() {
            if let Some(rest) = text.strip_prefix(secret) {
                out.extend_from_slice(REDACTED.as_bytes());
                text = rest;
            } else {
                out.push(*first);
                text = &text[1..];
            }
        }
        out
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_is_there(
            text in prop::collection::vec(0_u8..2, 0..300),
            secret in prop::collection::vec(0_u8..2, SHORTEST..12),
        ) {
            let mut mask = Mask::default();
            mask.hide(secret.clone());
            let expected = slowly(&text, &secret);
            let shown = mask.bytes(&text, true).into_owned();
            prop_assert_eq!(&shown, &expected);
            let text = std::str::from_utf8(&text).unwrap();
            prop_assert_eq!(mask.finds(text), expected != text.as_bytes());
        }
    }

    /// One comparison for each byte of the secret at each of the answer would be 64 billion.
    #[test]
    fn hostile_secrets_and_answers_cost_no_more_than_their_length() {
        let mut secret = vec![b'a'; 4_096];
        secret.push(b'b');
        let answer = vec![b'a'; 16 * 1_024 * 1_024];
        for at in [0, 2_048, 4_096] {
            let mut secret = secret.clone();
            secret.swap(at, 4_096);
            let mut mask = Mask::default();
            mask.hide(secret);
            assert_eq!(mask.bytes(&answer, true).as_ref(), answer.as_slice());
        }
    }
}

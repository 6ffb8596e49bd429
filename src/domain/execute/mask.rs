//! Takes the tool's secret out of what the endpoint answered, in whatever form it was sent.

use std::borrow::Cow;

use zeroize::Zeroizing;

const REDACTED: &str = "[redacted]";
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
            if let Some(first) = find(&shown, secret) {
                shown = Cow::Owned(without(&shown, secret, first));
            }
        }
        shown
    }

    /// Whether one of them is in a text.
    pub(super) fn finds(&self, text: &str) -> bool {
        (self.0.iter()).any(|secret| find(text.as_bytes(), secret).is_some())
    }

    /// The same as [`Mask::bytes`] for text.
    pub(super) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.bytes(text.as_bytes(), true) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }
}

/// `bytes` with a word in place of each `secret`, of which the first is at `at`.
fn without(bytes: &[u8], secret: &[u8], mut at: usize) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::with_capacity(bytes.len()), bytes);
    loop {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(REDACTED.as_bytes());
        rest = &rest[at + secret.len()..];
        match find(rest, secret) {
            Some(next) => at = next,
            None => break,
        }
    }
    out.extend_from_slice(rest);
    out
}

fn find(text: &[u8], secret: &[u8]) -> Option<usize> {
    let first = secret.first()?;
    let mut from = 0;
    while let Some(at) = text[from..].iter().position(|byte| byte == first) {
        if text[from + at..].starts_with(secret) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
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
}

//! Takes the tool's secret out of what the endpoint answered.

use std::borrow::Cow;

use zeroize::Zeroizing;

const REDACTED: &str = "[redacted]";
/// Shorter secrets are not masked: every answer would be full of holes, and nobody is protected.
const SHORTEST: usize = 4;

/// The secret to look for, if the tool has one.
pub(super) struct Mask(Option<Zeroizing<Vec<u8>>>);

impl Mask {
    pub(super) fn of(secret: Option<Zeroizing<Vec<u8>>>) -> Self {
        Self(secret.filter(|secret| secret.len() >= SHORTEST))
    }

    /// `bytes` without the secret. Where the answer was cut off, its end goes as well, as it might
    /// be the secret's beginning.
    pub(super) fn bytes<'a>(&self, bytes: &'a [u8], is_whole: bool) -> Cow<'a, [u8]> {
        let Some(secret) = &self.0 else {
            return Cow::Borrowed(bytes);
        };
        let keep = if is_whole {
            bytes.len()
        } else {
            bytes.len().saturating_sub(secret.len())
        };
        let bytes = &bytes[..keep];
        let Some(mut at) = find(bytes, secret) else {
            return Cow::Borrowed(bytes);
        };
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
        Cow::Owned(out)
    }

    /// Whether the secret is in a text.
    pub(super) fn finds(&self, text: &str) -> bool {
        (self.0.as_ref()).is_some_and(|secret| find(text.as_bytes(), secret).is_some())
    }

    /// The same as [`Mask::bytes`] for text.
    pub(super) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let secret = self.0.as_deref().map(Vec::as_slice);
        match secret.and_then(|bytes| std::str::from_utf8(bytes).ok()) {
            Some(secret) if text.contains(secret) => Cow::Owned(text.replace(secret, REDACTED)),
            _ => Cow::Borrowed(text),
        }
    }
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
        Mask::of(Some(Zeroizing::new(b"s3cr\"et".to_vec())))
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

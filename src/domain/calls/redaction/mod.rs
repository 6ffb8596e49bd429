//! Takes secrets out of what is kept of a call. What is a secret is known in three ways: by its value
//! (what the tool proves itself with, and what was given where a secret belongs), by the name that
//! stands before it, and by the header that it is in. Each finds places in a text as it came; they are
//! taken out at once, so that none hides something from another.

mod headers;
mod names;
mod schema;
mod secrets;
mod text;

#[cfg(test)]
mod tests;

use http::HeaderMap;

use self::text::Places;
pub(crate) use self::{
    headers::is_secret as is_secret_header,
    schema::SecretNames,
    secrets::{ENOUGH, Secrets},
};
use super::{Body, Part};

/// What stands in a secret's place.
pub const REDACTED: &str = "[redacted]";

/// Bytes that are kept of arguments and of a body.
pub(crate) const MOST_OF_PART: usize = 8 * 1_024;
/// Of a URL.
const MOST_OF_URL: usize = 4 * 1_024;
/// Of a header's value, and of all of them.
const MOST_OF_HEADER: usize = 1_024;
const MOST_OF_HEADERS: usize = 8 * 1_024;

/// What is secret in one call.
pub(crate) struct Redaction<'a> {
    pub(crate) secrets: &'a Secrets,
    /// Besides those that are secret everywhere.
    pub(crate) names: &'a SecretNames,
}

impl Redaction<'_> {
    /// The beginning of a text, of which these are the first [`ENOUGH`] bytes, or all. `bytes` is how
    /// many the whole has.
    pub(crate) fn text(&self, text: &str, bytes: usize) -> Part {
        self.part(text, text.len(), bytes)
    }

    /// The beginning of a body, of which these are the first [`Secrets::enough`] bytes, or all. `bytes` is
    /// how many were read; `is_whole`: whether they are all that there were.
    pub(crate) fn body(&self, body: &[u8], bytes: usize, is_whole: bool) -> Body {
        let is_cut = body.len() < bytes || !is_whole;
        let text = match std::str::from_utf8(body) {
            Ok(text) => Some(text),
            // Cut within a character.
            Err(why) if is_cut && why.error_len().is_none() => {
                std::str::from_utf8(&body[..why.valid_up_to()]).ok()
            }
            Err(_) => None,
        };
        // Where characters have two bytes each, half of them are empty, and nothing would be found.
        let Some(text) = text.filter(|text| !text.contains('\0')) else {
            return Body::Binary(i64::try_from(bytes).unwrap_or(i64::MAX));
        };
        // A secret that begins here may end where nobody read on.
        let known = if body.len() == bytes && !is_whole {
            text.len().saturating_sub(self.secrets.longest())
        } else {
            text.len()
        };
        let mut part = self.part(text, known, bytes);
        part.is_cut |= !is_whole;
        Body::Text(part)
    }

    fn part(&self, text: &str, known: usize, bytes: usize) -> Part {
        let most = floor(text, known.min(MOST_OF_PART));
        Part {
            text: self.clean(text, most, false),
            is_cut: most < bytes,
            bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        }
    }

    /// A URL whose origin, so many bytes of it, holds no argument.
    pub(crate) fn url(&self, url: &str, origin: usize) -> String {
        let (origin, rest) = url.split_at_checked(origin).unwrap_or(("", url));
        let most = floor(rest, MOST_OF_URL);
        let shown = self.clean(rest, most, true);
        let mark = if most < rest.len() { "…" } else { "" };
        [origin, &shown, mark].concat()
    }

    /// Names and values, in their order.
    pub(crate) fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let mut room = MOST_OF_HEADERS;
        let mut shown = Vec::with_capacity(headers.len());
        for (name, value) in headers {
            let is_secret = value.is_sensitive()
                || is_secret_header(name.as_str())
                || self.names.has(name.as_str());
            let value = if is_secret {
                REDACTED.to_owned()
            } else {
                self.header(&String::from_utf8_lossy(value.as_bytes()))
            };
            // A name is the endpoint's to choose as well.
            let name = self.clean(name.as_str(), name.as_str().len(), false);
            let bytes = name.len() + value.len();
            if bytes > room {
                shown.push(("…".to_owned(), "More headers were left out.".to_owned()));
                break;
            }
            room -= bytes;
            shown.push((name, value));
        }
        shown
    }

    fn header(&self, value: &str) -> String {
        let most = floor(value, MOST_OF_HEADER);
        let shown = self.clean(value, most, false);
        if most < value.len() {
            return shown + "…";
        }
        shown
    }

    /// What of a text is before `most`, without secrets.
    fn clean(&self, text: &str, most: usize, is_url: bool) -> String {
        if self.secrets.are_too_many() {
            return REDACTED.to_owned();
        }
        let mut places = Places::default();
        text::find_named(text, self.names, &mut places);
        self.secrets.find(text, is_url, &mut places);
        places.without(text, most)
    }
}

/// The last place at or before `at` that is not within a character.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

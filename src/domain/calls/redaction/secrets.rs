//! Finds values in a text, in each form in which they may come back: as they are, in base64 wherever it
//! begins, in hex, and behind the escapes of URLs and JSON, one within the other.

use std::sync::OnceLock;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use memchr::memmem::Finder;
use zeroize::Zeroizing;

use super::{MOST_OF_PART, text::Places};

/// Shorter ones are looked for in a request's URL only: every answer would be full of holes, and nobody
/// is protected.
const SHORTEST: usize = 4;
/// Bytes of one.
const LONGEST: usize = 8_192;
/// As many are looked for.
const MOST: usize = 64;
/// Bytes that a byte takes at most where it is escaped: `\u00e9`.
const ESCAPED: usize = 6;

/// Bytes of a text that are to be looked at, for as many of it as are kept, whatever the secrets are.
pub(crate) const ENOUGH: usize = MOST_OF_PART + LONGEST * ESCAPED;

/// The secrets of one call, for as long as it runs.
#[derive(Default)]
pub(crate) struct Secrets {
    values: Vec<Zeroizing<Vec<u8>>>,
    /// There are more than are looked for, or longer ones.
    too_many: bool,
    finders: OnceLock<Finders>,
}

struct Finders {
    all: Vec<Finder<'static>>,
    short: Vec<Finder<'static>>,
}

impl Secrets {
    /// Hides one more.
    pub(crate) fn hide(&mut self, secret: &[u8]) {
        if secret.is_empty() || self.values.iter().any(|known| known.as_slice() == secret) {
            return;
        }
        if secret.len() > LONGEST || self.values.len() == MOST {
            self.too_many = true;
            return;
        }
        self.values.push(Zeroizing::new(secret.to_vec()));
        self.finders = OnceLock::new();
    }

    /// Whether some of them are not looked for; then nothing can be shown.
    pub(super) const fn are_too_many(&self) -> bool {
        self.too_many
    }

    /// Bytes that any of them takes at most, however it is escaped.
    pub(super) fn longest(&self) -> usize {
        let lengths = self.values.iter().map(|secret| secret.len());
        lengths.max().unwrap_or_default() * ESCAPED
    }

    /// Bytes of a text that are to be looked at, for as many of it as are kept.
    pub(crate) fn enough(&self) -> usize {
        MOST_OF_PART + self.longest()
    }

    /// Finds the places that they are at.
    pub(super) fn find(&self, text: &str, is_url: bool, places: &mut Places) {
        if self.values.is_empty() {
            return;
        }
        let finders = self.finders.get_or_init(|| Finders::of(&self.values));
        let mut look = |view: &View<'_>| {
            let short = finders.short.iter().filter(|_| is_url);
            for finder in finders.all.iter().chain(short) {
                let length = finder.needle().len();
                for at in finder.find_iter(view.bytes()) {
                    places.add(view.source(at), view.source(at + length));
                }
            }
        };
        let whole = View::Whole(text.as_bytes());
        look(&whole);
        let has = |byte| memchr::memchr(byte, text.as_bytes()).is_some();
        let mut ways: Vec<&[Escape]> = Vec::new();
        if has(b'%') {
            ways.extend([&[Escape::Url][..], &[Escape::Url, Escape::Url]]);
        }
        if has(b'+') {
            ways.push(&[Escape::Form]);
        }
        if has(b'\\') {
            ways.extend([
                &[Escape::Json][..],
                &[Escape::Json, Escape::Json],
                &[Escape::Json, Escape::Url],
                &[Escape::Json, Escape::Form],
            ]);
        }
        for way in ways {
            let mut view = whole.without(way[0]);
            for escape in &way[1..] {
                view = view.without(*escape);
            }
            look(&view);
        }
    }
}

impl Finders {
    fn of(secrets: &[Zeroizing<Vec<u8>>]) -> Self {
        let (mut all, mut short) = (Vec::new(), Vec::new());
        let finder = |bytes: &[u8]| Finder::new(bytes).into_owned();
        for secret in secrets {
            if secret.len() < SHORTEST {
                short.push(finder(secret));
                continue;
            }
            all.push(finder(secret));
            let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
            all.push(finder(hex.as_bytes()));
            all.push(finder(hex.to_ascii_uppercase().as_bytes()));
            for before in 0..3 {
                let (standard, url_safe) = in_base64(secret, before);
                all.push(finder(standard.as_bytes()));
                if url_safe != standard {
                    all.push(finder(url_safe.as_bytes()));
                }
            }
        }
        Self { all, short }
    }
}

/// The characters that stand for a secret and nothing else, in the base64 of a text that has so many
/// bytes before it (modulo 3), in both alphabets (RFC 4648 §4, §5).
fn in_base64(secret: &[u8], before: usize) -> (String, String) {
    let padded = Zeroizing::new([&[0; 3][..before], secret].concat());
    let first = (before * 8).div_ceil(6);
    let end = padded.len() * 8 / 6;
    let of = |encoded: String| encoded[first..end].to_owned();
    (
        of(STANDARD_NO_PAD.encode(&padded)),
        of(URL_SAFE_NO_PAD.encode(&padded)),
    )
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escape {
    /// `%41` (RFC 3986 §2.1).
    Url,
    /// The same, and `+` for a space.
    Form,
    /// `\u0041`, `\n`, `\"` (RFC 8259 §7).
    Json,
}

/// A text as it is, or what its escapes stand for.
enum View<'a> {
    Whole(&'a [u8]),
    Decoded {
        bytes: Vec<u8>,
        /// Where each byte begins in the text as it is, and where that ends.
        from: Vec<usize>,
    },
}

impl View<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) => bytes,
            Self::Decoded { bytes, .. } => bytes,
        }
    }

    fn source(&self, at: usize) -> usize {
        match self {
            Self::Whole(_) => at,
            Self::Decoded { from, .. } => from[at],
        }
    }

    fn without(&self, escape: Escape) -> View<'static> {
        let text = self.bytes();
        let mut bytes = Vec::with_capacity(text.len());
        let mut from = Vec::with_capacity(text.len() + 1);
        let mut at = 0;
        while at < text.len() {
            let (length, decoded) = escape.read(&text[at..]);
            for byte in decoded.bytes() {
                bytes.push(*byte);
                from.push(self.source(at));
            }
            at += length;
        }
        from.push(self.source(text.len()));
        View::Decoded { bytes, from }
    }
}

/// Up to four bytes: a character.
struct Few([u8; 4], usize);

impl Few {
    const fn one(byte: u8) -> Self {
        Self([byte, 0, 0, 0], 1)
    }

    fn bytes(&self) -> &[u8] {
        &self.0[..self.1]
    }
}

impl Escape {
    /// How many bytes of the text stand for the next ones.
    fn read(self, text: &[u8]) -> (usize, Few) {
        match (self, text) {
            (Self::Url | Self::Form, [b'%', high, low, ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => (3, Few::one(high << 4 | low)),
                _ => (1, Few::one(b'%')),
            },
            (Self::Form, [b'+', ..]) => (1, Few::one(b' ')),
            (Self::Json, [b'\\', b'u', rest @ ..]) => match character(rest) {
                Some((digits, c)) => {
                    let mut few = Few([0; 4], c.len_utf8());
                    c.encode_utf8(&mut few.0);
                    (2 + digits, few)
                }
                None => (1, Few::one(b'\\')),
            },
            (Self::Json, [b'\\', kind, ..]) => {
                let byte = match kind {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    b'b' => 0x08,
                    b'f' => 0x0c,
                    b'"' | b'\\' | b'/' | b'\'' => *kind,
                    _ => return (1, Few::one(b'\\')),
                };
                (2, Few::one(byte))
            }
            (_, text) => (1, Few::one(text[0])),
        }
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// What four hex digits stand for, or eight with `\u` between them (RFC 8259 §7), and how many bytes
/// they take.
fn character(text: &[u8]) -> Option<(usize, char)> {
    let four = |text: &[u8]| -> Option<u32> {
        let text = text.get(..4)?;
        text.iter()
            .try_fold(0, |code, byte| Some(code << 4 | u32::from(digit(*byte)?)))
    };
    let first = four(text)?;
    if let Some(c) = char::from_u32(first) {
        return Some((4, c));
    }
    let rest = text.get(4..)?.strip_prefix(b"\\u")?;
    let pair = [u16::try_from(first).ok()?, u16::try_from(four(rest)?).ok()?];
    let c = char::decode_utf16(pair).next()?.ok()?;
    Some((10, c))
}

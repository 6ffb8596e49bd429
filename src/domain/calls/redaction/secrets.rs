//! Finds values in a text, in each form in which they may come back: as they are, in base64 wherever it
//! begins, in hex, and behind the escapes of URLs and JSON, one within the other.

use std::sync::OnceLock;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use memchr::memmem::Finder;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
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
        for way in WAYS {
            if let Some(view) = whole.behind(way) {
                look(&view);
            }
        }
    }
}

/// How texts come to stand in texts; a secret is looked for behind each.
const WAYS: [&[Escape]; 13] = [
    &[Escape::Url],
    &[Escape::Url, Escape::Url],
    &[Escape::Form],
    &[Escape::Json],
    &[Escape::Backslashes],
    &[Escape::Url, Escape::Json],
    &[Escape::Url, Escape::Backslashes],
    &[Escape::Form, Escape::Json],
    &[Escape::Form, Escape::Backslashes],
    &[Escape::Json, Escape::Url],
    &[Escape::Json, Escape::Form],
    &[Escape::Backslashes, Escape::Url],
    &[Escape::Backslashes, Escape::Form],
];

impl Finders {
    fn of(secrets: &[Zeroizing<Vec<u8>>]) -> Self {
        let (mut all, mut short) = (Vec::new(), Vec::new());
        let finder = |bytes: &[u8]| Finder::new(bytes).into_owned();
        for secret in secrets {
            if secret.len() < SHORTEST {
                short.push(finder(secret));
                continue;
            }
            let mut add = |form: &[u8]| {
                if !all.iter().any(|known: &Finder<'_>| known.needle() == form) {
                    all.push(finder(form));
                }
            };
            add(secret);
            let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
            add(hex.as_bytes());
            add(hex.to_ascii_uppercase().as_bytes());
            for form in escaped(secret) {
                // Behind backslashes, as many as there are.
                add(form.replace('\\', "").as_bytes());
                in_base64(form.as_bytes())
                    .iter()
                    .for_each(|one| add(one.as_bytes()));
            }
            in_base64(secret).iter().for_each(|one| add(one.as_bytes()));
        }
        // Too short to be anything.
        all.retain(|finder| finder.needle().len() >= SHORTEST);
        Self { all, short }
    }
}

/// A secret as JSON has it, also in ASCII alone, and as URLs do.
fn escaped(secret: &[u8]) -> Vec<Zeroizing<String>> {
    let Ok(text) = std::str::from_utf8(secret) else {
        return Vec::new();
    };
    let json = serde_json::to_string(text).expect("a text is JSON");
    let json = &json[1..json.len() - 1];
    let mut ascii = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            ascii.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                ascii.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    let url = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    [json.to_owned(), ascii, url].map(Zeroizing::new).into()
}

/// The characters that stand for a secret and nothing else in base64, wherever in its groups of three
/// bytes it begins, in both alphabets (RFC 4648 §4, §5).
fn in_base64(secret: &[u8]) -> Vec<Zeroizing<String>> {
    let mut forms = Vec::with_capacity(6);
    for before in 0..3 {
        let padded = Zeroizing::new([&[0; 3][..before], secret].concat());
        let (first, end) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
        for encoded in [
            STANDARD_NO_PAD.encode(&padded),
            URL_SAFE_NO_PAD.encode(&padded),
        ] {
            forms.push(Zeroizing::new(encoded[first..end].to_owned()));
        }
    }
    forms
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escape {
    /// `%41` (RFC 3986 §2.1).
    Url,
    /// The same, and `+` for a space.
    Form,
    /// `\u0041`, `\n`, `\"` (RFC 8259 §7).
    Json,
    /// The marks of such, without what they mean: in JSON within JSON there are twice as many each time.
    Backslashes,
}

/// Whether there is one of them.
impl Escape {
    fn is_in(self, text: &[u8]) -> bool {
        let mark = match self {
            Self::Url => b'%',
            // Without, it is the same as that.
            Self::Form => b'+',
            Self::Json | Self::Backslashes => b'\\',
        };
        memchr::memchr(mark, text).is_some()
    }
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

    /// `None` where there is no such way in.
    fn behind(&self, way: &[Escape]) -> Option<View<'static>> {
        let (first, rest) = way.split_first()?;
        let mut view = first.is_in(self.bytes()).then(|| self.without(*first))?;
        for escape in rest {
            view = escape.is_in(view.bytes()).then(|| view.without(*escape))?;
        }
        Some(view)
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
            (Self::Backslashes, [b'\\', ..]) => (1, Few([0; 4], 0)),
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

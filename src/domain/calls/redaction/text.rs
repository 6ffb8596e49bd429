//! Finds what stands behind a name that says secret: members of JSON, also in a text that is cut off or
//! no JSON as a whole; parameters of URLs and forms; the user part of URLs. It takes too much rather than
//! too little.

use memchr::{memchr, memchr_iter, memmem};

use super::{
    REDACTED, SecretNames,
    names::{self, Says, plain, unescaped},
};

/// What is to be taken out of a text.
#[derive(Debug, Default)]
pub(super) struct Places(Vec<Place>);

#[derive(Debug, Clone, Copy)]
struct Place {
    start: usize,
    end: usize,
    /// Whether quotes have to be put around what stands there then.
    is_value: bool,
}

impl Places {
    pub(super) fn add(&mut self, start: usize, end: usize) {
        self.put(start, end, false);
    }

    fn put(&mut self, start: usize, end: usize, is_value: bool) {
        if start < end {
            self.0.push(Place {
                start,
                end,
                is_value,
            });
        }
    }

    /// What of a text is before `most`, which is not within a character, and in none of the places.
    pub(super) fn without(mut self, text: &str, most: usize) -> String {
        self.0
            .sort_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
        let mut shown = String::with_capacity(most.min(text.len()));
        let mut from = 0;
        let mut places = self.0.into_iter().peekable();
        while let Some(mut place) = places.next() {
            while let Some(next) = places.next_if(|next| next.start < place.end) {
                place.end = place.end.max(next.end);
            }
            let start = super::floor(text, place.start);
            if start >= most {
                break;
            }
            shown.push_str(&text[from.min(start)..start]);
            let quote = if place.is_value { "\"" } else { "" };
            shown.push_str(quote);
            shown.push_str(REDACTED);
            shown.push_str(quote);
            from = place.end;
            while !text.is_char_boundary(from) {
                from += 1;
            }
        }
        if from < most {
            shown.push_str(&text[from..most]);
        }
        shown
    }
}

pub(super) fn find_named(text: &str, secret: &SecretNames, places: &mut Places) {
    let bytes = text.as_bytes();
    let mut from = 0;
    for colon in memchr_iter(b':', bytes) {
        // What is taken out holds no more names.
        if colon >= from {
            from = from.max(member(text, colon, secret, places));
        }
    }
    let mut from = 0;
    for sign in memchr_iter(b'=', bytes) {
        if sign >= from {
            from = from.max(parameter(text, sign, secret, places));
        }
    }
    for mark in memmem::find_iter(bytes, "://") {
        user(bytes, mark + 3, places);
    }
}

/// Whether the text that a member or a parameter has for a name says secret.
fn say(name: &str, secret: &SecretNames) -> Says {
    if name.is_empty() {
        return Says::Nothing;
    }
    if name.len() > names::LONGEST {
        return Says::Secret;
    }
    secret.say(&plain(name))
}

/// Takes the value out whose name stands before a colon. Tells where it ends.
fn member(text: &str, colon: usize, secret: &SecretNames, places: &mut Places) -> usize {
    let bytes = text.as_bytes();
    let before = text[..colon].trim_end();
    let Some((name, quote, level)) = quoted_name(before) else {
        return header_line(text, colon, places);
    };
    let says = say(&unescaped(name), secret);
    if says == Says::Nothing {
        return 0;
    }
    let start = skip_space(bytes, colon + 1, level);
    let opening = backslashes_from(bytes, start);
    let after = start + opening;
    if bytes.get(after) == Some(&quote) && opening == level {
        let end = end_of_string(bytes, after + 1, quote, level);
        places.add(after + 1, end);
        return end;
    }
    let (end, is_scalar) = match bytes.get(start) {
        Some(b'{' | b'[') => (end_of_nested(bytes, start, quote, level), false),
        Some(_) => (end_of_scalar(bytes, start), true),
        None => return start,
    };
    let value = &text[start..super::floor(text, end)];
    let is_open = matches!(value, "null" | "true" | "false" | "None" | "True" | "False")
        || (says == Says::Token && value.parse::<f64>().is_ok());
    if !(is_scalar && is_open) {
        places.put(start, end, level == 0 && quote == b'"');
    }
    end
}

/// A name in quotes at the end of a text: without them, with which, and how many backslashes stand
/// before each, as in JSON within a string of JSON.
fn quoted_name(text: &str) -> Option<(&str, u8, usize)> {
    let bytes = text.as_bytes();
    let (quote, rest) = bytes.split_last()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let level = rest.iter().rev().take_while(|byte| **byte == b'\\').count();
    let end = rest.len() - level;
    // Of a longer one the last part is looked at, which then is too long for a name.
    let least = super::floor(text, end.saturating_sub(2 * names::LONGEST));
    let begin = memchr::memrchr(*quote, &bytes[least..end]).map_or(least, |at| least + at + 1);
    Some((&text[begin..end], *quote, level))
}

/// Takes the rest of a line out that is written like a header which proves something: what endpoints
/// that show a request as it came say of it.
fn header_line(text: &str, colon: usize, places: &mut Places) -> usize {
    const NAMES: [&str; 5] = [
        "authorization",
        "cookie",
        "api-key",
        "x-tengine-signature",
        "webhook-signature",
    ];
    let least = super::floor(text, colon.saturating_sub(64));
    let name = text[least..colon].to_ascii_lowercase();
    if !NAMES.iter().any(|ends| name.ends_with(ends)) {
        return 0;
    }
    let bytes = text.as_bytes();
    let start = skip_space(bytes, colon + 1, 0);
    let ends = |byte: &u8| matches!(byte, b'\n' | b'\r' | b'"' | b'<' | b'\\');
    let end = bytes[start..].iter().position(ends);
    let end = end.map_or(bytes.len(), |at| start + at);
    places.add(start, end);
    end
}

fn skip_space(bytes: &[u8], mut at: usize, level: usize) -> usize {
    loop {
        match bytes.get(at..) {
            Some([b' ' | b'\t' | b'\n' | b'\r', ..]) => at += 1,
            // A line's end within a string.
            Some([b'\\', b'n' | b't' | b'r', ..]) if level > 0 => at += 2,
            _ => return at,
        }
    }
}

fn backslashes_from(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().take_while(|byte| **byte == b'\\').count()
}

/// Where a string ends that began before `at`: before its quote and the backslashes that belong to it,
/// or where the text ends.
fn end_of_string(bytes: &[u8], at: usize, quote: u8, level: usize) -> usize {
    let mut from = at;
    while let Some(next) = memchr(quote, &bytes[from..]) {
        let end = from + next;
        let run = bytes[at..end].iter().rev();
        let run = run.take_while(|byte| **byte == b'\\').count();
        // With fewer the string around it ends; with twice as many and one more it is a character.
        if run < level || run % (2 * (level + 1)) == level {
            return end - run.min(level);
        }
        from = end + 1;
    }
    bytes.len()
}

/// Behind the bracket that closes the one at `at`.
fn end_of_nested(bytes: &[u8], at: usize, quote: u8, level: usize) -> usize {
    let mut depth = 0_usize;
    let mut from = at;
    while let Some(byte) = bytes.get(from) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return from + 1;
                }
            }
            _ if *byte == quote => {
                let run = bytes[at..from].iter().rev();
                let run = run.take_while(|byte| **byte == b'\\').count();
                if run < level {
                    return from;
                }
                from = end_of_string(bytes, from + 1, quote, level) + level;
            }
            _ => {}
        }
        from += 1;
    }
    bytes.len()
}

fn end_of_scalar(bytes: &[u8], at: usize) -> usize {
    let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b'"' | b'\\' | b'\n' | b'\r');
    let end = bytes[at..].iter().position(ends);
    let mut end = end.map_or(bytes.len(), |found| at + found);
    while end > at && bytes[end - 1] == b' ' {
        end -= 1;
    }
    end
}

/// Takes the value out whose name stands before a `=`. Tells where it ends.
fn parameter(text: &str, sign: usize, secret: &SecretNames, places: &mut Places) -> usize {
    let bytes = text.as_bytes();
    let before = text[..sign].trim_end_matches(' ');
    let is_of_name =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '%' | '+' | '$');
    let begin = before
        .char_indices()
        .rev()
        .take(2 * names::LONGEST)
        .take_while(|(_, c)| is_of_name(*c))
        .last()
        .map_or(before.len(), |(at, _)| at);
    let name = percent_encoding::percent_decode_str(&before[begin..]).decode_utf8_lossy();
    if say(&name, secret) == Says::Nothing {
        return 0;
    }
    let start = skip_space(bytes, sign + 1, 0);
    let (start, end) = match bytes.get(start) {
        Some(quote @ (b'"' | b'\'')) => (start + 1, end_of_string(bytes, start + 1, *quote, 0)),
        _ => {
            let ends = |byte: &u8| {
                byte.is_ascii_whitespace()
                    || matches!(byte, b'&' | b'"' | b'\'' | b'<' | b'>' | b'#' | b'\\')
            };
            let end = bytes[start..].iter().position(ends);
            (start, end.map_or(bytes.len(), |at| start + at))
        }
    };
    places.add(start, end);
    end
}

/// Takes the part of a URL out that says who asks: `https://user:word@host`.
fn user(bytes: &[u8], start: usize, places: &mut Places) {
    let ends = |byte: &u8| {
        byte.is_ascii_whitespace()
            || matches!(byte, b'/' | b'?' | b'#' | b'"' | b'<' | b'>' | b'\\')
    };
    let rest = &bytes[start..];
    let end = rest.iter().position(ends).unwrap_or(rest.len());
    if let Some(at) = memchr::memrchr(b'@', &rest[..end]) {
        places.add(start, start + at);
    }
}

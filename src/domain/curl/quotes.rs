//! What quotes, dollars and parentheses of a shell hold.

use super::{CurlError, refused};

pub(super) fn unclosed() -> CurlError {
    refused("A quote or parenthesis is not closed: copy the command as a whole.")
}

/// The variable's name at the beginning (POSIX.1-2017, XBD 3.235).
pub(super) fn variable(text: &str) -> &str {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        ""
    } else {
        &text[..end]
    }
}

/// What follows the parenthesis that closes.
pub(super) fn after_parenthesis(text: &str) -> Option<&str> {
    let mut depth = 1;
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => drop(chars.next()),
            (c, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('\'' | '"', None) => quote = Some(c),
            ('(', None) => depth += 1,
            (')', None) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&text[at + 1..]);
        }
    }
    None
}

/// The text of `$'…'` after its first quote, and what follows its last (bash, "ANSI-C Quoting").
pub(super) fn ansi_c(text: &str) -> Option<(String, &str)> {
    // Not text, since escapes may write the bytes of a character one by one.
    let mut bytes = Vec::new();
    let mut rest = text;
    loop {
        let c = bump(&mut rest)?;
        match c {
            '\'' => return Some((String::from_utf8_lossy(&bytes).into_owned(), rest)),
            '\\' => {
                let kind = bump(&mut rest)?;
                escaped(kind, &mut rest, &mut bytes);
            }
            c => push(&mut bytes, c),
        }
    }
}

fn bump(rest: &mut &str) -> Option<char> {
    let c = rest.chars().next()?;
    *rest = &rest[c.len_utf8()..];
    Some(c)
}

fn push(bytes: &mut Vec<u8>, c: char) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// One escape, of which `kind` is read already.
fn escaped(kind: char, rest: &mut &str, bytes: &mut Vec<u8>) {
    match kind {
        'n' => bytes.push(b'\n'),
        't' => bytes.push(b'\t'),
        'r' => bytes.push(b'\r'),
        'a' => bytes.push(0x07),
        'b' => bytes.push(0x08),
        'v' => bytes.push(0x0b),
        'f' => bytes.push(0x0c),
        'e' | 'E' => bytes.push(0x1b),
        '\\' | '\'' | '"' | '?' => push(bytes, kind),
        '0'..='7' => {
            let first = kind.to_digit(8).unwrap_or_default();
            let more =
                number(rest, 2, 8).map_or(first, |(more, digits)| first << (3 * digits) | more);
            bytes.push(u8::try_from(more & 0xff).unwrap_or_default());
        }
        'x' | 'u' | 'U' => {
            let most = match kind {
                'x' => 2,
                'u' => 4,
                _ => 8,
            };
            match number(rest, most, 16) {
                Some((byte, _)) if kind == 'x' => {
                    bytes.push(u8::try_from(byte).unwrap_or_default());
                }
                Some((first, _)) => push(bytes, character(first, rest)),
                None => {
                    bytes.push(b'\\');
                    push(bytes, kind);
                }
            }
        }
        other => {
            bytes.push(b'\\');
            push(bytes, other);
        }
    }
}

/// A character by its number; browsers write those beyond the first plane as two halves.
fn character(first: u32, rest: &mut &str) -> char {
    if (0xd800..0xdc00).contains(&first)
        && let Some(mut after) = rest.strip_prefix("\\u")
        && let Some((second @ 0xdc00..0xe000, _)) = number(&mut after, 4, 16)
    {
        *rest = after;
        let whole = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return char::from_u32(whole).unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// A number of at most so many digits, and how many it has.
fn number(rest: &mut &str, most: usize, radix: u32) -> Option<(u32, usize)> {
    let is_digit = |c: &char| c.is_digit(radix);
    let digits = rest.chars().take(most).take_while(is_digit).count();
    let number = u32::from_str_radix(&rest[..digits], radix).ok()?;
    *rest = &rest[digits..];
    Some((number, digits))
}

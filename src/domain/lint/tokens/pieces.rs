//! A text in pieces that the tokenizer takes one by one. It looks for words with a regular
//! expression that may go back over what it read, and gives up on a megabyte of spaces; of each
//! piece it reads little, whatever the text is.

/// Bytes of a piece.
pub(super) const LONGEST: usize = 8 * 1024;
/// Characters of one class in a row. A multiple of the 3 digits, 64 dashes and 128 spaces that make
/// a token, so that a cut takes none apart.
pub(super) const LONGEST_RUN: usize = 768;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Space,
    Letter,
    Digit,
    Sign,
}

impl Class {
    pub(super) fn of(c: char) -> Self {
        match c {
            _ if c.is_whitespace() => Self::Space,
            _ if c.is_alphabetic() => Self::Letter,
            _ if c.is_numeric() => Self::Digit,
            _ => Self::Sign,
        }
    }
}

/// The pieces of a text; together they are the text, and none is empty.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, after) = rest.split_at(end_of_first(rest));
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

/// The bytes of the first piece. It ends behind a word if it can: no token has a letter or digit
/// with a space or a quote behind it, so such a cut changes no count.
fn end_of_first(text: &str) -> usize {
    let mut before: Option<char> = None;
    let mut run = 0;
    let mut last_word_end = None;
    for (at, c) in text.char_indices() {
        let is_run = before.is_some_and(|before| Class::of(before) == Class::of(c));
        run = if is_run { run + 1 } else { 1 };
        if run > LONGEST_RUN {
            return at;
        }
        let is_after_word = before.is_some_and(|before| before.is_ascii_alphanumeric());
        if is_after_word && matches!(c, ' ' | '"') {
            last_word_end = Some(at);
        }
        if at + c.len_utf8() > LONGEST {
            return last_word_end.unwrap_or(at);
        }
        before = Some(c);
    }
    text.len()
}

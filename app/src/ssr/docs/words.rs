//! The words of a text, and which of them are asked for.

use std::ops::Range;

/// Words of a query that count.
const MOST_WORDS: usize = 12;

/// Where the words of a text are: letters and digits in a row, so that `TENGINE_PUBLIC_URL` is three.
pub(super) fn places(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut letters = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (begin, _) = letters.find(|(_, letter)| letter.is_alphanumeric())?;
        while letters
            .next_if(|(_, letter)| letter.is_alphanumeric())
            .is_some()
        {}
        let end = letters.peek().map_or(text.len(), |(at, _)| *at);
        Some(begin..end)
    })
}

/// The words of a text, each once, in their order.
pub(super) fn sorted(text: &str) -> Vec<String> {
    let mut words: Vec<String> = places(text)
        .map(|place| text[place].to_lowercase())
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// What is asked for.
pub(super) fn asked(query: &str) -> Vec<String> {
    let words = places(query).map(|place| query[place].to_lowercase());
    words.take(MOST_WORDS).collect()
}

/// How well a word is among these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Match {
    None,
    Beginning,
    Whole,
}

pub(super) fn best(sorted: &[String], word: &str) -> Match {
    let place = sorted.partition_point(|known| known.as_str() < word);
    match sorted.get(place) {
        Some(known) if known == word => Match::Whole,
        Some(known) if known.starts_with(word) => Match::Beginning,
        _ => Match::None,
    }
}

pub(super) fn is_asked(word: &str, asked: &[String]) -> bool {
    let word = word.to_lowercase();
    asked.iter().any(|asked| word.starts_with(asked.as_str()))
}

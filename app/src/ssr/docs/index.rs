//! All guides in memory, and which of their parts have the words of a query.

use std::sync::Arc;

use super::{
    entries::{Entry, entries},
    words::{self, Match},
};

const MOST_FOUND: usize = 30;
/// Bytes before the first word of an excerpt, and in all.
const BEFORE: usize = 70;
const EXCERPT: usize = 240;

pub(crate) struct Index {
    parts: Vec<Part>,
}

/// What can be found: a guide as a whole, which has its title for a heading, or a part of it.
struct Part {
    word: Arc<str>,
    title: Arc<str>,
    entry: Entry,
    title_words: Vec<String>,
    heading_words: Vec<String>,
    text_words: Vec<String>,
}

/// A part that has all the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// The guide's, in its address below `/docs`.
    pub word: Arc<str>,
    pub title: Arc<str>,
    /// The heading's; empty for the guide as a whole.
    pub id: String,
    pub heading: Vec<Piece>,
    pub excerpt: Vec<Piece>,
}

/// A text is shown in pieces, so that whatever it holds stays text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    /// A word that was asked for.
    Word(String),
}

impl Index {
    /// Of guides by their word, title and HTML.
    pub fn of(guides: impl Iterator<Item = (String, String, String)>) -> Self {
        let parts = guides.flat_map(|(word, title, html)| {
            let mut parts = entries(&html);
            if parts.first().is_none_or(|first| !first.id.is_empty()) {
                parts.insert(0, Entry::default());
            }
            let (word, title): (Arc<str>, Arc<str>) = (word.into(), title.into());
            parts
                .into_iter()
                .map(move |entry| Part::of(Arc::clone(&word), Arc::clone(&title), entry))
        });
        Self {
            parts: parts.collect(),
        }
    }

    pub fn search(&self, query: &str) -> Vec<Found> {
        let asked = words::asked(query);
        let mut found: Vec<(u32, &Part)> = self
            .parts
            .iter()
            .filter_map(|part| Some((part.weight(&asked)?, part)))
            .collect();
        // Stable: of the same weight, what one reads first.
        found.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        let found = found.into_iter().take(MOST_FOUND);
        found.map(|(_, part)| part.found(&asked)).collect()
    }
}

impl Part {
    fn of(word: Arc<str>, title: Arc<str>, entry: Entry) -> Self {
        Self {
            title_words: words::sorted(&title),
            word,
            title,
            heading_words: words::sorted(&entry.heading),
            text_words: words::sorted(&entry.text),
            entry,
        }
    }

    const fn is_whole_guide(&self) -> bool {
        self.entry.id.is_empty()
    }

    /// A title weighs more than a heading, and that more than the text; nothing where a word is missing.
    fn weight(&self, asked: &[String]) -> Option<u32> {
        // That a part is of a guide by this name says little of the part.
        let title = if self.is_whole_guide() { 400 } else { 2 };
        let places = [
            (&self.title_words, title),
            (&self.heading_words, 40),
            (&self.text_words, 4),
        ];
        let mut weight = 0;
        for word in asked {
            let of_word = places
                .iter()
                .map(|(words, most)| match words::best(words, word) {
                    Match::None => 0,
                    Match::Beginning => most / 2,
                    Match::Whole => *most,
                });
            match of_word.sum::<u32>() {
                0 => return None,
                of_word => weight += of_word,
            }
        }
        // In the title of the guide alone it is the guide that was meant.
        let is_here = self.is_whole_guide()
            || asked.iter().any(|word| {
                let here = [&self.heading_words, &self.text_words];
                here.iter()
                    .any(|words| words::best(words, word) != Match::None)
            });
        (weight > 0 && is_here).then_some(weight)
    }

    fn found(&self, asked: &[String]) -> Found {
        let heading = match self.entry.heading.as_str() {
            "" => &self.title,
            heading => heading,
        };
        Found {
            word: Arc::clone(&self.word),
            title: Arc::clone(&self.title),
            id: self.entry.id.clone(),
            heading: marked(heading, asked),
            excerpt: excerpt(&self.entry.text, asked),
        }
    }
}

/// The text around the first of the words; its beginning where it has none.
fn excerpt(text: &str, asked: &[String]) -> Vec<Piece> {
    let first = words::places(text).find(|place| words::is_asked(&text[place.clone()], asked));
    let first = first.map_or(0, |place| place.start);
    let begin = match text[..first].char_indices().rev().nth(BEFORE) {
        None => 0,
        // At a word's beginning.
        Some((from, _)) => text[from..first]
            .find(' ')
            .map_or(first, |space| from + space + 1),
    };
    let end = match text[begin..].char_indices().nth(EXCERPT) {
        None => text.len(),
        Some((to, _)) => {
            let to = begin + to;
            text[begin..to].rfind(' ').map_or(to, |space| begin + space)
        }
    };
    let mut pieces = marked(&text[begin..end], asked);
    if begin > 0 {
        pieces.insert(0, Piece::Text("… ".to_owned()));
    }
    if end < text.len() {
        pieces.push(Piece::Text(" …".to_owned()));
    }
    pieces
}

fn marked(text: &str, asked: &[String]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for place in words::places(text) {
        if !words::is_asked(&text[place.clone()], asked) {
            continue;
        }
        if done < place.start {
            pieces.push(Piece::Text(text[done..place.start].to_owned()));
        }
        pieces.push(Piece::Word(text[place.clone()].to_owned()));
        done = place.end;
    }
    if done < text.len() {
        pieces.push(Piece::Text(text[done..].to_owned()));
    }
    pieces
}

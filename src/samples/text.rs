//! `POST /text/measure`

use axum::Json;
use serde::{Deserialize, Serialize};

/// Silent reading of English non-fiction (Brysbaert 2019).
const WORDS_A_MINUTE: usize = 238;

#[derive(Deserialize)]
pub(super) struct Input {
    text: String,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Measures {
    characters: usize,
    words: usize,
    sentences: usize,
    reading_seconds: usize,
}

pub(super) async fn measure(Json(input): Json<Input>) -> Json<Measures> {
    Json(measured(&input.text))
}

fn measured(text: &str) -> Measures {
    let words = text.split_whitespace().filter(|word| is_word(word)).count();
    Measures {
        characters: text.chars().count(),
        words,
        sentences: sentences(text),
        reading_seconds: (words * 60).div_ceil(WORDS_A_MINUTE),
    }
}

fn is_word(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Words up to one that ends with a mark, so that "3.5" ends nothing; what follows the last mark is
/// a sentence as well.
fn sentences(text: &str) -> usize {
    let (mut sentences, mut has_words) = (0, false);
    for word in text.split_whitespace() {
        has_words |= is_word(word);
        let end = word.trim_end_matches(['"', '\'', ')', ']', '”', '’', '»']);
        if has_words && end.ends_with(['.', '!', '?', '…', '。', '！', '？']) {
            sentences += 1;
            has_words = false;
        }
    }
    sentences + usize::from(has_words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_sentences_are_counted_as_people_would() {
        let measured = measured("It costs 3.5 euros. (Really?) \"Yes!\" — and that is all");
        assert_eq!(
            measured,
            Measures {
                characters: 54,
                words: 10,
                sentences: 4,
                reading_seconds: 3
            }
        );
        assert_eq!(sentences(""), 0);
        assert_eq!(sentences("..."), 0);
    }
}

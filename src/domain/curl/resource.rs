//! What a segment of a path names, and what one of it is called.

use super::identifier::{is_token, is_version};

/// A name for the id of one of what the segment before names: `/users/42` has a `user_id`.
pub(super) fn id_of(before: Option<&str>) -> String {
    match before.filter(|before| is_resource(before)) {
        Some(before) => format!("{}_id", singular(&snake(before))),
        None => "id".to_owned(),
    }
}

/// `userProfiles` and `user-profiles` are `user_profiles`.
pub(super) fn snake(text: &str) -> String {
    let mut snake = String::new();
    let mut was_lower = false;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            if c.is_ascii_uppercase() && was_lower {
                snake.push('_');
            }
            snake.push(c.to_ascii_lowercase());
        } else if !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        was_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    snake.trim_end_matches('_').to_owned()
}

/// One of several, by the common rules of English.
pub(super) fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    for end in ["sses", "xes", "ches", "shes"] {
        if word.ends_with(end) {
            return word[..word.len() - 2].to_owned();
        }
    }
    if is_plural(word) {
        word[..word.len() - 1].to_owned()
    } else {
        word.to_owned()
    }
}

pub(super) fn is_plural(word: &str) -> bool {
    let is_no_plural = ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    word.len() > 2 && word.ends_with('s') && !is_no_plural
}

/// Whether it names something that a person would say.
pub(super) fn is_resource(segment: &str) -> bool {
    let letters = segment.bytes().filter(u8::is_ascii_alphabetic).count();
    let others = segment
        .bytes()
        .filter(|byte| !byte.is_ascii_alphabetic())
        .count();
    segment.len() <= 40
        && letters >= 2
        && letters > others
        && !segment.contains('%')
        && !is_token(segment)
        && !is_version(segment)
        && !segment.eq_ignore_ascii_case("api")
}

//! What stands in for a value: variables of the shell, and the `<token>`, `{id}` and `YOUR_KEY` of
//! documentation.

use std::collections::HashSet;

use super::shell::SUBSTITUTED;

const LONGEST: usize = 64;
/// Words that documentation writes where a key belongs.
const WORDS: [&str; 8] = [
    "token",
    "key",
    "api_key",
    "api-key",
    "apikey",
    "access_token",
    "accesstoken",
    "changeme",
];

pub(super) struct StandIns {
    variables: HashSet<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Text(&'a str),
    /// One that stands for a value, with a name for the argument.
    Name(String),
}

impl StandIns {
    pub(super) fn new(variables: HashSet<String>) -> Self {
        Self { variables }
    }

    /// Texts and what stands in between them.
    pub(super) fn parts<'a>(&self, text: &'a str) -> Vec<Part<'a>> {
        if let Some(name) = whole(text) {
            return vec![Part::Name(name)];
        }
        let mut parts = Vec::new();
        let (mut begin, mut at) = (0, 0);
        while let Some(found) = text[at..].find(['{', '<', '$']) {
            at += found;
            match self.first(&text[at..]) {
                Some((length, name)) => {
                    if begin < at {
                        parts.push(Part::Text(&text[begin..at]));
                    }
                    parts.push(Part::Name(name));
                    at += length;
                    begin = at;
                }
                None => at += 1,
            }
        }
        if begin < text.len() {
            parts.push(Part::Text(&text[begin..]));
        }
        parts
    }

    /// The name where all of a text stands in for a value.
    pub(super) fn name(&self, text: &str) -> Option<String> {
        match self.parts(text).as_slice() {
            [Part::Name(name)] => Some(name.clone()),
            _ => None,
        }
    }

    /// Whether a credential is not shown, but for where it belongs.
    pub(super) fn hides(&self, secret: &str) -> bool {
        let lower = secret.to_ascii_lowercase();
        let is_crossed_out = |c: char| matches!(c, 'x' | 'X' | '*' | '.' | '•' | '-' | '_' | '…');
        secret.chars().all(is_crossed_out)
            || secret.contains("...")
            || secret.contains('…')
            || lower.contains("your_")
            || lower.contains("your-")
            || lower.starts_with("your")
            || is_in_brackets(secret)
            || WORDS.contains(&lower.as_str())
            || self
                .parts(secret)
                .iter()
                .any(|part| matches!(part, Part::Name(_)))
    }

    /// What stands in for a value at the beginning: its length, and its name.
    fn first(&self, text: &str) -> Option<(usize, String)> {
        if text.starts_with(SUBSTITUTED) {
            return Some((SUBSTITUTED.len(), "value".to_owned()));
        }
        if let Some(rest) = text.strip_prefix("${") {
            let name = &rest[..end_of(rest, '}')?];
            return (self.variables.contains(name) || is_constant(name))
                .then(|| (name.len() + 3, argument(name)));
        }
        if let Some(rest) = text.strip_prefix("{{") {
            let inside = &rest[..end_of(rest, '}')?];
            let is_closed = rest[inside.len()..].starts_with("}}");
            let name = inside.trim().trim_start_matches(['$', '.']);
            return (is_closed && is_name(name)).then(|| (inside.len() + 4, argument(name)));
        }
        if let Some(rest) = text.strip_prefix('{') {
            let name = &rest[..end_of(rest, '}')?];
            return is_name(name).then(|| (name.len() + 2, argument(name)));
        }
        let inside = in_angles(text.strip_prefix('<')?)?;
        Some((inside.len() + 2, argument(inside)))
    }
}

/// A text that is nothing else than one of the forms that mean something alone.
fn whole(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let strip = |before, after| text.strip_prefix(before)?.strip_suffix(after);
    let variable = text.strip_prefix('$').or_else(|| strip('%', '%'));
    if let Some(name) = variable.filter(|name| is_constant(name)) {
        return Some(argument(name));
    }
    if let Some(inside) = strip('[', ']')
        && inside.to_ascii_lowercase().starts_with("your")
        && inside
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || " _-".contains(c))
    {
        return Some(argument(inside));
    }
    let lower = text.to_ascii_lowercase();
    let is_yours = ["your_", "your-"]
        .iter()
        .any(|yours| lower.starts_with(yours));
    let is_words = text.contains('_') && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    ((is_yours || is_words) && is_name(text)).then(|| argument(text))
}

/// `[AuthToken]`: only words between brackets.
fn is_in_brackets(text: &str) -> bool {
    let inside = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let is_word = |c: char| c.is_ascii_alphabetic() || matches!(c, ' ' | '_' | '-');
    inside.is_some_and(|inside| inside.chars().all(is_word))
}

/// Where a character comes, if it comes soon.
fn end_of(text: &str, close: char) -> Option<usize> {
    let mut near = text.char_indices().take(LONGEST + 4);
    near.find(|(_, c)| *c == close).map(|(at, _)| at)
}

/// What stands between `<` and `>`, where it reads like a name; `text` comes after the `<`.
pub(super) fn in_angles(text: &str) -> Option<&str> {
    let inside = &text[..end_of(text, '>')?];
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    let begins = inside.starts_with(|c: char| c.is_ascii_alphabetic());
    (begins && !inside.ends_with(' ') && inside.chars().all(is_part)).then_some(inside)
}

fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    text.len() <= LONGEST
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(is_part)
}

/// Whether it is written as variables of the environment are.
fn is_constant(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.bytes().all(is_part)
}

/// A name for the argument: `YOUR_USER_ID` and `<your user-id>` are the `user_id`.
pub(super) fn argument(raw: &str) -> String {
    let lower = raw.to_ascii_lowercase();
    let name = if raw.bytes().any(|byte| byte.is_ascii_lowercase()) && !raw.contains(' ') {
        raw
    } else {
        &lower
    };
    let name = name.replace([' ', '-', '.'], "_");
    let mut rest = name.as_str();
    for prefix in ["your_", "Your_", "YOUR_"] {
        rest = rest.strip_prefix(prefix).unwrap_or(rest);
    }
    rest.trim_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stand_ins() -> StandIns {
        StandIns::new(HashSet::from(["user".to_owned()]))
    }

    #[test]
    fn what_stands_in_is_told_from_what_is_meant() {
        for (text, name) in [
            ("$USER_ID", "user_id"),
            ("${TOKEN}", "token"),
            ("${user}", "user"),
            ("%API_KEY%", "api_key"),
            ("{userId}", "userId"),
            ("{{ base.id }}", "base_id"),
            ("<your user-id>", "user_id"),
            ("YOUR_KEY", "key"),
            ("your-team", "team"),
            ("[your name]", "name"),
            ("ACCOUNT_SID", "account_sid"),
            ("$(…)", "value"),
        ] {
            assert_eq!(stand_ins().name(text).as_deref(), Some(name), "{text}");
        }
        for text in [
            "",
            "$",
            "$5",
            "$user",
            "${other}",
            "{}",
            "{a,b}",
            "{\"a\":1}",
            "{{a}",
            "< a >",
            "<1>",
            "a<b",
            "OWNER",
            "100%",
            "%2F%20",
            "[]",
            "[1]",
            "{",
            "${",
            "<",
            "yours",
        ] {
            assert_eq!(stand_ins().name(text), None, "{text}");
        }
        assert_eq!(
            stand_ins().parts("id eq {id}-<x>!"),
            [
                Part::Text("id eq "),
                Part::Name("id".to_owned()),
                Part::Text("-"),
                Part::Name("x".to_owned()),
                Part::Text("!"),
            ]
        );
    }

    #[test]
    fn a_secret_that_is_not_shown_is_none() {
        for hidden in [
            "$TOKEN",
            "<token>",
            "sk-...",
            "xxxxxxxx",
            "YOUR_API_KEY",
            "your-key",
            "token",
            "[AuthToken]",
            "***",
            "pre-${TOKEN}",
            "$(…)",
        ] {
            assert!(stand_ins().hides(hidden), "{hidden}");
        }
        for shown in [
            "pa$word",
            "sk_live_4eC39Hq",
            "P@ss{1}",
            "xyz",
            "Tokens9",
            "a<b>c1 <",
        ] {
            let is_named = shown.contains("<b>");
            assert_eq!(stand_ins().hides(shown), is_named, "{shown}");
        }
    }
}

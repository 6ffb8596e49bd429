//! Which operations are meant.

use std::{convert::Infallible, str::FromStr};

use super::operation::Operation;

/// A pattern with `*` for any text. It is held against the operation's id, `METHOD /path`, and each
/// of its tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select(String);

impl FromStr for Select {
    type Err = Infallible;

    fn from_str(pattern: &str) -> Result<Self, Infallible> {
        Ok(Self(pattern.to_owned()))
    }
}

impl Select {
    pub(super) fn takes(&self, operation: &Operation<'_>) -> bool {
        let place = format!("{} {}", operation.method, operation.path);
        let tags = operation.value["tags"].as_array().into_iter().flatten();
        let mut texts = tags.filter_map(|tag| tag.as_str()).chain(operation.id());
        self.fits(&place) || texts.any(|text| self.fits(text))
    }

    fn fits(&self, text: &str) -> bool {
        let mut parts = self.0.split('*');
        let first = parts.next().unwrap_or_default();
        let Some(mut rest) = text.strip_prefix(first) else {
            return false;
        };
        let mut parts: Vec<_> = parts.collect();
        let Some(last) = parts.pop() else {
            return rest.is_empty();
        };
        for part in parts {
            match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        rest.ends_with(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_text() {
        let fits = |pattern: &str, text: &str| pattern.parse::<Select>().unwrap().fits(text);
        for (pattern, text) in [
            ("getPet", "getPet"),
            ("*", ""),
            ("get*", "getPet"),
            ("*Pet", "getPet"),
            ("GET /pets*", "GET /pets/{id}"),
            ("*a*b*", "xaxbx"),
            ("a*a", "aba"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("get", "getPet"), ("*b*a*", "ab"), ("a*a", "a"), ("", "x")] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}

//! Parameters of a query or a form, each at most once (RFC 6749 §3.1, §3.2).

use std::collections::{BTreeMap, btree_map::Entry};

/// A parameter that came twice.
#[derive(Debug, PartialEq, Eq)]
pub struct Duplicate(pub String);

/// Parameters by name; an empty value counts as absent (RFC 6749 §3.1).
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// # Errors
    /// [`Duplicate`] names the first parameter that came more than once. `repeatable` may.
    pub fn parse(encoded: &[u8], repeatable: &str) -> Result<Self, Duplicate> {
        let (parameters, duplicates) = Self::parse_all(encoded, repeatable);
        match duplicates.into_iter().next() {
            Some(duplicate) => Err(duplicate),
            None => Ok(parameters),
        }
    }

    /// Of parameters that came twice the first, and their names: for a request whose other mistakes
    /// must be known first.
    pub fn parse_all(encoded: &[u8], repeatable: &str) -> (Self, Vec<Duplicate>) {
        let mut parameters = BTreeMap::new();
        let mut duplicates = Vec::new();
        for (name, value) in url::form_urlencoded::parse(encoded) {
            if name == repeatable {
                continue;
            }
            match parameters.entry(name.into_owned()) {
                Entry::Vacant(entry) => {
                    entry.insert(value.into_owned());
                }
                Entry::Occupied(entry) => duplicates.push(Duplicate(entry.key().clone())),
            }
        }
        (Self(parameters), duplicates)
    }

    /// As the query of an address, without `left_out`.
    pub fn encoded_without(&self, left_out: &str) -> String {
        let kept = self.0.iter().filter(|(name, _)| *name != left_out);
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .finish()
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Sets one that we decided on.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), value.into());
    }

    pub fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(ToOwned::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_comes_at_most_once_and_an_empty_one_is_absent() {
        let parameters = Parameters::parse(b"a=1&b=&c=x+y", "").unwrap();
        assert_eq!(parameters.get("a"), Some("1"));
        assert_eq!(parameters.get("b"), None);
        assert_eq!(parameters.get("c"), Some("x y"));
        assert_eq!(
            Parameters::parse(b"a=1&a=1", ""),
            Err(Duplicate("a".to_owned()))
        );
        assert!(Parameters::parse(b"tool=1&tool=2", "tool").is_ok());
    }
}

//! YAML as JSON has it: documents and files of tools are read by its core schema, in which `no` and
//! `on` are words.

use serde::de::DeserializeOwned;

/// Reads a text. It is bounded against aliases of aliases.
///
/// # Errors
/// A sentence that quotes nothing of the text, which may hold secrets.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::read;

    #[test]
    fn words_are_words_and_mistakes_quote_nothing() {
        let read_value: Value = read("[no, on, yes, true, null, 1]").unwrap();
        assert_eq!(read_value, json!(["no", "on", "yes", true, null, 1]));
        let why = read::<Value>("auth_secret: hunter2secret\nb: [\n").unwrap_err();
        assert!(!why.contains("hunter2"), "{why}");
    }
}

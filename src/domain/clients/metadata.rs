//! What a client says of itself: the metadata of RFC 7591 §2, which a registration and a metadata
//! document share.

use serde_json::{Map, Value};

use crate::integrations::redirect_uri;

const MOST_REDIRECT_URIS: usize = 20;
const LONGEST_NAME: usize = 80;

/// The part of the metadata that we use; the rest is ignored (RFC 7591 §2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientMetadata {
    pub name: String,
    pub redirect_uris: Vec<String>,
}

/// RFC 7591 §3.2.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetadataErrorCode {
    InvalidRedirectUri,
    InvalidClientMetadata,
}

/// A member that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct MetadataError {
    pub code: MetadataErrorCode,
    pub field: String,
    pub message: String,
}

fn invalid(field: &str, message: impl Into<String>) -> MetadataError {
    MetadataError {
        code: MetadataErrorCode::InvalidClientMetadata,
        field: field.to_owned(),
        message: message.into(),
    }
}

impl ClientMetadata {
    /// Checks what a stranger sent.
    ///
    /// # Errors
    /// The first member that breaks a rule.
    pub fn parse(metadata: &Map<String, Value>) -> Result<Self, MetadataError> {
        must_offer(metadata, "grant_types", "authorization_code")?;
        must_offer(metadata, "response_types", "code")?;
        Ok(Self {
            name: name(metadata)?,
            redirect_uris: redirect_uris(metadata)?,
        })
    }
}

fn redirect_uris(metadata: &Map<String, Value>) -> Result<Vec<String>, MetadataError> {
    let broken = |field: &str, message: String| MetadataError {
        code: MetadataErrorCode::InvalidRedirectUri,
        field: field.to_owned(),
        message,
    };
    let uris = strings(metadata, "redirect_uris")
        .map_err(|error| broken("redirect_uris", error.message))?
        .unwrap_or_default();
    if uris.is_empty() || uris.len() > MOST_REDIRECT_URIS {
        let message = format!("Give 1 to {MOST_REDIRECT_URIS} redirect URIs.");
        return Err(broken("redirect_uris", message));
    }
    let mut checked: Vec<String> = Vec::new();
    for (index, uri) in uris.into_iter().enumerate() {
        redirect_uri::check(&uri).map_err(|why| broken(&format!("redirect_uris[{index}]"), why))?;
        if !checked.contains(&uri) {
            checked.push(uri);
        }
    }
    Ok(checked)
}

/// A name for pages, which say that nobody has checked it: without what would let it look like
/// something else.
fn name(metadata: &Map<String, Value>) -> Result<String, MetadataError> {
    let given = match metadata.get("client_name") {
        None | Some(Value::Null) => "",
        Some(Value::String(name)) => name,
        Some(_) => return Err(invalid("client_name", "Use a text.")),
    };
    let name: String = given
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .take(LONGEST_NAME)
        .collect();
    Ok(match name.trim() {
        "" => "A client without a name".to_owned(),
        name => name.to_owned(),
    })
}

/// Marks that turn or hide the text around them, and what has no shape of its own: Unicode's
/// `Default_Ignorable_Code_Point`, the anchors of annotations, and the blank pattern of Braille.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A list that is left out stands for its default, which is what we need (RFC 7591 §2).
fn must_offer(
    metadata: &Map<String, Value>,
    field: &str,
    needed: &str,
) -> Result<(), MetadataError> {
    match strings(metadata, field)? {
        Some(offered) if !offered.iter().any(|one| one == needed) => {
            Err(invalid(field, format!("It must hold {needed}.")))
        }
        _ => Ok(()),
    }
}

fn strings(
    metadata: &Map<String, Value>,
    field: &str,
) -> Result<Option<Vec<String>>, MetadataError> {
    let wrong = || invalid(field, "Use a list of texts.");
    match metadata.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| item.as_str().map(ToOwned::to_owned).ok_or_else(wrong))
            .collect::<Result<_, _>>()
            .map(Some),
        Some(_) => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(value: Value) -> Result<ClientMetadata, MetadataError> {
        ClientMetadata::parse(value.as_object().unwrap())
    }

    #[test]
    fn a_registration_needs_one_redirect_uri_and_little_else() {
        let metadata = parse(json!({ "redirect_uris": ["http://localhost/cb"] })).unwrap();
        assert_eq!(metadata.name, "A client without a name");
        let metadata = parse(json!({
            "redirect_uris": ["https://a.example/cb", "https://a.example/cb"],
            "client_name": "  My\u{202e}\nClient\u{200b} ", "software_id": 7,
        }));
        let metadata = metadata.unwrap();
        assert_eq!(metadata.name, "My Client");
        assert_eq!(metadata.redirect_uris.len(), 1);
    }

    #[test]
    fn what_breaks_a_rule_is_named() {
        use MetadataErrorCode::{InvalidClientMetadata, InvalidRedirectUri};
        for (value, code, field) in [
            (json!({}), InvalidRedirectUri, "redirect_uris"),
            (
                json!({ "redirect_uris": "x" }),
                InvalidRedirectUri,
                "redirect_uris",
            ),
            (
                json!({ "redirect_uris": [1] }),
                InvalidRedirectUri,
                "redirect_uris",
            ),
            (
                json!({ "redirect_uris": ["https://a/cb", "javascript:alert(1)"] }),
                InvalidRedirectUri,
                "redirect_uris[1]",
            ),
            (
                json!({ "redirect_uris": ["https://a/cb"], "client_name": {} }),
                InvalidClientMetadata,
                "client_name",
            ),
            (
                json!({ "redirect_uris": ["https://a/cb"], "grant_types": ["password"] }),
                InvalidClientMetadata,
                "grant_types",
            ),
            (
                json!({ "redirect_uris": ["https://a/cb"], "response_types": ["token"] }),
                InvalidClientMetadata,
                "response_types",
            ),
        ] {
            let error = parse(value.clone()).unwrap_err();
            assert_eq!((error.code, error.field.as_str()), (code, field), "{value}");
        }
    }
}

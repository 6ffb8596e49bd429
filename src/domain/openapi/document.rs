//! Reading a document, and what its references and servers mean.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::Url;

use super::{Import, LARGEST, operation::Operation};
use crate::yaml;

/// References of references.
const MOST_STEPS: usize = 32;
const MOST_SERVERS: usize = 50;
const LONGEST_URL: usize = 2_000;

/// An OpenAPI 3.0 or 3.1 document.
#[derive(Debug)]
pub struct Document {
    pub(super) root: Value,
    /// 3.0 has a dialect of JSON Schema of its own.
    pub(super) is_3_0: bool,
}

impl Document {
    /// Reads JSON or YAML.
    ///
    /// # Errors
    /// A sentence, where it is neither, or no document of a version that is known.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() > LARGEST {
            return Err(format!("The document has more than {LARGEST} bytes."));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| "The document is not UTF-8 text.")?;
        let text = text.trim_start_matches('\u{feff}');
        let root: Value = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|why| format!("The document is not JSON: {why}."))?
        } else {
            yaml::read(text)
                .map_err(|why| format!("The document is neither JSON nor YAML: {why}."))?
        };
        let is_3_0 = match (root["openapi"].as_str(), root["swagger"].as_str()) {
            (Some(version), _) if version.starts_with("3.0.") => true,
            (Some(version), _) if version.starts_with("3.1.") => false,
            (Some(other), _) => {
                return Err(format!("OpenAPI 3.0 and 3.1 can be imported, not {other}."));
            }
            (None, Some(version)) => {
                return Err(format!(
                    "This is Swagger {version}; convert it to OpenAPI 3 and import that."
                ));
            }
            (None, None) => {
                return Err("The document does not say \"openapi\": \"3.…\".".to_owned());
            }
        };
        Ok(Self { root, is_3_0 })
    }

    /// What a value stands for, where it is a reference object.
    pub(super) fn resolved<'a>(&'a self, value: &'a Value) -> Result<&'a Value, String> {
        let mut value = value;
        for _ in 0..MOST_STEPS {
            let Some(reference) = value["$ref"].as_str() else {
                return Ok(value);
            };
            value = self.target(reference)?;
        }
        Err("A reference leads back to itself.".to_owned())
    }

    /// What a reference refers to (RFC 6901 §6).
    pub(super) fn target(&self, reference: &str) -> Result<&Value, String> {
        let pointer = reference
            .strip_prefix('#')
            .ok_or_else(|| format!("It refers to another document: {reference}."))?;
        let pointer = percent_decode_str(pointer).decode_utf8_lossy();
        self.root
            .pointer(&pointer)
            .ok_or_else(|| format!("It refers to {reference}, which is not there."))
    }

    /// Origin and path of the server of an operation; the path without a slash at its end.
    pub(super) fn server(
        &self,
        operation: &Operation<'_>,
        import: &Import,
    ) -> Result<(String, String), String> {
        let owners = [operation.value, operation.item, &self.root];
        self.server_of(&owners, import)
    }

    /// The origin that most of the document is about.
    ///
    /// # Errors
    /// A sentence, where there is none.
    pub fn origin(&self, import: &Import) -> Result<String, String> {
        Ok(self.server_of(&[&self.root], import)?.0)
    }

    fn server_of(&self, owners: &[&Value], import: &Import) -> Result<(String, String), String> {
        let unsaid = "The document does not say where the API is: name its server.";
        let url = match (&import.server, &import.document_url) {
            // Whoever names it means no place beside the document.
            (Some(server), _) => {
                Url::parse(server).map_err(|_| format!("{server} is no URL of a server."))?
            }
            (None, base) => {
                let given = match owners.iter().find_map(|owner| usual_server(owner)) {
                    Some(given) => given?,
                    // OpenAPI 3.1, "servers".
                    None => "/".to_owned(),
                };
                let url = match base {
                    Some(base) => base.join(&given),
                    None => Url::parse(&given),
                };
                url.map_err(|_| unsaid.to_owned())?
            }
        };
        if !url.has_host() || url.query().is_some() || url.fragment().is_some() {
            return Err(format!("{url} is no URL of a server."));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        Ok((url.origin().ascii_serialization(), path))
    }
}

/// The first server that is reached by https, or else the first.
fn usual_server(owner: &Value) -> Option<Result<String, String>> {
    let servers = owner["servers"].as_array()?;
    let filled: Vec<_> = servers.iter().take(MOST_SERVERS).map(filled).collect();
    let is_safe =
        |url: &&Result<String, String>| url.as_ref().is_ok_and(|url| url.starts_with("https://"));
    filled.iter().find(is_safe).or(filled.first()).cloned()
}

/// A server's URL with the defaults of its variables.
fn filled(server: &Value) -> Result<String, String> {
    let template = server["url"].as_str().unwrap_or("/");
    let mut url = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        url.push_str(before);
        match server["variables"][name]["default"].as_str() {
            Some(value) if !value.is_empty() => url.push_str(value),
            _ => {
                return Err(format!(
                    "The server {template} needs a {name}: name its server."
                ));
            }
        }
        rest = after;
    }
    url.push_str(rest);
    if url.len() > LONGEST_URL {
        return Err(format!(
            "The server's URL has more than {LONGEST_URL} bytes."
        ));
    }
    Ok(url)
}

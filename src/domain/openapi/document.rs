//! Reading a document, and what its references and servers mean.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::Url;

use super::{Import, LARGEST, operation::Operation};

/// References of references.
const MOST_STEPS: usize = 32;

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
            serde_saphyr::from_str(text)
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
        let given = import.server.clone().unwrap_or_else(|| {
            let owners = [operation.value, operation.item, &self.root];
            owners
                .into_iter()
                .find_map(usual_server)
                .unwrap_or_default()
        });
        let url = match &import.document_url {
            Some(base) => base.join(&given),
            None => Url::parse(&given),
        };
        let Ok(url) = url else {
            return Err(if given.is_empty() || given.starts_with('/') {
                "The document does not say where the API is: name its server.".to_owned()
            } else {
                format!("{given} is no URL of a server.")
            });
        };
        let path = url.path().trim_end_matches('/').to_owned();
        Ok((url.origin().ascii_serialization(), path))
    }
}

/// The first server that is reached by https, or else the first.
fn usual_server(owner: &Value) -> Option<String> {
    let servers: Vec<_> = owner["servers"].as_array()?.iter().map(filled).collect();
    let safe = servers.iter().find(|url| url.starts_with("https://"));
    safe.or(servers.first()).cloned()
}

/// A server's URL with the defaults of its variables.
fn filled(server: &Value) -> String {
    let mut url = server["url"].as_str().unwrap_or_default().to_owned();
    for (name, variable) in server["variables"].as_object().into_iter().flatten() {
        let default = variable["default"].as_str().unwrap_or_default();
        url = url.replace(&format!("{{{name}}}"), default);
    }
    url
}

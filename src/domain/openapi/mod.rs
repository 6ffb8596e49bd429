//! Tools from an OpenAPI 3.0 or 3.1 document: each operation becomes a tool, or is refused with a
//! reason that says what stands in the way.

mod arguments;
mod document;
pub(crate) mod names;
mod operation;
mod schema;
mod security;
mod select;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

pub use self::{document::Document, select::Select};
use self::{operation::Operation, security::Security};
use crate::tools::{AuthStrategy, ToolInput};

/// Bytes of a document.
pub const LARGEST: usize = 32 * 1024 * 1024;

/// How a document is to be read.
#[derive(Debug, Clone, Default)]
pub struct Import {
    /// Where the API is, in place of the document's own `servers`: an URL.
    pub server: Option<String>,
    /// Where the document came from, which its relative URLs are relative to.
    pub document_url: Option<url::Url>,
    /// The operations that are meant; all where it is empty.
    pub select: Vec<Select>,
    /// How the API is called where the document does not say.
    pub auth: AuthStrategy,
}

/// What a document has for us.
#[derive(Debug, Default)]
pub struct Imported {
    pub tools: Vec<FromOperation>,
    pub refused: Vec<Refused>,
}

/// An operation as a tool. It may still break a rule of tools, such as where it may reach.
#[derive(Debug)]
pub struct FromOperation {
    /// As people would look for it: `GET /contacts/{id} (getContact)`.
    pub operation: String,
    pub tool: ToolInput,
    /// What of the operation the tool leaves out.
    pub left_out: Vec<String>,
}

/// An operation that makes no tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub operation: String,
    pub reason: String,
}

/// Whether a server may be given in place of the document's own.
///
/// # Errors
/// A sentence, where it is no whole URL.
pub fn check_server(server: &str) -> Result<(), String> {
    let url = url::Url::parse(server).ok();
    match url.filter(|url| matches!(url.scheme(), "https" | "http")) {
        Some(_) => Ok(()),
        None => Err("Name the server whole, like https://api.example.com/v1.".to_owned()),
    }
}

/// A call without the names of its path's arguments, to tell the same one again.
#[must_use]
pub fn shape_of(method: &str, base_url: &str, path: &str) -> String {
    let mut shape = format!("{} {base_url}", method.to_ascii_uppercase());
    let mut is_name = false;
    for letter in path.chars() {
        match letter {
            '{' => {
                is_name = true;
                shape.push_str("{}");
            }
            '}' => is_name = false,
            _ if is_name => {}
            other => shape.push(other),
        }
    }
    shape
}

impl Document {
    /// How many operations are selected.
    #[must_use]
    pub fn count(&self, import: &Import) -> usize {
        let is_selected = |operation: &Operation<'_>| {
            import.select.is_empty() || import.select.iter().any(|one| one.takes(operation))
        };
        self.operations()
            .iter()
            .filter(|one| is_selected(one))
            .count()
    }

    /// The shapes of all its operations, also of those that make no tool.
    #[must_use]
    pub fn shapes(&self, import: &Import) -> HashSet<String> {
        let shape = |operation: Operation<'_>| {
            let (base_url, prefix) = self.server(&operation, import).ok()?;
            let path = format!("{prefix}{}", operation.path);
            Some(shape_of(operation.method, &base_url, &path))
        };
        self.operations().into_iter().filter_map(shape).collect()
    }

    /// The operations that are selected, in the document's order.
    #[must_use]
    pub fn import(&self, import: &Import) -> Imported {
        let mut imported = Imported::default();
        let mut names = names::Names::default();
        for (path, reason) in self.broken_paths() {
            imported.refused.push(Refused {
                operation: path.to_owned(),
                reason,
            });
        }
        for operation in self.operations() {
            // Whatever is selected: a name is the same each time.
            let name = names::tool(&operation, &mut names);
            if !import.select.is_empty() && !import.select.iter().any(|one| one.takes(&operation)) {
                continue;
            }
            let label = operation.label();
            match self.tool(&operation, import, name) {
                Ok((tool, left_out)) => imported.tools.push(FromOperation {
                    operation: label,
                    tool,
                    left_out,
                }),
                Err(reason) => imported.refused.push(Refused {
                    operation: label,
                    reason,
                }),
            }
        }
        imported
    }

    fn tool(
        &self,
        operation: &Operation<'_>,
        import: &Import,
        name: String,
    ) -> Result<(ToolInput, Vec<String>), String> {
        let method = operation.method.parse().map_err(|_| {
            format!(
                "Tools use GET, POST, PUT, PATCH and DELETE, not {}.",
                operation.method
            )
        })?;
        let security = Security::of(self, operation, import.auth)?;
        let (base_url, prefix) = self.server(operation, import)?;
        let arguments = arguments::Arguments::of(self, operation, &security)?;
        let input_schema = arguments.bounded_schema(self)?;
        let mut tool: ToolInput = serde_json::from_value(serde_json::json!({
            "name": name,
            "base_url": base_url,
            "endpoint_path": format!("{prefix}{}", arguments.path),
        }))
        .map_err(|why| why.to_string())?;
        tool.http_method = method;
        tool.title = names::title(operation);
        tool.description = names::description(operation);
        tool.input_schema = input_schema;
        tool.headers_template = arguments.headers;
        tool.query_template = arguments.query;
        tool.body_template = arguments.body_template;
        tool.auth_strategy = security.strategy;
        tool.auth_config = security.config;
        Ok((tool, arguments.left_out))
    }
}

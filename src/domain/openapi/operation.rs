//! The operations of a document.

use serde_json::Value;

use super::{Document, names};

/// In the order in which people read them.
const METHODS: [&str; 8] = [
    "get", "post", "put", "patch", "delete", "head", "options", "trace",
];

/// One method of one path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operation<'a> {
    /// Upper case.
    pub(super) method: &'static str,
    pub(super) path: &'a str,
    pub(super) value: &'a Value,
    /// The path item that it is in.
    pub(super) item: &'a Value,
}

impl Operation<'_> {
    pub(super) fn id(&self) -> Option<&str> {
        self.value["operationId"].as_str()
    }

    /// As people would look for it.
    pub(super) fn label(&self) -> String {
        let (method, path) = (self.method, self.path);
        // It is printed to terminals.
        names::one_line(&match self.id() {
            Some(id) => format!("{method} {path} ({id})"),
            None => format!("{method} {path}"),
        })
    }
}

impl Document {
    /// The paths whose reference leads nowhere, with the reason.
    pub(super) fn broken_paths(&self) -> Vec<(&str, String)> {
        let paths = self.root["paths"].as_object().into_iter().flatten();
        paths
            .filter_map(|(path, item)| Some((path.as_str(), self.resolved(item).err()?)))
            .collect()
    }

    pub(super) fn operations(&self) -> Vec<Operation<'_>> {
        let mut operations = Vec::new();
        for (path, item) in self.root["paths"].as_object().into_iter().flatten() {
            let Ok(item) = self.resolved(item) else {
                continue;
            };
            for method in METHODS {
                if let Some(value) = item.get(method) {
                    operations.push(Operation {
                        method: upper(method),
                        path,
                        value,
                        item,
                    });
                }
            }
        }
        operations
    }
}

fn upper(method: &str) -> &'static str {
    match method {
        "get" => "GET",
        "post" => "POST",
        "put" => "PUT",
        "patch" => "PATCH",
        "delete" => "DELETE",
        "head" => "HEAD",
        "options" => "OPTIONS",
        _ => "TRACE",
    }
}

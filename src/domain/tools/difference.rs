//! How a file of tools differs from a project's tools.

use std::collections::HashSet;

use super::{Tool, ToolInput, Tools, store};
use crate::{
    Error, FieldError, Result,
    members::{Access, Developer},
};

/// What applying a file would do, and what it would leave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    pub created: Vec<String>,
    pub changed: Vec<Changed>,
    pub unchanged: Vec<String>,
    /// In the project and not in the file: it would stay.
    pub not_in_file: Vec<String>,
}

/// A tool, and the fields that would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub name: String,
    pub fields: Vec<String>,
}

impl Tools {
    /// Compares, and changes nothing.
    ///
    /// # Errors
    /// As [`Tools::apply`].
    pub async fn compare(
        &self,
        access: &Access<Developer>,
        inputs: &[ToolInput],
    ) -> Result<Difference> {
        let existing = store::of_project(&self.core.db, access.project_id()).await?;
        let mut difference = Difference::default();
        let mut broken = Vec::new();
        let mut named = HashSet::new();
        for (index, input) in inputs.iter().enumerate() {
            if !named.insert(input.name.as_str()) {
                broken.push(FieldError {
                    field: format!("tools[{index}].name"),
                    message: format!("The name {:?} appears twice in the file.", input.name),
                });
                continue;
            }
            let old = existing.iter().find(|tool| tool.name == input.name);
            let made = match old {
                Some(old) => self.next_version(old, input),
                None => self.new_tool(access.project_id(), input),
            };
            let made = match made {
                Ok(made) => made,
                Err(Error::Invalid(fields)) => {
                    broken.extend(fields.into_iter().map(|error| FieldError {
                        field: format!("tools[{index}].{}", error.field),
                        message: error.message,
                    }));
                    continue;
                }
                Err(other) => return Err(other),
            };
            let name = made.name.clone();
            match old.map(|old| changed_fields(old, &made)) {
                None => difference.created.push(name),
                Some(fields) if fields.is_empty() => difference.unchanged.push(name),
                Some(fields) => difference.changed.push(Changed { name, fields }),
            }
        }
        if !broken.is_empty() {
            return Err(Error::Invalid(broken));
        }
        let others = existing.into_iter().map(|tool| tool.name);
        difference.not_in_file = others
            .filter(|name| !named.contains(name.as_str()))
            .collect();
        Ok(difference)
    }
}

fn changed_fields(old: &Tool, new: &Tool) -> Vec<String> {
    let is_same_secret = old.auth_secret == new.auth_secret;
    let json = |tool: &Tool| serde_json::to_value(tool.as_input()).unwrap_or_default();
    let (old, new) = (json(old), json(new));
    let mut fields: Vec<String> = new
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, value)| old[name.as_str()] != **value)
        .map(|(name, _)| name.clone())
        .collect();
    if !is_same_secret {
        fields.push("auth_secret".to_owned());
    }
    fields
}

//! How a file of tools differs from a project's tools.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Tool, ToolInput, Tools, same, store};
use crate::{
    Result,
    members::{Access, Developer},
    vault,
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
        let vault = vault::store::of_project(&self.core.db, access.project_id()).await?;
        let vault: Vec<_> = vault.into_iter().map(|(secret, _)| secret).collect();
        let mut difference = Difference::default();
        for (new, old) in self.next_of(access.project_id(), &existing, inputs, &vault)? {
            match old {
                None => difference.created.push(new.name),
                Some(old) if same(&new, old) => difference.unchanged.push(new.name),
                Some(old) => difference.changed.push(Changed {
                    fields: changed_fields(old, &new),
                    name: new.name,
                }),
            }
        }
        let named: HashSet<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
        let others = existing.iter().map(|tool| tool.name.as_str());
        let others = others.filter(|name| !named.contains(name));
        difference.not_in_file = others.map(ToOwned::to_owned).collect();
        Ok(difference)
    }
}

/// A field in which two definitions of a tool differ.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// As in a [`ToolInput`].
    pub field: String,
    pub before: Value,
    pub after: Value,
}

impl FieldChange {
    /// Of a tool's own secret, which is never shown.
    pub(super) fn of_secret() -> Self {
        Self {
            field: "auth_secret".to_owned(),
            before: Value::Null,
            after: Value::Null,
        }
    }
}

/// The fields in which they differ, in the order of a [`ToolInput`].
pub(super) fn differing(before: &ToolInput, after: &ToolInput) -> Vec<FieldChange> {
    let fields = |input: &ToolInput| match serde_json::to_value(input) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let text = |value: &Value| value.to_string();
    let mut before = fields(before);
    fields(after)
        .into_iter()
        .map(|(field, after)| FieldChange {
            before: before.remove(&field).unwrap_or_default(),
            field,
            after,
        })
        // Members that changed places are a difference too.
        .filter(|change| text(&change.before) != text(&change.after))
        .collect()
}

pub(super) fn changed_fields(old: &Tool, new: &Tool) -> Vec<String> {
    let mut changes = differing(&old.as_input(), &new.as_input());
    if old.own_secret() != new.own_secret() {
        changes.push(FieldChange::of_secret());
    }
    changes.into_iter().map(|change| change.field).collect()
}

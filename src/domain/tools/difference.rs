//! How a file of tools differs from a project's tools.

use std::collections::HashSet;

use super::{Tool, ToolInput, ToolSecret, Tools, same, store};
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

pub(super) fn changed_fields(old: &Tool, new: &Tool) -> Vec<String> {
    let own = |tool: &Tool| match &tool.auth_secret {
        Some(ToolSecret::Own(sealed)) => Some(sealed.clone()),
        Some(ToolSecret::Named(_)) | None => None,
    };
    // The name of one in the vault is a field of its own.
    let is_same_secret = own(old) == own(new);
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

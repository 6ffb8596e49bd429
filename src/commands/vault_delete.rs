//! `tengine vault delete`

use clap::Args;
use domain::members::Admin;

use super::{
    CommandError,
    project::{OfProject, open_services},
};
use crate::config::Flags;

#[derive(Debug, Args)]
pub struct Arguments {
    /// What tools call it by
    name: String,
    #[command(flatten)]
    of: OfProject,
}

/// Deletes a secret that no tool uses.
///
/// # Errors
/// Where there is none, tools use it, or the configuration or the database cannot be used.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let services = open_services(flags).await?;
    let access = arguments.of.access::<Admin>(&services).await?;
    let stored = services.vault.list(&access.as_viewer()).await?;
    let named = stored
        .into_iter()
        .find(|entry| entry.secret.name == arguments.name);
    let entry = named.ok_or_else(|| {
        CommandError::Usage(format!(
            "the vault has no secret named {:?}",
            arguments.name
        ))
    })?;
    let vault = &services.vault;
    vault.delete_by_operator(&access, &entry.secret.id).await?;
    println!("deleted {}", arguments.name);
    Ok(())
}

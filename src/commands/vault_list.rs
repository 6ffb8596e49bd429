//! `tengine vault list`

use clap::Args;
use domain::{members::Viewer, vault::VaultEntry};
use serde_json::{Value, json};

use super::{
    CommandError,
    project::{OfProject, open_services},
};
use crate::config::Flags;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    of: OfProject,
    /// Print one JSON array
    #[arg(long)]
    json: bool,
}

/// Says which secrets there are, where each may be sent and which tools use it; no values.
///
/// # Errors
/// Where an argument, the configuration or the database cannot be used.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let services = open_services(flags).await?;
    let access = arguments.of.access::<Viewer>(&services).await?;
    let entries = services.vault.list(&access).await?;
    if arguments.json {
        let entries: Vec<Value> = entries.iter().map(shown).collect();
        println!("{}", json!(entries));
        return Ok(());
    }
    for VaultEntry {
        secret, used_by, ..
    } in entries
    {
        let kind = if secret.oauth2.is_some() {
            "OAuth 2 client"
        } else {
            "secret"
        };
        let tools = match used_by.len() {
            1 => "1 tool".to_owned(),
            number => format!("{number} tools"),
        };
        println!(
            "{} ({kind}), for {}, used by {tools}",
            secret.name,
            secret.origins.join(", ")
        );
    }
    Ok(())
}

fn shown(entry: &VaultEntry) -> Value {
    json!({
        "id": entry.secret.id, "name": entry.secret.name, "origins": entry.secret.origins,
        "oauth2": entry.secret.oauth2, "used_by": entry.used_by,
    })
}

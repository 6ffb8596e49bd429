//! `tengine tools apply`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{CommandError, load, open, project::OfProject, services, tools_file};
use crate::config::Flags;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A file of tools, JSON or YAML
    file: PathBuf,
    #[command(flatten)]
    of: OfProject,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Applies all of the file or nothing.
///
/// # Errors
/// Where an argument, the configuration or the database cannot be used.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let config = load(flags)?;
    let tools = tools_file::read(&arguments.file)?;
    let db = open(&config).await?;
    let services = services(&config, db, Vec::new(), None);
    let access = arguments.of.developer(&services).await?;
    let applied = services.tools.apply(&access, &tools).await?;
    if arguments.json {
        println!(
            "{}",
            json!({
                "created": applied.created,
                "updated": applied.updated,
                "unchanged": applied.unchanged,
            })
        );
    } else {
        for (what, names) in [
            ("created", &applied.created),
            ("updated", &applied.updated),
            ("unchanged", &applied.unchanged),
        ] {
            for name in names {
                println!("{what:>9} {name}");
            }
        }
    }
    Ok(())
}

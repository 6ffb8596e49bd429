//! `tengine tools diff`

use std::path::PathBuf;

use clap::Args;
use domain::tools::Difference;
use serde_json::{Value, json};

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

/// Says what applying the file would change, and changes nothing. As diff(1) it fails where there is
/// a difference, for scripts to tell.
///
/// # Errors
/// Where there is one, or an argument, the configuration or the database cannot be used.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let config = load(flags)?;
    let tools = tools_file::read(&arguments.file)?;
    let db = open(&config).await?;
    let services = services(&config, db, Vec::new(), None);
    let access = arguments.of.developer(&services).await?;
    let difference = services.tools.compare(&access, &tools).await?;
    if arguments.json {
        println!("{}", report(&difference));
    } else {
        print(&difference);
    }
    match difference.created.len() + difference.changed.len() {
        0 => Ok(()),
        differing => Err(CommandError::Failed(format!("{differing} tools differ"))),
    }
}

fn report(difference: &Difference) -> Value {
    let changed = difference.changed.iter();
    json!({
        "created": difference.created,
        "changed": changed
            .map(|one| json!({ "name": one.name, "fields": one.fields }))
            .collect::<Vec<_>>(),
        "unchanged": difference.unchanged,
        "not_in_file": difference.not_in_file,
    })
}

fn print(difference: &Difference) {
    for name in &difference.created {
        println!("+ {name}");
    }
    for one in &difference.changed {
        println!("~ {}: {}", one.name, one.fields.join(", "));
    }
    for name in &difference.not_in_file {
        println!("  {name} is not in the file, and stays");
    }
}

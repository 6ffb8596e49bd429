//! `tengine tools export`

use clap::Args;

use super::{
    CommandError,
    project::{OfProject, open_services},
    tools_file::{self, Format},
};
use crate::config::Flags;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    of: OfProject,
    #[arg(long, value_enum, default_value = "yaml")]
    format: Format,
}

/// Prints the project's tools as a file that `apply` takes. Secrets are not in it.
///
/// # Errors
/// Where an argument, the configuration or the database cannot be used.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let services = open_services(flags).await?;
    let access = arguments.of.developer(&services).await?;
    let tools = services.tools.list(&access.as_viewer()).await?;
    print!("{}", tools_file::written(&tools, arguments.format)?);
    Ok(())
}

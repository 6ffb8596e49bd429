//! `tengine tools apply`

use serde_json::json;

use super::{
    CommandError,
    project::open_services,
    tools_file::{self, Arguments},
};
use crate::config::Flags;

/// Applies all of the file or nothing.
///
/// # Errors
/// Where an argument, the configuration or the database cannot be used.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let tools = tools_file::read(&arguments.file)?;
    let services = open_services(flags).await?;
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
        tools_file::print(&applied);
    }
    Ok(())
}

//! `tengine migrate`

use super::{CommandError, load, open};
use crate::config::Flags;

/// # Errors
/// Where the configuration or the database cannot be used.
pub async fn run(flags: Flags) -> Result<(), CommandError> {
    let config = load(flags)?;
    open(&config).await?;
    println!("The database's schema is up to date.");
    Ok(())
}

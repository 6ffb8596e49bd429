//! `tengine user enable`

use super::{
    CommandError,
    project::open_services,
    user::{OfAccount, named},
};
use crate::config::Flags;

/// Enables an account again.
///
/// # Errors
/// Where there is no such account, or the configuration or the database cannot be used.
pub async fn run(flags: Flags, OfAccount { email }: OfAccount) -> Result<(), CommandError> {
    let services = open_services(flags).await?;
    let enabled = services.accounts.enable_by_operator(&email).await;
    enabled.map_err(|error| named(error, &email))?;
    println!("{email} is enabled");
    Ok(())
}

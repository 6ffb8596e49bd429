//! `tengine user reset-link`

use clap::Args;

use super::{CommandError, project::open_services, user::named};
use crate::config::Flags;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The account's email address
    #[arg(value_name = "EMAIL")]
    email: String,
    /// Take its authenticator app and its passkeys away, too, where both are lost
    #[arg(long)]
    removes_second_factor: bool,
}

/// Prints a link that sets a new password, once, within 24 hours. Nothing else is printed, so that the
/// output is the link.
///
/// # Errors
/// Where there is no such account or it is disabled, or the configuration or the database cannot be used.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let services = open_services(flags).await?;
    let Arguments {
        email,
        removes_second_factor,
    } = arguments;
    let recovery = &services.recovery;
    let token = recovery.by_operator(&email, removes_second_factor).await;
    let token = token.map_err(|error| named(error.renamed("email", "EMAIL"), &email))?;
    println!("{}", recovery.url(&token));
    Ok(())
}

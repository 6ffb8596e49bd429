//! `tengine user make-owner`

use super::{
    CommandError,
    project::open_services,
    user::{OfAccount, named},
};
use crate::config::Flags;

/// Makes an account an owner of the instance.
///
/// # Errors
/// Where there is no such account or it is disabled, or the configuration or the database cannot be used.
pub async fn run(flags: Flags, OfAccount { email }: OfAccount) -> Result<(), CommandError> {
    let services = open_services(flags).await?;
    let made = services.accounts.make_owner_by_operator(&email).await;
    made.map_err(|error| named(error.renamed("user_id", "EMAIL"), &email))?;
    println!("{email} owns the instance");
    Ok(())
}

//! `tengine user disable`

use super::{
    CommandError,
    project::open_services,
    user::{OfAccount, named},
};
use crate::config::Flags;

/// Suspends an account, and says which projects nobody owns from now on.
///
/// # Errors
/// Where there is no such account or it is the last owner of the instance, or the configuration or the
/// database cannot be used.
pub async fn run(flags: Flags, OfAccount { email }: OfAccount) -> Result<(), CommandError> {
    let services = open_services(flags).await?;
    let done = services.accounts.disable_by_operator(&email).await;
    let done = done.map_err(|error| named(error.renamed("user_id", "EMAIL"), &email))?;
    let sessions = match done.sessions {
        1 => "1 session".to_owned(),
        number => format!("{number} sessions"),
    };
    println!("{email} is disabled; {sessions} ended");
    for (id, name) in done.without_owner {
        println!("no enabled account owns {name} ({id}) now");
    }
    Ok(())
}

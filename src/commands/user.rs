//! `tengine user …`: accounts, for whoever holds the server. Each says what it did in a line; who is
//! signed in or connected notices with their next request.

use clap::Subcommand;

use super::{CommandError, user_disable, user_enable, user_list, user_make_owner, user_reset_link};
use crate::config::Flags;

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Lists the accounts, newest first.
    List(user_list::Arguments),
    /// Suspends an account: it is signed out, and nothing of it works until it is enabled again.
    Disable(OfAccount),
    /// Enables an account again, with the connections and keys that it had.
    Enable(OfAccount),
    /// Makes an account an owner of the instance.
    MakeOwner(OfAccount),
    /// Prints a link by which the account's person sets a new password; it works once, for 24 hours.
    ResetLink(user_reset_link::Arguments),
}

#[derive(Debug, clap::Args)]
pub struct OfAccount {
    /// The account's email address
    #[arg(value_name = "EMAIL")]
    pub(super) email: String,
}

impl UserCommand {
    /// # Errors
    /// Where an argument, the configuration or the database cannot be used.
    pub async fn run(self, flags: Flags) -> Result<(), CommandError> {
        match self {
            Self::List(arguments) => user_list::run(flags, arguments).await,
            Self::Disable(of) => user_disable::run(flags, of).await,
            Self::Enable(of) => user_enable::run(flags, of).await,
            Self::MakeOwner(of) => user_make_owner::run(flags, of).await,
            Self::ResetLink(arguments) => user_reset_link::run(flags, arguments).await,
        }
    }
}

/// Names the address that a command could not find.
pub(super) fn named(error: domain::Error, email: &str) -> CommandError {
    match error {
        domain::Error::NotFound(_) => CommandError::Usage(format!("EMAIL: no account {email}")),
        other => other.into(),
    }
}

//! The command line: its words, and which command each leads to.

use clap::{Parser, Subcommand};

use super::{
    CommandError, bootstrap, keys_rotate, keys_rotate_master, migrate, serve, tools_apply,
    tools_diff, tools_export, tools_file, tools_import, tools_lint, user::UserCommand,
    vault_delete, vault_list, vault_set,
};
use crate::config::Flags;

/// Turns a team's HTTP APIs into tools that Claude can call.
#[derive(Parser)]
#[command(name = "tengine", version, about)]
pub struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the dashboard, the authorization server and /mcp/ (the default).
    Serve,
    /// Brings the database's schema up to date and exits.
    Migrate,
    /// Makes an account, a project, its tools and an integration, and prints what to connect with.
    Bootstrap(bootstrap::Arguments),
    /// Manages a project's tools.
    #[command(subcommand)]
    Tools(ToolsCommand),
    /// Manages the secrets that a project's tools refer to.
    #[command(subcommand)]
    Vault(VaultCommand),
    /// Replaces the keys that access tokens are signed with, and the master key.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Manages the accounts of the instance.
    #[command(subcommand)]
    User(UserCommand),
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Makes a new key, which signs from now on; old ones verify until their last token has ended.
    Rotate(keys_rotate::Arguments),
    /// Encrypts all that is stored anew, under a new master key, beside servers that run.
    RotateMaster(keys_rotate_master::Arguments),
}

#[derive(Subcommand)]
enum VaultCommand {
    /// Lists the secrets, without their values.
    List(vault_list::Arguments),
    /// Keeps a secret, in the place of the one of its name.
    Set(Box<vault_set::Arguments>),
    /// Deletes a secret that no tool uses.
    Delete(vault_delete::Arguments),
}

#[derive(Subcommand)]
enum ToolsCommand {
    /// Makes a project's tools be as a file says; tools that it does not name stay as they are.
    Apply(tools_file::Arguments),
    /// Says what applying a file would change; fails where that is something.
    Diff(tools_file::Arguments),
    /// Prints a project's tools as a file, without secrets.
    Export(tools_export::Arguments),
    /// Says what Claude would stumble over in tools, and what they cost in tokens.
    Lint(tools_lint::Arguments),
    /// Makes tools of the operations of an OpenAPI document.
    Import(tools_import::Arguments),
}

impl Cli {
    /// Does what the words say.
    ///
    /// # Errors
    /// As the command does.
    pub async fn run(self) -> Result<(), CommandError> {
        match self.command.unwrap_or(Command::Serve) {
            Command::Serve => serve::run(self.flags).await,
            Command::Migrate => migrate::run(self.flags).await,
            Command::Bootstrap(arguments) => bootstrap::run(self.flags, arguments).await,
            Command::Tools(ToolsCommand::Apply(arguments)) => {
                tools_apply::run(self.flags, arguments).await
            }
            Command::Tools(ToolsCommand::Diff(arguments)) => {
                tools_diff::run(self.flags, arguments).await
            }
            Command::Tools(ToolsCommand::Export(arguments)) => {
                tools_export::run(self.flags, arguments).await
            }
            Command::Tools(ToolsCommand::Lint(arguments)) => {
                tools_lint::run(self.flags, arguments).await
            }
            Command::Tools(ToolsCommand::Import(arguments)) => {
                tools_import::run(self.flags, arguments).await
            }
            Command::Vault(VaultCommand::List(arguments)) => {
                vault_list::run(self.flags, arguments).await
            }
            Command::Vault(VaultCommand::Set(arguments)) => {
                vault_set::run(self.flags, *arguments).await
            }
            Command::Vault(VaultCommand::Delete(arguments)) => {
                vault_delete::run(self.flags, arguments).await
            }
            Command::Keys(KeysCommand::Rotate(arguments)) => {
                keys_rotate::run(self.flags, arguments).await
            }
            Command::Keys(KeysCommand::RotateMaster(arguments)) => {
                keys_rotate_master::run(self.flags, arguments).await
            }
            Command::User(command) => command.run(self.flags).await,
        }
    }
}

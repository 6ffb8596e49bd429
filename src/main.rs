//! The command line.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tengine::{commands, config::Flags, telemetry};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Turns a team's HTTP APIs into tools that Claude can call.
#[derive(Parser)]
#[command(name = "tengine", version, about)]
struct Cli {
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
    Bootstrap(commands::bootstrap::Arguments),
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
    User(commands::user::UserCommand),
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Makes a new key, which signs from now on; old ones verify until their last token has ended.
    Rotate(commands::keys_rotate::Arguments),
    /// Encrypts all that is stored anew, under a new master key, beside servers that run.
    RotateMaster(commands::keys_rotate_master::Arguments),
}

#[derive(Subcommand)]
enum VaultCommand {
    /// Lists the secrets, without their values.
    List(commands::vault_list::Arguments),
    /// Keeps a secret, in the place of the one of its name.
    Set(Box<commands::vault_set::Arguments>),
    /// Deletes a secret that no tool uses.
    Delete(commands::vault_delete::Arguments),
}

#[derive(Subcommand)]
enum ToolsCommand {
    /// Makes a project's tools be as a file says; tools that it does not name stay as they are.
    Apply(commands::tools_file::Arguments),
    /// Says what applying a file would change; fails where that is something.
    Diff(commands::tools_file::Arguments),
    /// Prints a project's tools as a file, without secrets.
    Export(commands::tools_export::Arguments),
    /// Says what Claude would stumble over in tools, and what they cost in tokens.
    Lint(commands::tools_lint::Arguments),
    /// Makes tools of the operations of an OpenAPI document.
    Import(commands::tools_import::Arguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Err(error) = telemetry::init() {
        eprintln!("tengine: {error}");
        return ExitCode::from(2);
    }
    let done = match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => commands::serve::run(cli.flags).await,
        Command::Migrate => commands::migrate::run(cli.flags).await,
        Command::Bootstrap(arguments) => commands::bootstrap::run(cli.flags, arguments).await,
        Command::Tools(ToolsCommand::Apply(arguments)) => {
            commands::tools_apply::run(cli.flags, arguments).await
        }
        Command::Tools(ToolsCommand::Diff(arguments)) => {
            commands::tools_diff::run(cli.flags, arguments).await
        }
        Command::Tools(ToolsCommand::Export(arguments)) => {
            commands::tools_export::run(cli.flags, arguments).await
        }
        Command::Tools(ToolsCommand::Lint(arguments)) => {
            commands::tools_lint::run(cli.flags, arguments).await
        }
        Command::Tools(ToolsCommand::Import(arguments)) => {
            commands::tools_import::run(cli.flags, arguments).await
        }
        Command::Vault(VaultCommand::List(arguments)) => {
            commands::vault_list::run(cli.flags, arguments).await
        }
        Command::Vault(VaultCommand::Set(arguments)) => {
            commands::vault_set::run(cli.flags, *arguments).await
        }
        Command::Vault(VaultCommand::Delete(arguments)) => {
            commands::vault_delete::run(cli.flags, arguments).await
        }
        Command::Keys(KeysCommand::Rotate(arguments)) => {
            commands::keys_rotate::run(cli.flags, arguments).await
        }
        Command::Keys(KeysCommand::RotateMaster(arguments)) => {
            commands::keys_rotate_master::run(cli.flags, arguments).await
        }
        Command::User(command) => command.run(cli.flags).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tengine: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

//! `tengine bootstrap`

use std::path::PathBuf;

use clap::Args;
use domain::{
    bootstrap::Bootstrap,
    integrations::{Approval, ClientKind, NewIntegration},
};
use serde_json::json;

use super::{CommandError, load, open, services, tools_file};
use crate::config::Flags;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The account's email address
    #[arg(long)]
    email: String,
    /// The account's password; by the environment it is not in the list of processes
    #[arg(long, env = "TENGINE_BOOTSTRAP_PASSWORD", hide_env_values = true)]
    password: String,
    /// The project's name
    #[arg(long, value_name = "NAME")]
    project: String,
    /// A file of tools, JSON or YAML
    #[arg(long, value_name = "FILE")]
    tools: Option<PathBuf>,
    /// The integration's name
    #[arg(long, value_name = "NAME")]
    integration: String,
    /// A redirect URI, instead of those of the common clients; may be repeated
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// secret, or public for a client that cannot keep one
    #[arg(long, default_value = "secret")]
    client_kind: ClientKind,
    /// Who approves a connection: ask (a member, on a page) or automatic (the secret alone)
    #[arg(long, default_value = "ask")]
    approval: Approval,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Makes all of it or nothing.
///
/// # Errors
/// Where an argument, the configuration or the database cannot be used.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let config = load(flags)?;
    let tools = match &arguments.tools {
        Some(path) => tools_file::read(path)?,
        None => Vec::new(),
    };
    let db = open(&config).await?;
    let services = services(&config, db, Vec::new(), None)?;
    let redirect_uris = Some(arguments.redirect_uris).filter(|uris| !uris.is_empty());
    let made = services
        .bootstrap(Bootstrap {
            email: &arguments.email,
            password: &arguments.password,
            project: &arguments.project,
            tools: &tools,
            integration: NewIntegration {
                name: arguments.integration,
                client_kind: arguments.client_kind,
                approval: arguments.approval,
                redirect_uris,
            },
        })
        .await?;
    let public_url = &config.server.public_url;
    let secret = made.client_secret.as_ref();
    let pairs = [
        ("user_id", Some(made.account.id.to_string())),
        ("project_id", Some(made.project.id.to_string())),
        ("integration_id", Some(made.integration.id.to_string())),
        ("client_id", Some(made.integration.client_id.clone())),
        // A public client has none.
        (
            "client_secret",
            secret.map(|secret| secret.reveal().to_owned()),
        ),
        ("server_url", Some(public_url.server_url())),
        (
            "integration_url",
            Some(public_url.integration_url(&made.integration.slug)),
        ),
        ("api_key", Some(made.api_key.reveal().to_owned())),
    ];
    if arguments.json {
        let object: serde_json::Map<_, _> = pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect();
        println!("{}", serde_json::Value::Object(object));
    } else {
        for (name, value) in pairs {
            println!("{name}={}", value.unwrap_or_default());
        }
    }
    Ok(())
}

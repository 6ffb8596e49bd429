//! `tengine bootstrap`

use std::path::{Path, PathBuf};

use clap::Args;
use domain::{
    bootstrap::Bootstrap,
    integrations::{Approval, ClientKind, NewIntegration},
    tools::ToolInput,
};
use serde_json::json;

use super::{CommandError, load, open, services};
use crate::{api::json::parsed, config::Flags};

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
    /// A JSON file with an array of tools
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
        Some(path) => read_tools(path)?,
        None => Vec::new(),
    };
    let db = open(&config).await?;
    let services = services(&config, db, Vec::new(), None);
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

/// Tools from a JSON file: an array, each with the fields of a tool.
pub(super) fn read_tools(path: &Path) -> Result<Vec<ToolInput>, CommandError> {
    let usage = |message: String| CommandError::Usage(format!("{}: {message}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|why| usage(why.to_string()))?;
    let items: Vec<serde_json::Value> = serde_json::from_str(&text)
        .map_err(|why| usage(format!("this is not a JSON array of tools: {why}")))?;
    let mut tools = Vec::new();
    let mut broken = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        match parsed(item) {
            Ok(tool) => tools.push(tool),
            Err(error) => broken.push(format!("tools[{index}].{}: {}", error.field, error.message)),
        }
    }
    if broken.is_empty() {
        Ok(tools)
    } else {
        Err(usage(broken.join("\n  ")))
    }
}

//! `tengine vault set`

use std::io::Read;

use clap::Args;
use domain::{
    members::Admin,
    tools::{AuthConfig, AuthStrategy},
    vault::{ClientAuth, OAuthClient, VaultSecretInput},
};
use serde_json::json;

use super::{
    CommandError,
    project::{OfProject, open_services},
};
use crate::config::Flags;

#[derive(Debug, Args)]
pub struct Arguments {
    /// What tools call it by
    name: String,
    #[command(flatten)]
    of: OfProject,
    /// Where it may be sent, like https://api.example.com; may be given again
    #[arg(long, value_name = "URL", required = true)]
    origin: Vec<String>,
    /// The environment variable that holds the secret [default: it is read from standard input]
    #[arg(long, value_name = "NAME")]
    value_env: Option<String>,
    /// Leave the stored secret as it is
    #[arg(long, conflicts_with = "value_env")]
    keep_value: bool,
    /// How tools send it, by the name of an auth_strategy
    #[arg(long, value_name = "STRATEGY", default_value = "static_bearer")]
    auth: AuthStrategy,
    /// For api_key_header: the header
    #[arg(long, value_name = "NAME")]
    header: Option<String>,
    /// For api_key_query: the query parameter
    #[arg(long, value_name = "NAME")]
    parameter: Option<String>,
    /// For basic: the user name
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// For the secret of an OAuth 2 client: the client's id
    #[arg(long, value_name = "ID", requires = "token_url")]
    client_id: Option<String>,
    /// Where that client gets its tokens
    #[arg(long, value_name = "URL", requires = "client_id")]
    token_url: Option<String>,
    /// Where people give leave, for tools that act for them
    #[arg(long, value_name = "URL", requires = "client_id")]
    authorization_url: Option<String>,
    /// A scope to ask for; may be given again
    #[arg(long, value_name = "SCOPE", requires = "client_id")]
    scope: Vec<String>,
    /// The API that the token is for, where the other server asks for that
    #[arg(long, value_name = "NAME", requires = "client_id")]
    audience: Option<String>,
    /// How the client proves itself: basic, post, or none
    #[arg(
        long,
        value_name = "HOW",
        requires = "client_id",
        default_value = "basic"
    )]
    client_auth: ClientAuth,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Keeps a secret, in the place of the one of its name where there is one.
///
/// # Errors
/// Where an argument, the configuration or the database cannot be used.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let value = value(&arguments)?;
    let services = open_services(flags).await?;
    let access = arguments.of.access::<Admin>(&services).await?;
    let oauth2 = arguments.client_id.zip(arguments.token_url);
    let input = VaultSecretInput {
        name: arguments.name,
        origins: arguments.origin,
        value,
        auth_strategy: if oauth2.is_some() {
            AuthStrategy::None
        } else {
            arguments.auth
        },
        auth_config: AuthConfig {
            header: arguments.header,
            parameter: arguments.parameter,
            username: arguments.username,
        },
        oauth2: oauth2.map(|(client_id, token_url)| OAuthClient {
            client_id,
            token_url,
            authorization_url: arguments.authorization_url,
            scopes: arguments.scope,
            audience: arguments.audience,
            client_auth: arguments.client_auth,
        }),
    };
    let stored = services.vault.list(&access.as_viewer()).await?;
    let old = stored
        .into_iter()
        .find(|entry| entry.secret.name == input.name);
    let (what, secret) = match old {
        Some(old) => (
            "replaced",
            services
                .vault
                .replace_by_operator(&access, &old.secret.id, &input)
                .await?,
        ),
        None => ("saved", services.vault.create(&access, &input).await?),
    };
    if arguments.json {
        println!(
            "{}",
            json!({ "id": secret.id, "name": secret.name, "origins": secret.origins })
        );
    } else {
        println!("{what} {}, for {}", secret.name, secret.origins.join(", "));
    }
    Ok(())
}

/// Never an argument: those are for everyone on the machine to read.
fn value(arguments: &Arguments) -> Result<Option<String>, CommandError> {
    if arguments.keep_value || arguments.client_auth == ClientAuth::None {
        return Ok(None);
    }
    if let Some(name) = &arguments.value_env {
        let value = std::env::var(name).ok().filter(|value| !value.is_empty());
        let value = value.ok_or_else(|| {
            CommandError::Usage(format!(
                "--value-env: the environment has no variable {name}"
            ))
        })?;
        return Ok(Some(value));
    }
    const MOST: u64 = 16 * 1024;
    let mut text = String::new();
    let read = std::io::stdin().lock().take(MOST).read_to_string(&mut text);
    read.map_err(|why| CommandError::Usage(format!("standard input: {why}")))?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

//! `tengine tools import`

use clap::Args;
use domain::{
    Error, Services,
    openapi::{Document, Import, Imported, Refused, Select},
    tools::{Applied, AuthStrategy, ToolInput},
};
use serde_json::{Value, json};

use super::{CommandError, load, open, project::OfProject, services};
use crate::config::Flags;

#[derive(Debug, Args)]
pub struct Arguments {
    /// An OpenAPI 3.0 or 3.1 document, JSON or YAML: a file, or its https URL
    source: String,
    #[command(flatten)]
    of: OfProject,
    /// Only operations whose id, tag or "METHOD /path" fits; * is any text; may be given again
    #[arg(long, value_name = "PATTERN")]
    select: Vec<Select>,
    /// Where the API is, where the document does not say or says something else
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// How the API is called where the document does not say: static_bearer, basic, hmac_signature or
    /// standard_webhooks
    #[arg(long, value_name = "STRATEGY")]
    auth: Option<AuthStrategy>,
    /// The environment variable that holds the API's key, token or password
    #[arg(long, value_name = "NAME")]
    secret_env: Option<String>,
    /// The user name, for an API with Basic authentication
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// Say what would be imported, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Imports what can be a tool, and says of the rest why not. Tools that are there already by their
/// names become what the document says.
///
/// # Errors
/// Where an argument, the document, the configuration or the database cannot be used.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let config = load(flags)?;
    let secret = arguments.secret_env.as_deref().map(secret).transpose()?;
    let db = open(&config).await?;
    let services = services(&config, db, Vec::new(), None);
    let (document, document_url) = read(&services, &arguments.source).await?;
    let imported = document.import(&Import {
        server: arguments.server.clone(),
        document_url,
        select: arguments.select.clone(),
        auth: arguments.auth.unwrap_or_default(),
    });
    let operations = imported.tools.len() + imported.refused.len();
    if operations == 0 {
        let message = if arguments.select.is_empty() {
            "the document has no operations"
        } else {
            "--select: no operation fits"
        };
        return Err(CommandError::Usage(message.to_owned()));
    }
    let usable = Usable::of(&services, imported, secret.as_deref(), &arguments);
    let applied = if arguments.dry_run {
        None
    } else {
        let access = arguments.of.developer(&services).await?;
        Some(services.tools.apply(&access, &usable.tools).await?)
    };
    if arguments.json {
        println!("{}", usable.report(operations, applied.as_ref()));
    } else {
        usable.print(operations, applied.as_ref());
    }
    Ok(())
}

fn secret(variable: &str) -> Result<String, CommandError> {
    std::env::var(variable)
        .ok()
        .filter(|secret| !secret.is_empty())
        .ok_or_else(|| CommandError::Usage(format!("--secret-env: {variable} is not set")))
}

async fn read(
    services: &Services,
    source: &str,
) -> Result<(Document, Option<url::Url>), CommandError> {
    let usage = |message: String| CommandError::Usage(format!("{source}: {message}"));
    let is_url = source.starts_with("https://") || source.starts_with("http://");
    let (bytes, url) = if is_url {
        let url = url::Url::parse(source).map_err(|why| usage(why.to_string()))?;
        let bytes = services.tools.fetch_document(source).await.map_err(usage)?;
        (bytes, Some(url))
    } else {
        let bytes = tokio::fs::read(source)
            .await
            .map_err(|why| usage(why.to_string()))?;
        (bytes, None)
    };
    Ok((Document::read(&bytes).map_err(usage)?, url))
}

/// What of a document can be used.
#[derive(Default)]
struct Usable {
    tools: Vec<ToolInput>,
    refused: Vec<Refused>,
    /// What tools leave out of their operations.
    left_out: Vec<(String, Vec<String>)>,
}

impl Usable {
    /// The tools that pass the rules of tools, with the secret that they need.
    fn of(
        services: &Services,
        imported: Imported,
        secret: Option<&str>,
        arguments: &Arguments,
    ) -> Self {
        let mut usable = Self {
            refused: imported.refused,
            ..Self::default()
        };
        for one in imported.tools {
            let mut tool = one.tool;
            if tool.auth_strategy != AuthStrategy::None {
                tool.auth_secret = secret.map(str::to_owned);
            }
            if tool.auth_strategy == AuthStrategy::Basic {
                tool.auth_config.username.clone_from(&arguments.username);
            }
            match services.tools.check(&with_stand_ins(&tool, arguments)) {
                Ok(()) => {
                    if !one.left_out.is_empty() {
                        usable.left_out.push((one.operation, one.left_out));
                    }
                    usable.tools.push(tool);
                }
                Err(error) => usable.refused.push(Refused {
                    operation: one.operation,
                    reason: reason(&error),
                }),
            }
        }
        usable
    }

    fn report(&self, operations: usize, applied: Option<&Applied>) -> Value {
        let refused = self.refused.iter();
        let left_out = self.left_out.iter();
        let mut report = json!({
            "operations": operations,
            "importable": self.tools.len(),
            "tools": self.tools,
            "refused": refused
                .map(|one| json!({ "operation": one.operation, "reason": one.reason }))
                .collect::<Vec<_>>(),
            "left_out": left_out
                .map(|(operation, what)| json!({ "operation": operation, "what": what }))
                .collect::<Vec<_>>(),
        });
        if let Some(applied) = applied {
            report["created"] = json!(applied.created);
            report["updated"] = json!(applied.updated);
            report["unchanged"] = json!(applied.unchanged);
        }
        report
    }

    fn print(&self, operations: usize, applied: Option<&Applied>) {
        match applied {
            None => {
                for tool in &self.tools {
                    let (name, method, path) = (&tool.name, tool.http_method, &tool.endpoint_path);
                    println!("importable {name}  {method} {path}");
                }
            }
            Some(applied) => {
                for (what, names) in [
                    ("created", &applied.created),
                    ("updated", &applied.updated),
                    ("unchanged", &applied.unchanged),
                ] {
                    names.iter().for_each(|name| println!("{what:>10} {name}"));
                }
            }
        }
        for (operation, what) in &self.left_out {
            println!("  left out {operation}: {}", what.join(" "));
        }
        for one in &self.refused {
            println!("   refused {}: {}", one.operation, one.reason);
        }
        println!("{} of {operations} operations", self.tools.len());
    }
}

/// Whoever only looks has no secret at hand, and that is no reason why a tool could not be.
fn with_stand_ins(tool: &ToolInput, arguments: &Arguments) -> ToolInput {
    let mut tool = tool.clone();
    if arguments.dry_run && tool.auth_strategy != AuthStrategy::None {
        let secret = tool.auth_secret.take();
        tool.auth_secret = Some(secret.unwrap_or_else(|| "to-be-given".to_owned()));
    }
    if arguments.dry_run && tool.auth_strategy == AuthStrategy::Basic {
        let name = tool.auth_config.username.take();
        tool.auth_config.username = Some(name.unwrap_or_else(|| "to-be-given".to_owned()));
    }
    tool
}

fn reason(error: &Error) -> String {
    let Error::Invalid(fields) = error else {
        return error.to_string();
    };
    let sentences: Vec<_> = fields
        .iter()
        .map(|field| match field.field.as_str() {
            "auth_secret" => format!("{} Name its variable with --secret-env.", field.message),
            "auth_config.username" => format!("{} Give it with --username.", field.message),
            _ => field.to_string(),
        })
        .collect();
    sentences.join(" ")
}

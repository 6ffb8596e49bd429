//! `tengine tools import`

use clap::Args;
use domain::{
    Services,
    members::Access,
    openapi::{self, Document, Import, Select},
    tools::{
        Applied, AuthStrategy, ImportOptions, ImportSecret, Planned, PlannedChange, PlannedTool,
        ToolInput, calls,
    },
};
use serde_json::{Value, json};

use super::{
    CommandError,
    project::{OfProject, open_services},
    tools_file,
};
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
    /// How the API is called where the document does not say
    #[arg(long, value_name = "STRATEGY", value_parser = strategy)]
    auth: Option<AuthStrategy>,
    /// The environment variable that holds the API's key, token or password
    #[arg(long, value_name = "NAME")]
    secret_env: Option<String>,
    /// The API's secret by its name in the project's vault
    #[arg(long, value_name = "NAME", conflicts_with = "secret_env")]
    secret: Option<String>,
    /// The user name, for an API with Basic authentication
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// Replace tools of the same names that call something else
    #[arg(long)]
    overwrite: bool,
    /// Say what would be imported, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Those that need no name besides their secret.
fn strategy(text: &str) -> Result<AuthStrategy, String> {
    use AuthStrategy::{Basic, HmacSignature, StandardWebhooks, StaticBearer};
    let known = [StaticBearer, Basic, HmacSignature, StandardWebhooks];
    let named = known.into_iter().find(|one| one.as_str() == text);
    named.ok_or_else(|| format!("use one of {}", known.map(AuthStrategy::as_str).join(", ")))
}

/// Imports what can be a tool, and says of the rest why not. Tools that are there already by their
/// names call what the document says now; what people settled about them stays.
///
/// # Errors
/// Where an argument, the document, the configuration or the database cannot be used, or nothing
/// could be imported.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let secret = arguments.secret_env.as_deref().map(secret).transpose()?;
    if let Some(server) = &arguments.server {
        openapi::check_server(server)
            .map_err(|why| CommandError::Usage(format!("--server: {why}")))?;
    }
    let services = open_services(flags).await?;
    let (document, document_url) = read(&services, &arguments.source).await?;
    let import = Import {
        server: arguments.server.clone(),
        document_url,
        select: arguments.select.clone(),
        auth: arguments.auth.unwrap_or_default(),
    };
    let options = ImportOptions {
        import,
        username: arguments.username.clone(),
        secret: match (secret, arguments.secret) {
            (Some(value), _) => Some(ImportSecret::Value(value)),
            (None, name) => name.map(ImportSecret::Named),
        },
        overwrite: arguments.overwrite,
        only_looks: arguments.dry_run,
        most: None,
    };
    let access = if arguments.dry_run {
        arguments.of.developer_if_any(&services).await?
    } else {
        Some(arguments.of.developer(&services).await?)
    };
    let viewer = access.as_ref().map(Access::as_viewer);
    let planned = services
        .tools
        .plan(viewer.as_ref(), document, options)
        .await?;
    if planned.operations == 0 {
        let message = if arguments.select.is_empty() {
            "the document has no operations"
        } else {
            "--select: no operation fits"
        };
        return Err(CommandError::Usage(message.to_owned()));
    }
    let inputs: Vec<ToolInput> = planned.tools.iter().map(|one| one.tool.clone()).collect();
    let applied = match &access {
        Some(access) if !arguments.dry_run => {
            Some(services.tools.import(access, inputs.clone()).await?)
        }
        _ => None,
    };
    let made = Made(planned);
    if arguments.json {
        println!("{}", made.report(applied.as_ref()));
    } else {
        made.print(applied.as_ref());
    }
    if applied.is_some() && inputs.is_empty() {
        return Err(CommandError::Failed("nothing could be imported".to_owned()));
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
        let (bytes, url) = services.tools.fetch_document(source).await.map_err(usage)?;
        (bytes, Some(url))
    } else {
        let bytes = tokio::fs::read(source)
            .await
            .map_err(|why| usage(why.to_string()))?;
        (bytes, None)
    };
    Ok((Document::read(&bytes).map_err(usage)?, url))
}

/// What came of it.
struct Made(Planned);

impl Made {
    fn report(&self, applied: Option<&Applied>) -> Value {
        let planned = &self.0;
        let named = |wanted: fn(&PlannedChange) -> bool| {
            let tools = planned.tools.iter().filter(move |one| wanted(&one.change));
            tools.map(|one| one.tool.name.as_str()).collect::<Vec<_>>()
        };
        let left_out = planned.tools.iter().filter(|one| !one.left_out.is_empty());
        let mut report = json!({
            "operations": planned.operations,
            "importable": planned.tools.len(),
            "tools": planned.tools.iter().map(|one| &one.tool).collect::<Vec<_>>(),
            "refused": planned.refused.iter()
                .map(|one| json!({ "operation": one.operation, "reason": one.reason }))
                .collect::<Vec<_>>(),
            "left_out": left_out
                .map(|one| json!({ "operation": one.operation, "what": one.left_out }))
                .collect::<Vec<_>>(),
            "added": named(|change| *change == PlannedChange::Added),
            "changed": planned.tools.iter()
                .filter_map(|one| match &one.change {
                    PlannedChange::Changed(fields) => {
                        Some(json!({ "name": one.tool.name, "fields": fields }))
                    }
                    PlannedChange::Added | PlannedChange::Unchanged => None,
                })
                .collect::<Vec<_>>(),
            "same": named(|change| *change == PlannedChange::Unchanged),
            "gone": planned.gone,
        });
        if let Some(applied) = applied {
            report["created"] = json!(applied.created);
            report["updated"] = json!(applied.updated);
            report["unchanged"] = json!(applied.unchanged);
        }
        report
    }

    fn print(&self, applied: Option<&Applied>) {
        let planned = &self.0;
        match applied {
            None => {
                for PlannedTool { tool, change, .. } in &planned.tools {
                    let call = calls(&tool.base_url, tool.http_method, &tool.endpoint_path);
                    let what = match change {
                        PlannedChange::Added => "added".to_owned(),
                        PlannedChange::Unchanged => "unchanged".to_owned(),
                        PlannedChange::Changed(fields) => format!("changed: {}", fields.join(", ")),
                    };
                    println!(
                        "importable {}  {call}  {}  ({what})",
                        tool.name, tool.auth_strategy
                    );
                }
            }
            Some(applied) => tools_file::print(applied),
        }
        for one in planned.tools.iter().filter(|one| !one.left_out.is_empty()) {
            println!("  left out {}: {}", one.operation, one.left_out.join(" "));
        }
        for one in &planned.refused {
            println!("   refused {}: {}", one.operation, one.reason);
        }
        for name in &planned.gone {
            println!("      gone {name}: no operation of the document; the tool stays");
        }
        println!(
            "{} of {} operations",
            planned.tools.len(),
            planned.operations
        );
    }
}

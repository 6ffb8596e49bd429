//! `tengine tools import`

use clap::Args;
use domain::{
    Error, Services,
    openapi::{Document, Import, Imported, Refused, Select},
    tools::{Applied, AuthConfig, AuthStrategy, HttpMethod, Tool, ToolInput},
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
    if let Some(server) = &arguments.server
        && !url::Url::parse(server).is_ok_and(|url| matches!(url.scheme(), "https" | "http"))
    {
        let message = "--server: name it whole, like https://api.example.com/v1";
        return Err(CommandError::Usage(message.to_owned()));
    }
    let services = open_services(flags).await?;
    let (document, document_url) = read(&services, &arguments.source).await?;
    let import = Import {
        server: arguments.server.clone(),
        document_url,
        select: arguments.select.clone(),
        auth: arguments.auth.unwrap_or_default(),
    };
    let imported = document.import(&import);
    let operations = imported.tools.len() + imported.refused.len();
    if operations == 0 {
        let message = if arguments.select.is_empty() {
            "the document has no operations"
        } else {
            "--select: no operation fits"
        };
        return Err(CommandError::Usage(message.to_owned()));
    }
    let access = match arguments.of.developer(&services).await {
        Ok(access) => Some(access),
        // Who only looks may have no project yet.
        Err(_) if arguments.dry_run => None,
        Err(error) => return Err(error),
    };
    let existing = match &access {
        Some(access) => services.tools.list(&access.as_viewer()).await?,
        None => Vec::new(),
    };
    let making = Making {
        services: &services,
        existing: &existing,
        origin: document.origin(&import).ok(),
        secret: secret.as_deref(),
        arguments: &arguments,
    };
    let made = making.of(imported);
    let applied = match &access {
        Some(access) if !arguments.dry_run => {
            Some(services.tools.apply(access, &made.tools).await?)
        }
        _ => None,
    };
    if arguments.json {
        println!("{}", made.report(operations, applied.as_ref()));
    } else {
        made.print(operations, applied.as_ref());
    }
    if applied.is_some() && made.tools.is_empty() {
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

/// What makes tools of what a document has.
struct Making<'a> {
    services: &'a Services,
    existing: &'a [Tool],
    /// Where the secret is for.
    origin: Option<String>,
    secret: Option<&'a str>,
    arguments: &'a Arguments,
}

/// What the secret is for.
struct Holder {
    strategy: AuthStrategy,
    config: AuthConfig,
    origin: String,
}

/// What came of it.
#[derive(Default)]
struct Made {
    tools: Vec<ToolInput>,
    refused: Vec<Refused>,
    /// What tools leave out of their operations.
    left_out: Vec<(String, Vec<String>)>,
}

impl Making<'_> {
    /// The tools that pass the rules of tools, with the secret that they need.
    fn of(&self, imported: Imported) -> Made {
        let mut made = Made {
            refused: imported.refused,
            ..Made::default()
        };
        let mut holder = None;
        for one in imported.tools {
            match self.settled(one.tool, &mut holder) {
                Ok(tool) => {
                    if !one.left_out.is_empty() {
                        made.left_out.push((one.operation, one.left_out));
                    }
                    made.tools.push(tool);
                }
                Err(reason) => made.refused.push(Refused {
                    operation: one.operation,
                    reason,
                }),
            }
        }
        made
    }

    fn settled(
        &self,
        mut tool: ToolInput,
        holder: &mut Option<Holder>,
    ) -> Result<ToolInput, String> {
        if tool.auth_strategy == AuthStrategy::Basic {
            let username = &self.arguments.username;
            tool.auth_config.username.clone_from(username);
        }
        let old = self.existing.iter().find(|old| old.name == tool.name);
        if let Some(old) = old {
            let before = calls(&old.base_url, old.http_method, &old.endpoint_path);
            let now = calls(&tool.base_url, tool.http_method, &tool.endpoint_path);
            if before != now && !self.arguments.overwrite {
                return Err(format!(
                    "The project's tool {} calls {before}, not {now}: rename it, or say --overwrite.",
                    old.name
                ));
            }
            tool = kept(old, tool);
        }
        if let Some(secret) = self.secret
            && tool.auth_strategy != AuthStrategy::None
        {
            self.may_have_secret(&tool, holder)?;
            tool.auth_secret = Some(secret.to_owned());
        }
        let checked = self.services.tools.check(&self.stood_in(&tool, old), old);
        checked.map_err(|error| reason(&error))?;
        Ok(tool)
    }

    /// The document names the servers and the schemes, and the secret is for one of each: the first
    /// that needs it, at the document's own server where it has one.
    fn may_have_secret(&self, tool: &ToolInput, holder: &mut Option<Holder>) -> Result<(), String> {
        let holder = holder.get_or_insert_with(|| Holder {
            strategy: tool.auth_strategy,
            config: tool.auth_config.clone(),
            origin: self.origin.clone().unwrap_or_else(|| tool.base_url.clone()),
        });
        if (holder.strategy, &holder.config) != (tool.auth_strategy, &tool.auth_config) {
            let strategy = tool.auth_strategy;
            return Err(format!(
                "It needs another secret, for {strategy}: import it by itself with --select."
            ));
        }
        if holder.origin != tool.base_url {
            return Err(format!(
                "It is at {}, and the secret is for {}: import it by itself with --select and \
                 --server.",
                tool.base_url, holder.origin
            ));
        }
        Ok(())
    }

    /// Whoever only looks has no secret at hand, and that is no reason why a tool could not be.
    fn stood_in(&self, tool: &ToolInput, old: Option<&Tool>) -> ToolInput {
        const WEBHOOK_KEY: &str = "whsec_dG8gYmUgZ2l2ZW4gd2hlbiBpdCBpcyBpbXBvcnRlZA==";
        let mut tool = tool.clone();
        if !self.arguments.dry_run || tool.auth_strategy == AuthStrategy::None {
            return tool;
        }
        if tool.auth_secret.is_none() && old.is_none_or(|old| old.auth_secret.is_none()) {
            let stand_in = match tool.auth_strategy {
                AuthStrategy::StandardWebhooks => WEBHOOK_KEY,
                _ => "to-be-given",
            };
            tool.auth_secret = Some(stand_in.to_owned());
        }
        if tool.auth_strategy == AuthStrategy::Basic && tool.auth_config.username.is_none() {
            tool.auth_config.username = Some("to-be-given".to_owned());
        }
        tool
    }
}

fn calls(base_url: &str, method: HttpMethod, path: &str) -> String {
    format!("{method} {base_url}{path}")
}

/// The tool as the document has it, with what people settled about the one that there is.
fn kept(old: &Tool, new: ToolInput) -> ToolInput {
    let old = old.as_input();
    ToolInput {
        output_schema: old.output_schema,
        require_member: old.require_member,
        inject_member_identity: old.inject_member_identity,
        annotations: old.annotations,
        icons: old.icons,
        timeout_ms: old.timeout_ms,
        max_concurrency: old.max_concurrency,
        max_retries: old.max_retries,
        max_response_bytes: old.max_response_bytes,
        is_enabled: old.is_enabled,
        ..new
    }
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

impl Made {
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
                    let call = calls(&tool.base_url, tool.http_method, &tool.endpoint_path);
                    println!("importable {}  {call}  {}", tool.name, tool.auth_strategy);
                }
            }
            Some(applied) => tools_file::print(applied),
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

//! A project's tools from an OpenAPI document: what importing it would make of them, before it does.

use std::collections::{HashMap, HashSet};

use tokio::sync::Semaphore;

use super::{
    Applied, AuthConfig, AuthStrategy, HttpMethod, Tool, ToolInput, Tools,
    difference::changed_fields, same, store,
};
use crate::{
    Error, Result,
    blocking::off_the_workers,
    members::{Access, Developer, Viewer},
    openapi::{Document, Import, Refused, shape_of},
    vault::{self, VaultSecret},
};

/// How a document's operations become a project's tools.
#[derive(Default)]
pub struct ImportOptions {
    pub import: Import,
    /// For an API with Basic authentication.
    pub username: Option<String>,
    pub secret: Option<ImportSecret>,
    /// Whether tools of the same names that call something else are replaced.
    pub overwrite: bool,
    /// Whoever only looks has no secret at hand, and that is no reason why a tool could not be.
    pub only_looks: bool,
    /// Operations that may be selected at once; `None`: any number.
    pub most: Option<usize>,
}

/// Operations that an edge lets somebody import at once.
pub const MOST_AT_ONCE: usize = 2_000;

/// One document is read, or one import planned, at a time: each may keep a processor busy for seconds.
static TURN: Semaphore = Semaphore::const_new(1);

/// The API's secret.
pub enum ImportSecret {
    Value(String),
    /// One of the project's vault.
    Named(String),
}

/// What importing a document would do.
#[derive(Debug, Default)]
pub struct Planned {
    /// Of the document, as far as they were selected.
    pub operations: usize,
    pub tools: Vec<PlannedTool>,
    pub refused: Vec<Refused>,
    /// The names of tools at the document's server that call none of its operations. They stay.
    pub gone: Vec<String>,
}

/// An operation as a tool that passes the rules of tools.
#[derive(Debug)]
pub struct PlannedTool {
    /// As people would look for it: `GET /contacts/{id} (getContact)`.
    pub operation: String,
    pub tool: ToolInput,
    /// What of the operation the tool leaves out.
    pub left_out: Vec<String>,
    /// Whether its secret is yet to be given.
    pub needs_secret: bool,
    pub change: PlannedChange,
}

/// How a tool differs from the project's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlannedChange {
    Added,
    /// The fields that change.
    Changed(Vec<String>),
    Unchanged,
}

impl Tools {
    /// What importing would do, and to which tools; nothing is changed. Tools that are there already
    /// by their names call what the document says now; what people settled about them stays.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn plan(
        &self,
        access: Option<&Access<Viewer>>,
        document: Document,
        options: ImportOptions,
    ) -> Result<Planned> {
        let (existing, vault) = match access {
            None => (Vec::new(), Vec::new()),
            Some(access) => {
                let db = &self.core.db;
                let vault = vault::store::of_project(db, access.project_id()).await?;
                let vault: Vec<_> = vault.into_iter().map(|(secret, _)| secret).collect();
                (store::of_project(db, access.project_id()).await?, vault)
            }
        };
        let this = self.clone();
        let _turn = TURN.acquire().await;
        off_the_workers(move || this.planned(&document, &options, &existing, &vault)).await
    }

    /// Reads a document, JSON or YAML.
    ///
    /// # Errors
    /// As [`Document::read`].
    pub async fn read_document(&self, bytes: Vec<u8>) -> Result<Document, String> {
        let _turn = TURN.acquire().await;
        off_the_workers(move || Document::read(&bytes)).await
    }

    fn planned(
        &self,
        document: &Document,
        options: &ImportOptions,
        existing: &[Tool],
        vault: &[VaultSecret],
    ) -> Result<Planned> {
        let selected = document.count(&options.import);
        if let Some(most) = options.most
            && selected > most
        {
            return Err(Error::invalid(
                "select",
                format!(
                    "The document has {selected} operations that fit; import at most {most} at once, \
                     by a pattern like \"GET /v1/*\" or a tag."
                ),
            ));
        }
        let imported = document.import(&options.import);
        let origin = document.origin(&options.import).ok();
        let mut planned = Planned {
            operations: imported.tools.len() + imported.refused.len(),
            refused: imported.refused,
            gone: match origin.as_ref().filter(|_| options.import.select.is_empty()) {
                None => Vec::new(),
                Some(origin) => gone(existing, origin, &document.shapes(&options.import)),
            },
            ..Planned::default()
        };
        let mut planning = Planning {
            tools: self,
            by_name: existing
                .iter()
                .map(|tool| (tool.name.as_str(), tool))
                .collect(),
            by_call: of_one_call(existing),
            vault,
            origin,
            holder: None,
            options,
        };
        for one in imported.tools {
            match planning.settled(one.tool) {
                Ok((tool, needs_secret, change)) => planned.tools.push(PlannedTool {
                    operation: one.operation,
                    tool,
                    left_out: one.left_out,
                    needs_secret,
                    change,
                }),
                Err(reason) => planned.refused.push(Refused {
                    operation: one.operation,
                    reason,
                }),
            }
        }
        Ok(planned)
    }

    /// Makes tools of what was planned. What people switched or settled in the meantime stays as it is
    /// then, and not as it was when it was planned.
    ///
    /// # Errors
    /// As [`Tools::apply`].
    pub async fn import(
        &self,
        access: &Access<Developer>,
        inputs: Vec<ToolInput>,
    ) -> Result<Applied> {
        let mut tx = self.core.db.begin().await?;
        let existing = store::all_locked(&mut tx, access.project_id()).await?;
        let now: HashMap<&str, &Tool> = existing
            .iter()
            .map(|tool| (tool.name.as_str(), tool))
            .collect();
        let inputs: Vec<_> = inputs
            .into_iter()
            .map(|input| match now.get(input.name.as_str()) {
                Some(old) => as_settled(old, input),
                None => input,
            })
            .collect();
        let (actor, project) = (access.actor(), access.project_id());
        let applied = self.apply_in(&mut tx, actor, project, &inputs).await?;
        tx.commit().await?;
        Ok(applied)
    }
}

/// What the secret is for.
struct Holder {
    strategy: AuthStrategy,
    config: AuthConfig,
    origin: String,
}

struct Planning<'a> {
    tools: &'a Tools,
    by_name: HashMap<&'a str, &'a Tool>,
    by_call: HashMap<String, &'a Tool>,
    vault: &'a [VaultSecret],
    /// Where the document says that the API is.
    origin: Option<String>,
    holder: Option<Holder>,
    options: &'a ImportOptions,
}

impl<'a> Planning<'a> {
    fn settled(&mut self, mut tool: ToolInput) -> Result<(ToolInput, bool, PlannedChange), String> {
        if tool.auth_strategy == AuthStrategy::Basic {
            tool.auth_config.username.clone_from(&self.options.username);
        }
        let old = self.there_already(&tool);
        if let Some(old) = old {
            // Somebody may have renamed it.
            tool.name.clone_from(&old.name);
            // An argument of the path that is called otherwise is the same call.
            if shape_of_tool(old) != shape_of_input(&tool) && !self.options.overwrite {
                let before = calls(&old.base_url, old.http_method, &old.endpoint_path);
                let now = calls(&tool.base_url, tool.http_method, &tool.endpoint_path);
                return Err(format!(
                    "The project's tool {} calls {before}, not {now}: rename it, or let the import \
                     overwrite it.",
                    old.name
                ));
            }
            tool = kept(old, tool);
        }
        if tool.auth_strategy != AuthStrategy::None {
            match &self.options.secret {
                None => {}
                Some(ImportSecret::Named(name)) => self.name_secret(&mut tool, name),
                Some(ImportSecret::Value(secret)) => {
                    self.may_have_secret(&tool)?;
                    tool.auth_secret_name = None;
                    tool.auth_secret = Some(secret.clone());
                }
            }
        }
        let checked = if self.options.only_looks {
            stood_in(tool.clone(), old)
        } else {
            tool.clone()
        };
        let made = self.tools.made(&checked, old, self.vault);
        let made = made.map_err(|error| reason(&error))?;
        let change = match old {
            None => PlannedChange::Added,
            Some(old) if same(&made, old) => PlannedChange::Unchanged,
            Some(old) => PlannedChange::Changed(changed_fields(old, &made)),
        };
        let lacks_secret = lacks_secret(&tool, old);
        Ok((tool, lacks_secret, change))
    }

    /// The project's tool of an operation: the one that calls it, or the one of its name.
    fn there_already(&self, tool: &ToolInput) -> Option<&'a Tool> {
        let shape = shape_of_input(tool);
        let by_name = self.by_name.get(tool.name.as_str()).copied();
        let calls_it = |old: &Tool| shape_of_tool(old) == shape;
        by_name
            .filter(|old| calls_it(old))
            .or_else(|| self.by_call.get(&shape).copied())
            .or(by_name)
    }

    /// Documents do not tell how a client comes by its tokens; the vault does.
    fn name_secret(&self, tool: &mut ToolInput, name: &str) {
        tool.auth_secret = None;
        tool.auth_secret_name = Some(name.to_owned());
        let secret = self.vault.iter().find(|secret| secret.name == name);
        let Some(secret) = secret else {
            return;
        };
        let Some(client) = &secret.oauth2 else {
            tool.auth_strategy = secret.auth_strategy;
            tool.auth_config = secret.auth_config.clone();
            return;
        };
        if tool.auth_strategy == AuthStrategy::StaticBearer {
            tool.auth_strategy = match client.authorization_url {
                Some(_) => AuthStrategy::OAuth2AuthorizationCode,
                None => AuthStrategy::OAuth2ClientCredentials,
            };
        }
    }

    /// The document names the servers and the schemes, and the secret is for one of each: the first
    /// that needs it, at the document's own server where it has one.
    fn may_have_secret(&mut self, tool: &ToolInput) -> Result<(), String> {
        let origin = &self.origin;
        let holder = self.holder.get_or_insert_with(|| Holder {
            strategy: tool.auth_strategy,
            config: tool.auth_config.clone(),
            origin: origin.clone().unwrap_or_else(|| tool.base_url.clone()),
        });
        if (holder.strategy, &holder.config) != (tool.auth_strategy, &tool.auth_config) {
            let strategy = tool.auth_strategy;
            return Err(format!(
                "It needs another secret, for {strategy}: import it by itself, selected alone."
            ));
        }
        if holder.origin != tool.base_url {
            return Err(format!(
                "It is at {}, and the secret is for {}: import it by itself, selected alone and \
                 with that server.",
                tool.base_url, holder.origin
            ));
        }
        Ok(())
    }
}

fn lacks_secret(tool: &ToolInput, old: Option<&Tool>) -> bool {
    let has_one = tool.auth_secret.is_some() || tool.auth_secret_name.is_some();
    tool.auth_strategy != AuthStrategy::None
        && !has_one
        && old.is_none_or(|old| old.auth_secret.is_none())
}

/// With what stands in for what is yet to be given.
pub(super) fn stood_in(mut tool: ToolInput, old: Option<&Tool>) -> ToolInput {
    const WEBHOOK_KEY: &str = "whsec_dG8gYmUgZ2l2ZW4gd2hlbiBpdCBpcyBpbXBvcnRlZA==";
    if lacks_secret(&tool, old) && !tool.auth_strategy.is_oauth() {
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

/// What a tool does, to tell it from another of its name.
#[must_use]
pub fn calls(base_url: &str, method: HttpMethod, path: &str) -> String {
    format!("{method} {base_url}{path}")
}

fn shape_of_tool(tool: &Tool) -> String {
    shape_of(
        tool.http_method.as_str(),
        &tool.base_url,
        &tool.endpoint_path,
    )
}

fn shape_of_input(tool: &ToolInput) -> String {
    shape_of(
        tool.http_method.as_str(),
        &tool.base_url,
        &tool.endpoint_path,
    )
}

/// The tools that alone call what they call. Where several do (one GraphQL endpoint, say), nobody can
/// tell which of them an operation became.
fn of_one_call(existing: &[Tool]) -> HashMap<String, &Tool> {
    let mut by_call: HashMap<String, Option<&Tool>> = HashMap::new();
    for tool in existing {
        by_call
            .entry(shape_of_tool(tool))
            .and_modify(|known| *known = None)
            .or_insert(Some(tool));
    }
    let alone = by_call.into_iter();
    alone
        .filter_map(|(call, tool)| Some((call, tool?)))
        .collect()
}

fn gone(existing: &[Tool], origin: &str, there: &HashSet<String>) -> Vec<String> {
    let at_server = existing.iter().filter(|tool| tool.base_url == origin);
    let gone = at_server.filter(|tool| !there.contains(&shape_of_tool(tool)));
    gone.map(|tool| tool.name.clone()).collect()
}

/// The tool as the document has it, with what people settled about the one that there is.
fn kept(old: &Tool, new: ToolInput) -> ToolInput {
    let new = as_settled(old, new);
    let old = old.as_input();
    // How it proves itself is settled where it is settled by the vault.
    let (auth_strategy, auth_config) = match &old.auth_secret_name {
        Some(_) if old.base_url == new.base_url => (old.auth_strategy, old.auth_config),
        _ => (new.auth_strategy, new.auth_config),
    };
    ToolInput {
        auth_secret_name: old
            .auth_secret_name
            .filter(|_| auth_strategy != AuthStrategy::None),
        auth_strategy,
        auth_config,
        ..new
    }
}

/// With what people settled about the one that there is, which no document speaks of.
fn as_settled(old: &Tool, new: ToolInput) -> ToolInput {
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
            "auth_secret" | "auth_config.username" => {
                format!("{} Give it to the import.", field.message)
            }
            _ => field.to_string(),
        })
        .collect();
    sentences.join(" ")
}

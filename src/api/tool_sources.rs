//! /api/v1/projects/{project_id}/tools/import, /from-curl, and the starter catalog

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    Error, catalog, curl,
    members::{Developer, Viewer},
    openapi::{self, Document, Import},
    tools::{ImportOptions, ImportSecret, MOST_AT_ONCE, Planned, PlannedChange, ToolInput},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    ApiError, ApiJson, Caller,
    auth::access,
    error::ErrorBody,
    tools::{ToolFields, ToolView},
};
use crate::state::AppState;

/// An OpenAPI document, and how its operations become tools.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportInput {
    /// Its https URL, where it is not in `document`.
    url: Option<String>,
    /// The document: an object, or its text as JSON or YAML.
    #[schema(value_type = Option<Object>)]
    document: Option<Value>,
    /// Only operations whose id, tag or `METHOD /path` fits; `*` is any text.
    #[serde(default)]
    select: Vec<String>,
    /// Where the API is, where the document does not say or says something else.
    server: Option<String>,
    /// For an API with Basic authentication.
    username: Option<String>,
    /// The API's secret; write-only.
    secret: Option<String>,
    /// In its place, the name of one in the project's vault.
    secret_name: Option<String>,
    /// Replace tools of the same names that call something else.
    #[serde(default)]
    overwrite: bool,
    /// Say what would be imported, and change nothing.
    #[serde(default)]
    dry_run: bool,
}

/// What an import made, or would make.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportReport {
    operations: usize,
    importable: usize,
    #[schema(value_type = Vec<ToolFields>)]
    tools: Vec<ToolInput>,
    refused: Vec<RefusedView>,
    /// Names of tools: those that are new, those that change, and those at the document's server
    /// that none of its operations is.
    added: Vec<String>,
    changed: Vec<ChangedView>,
    gone: Vec<String>,
    /// Whether it was done.
    applied: bool,
}

#[derive(Serialize, ToSchema)]
struct RefusedView {
    operation: String,
    reason: String,
}

#[derive(Serialize, ToSchema)]
struct ChangedView {
    name: String,
    fields: Vec<String>,
}

fn report(planned: Planned, applied: bool) -> ImportReport {
    let mut report = ImportReport {
        operations: planned.operations,
        importable: planned.tools.len(),
        tools: Vec::new(),
        refused: planned
            .refused
            .into_iter()
            .map(|one| RefusedView {
                operation: one.operation,
                reason: one.reason,
            })
            .collect(),
        added: Vec::new(),
        changed: Vec::new(),
        gone: planned.gone,
        applied,
    };
    for one in planned.tools {
        let name = one.tool.name.clone();
        match one.change {
            PlannedChange::Added => report.added.push(name),
            PlannedChange::Changed(fields) => report.changed.push(ChangedView { name, fields }),
            PlannedChange::Unchanged => {}
        }
        report.tools.push(one.tool);
    }
    report
}

/// Makes tools of the operations of an OpenAPI 3.0 or 3.1 document, all that can be or none. Tools
/// that are there already by their names call what the document says now; what people settled about
/// them stays.
#[utoipa::path(post, path = "/api/v1/projects/{project_id}/tools/import", tag = "tools",
    params(("project_id" = String, Path)), request_body = ImportInput,
    responses((status = 200, body = ImportReport), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn import(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    ApiJson(input): ApiJson<ImportInput>,
) -> Result<Json<ImportReport>, ApiError> {
    let access = access::<Developer>(&state, &actor, project_id).await?;
    let tools = &state.services.tools;
    let (document, document_url) = match (&input.url, &input.document) {
        (Some(url), None) => {
            let fetched = tools.fetch_document(url).await;
            let (bytes, url) = fetched.map_err(|why| Error::invalid("url", why))?;
            (read(&state, "url", bytes).await?, Some(url))
        }
        (None, Some(Value::String(text))) => (
            read(&state, "document", text.clone().into_bytes()).await?,
            None,
        ),
        (None, Some(value)) => (
            read(&state, "document", value.to_string().into_bytes()).await?,
            None,
        ),
        (None, None) | (Some(_), Some(_)) => {
            let why = "Give the URL of an OpenAPI document, or the document, and not both.";
            return Err(Error::invalid("url", why).into());
        }
    };
    if let Some(server) = &input.server {
        openapi::check_server(server).map_err(|why| Error::invalid("server", why))?;
    }
    let secret = match (input.secret, input.secret_name) {
        (Some(_), Some(_)) => {
            let why = "Give a secret or the name of one, and not both.";
            return Err(Error::invalid("secret", why).into());
        }
        (Some(value), None) => Some(ImportSecret::Value(value)),
        (None, name) => name.map(ImportSecret::Named),
    };
    let select = input
        .select
        .iter()
        .map(|pattern| pattern.parse().unwrap_or_else(|never| match never {}));
    let options = ImportOptions {
        import: Import {
            server: input.server,
            document_url,
            select: select.collect(),
            ..Import::default()
        },
        username: input.username,
        secret,
        overwrite: input.overwrite,
        only_looks: input.dry_run,
        most: Some(MOST_AT_ONCE),
    };
    let planned = tools
        .plan(Some(&access.as_viewer()), document, options)
        .await?;
    if !input.dry_run {
        let inputs: Vec<ToolInput> = planned.tools.iter().map(|one| one.tool.clone()).collect();
        tools.import(&access, inputs).await?;
    }
    Ok(Json(report(planned, !input.dry_run)))
}

async fn read(state: &AppState, field: &str, bytes: Vec<u8>) -> Result<Document, Error> {
    let document = state.services.tools.read_document(bytes).await;
    document.map_err(|why| Error::invalid(field, why))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CurlInput {
    /// As it is pasted; nothing of it is run.
    command: String,
}

/// A draft of a tool, to look through and then to register. A credential of the command is not in
/// it: give it as `auth_secret`.
#[derive(Serialize, ToSchema)]
pub(super) struct CurlDraft {
    #[schema(value_type = ToolFields)]
    tool: ToolInput,
    /// Whether the command had a credential.
    had_secret: bool,
    /// What was left out, and what to look at.
    notes: Vec<String>,
}

/// Makes a draft of a tool out of a curl command. Nothing is registered.
#[utoipa::path(post, path = "/api/v1/projects/{project_id}/tools/from-curl", tag = "tools",
    params(("project_id" = String, Path)), request_body = CurlInput,
    responses((status = 200, body = CurlDraft), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn from_curl(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    ApiJson(input): ApiJson<CurlInput>,
) -> Result<Json<CurlDraft>, ApiError> {
    access::<Developer>(&state, &actor, project_id).await?;
    let made = curl::tool_from(&input.command);
    let made = made.map_err(|why| Error::invalid("command", why.to_string()))?;
    Ok(Json(CurlDraft {
        had_secret: made.tool.auth_secret.is_some(),
        tool: made.tool,
        notes: made.notes,
    }))
}

/// A tool of the starter catalog.
#[derive(Serialize, ToSchema)]
pub(super) struct EntryView {
    id: &'static str,
    api: &'static str,
    homepage: &'static str,
    /// `none`, `optional` or `needed`.
    key: &'static str,
    /// Where one gets a key.
    get_key_at: Option<&'static str>,
    /// What it was checked against: addresses.
    sources: Vec<&'static str>,
    /// The day on which it was called and its answer looked at; null: never.
    called_live: Option<&'static str>,
    #[schema(value_type = ToolFields)]
    tool: &'static ToolInput,
}

impl From<&'static catalog::Entry> for EntryView {
    fn from(entry: &'static catalog::Entry) -> Self {
        let (key, about) = match &entry.key {
            catalog::Key::None => ("none", None),
            catalog::Key::Optional(about) => ("optional", Some(about)),
            catalog::Key::Needed(about) => ("needed", Some(about)),
        };
        Self {
            id: entry.id,
            api: &entry.api,
            homepage: &entry.homepage,
            key,
            get_key_at: about.map(|about| about.get_it_at.as_str()),
            sources: entry
                .sources
                .iter()
                .map(|source| source.at.as_str())
                .collect(),
            called_live: entry.called_live.as_deref(),
            tool: entry.definition(),
        }
    }
}

/// The starter catalog.
#[derive(Serialize, ToSchema)]
pub(super) struct CatalogView {
    data: Vec<EntryView>,
}

/// Lists the starter catalog.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/catalog", tag = "tools",
    params(("project_id" = String, Path)),
    responses((status = 200, body = CatalogView), (status = 404, body = ErrorBody)))]
pub(super) async fn list_catalog(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
) -> Result<Json<CatalogView>, ApiError> {
    access::<Viewer>(&state, &actor, project_id).await?;
    Ok(Json(CatalogView {
        data: catalog::entries().iter().map(EntryView::from).collect(),
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddInput {
    /// An entry's id.
    entry: String,
    /// Its API's key, where it needs or takes one; write-only.
    key: Option<String>,
}

/// Adds a tool of the starter catalog.
#[utoipa::path(post, path = "/api/v1/projects/{project_id}/catalog", tag = "tools",
    params(("project_id" = String, Path)), request_body = AddInput,
    responses((status = 201, body = ToolView), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody),
        (status = 422, body = ErrorBody)))]
pub(super) async fn add_from_catalog(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    ApiJson(input): ApiJson<AddInput>,
) -> Result<(StatusCode, Json<ToolView>), ApiError> {
    let access = access::<Developer>(&state, &actor, project_id).await?;
    let entry = catalog::entry(&input.entry).ok_or(Error::NotFound("entry of the catalog"))?;
    let tool = state
        .services
        .tools
        .create(&access, &entry.tool(input.key))
        .await?;
    Ok((StatusCode::CREATED, Json(tool.into())))
}

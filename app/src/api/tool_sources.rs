//! Ways in besides the form: an OpenAPI document, a curl command, the starter catalog.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{UiError, tools::ToolForm};

/// Where a document is, and how its operations become tools.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportForm {
    /// Its https URL, where it is not pasted.
    pub url: String,
    /// The document itself.
    pub document: String,
    /// Where the API is, where the document does not say or says something else.
    pub server: String,
    pub username: String,
    /// Write-only.
    pub secret: String,
    /// In its place, the name of one in the vault.
    pub secret_name: String,
    pub overwrite: bool,
    /// Which operations, a pattern a line; empty: all.
    pub select: String,
    /// Which document was looked at, where one was; another is refused.
    pub digest: String,
}

impl std::fmt::Debug for ImportForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportForm")
            .field("url", &self.url)
            .field("secret", &"redacted")
            .finish_non_exhaustive()
    }
}

/// What a document would make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPlan {
    /// Of the document.
    pub digest: String,
    pub operations: usize,
    /// How many of the tools lack their secret.
    pub lacking_secrets: usize,
    pub tools: Vec<PlannedRow>,
    /// Operation and reason.
    pub refused: Vec<(String, String)>,
    /// Tools at that server that none of its operations is.
    pub gone: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRow {
    /// `GET /contacts/{id} (getContact)`
    pub operation: String,
    pub name: String,
    /// `GET https://crm.example.com/v1/contacts/{id}`
    pub calls: String,
    /// How it proves itself, in words.
    pub auth: String,
    pub left_out: Vec<String>,
    pub change: RowChange,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowChange {
    Added,
    /// The fields that change.
    Changed(Vec<String>),
    Unchanged,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportDone {
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
}

/// The names of the vault's secrets, for a form to choose from.
#[server(endpoint = "vault_names")]
pub async fn vault_names(project_id: String) -> Result<Vec<String>, UiError> {
    use crate::ssr::access;
    use domain::members::Viewer;
    let (services, access) = access::<Viewer>(project_id).await?;
    let entries = services.vault.list(&access).await?;
    Ok(entries.into_iter().map(|entry| entry.secret.name).collect())
}

/// Says what importing would do; nothing is changed.
#[server(endpoint = "plan_import")]
pub async fn plan_import(project_id: String, form: ImportForm) -> Result<ImportPlan, UiError> {
    use crate::ssr::{access, import};
    use domain::members::Developer;
    let (services, access) = access::<Developer>(project_id).await?;
    let (planned, digest) = import::planned(&services, &access, &form, true).await?;
    Ok(import::shown(planned, digest))
}

/// Imports the operations that are named, all of it or nothing.
#[server(endpoint = "import_tools")]
pub async fn import_tools(
    project_id: String,
    form: ImportForm,
    #[server(default)] operations: Vec<String>,
) -> Result<ImportDone, UiError> {
    use crate::ssr::{access, import};
    use domain::members::Developer;
    let (services, access) = access::<Developer>(project_id).await?;
    let (planned, digest) = import::planned(&services, &access, &form, false).await?;
    if digest != form.digest {
        let why = "The document is not the one that you looked at: look again, then import.";
        return Err(domain::Error::invalid("url", why).into());
    }
    let chosen = import::chosen(planned, &operations)?;
    let applied = services.tools.import(&access, chosen).await?;
    Ok(ImportDone {
        created: applied.created.len(),
        updated: applied.updated.len(),
        unchanged: applied.unchanged.len(),
    })
}

/// What a curl command makes: a form to look through, and what there is to know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FromCurl {
    pub form: ToolForm,
    pub notes: Vec<String>,
    pub vault: Vec<String>,
}

#[server(endpoint = "tool_from_curl")]
pub async fn tool_from_curl(project_id: String, command: String) -> Result<FromCurl, UiError> {
    use crate::ssr::{access, tool_form};
    use domain::{Error, curl, members::Developer};
    let (services, access) = access::<Developer>(project_id).await?;
    let made =
        curl::tool_from(&command).map_err(|why| Error::invalid("command", why.to_string()))?;
    let vault = services.vault.list(&access.as_viewer()).await?;
    Ok(FromCurl {
        form: tool_form::proposed(&made.tool)?,
        notes: made.notes,
        vault: vault.into_iter().map(|entry| entry.secret.name).collect(),
    })
}

/// A tool of the starter catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogCard {
    pub id: String,
    pub name: String,
    pub title: String,
    pub description: String,
    pub api: String,
    pub homepage: String,
    pub terms: Option<String>,
    pub manners: Option<String>,
    pub key: CatalogKey,
    /// What somebody asks Claude.
    pub ask: String,
    /// The request that it makes of it.
    pub request: String,
    /// Each with its address and what it is: `OpenAPI, version 1.4, read on 2026-11-25`.
    pub sources: Vec<(String, String)>,
    pub called_live: Option<String>,
    pub is_read_only: bool,
    pub is_added: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CatalogKey {
    None,
    Optional {
        get_it_at: String,
        looks_like: String,
    },
    Needed {
        get_it_at: String,
        looks_like: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogPage {
    pub cards: Vec<CatalogCard>,
    pub may_edit: bool,
}

#[server(endpoint = "load_catalog")]
pub async fn load_catalog(project_id: String) -> Result<CatalogPage, UiError> {
    use crate::ssr::{access, catalog};
    use domain::members::{Role, Viewer};
    let (services, access) = access::<Viewer>(project_id).await?;
    let names = services.tools.names(&access).await?;
    let names = names.into_iter().map(|tool| tool.name).collect();
    Ok(CatalogPage {
        cards: domain::catalog::entries()
            .iter()
            .map(|entry| catalog::card(entry, &names))
            .collect(),
        may_edit: access.role() >= Role::Developer,
    })
}

/// Adds a tool of the catalog, with its key where it needs one.
#[server(endpoint = "add_from_catalog")]
pub async fn add_from_catalog(
    project_id: String,
    entry_id: String,
    #[server(default)] key: String,
) -> Result<String, UiError> {
    use crate::ssr::access;
    use domain::{Error, catalog, members::Developer};
    let (services, access) = access::<Developer>(project_id).await?;
    let entry = catalog::entry(&entry_id).ok_or(Error::NotFound("entry of the catalog"))?;
    let made = services
        .tools
        .create(&access, &entry.tool(Some(key)))
        .await?;
    Ok(made.name)
}

//! An import between its form and the domain.

use std::{collections::HashSet, convert::Infallible};

use domain::{
    Error, Services,
    crypto::{base64url, sha256},
    members::{Access, Developer},
    openapi::{self, Import},
    tools::{
        AuthStrategy, ImportOptions, ImportSecret, MOST_AT_ONCE, Planned, PlannedChange, ToolInput,
        calls,
    },
};

use crate::{
    api::tool_sources::{ImportForm, ImportPlan, PlannedRow, RowChange},
    components::secret_way::WAYS,
};

/// What the form's document would make of the project's tools, and which document it is.
pub(crate) async fn planned(
    services: &Services,
    access: &Access<Developer>,
    form: &ImportForm,
    only_looks: bool,
) -> Result<(Planned, String), Error> {
    let invalid = |field: &str, why: String| Error::invalid(field, why);
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let (digest, document, document_url) = match (given(&form.url), form.document.trim().is_empty())
    {
        (Some(_), false) => {
            let why = "Give a URL or the document itself, and not both.";
            return Err(invalid("url", why.to_owned()));
        }
        (None, true) => {
            let why = "Give the URL of an OpenAPI document, or paste one below.";
            return Err(invalid("url", why.to_owned()));
        }
        (None, false) => {
            // Of a form that was sent twice the ends of lines may differ.
            let bytes = form.document.replace("\r\n", "\n").into_bytes();
            let digest = digest_of(&bytes);
            let document = services.tools.read_document(bytes).await;
            (
                digest,
                document.map_err(|why| invalid("document", why))?,
                None,
            )
        }
        (Some(url), true) => {
            let fetched = services.tools.fetch_document(&url).await;
            let (bytes, url) = fetched.map_err(|why| invalid("url", why))?;
            let digest = digest_of(&bytes);
            let document = services.tools.read_document(bytes).await;
            (
                digest,
                document.map_err(|why| invalid("url", why))?,
                Some(url),
            )
        }
    };
    let server = given(&form.server);
    if let Some(server) = &server {
        openapi::check_server(server).map_err(|why| invalid("server", why))?;
    }
    let secret = match (given(&form.secret_name), given(&form.secret)) {
        (Some(_), Some(_)) => {
            let why = "Choose a secret of the vault or enter one, and not both.";
            return Err(invalid("secret", why.to_owned()));
        }
        (Some(name), None) => Some(ImportSecret::Named(name)),
        (None, secret) => secret.map(ImportSecret::Value),
    };
    let patterns = form
        .select
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let select = patterns
        .map(|pattern| {
            pattern
                .parse()
                .unwrap_or_else(|never: Infallible| match never {})
        })
        .collect();
    let options = ImportOptions {
        import: Import {
            server,
            document_url,
            select,
            ..Import::default()
        },
        username: given(&form.username),
        secret,
        overwrite: form.overwrite,
        only_looks,
        most: Some(MOST_AT_ONCE),
    };
    let planned = services
        .tools
        .plan(Some(&access.as_viewer()), document, options)
        .await?;
    Ok((planned, digest))
}

fn digest_of(bytes: &[u8]) -> String {
    base64url(&sha256(bytes))
}

/// How a tool proves itself.
fn sent_in_words(strategy: AuthStrategy) -> &'static str {
    let known = WAYS.iter().find(|(way, _)| *way == strategy.as_str());
    match (known, strategy) {
        (Some((_, text)), _) => text,
        (None, AuthStrategy::None) => "no secret",
        (None, _) => "OAuth 2.0",
    }
}

pub(crate) fn shown(planned: Planned, digest: String) -> ImportPlan {
    let lacking_secrets = planned.tools.iter().filter(|one| one.needs_secret).count();
    let rows = planned.tools.into_iter().map(|one| PlannedRow {
        operation: one.operation,
        name: one.tool.name,
        calls: calls(
            &one.tool.base_url,
            one.tool.http_method,
            &one.tool.endpoint_path,
        ),
        auth: sent_in_words(one.tool.auth_strategy).to_owned(),
        left_out: one.left_out,
        change: match one.change {
            PlannedChange::Added => RowChange::Added,
            PlannedChange::Changed(fields) => RowChange::Changed(fields),
            PlannedChange::Unchanged => RowChange::Unchanged,
        },
    });
    ImportPlan {
        digest,
        lacking_secrets,
        operations: planned.operations,
        tools: rows.collect(),
        refused: planned
            .refused
            .into_iter()
            .map(|one| (one.operation, one.reason))
            .collect(),
        gone: planned.gone,
    }
}

/// The tools of the operations that were ticked.
pub(crate) fn chosen(planned: Planned, operations: &[String]) -> Result<Vec<ToolInput>, Error> {
    if operations.is_empty() {
        return Err(Error::invalid(
            "operations",
            "Tick the operations that are to be tools.",
        ));
    }
    let operations: HashSet<&String> = operations.iter().collect();
    let is_chosen = |operation: &String| operations.contains(operation);
    // What could be looked at may be missing a secret now.
    let refused = planned.refused.iter().find(|one| is_chosen(&one.operation));
    if let Some(refused) = refused {
        let why = format!("{}: {}", refused.operation, refused.reason);
        return Err(Error::invalid("operations", why));
    }
    let tools = planned
        .tools
        .into_iter()
        .filter(|one| is_chosen(&one.operation));
    Ok(tools.map(|one| one.tool).collect())
}

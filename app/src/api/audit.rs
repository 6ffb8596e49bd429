//! The audit log, as pages show it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{UiError, When};

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub id: String,
    pub at: When,
    /// `Role changed`
    pub what: String,
    pub by: Option<String>,
    pub by_key: bool,
    pub about: Option<String>,
    pub address: Option<String>,
    pub detail: Option<String>,
}

/// A page of the log, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    pub entries: Vec<AuditEntry>,
    /// The next page is what was before this row.
    pub older: Option<String>,
}

/// What was done to the reader's account, and by them.
#[server(endpoint = "account_audit")]
pub async fn account_audit(before: Option<String>) -> Result<AuditPage, UiError> {
    use crate::ssr::{audit, person, services};
    let signed_in = person().await?;
    let services = services();
    let page = audit::page_before(before);
    let rows = services.audit.of_account(&signed_in.account.id, &page);
    Ok(audit::shown(rows.await?, &page, services.core.now()))
}

/// What was done in a project.
#[server(endpoint = "project_audit")]
pub async fn project_audit(
    project_id: String,
    before: Option<String>,
) -> Result<AuditPage, UiError> {
    use crate::ssr::{access, audit};
    use domain::members::Admin;
    let (services, access) = access::<Admin>(project_id).await?;
    let page = audit::page_before(before);
    let rows = services.audit.of_project(&access, &page).await?;
    Ok(audit::shown(rows, &page, services.core.now()))
}

/// What was done on the whole instance.
#[server(endpoint = "instance_audit")]
pub async fn instance_audit(before: Option<String>) -> Result<AuditPage, UiError> {
    use crate::ssr::{audit, instance_owner};
    let (services, owner) = instance_owner().await?;
    let page = audit::page_before(before);
    let rows = services.audit.of_instance(&owner, &page).await?;
    Ok(audit::shown(rows, &page, services.core.now()))
}

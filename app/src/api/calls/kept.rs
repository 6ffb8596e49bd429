//! Of which calls a project keeps what was asked and answered.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::UiError;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDetails {
    /// `all`, `failures` or `none`
    pub keep: String,
    /// `7 days`
    pub lifetime: String,
    /// Of how many calls at most: `10,000`
    pub most: String,
    /// Whether the reader may say so.
    pub may_manage: bool,
}

#[server(endpoint = "load_kept_details")]
pub async fn load_kept_details(project_id: String) -> Result<KeptDetails, UiError> {
    use crate::{
        counted::grouped,
        ssr::{access, when::lifetime},
    };
    use domain::members::{Role, Viewer};
    let (services, access) = access::<Viewer>(project_id).await?;
    let limits = services.core.details;
    Ok(KeptDetails {
        keep: services.calls.kept_details(&access).await?.to_string(),
        lifetime: lifetime(limits.kept_seconds),
        most: grouped(limits.most_in_project),
        may_manage: access.role() >= Role::Admin,
    })
}

#[server(endpoint = "keep_details")]
pub async fn keep_details(project_id: String, keep: String) -> Result<(), UiError> {
    use crate::ssr::access;
    use domain::{Error, members::Admin};
    let (services, access) = access::<Admin>(project_id).await?;
    let keep = keep
        .parse()
        .map_err(|_| Error::invalid("keep", "Choose all calls, failed calls, or none."))?;
    services.calls.keep_details(&access, keep).await?;
    Ok(())
}

//! The live secrets of an integration: rotating them, and ending one.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::create::Credentials;
use crate::api::{UiError, When};

/// A live secret, by its prefix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretRow {
    pub id: String,
    pub prefix: String,
    /// The email of who created it, where the account is still there.
    pub created_by: Option<String>,
    pub created: When,
    pub last_used: Option<When>,
    /// When it stops working, for one that was rotated.
    pub ends: Option<When>,
}

/// Makes a new secret and shows it, once. The old one works for the overlap: none, an hour, a day or
/// a week.
#[server(endpoint = "rotate_secret")]
pub async fn rotate_secret(
    project_id: String,
    integration_id: String,
    #[server(default)] overlap_seconds: i64,
) -> Result<Credentials, UiError> {
    use crate::ssr::{fresh_access, integrations::credentials};
    use domain::{integrations::Overlap, members::Admin};
    let (services, access, fresh) = fresh_access::<Admin>(project_id).await?;
    let overlap = Overlap::from_seconds(overlap_seconds)?;
    let (integration, secret) = services
        .integrations
        .rotate_secret(&access, &integration_id.into(), overlap, &fresh)
        .await?;
    Ok(credentials(&services, integration, Some(&secret)))
}

/// Ends one of two secrets before its time.
#[server(endpoint = "end_secret")]
pub async fn end_secret(
    project_id: String,
    integration_id: String,
    secret_id: String,
) -> Result<(), UiError> {
    use crate::ssr::access;
    use domain::members::Admin;
    let (services, access) = access::<Admin>(project_id).await?;
    services
        .integrations
        .end_secret(&access, &integration_id.into(), &secret_id.into())
        .await?;
    Ok(())
}

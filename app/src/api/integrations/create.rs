//! Making an integration, and what is shown once.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::UiError;

/// What is shown once, after creating an integration or rotating its secret. It lives in the
/// memory of the page that asked for it and nowhere else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    pub integration_id: String,
    pub name: String,
    pub client_id: String,
    /// A public client has none.
    pub client_secret: Option<String>,
    pub server_url: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .field("client_secret", &"redacted")
            .finish_non_exhaustive()
    }
}

/// Makes an integration. Only one that approves by itself takes a fresh proof of who asks.
#[server(endpoint = "create_integration")]
pub async fn create_integration(
    project_id: String,
    name: String,
    is_public: bool,
    is_automatic: bool,
) -> Result<Credentials, UiError> {
    use crate::ssr::{access, integrations::credentials, proof};
    use domain::{
        integrations::{Approval, ClientKind, NewIntegration},
        members::Admin,
    };
    let (services, access) = access::<Admin>(project_id).await?;
    let mut new = NewIntegration::named(name);
    if is_public {
        new.client_kind = ClientKind::Public;
    }
    let mut fresh = None;
    if is_automatic {
        new.approval = Approval::Automatic;
        fresh = proof().await?;
    }
    let (integration, secret) = services
        .integrations
        .create(&access, &new, fresh.as_ref())
        .await?;
    Ok(credentials(&services, integration, secret.as_ref()))
}

//! How the instance is, for its owners.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::{UiError, When};

/// A thing that can be well or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub name: String,
    pub is_well: bool,
    /// A sentence; where it is not well, with the mend.
    pub says: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    pub version: String,
    pub checks: Vec<Check>,
    /// Name and number: accounts, projects, …
    pub counts: Vec<(String, i64)>,
    pub mail: Option<Mail>,
    pub my_email: String,
}

/// The mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    pub server: String,
    pub last_success: Option<When>,
    pub last_failure: Option<(When, String)>,
    pub waiting: usize,
}

#[server(endpoint = "load_health")]
pub async fn load_health() -> Result<Health, UiError> {
    use crate::ssr::{health, instance_owner, person};
    let (services, owner) = instance_owner().await?;
    health::load(&services, &owner, person().await?.account.email).await
}

/// Sends the reader a mail, now, and says what came of it.
#[server(endpoint = "send_test_mail")]
pub async fn send_test_mail() -> Result<(), UiError> {
    use crate::ssr::{instance_owner, person};
    let (services, owner) = instance_owner().await?;
    let to = person().await?.account.email;
    services.core.mailer.check(&owner, &to).await?;
    Ok(())
}

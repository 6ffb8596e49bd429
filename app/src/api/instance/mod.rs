//! The instance: its addresses, for the guides, and what its owners see and decide.

pub mod accounts;
pub mod health;
pub mod providers;
pub mod settings;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::UiError;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// `https://tools.example.com`
    pub origin: String,
    /// The Server URL that all integrations share.
    pub server_url: String,
    /// Only this machine reaches it, and Claude's cloud does not.
    pub is_loopback: bool,
    /// How long an access token works: `an hour`.
    pub token_lifetime: String,
}

/// Public: discovery tells the same to anyone.
#[server(endpoint = "load_instance")]
pub async fn load_instance() -> Result<Instance, UiError> {
    let services = crate::ssr::services();
    let public = &services.core.public_url;
    Ok(Instance {
        origin: public.origin().to_owned(),
        server_url: public.server_url(),
        is_loopback: public.is_loopback(),
        token_lifetime: crate::ssr::when::lifetime(services.core.lifetimes.access_token),
    })
}

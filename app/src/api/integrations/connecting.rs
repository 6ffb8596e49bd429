//! How far a client has come with an integration, and what keeps clients out.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::{UiError, When};

/// One step on the way from finding the server to the first call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectStep {
    /// One word, by which tests find it.
    pub word: String,
    pub title: String,
    /// What is to be known of it besides.
    pub note: Option<String>,
    pub is_passed: bool,
    /// When, where it is known.
    pub at: Option<When>,
}

/// A refusal that nothing has mended since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The word by which it is dismissed.
    pub kind: String,
    pub at: When,
    /// Milliseconds since the epoch.
    pub at_ms: i64,
    pub why: WhyRefused,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhyRefused {
    RotatedSecret {
        /// What the secret begins with.
        prefix: Option<String>,
        rotated: Option<When>,
        by: Option<String>,
    },
    WrongSecret {
        is_anothers: bool,
    },
    Inactive,
    UnknownRedirectUri {
        uri: String,
        /// Where it leads, as people read it.
        host: String,
        is_of_known_client: bool,
        /// It breaks no rule, so that it can be added.
        can_be_added: bool,
    },
    NoToolEnabled,
    GrantExcludesAll {
        client: String,
    },
    /// A sentence that says what to do.
    Other(String),
}

/// Takes a kind of refusal out of the way, up to the one that was seen.
#[server(endpoint = "dismiss_refusal")]
pub async fn dismiss_refusal(
    project_id: String,
    integration_id: String,
    kind: String,
    seen_ms: i64,
) -> Result<(), UiError> {
    use crate::ssr::access;
    use domain::{Error, clock::Timestamp, integrations::RefusalKind, members::Admin};
    let (services, access) = access::<Admin>(project_id).await?;
    let kind: RefusalKind = kind
        .parse()
        .map_err(|_| Error::invalid("kind", "There is no such kind of refusal."))?;
    services
        .integrations
        .dismiss_refusal(&access, &integration_id.into(), kind, Timestamp(seen_ms))
        .await?;
    Ok(())
}

//! How far a client has come with an integration, and what last kept one out.

use serde::{Deserialize, Serialize};

use crate::api::When;

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
pub struct LastRefusal {
    pub at: When,
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

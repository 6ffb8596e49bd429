//! What an authorization server of somebody else's knows us by.

use serde::{Deserialize, Serialize};

use crate::text_enum;

text_enum! {
    /// How a client proves itself at the token endpoint (RFC 6749 §2.3.1).
    #[derive(Default)]
    pub enum ClientAuth {
        /// `client_secret_basic`
        #[default]
        Basic = "basic",
        /// `client_secret_post`
        Post = "post",
        /// A public client: it has no secret, and PKCE stands in for it.
        None = "none",
    }
}

/// An OAuth 2 client of the project's at another server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OAuthClient {
    pub client_id: String,
    /// RFC 6749 §3.2
    pub token_url: String,
    /// RFC 6749 §3.1; only for tools that act for a person, who gives leave there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization_url: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// What some servers ask for beside the scopes: the API that the token is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    #[serde(default)]
    pub client_auth: ClientAuth,
}

impl OAuthClient {
    /// Without the scopes and the way that it proves itself, which take nothing elsewhere.
    pub(super) fn what_people_approve(&self) -> impl Serialize {
        (
            self.client_id.clone(),
            self.token_url.clone(),
            self.authorization_url.clone(),
            self.audience.clone(),
        )
    }
}

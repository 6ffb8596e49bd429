//! The authorization server's state: requests, codes, grants, tokens. The endpoints that speak HTTP
//! are the server's room `oauth`.

mod access_token;
mod bearer;
mod code;
mod refresh;
mod request;
mod scopes;
pub mod signing_keys;
pub(crate) mod store;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use bearer::{Bearer, BearerError};
pub use code::{CodeExchange, ResourceUrl};
pub use refresh::Refresh;
pub use request::{AuthorizeError, AuthorizeErrorCode, AuthorizeParameters, AuthorizeRequest};
pub use scopes::Scopes;

use crate::{
    Core, Error,
    clock::Timestamp,
    crypto::BearerSecret,
    ids::{GrantId, IntegrationId, ToolId, UserId},
    text_enum,
    tools::Tool,
};
use signing_keys::SigningKeys;

/// Which of the project's tools a connection may use. `All` and `ReadOnly` are evaluated at each
/// request, so they include tools that are added later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolRule {
    All,
    ReadOnly,
    Selected(Vec<ToolId>),
}

impl ToolRule {
    #[must_use]
    pub fn covers(&self, tool: &Tool) -> bool {
        match self {
            Self::All => true,
            Self::ReadOnly => tool.annotations.read_only_hint,
            Self::Selected(ids) => ids.contains(&tool.id),
        }
    }
}

text_enum! {
    /// Why a grant ended.
    pub enum EndReason {
        /// Its code was presented a second time.
        CodeReplayed = "code_replayed",
        /// The integration stopped approving by itself.
        ApprovalChanged = "approval_changed",
    }
}

/// One completed authorization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub id: GrantId,
    pub integration_id: IntegrationId,
    pub client_id: String,
    /// `None`: the integration itself is the subject.
    pub user_id: Option<UserId>,
    /// Canonical URLs, each with its slash at the end.
    pub audience: Vec<String>,
    pub scopes: Scopes,
    pub tool_rule: ToolRule,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// What the token endpoint answers with (RFC 6749 §5.1).
#[derive(Debug)]
pub struct Tokens {
    pub access_token: String,
    /// Seconds.
    pub expires_in: i64,
    pub refresh_token: BearerSecret,
    pub scopes: Scopes,
}

/// Why the token endpoint refuses (RFC 6749 §5.2, RFC 8707 §2). Each holds a sentence that says
/// what to do.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("{0}")]
    InvalidGrant(&'static str),
    #[error("{0}")]
    InvalidTarget(&'static str),
    #[error("{0}")]
    InvalidScope(&'static str),
    #[error(transparent)]
    Domain(#[from] Error),
}

impl From<crate::db::DbError> for TokenError {
    fn from(error: crate::db::DbError) -> Self {
        Self::Domain(error.into())
    }
}

/// Seconds that an access token lives.
pub const ACCESS_TOKEN_SECONDS: i64 = 3_600;
/// Seconds that a code lives.
const CODE_SECONDS: i64 = 60;
/// Seconds that a refresh token lives unused.
const REFRESH_IDLE_SECONDS: i64 = 60 * 24 * 3_600;
/// Seconds after which a person must approve again, however much the connection is used.
const REFRESH_ABSOLUTE_SECONDS: i64 = 365 * 24 * 3_600;

const REFRESH_PREFIX: &str = "tng_rt_";
const CODE_PREFIX: &str = "tng_ac_";

/// The room's service.
#[derive(Clone)]
pub struct Grants {
    core: Core,
    keys: Arc<SigningKeys>,
}

impl Grants {
    pub(crate) fn new(core: Core) -> Self {
        let keys = Arc::new(SigningKeys::new(core.clone()));
        Self { core, keys }
    }

    #[must_use]
    pub fn signing_keys(&self) -> &SigningKeys {
        &self.keys
    }
}

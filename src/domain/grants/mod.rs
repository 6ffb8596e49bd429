//! The authorization server's state: requests, codes, grants, tokens. The endpoints that speak HTTP
//! are the server's room `oauth`.

mod access_token;
mod authority;
mod bearer;
mod client_credentials;
mod code;
mod connections;
mod consents;
mod coverage;
mod empty_list;
mod expire;
mod introspection;
mod lifetimes;
mod offer;
mod progress;
#[cfg(test)]
mod properties;
mod refresh;
mod request;
mod resource;
mod revocation;
mod rule;
mod scopes;
pub mod signing_keys;
mod standing;
pub(crate) mod store;
mod tokens;

use std::sync::Arc;

pub use bearer::{Bearer, BearerError};
pub use code::CodeExchange;
pub use connections::{ChangedTools, Connection};
pub use consents::Memory;
pub(crate) use empty_list::{EmptyList, empty_list};
pub use introspection::Introspection;
pub use lifetimes::Lifetimes;
pub use offer::Offer;
pub use progress::{Progress, Step};
pub use refresh::Refresh;
pub use request::{
    AuthorizeError, AuthorizeErrorCode, AuthorizeParameters, AuthorizeRequest, Checked, OpenRequest,
};
pub use resource::ResourceUrl;
pub use revocation::Revoked;
pub use rule::ToolRule;
pub use scopes::Scopes;
pub use tokens::{HowIssued, TokenError, Tokens};

use crate::{
    Core,
    clients::{Clients, Registration},
    clock::Timestamp,
    events::{Events, Trail},
    ids::{GrantId, IntegrationId, UserId},
    text_enum,
    tools::toolset::Toolsets,
};
use authority::Authority;
use signing_keys::SigningKeys;

text_enum! {
    /// Why a grant ended.
    pub enum EndReason {
        /// Its code was presented a second time.
        CodeReplayed = "code_replayed",
        /// An old refresh token was presented although a newer one was in use.
        RefreshReplayed = "refresh_replayed",
        /// The integration stopped approving in the way that made it.
        ApprovalChanged = "approval_changed",
        /// The client revoked it (RFC 7009).
        RevokedByClient = "revoked_by_client",
        /// The person who connected ended it.
        EndedByPerson = "ended_by_person",
        /// An admin of the project ended it.
        EndedByAdmin = "ended_by_admin",
        /// The person who connected is no member of the project any more.
        MembershipEnded = "membership_ended",
    }
}

text_enum! {
    /// What a grant rests on.
    pub enum ApprovedBy {
        /// A member, on the consent page.
        Person = "person",
        /// The integration, whose secret alone authorizes.
        Automatic = "automatic",
        /// The client's own credentials (RFC 6749 §4.4).
        ClientCredentials = "client_credentials",
    }
}

/// One completed authorization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub id: GrantId,
    pub integration_id: IntegrationId,
    pub client_id: String,
    /// What the client was called when it was approved.
    pub client_name: String,
    pub registration: Registration,
    pub approved_by: ApprovedBy,
    /// `None`: the integration itself is the subject.
    pub user_id: Option<UserId>,
    /// Canonical URLs, each with its slash at the end.
    pub audience: Vec<String>,
    pub scopes: Scopes,
    pub tool_rule: ToolRule,
    pub redirect_uri: Option<String>,
    /// What its events have in common with those before it.
    pub attempt: Option<String>,
    /// When somebody decided: tools that became read-only later are not in `read_only`.
    pub consented_at: Timestamp,
    pub created_at: Timestamp,
    /// To the minute.
    pub last_used_at: Option<Timestamp>,
    /// The list of tools that it fetched last, to the minute.
    pub last_list: Option<FetchedList>,
    /// When its last token ends.
    pub expires_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub end_reason: Option<EndReason>,
}

/// A list of tools that a connection fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedList {
    /// [`Offer::fingerprint`].
    pub fingerprint: String,
    /// How many.
    pub tools: i64,
    pub at: Timestamp,
}

impl Grant {
    /// Whether a token of it can still work.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.expires_at.is_none_or(|at| at > now)
    }

    #[must_use]
    pub fn trail(&self) -> Trail {
        Trail {
            integration_id: Some(self.integration_id.clone()),
            client_id: Some(self.client_id.clone()),
            user_id: self.user_id.clone(),
            grant_id: Some(self.id.clone()),
            attempt: self.attempt.clone(),
        }
    }

    /// The subject (RFC 9068 §2.2): the person, or the client where nobody approved.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.user_id
            .as_ref()
            .map_or(self.client_id.as_str(), UserId::as_str)
    }
}

const REFRESH_PREFIX: &str = "tng_rt_";
const CODE_PREFIX: &str = "tng_ac_";

/// The room's service.
#[derive(Clone)]
pub struct Grants {
    core: Core,
    clients: Clients,
    events: Events,
    keys: Arc<SigningKeys>,
    authority: Arc<Authority>,
    toolsets: Arc<Toolsets>,
}

impl Grants {
    /// The projects' tools as they are served.
    pub(crate) fn toolsets(&self) -> Arc<Toolsets> {
        self.toolsets.clone()
    }

    pub(crate) fn new(core: Core, clients: Clients, events: Events) -> Self {
        Self {
            keys: SigningKeys::new(core.clone()),
            authority: Authority::new(&core),
            toolsets: Toolsets::new(core.clone()),
            core,
            clients,
            events,
        }
    }

    #[must_use]
    pub fn signing_keys(&self) -> &SigningKeys {
        &self.keys
    }
}

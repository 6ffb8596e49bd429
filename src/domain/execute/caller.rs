//! On whose behalf a tool is called.

use crate::{
    calls::Via,
    ids::{ApiKeyId, GrantId, IntegrationId, ProjectId, UserId},
    members::Role,
};

/// Who calls, as the edge that authorized the call knows it.
#[derive(Debug, Clone)]
pub struct Caller {
    pub project_id: ProjectId,
    pub integration_id: Option<IntegrationId>,
    pub grant_id: Option<GrantId>,
    pub api_key_id: Option<ApiKeyId>,
    /// The signed-in person; none where an integration acts for itself.
    pub member: Option<Member>,
    pub via: Via,
}

/// A person with a role in the project.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: UserId,
    pub email: String,
    pub role: Role,
}

//! Who an MCP request speaks for: the token's claims, and whether all that they rest on still holds.

use super::{
    ApprovedBy, Grant, Grants, ResourceUrl, Scopes, ToolRule, access_token::AccessTokenError, store,
};
use crate::{
    Error, Result, accounts,
    calls::Via,
    clock::Timestamp,
    execute::{Caller, Member},
    ids::GrantId,
    integrations::{self, Approval, Integration},
    members,
    projects::{self, Project},
    tools::{self, Tool},
};

/// A verified bearer. Only [`Grants::bearer`] makes one.
#[derive(Debug, Clone)]
pub struct Bearer {
    grant_id: GrantId,
    integration: Integration,
    project: Project,
    member: Option<Member>,
    tool_rule: ToolRule,
    consented_at: Timestamp,
    expires_at: Timestamp,
}

#[derive(Debug, thiserror::Error)]
pub enum BearerError {
    /// RFC 6750 §3.1 `invalid_token`: the client should get a new one.
    #[error("{0}")]
    InvalidToken(String),
    /// RFC 6750 §3.1 `insufficient_scope`.
    #[error("The access token lacks the scope mcp:tools")]
    InsufficientScope,
    /// The tokens stay good: activating it again restores the connection.
    #[error("This integration is inactive. A project admin can activate it on its page.")]
    Inactive,
    #[error(transparent)]
    Domain(#[from] Error),
}

impl From<AccessTokenError> for BearerError {
    fn from(error: AccessTokenError) -> Self {
        Self::InvalidToken(error.to_string())
    }
}

impl Grants {
    /// Checks a token and all that it rests on: grant, integration, membership and account.
    ///
    /// # Errors
    /// [`BearerError`].
    pub async fn bearer(&self, token: &str, resource: &ResourceUrl) -> Result<Bearer, BearerError> {
        let db = &self.core.db;
        let claims = self.verify_access_token(token, resource).await??;
        let ended = || BearerError::InvalidToken("The connection was ended".to_owned());
        let grant = store::grant_by_id(db, &GrantId::from(claims.grant))
            .await?
            .filter(|grant| grant.ended_at.is_none())
            .ok_or_else(ended)?;
        let integration = integrations::store::by_id(db, &grant.integration_id)
            .await?
            .ok_or_else(ended)?;
        if !Scopes::parse(&claims.scope).tools {
            return Err(BearerError::InsufficientScope);
        }
        if !integration.is_active {
            return Err(BearerError::Inactive);
        }
        let member = match (grant.approved_by, &grant.user_id) {
            // Nobody approved: it holds as long as the integration approves in this way.
            (ApprovedBy::Automatic, None) if integration.approval == Approval::Automatic => None,
            (ApprovedBy::ClientCredentials, None) if integration.client_credentials => None,
            (ApprovedBy::Automatic | ApprovedBy::ClientCredentials, _)
            | (ApprovedBy::Person, None) => return Err(ended()),
            (ApprovedBy::Person, Some(user)) => {
                let role = members::store::role(db, &integration.project_id, user).await?;
                let account = accounts::by_id(db, user).await?;
                match (role, account) {
                    (Some(role), Some(account)) => Some(Member {
                        id: account.id,
                        email: account.email,
                        role,
                    }),
                    _ => {
                        return Err(BearerError::InvalidToken(
                            "The person who connected is no longer a member of the project"
                                .to_owned(),
                        ));
                    }
                }
            }
        };
        let project = projects::store::by_id(db, &integration.project_id)
            .await?
            .ok_or_else(ended)?;
        self.mark_used(&grant).await?;
        Ok(Bearer {
            grant_id: grant.id,
            integration,
            project,
            member,
            tool_rule: grant.tool_rule,
            consented_at: grant.consented_at,
            expires_at: Timestamp(claims.exp * 1000),
        })
    }

    /// The tools that a connection lists: enabled, of its project, offered by its integration, and
    /// covered by its grant.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn tools_of(&self, bearer: &Bearer) -> Result<Vec<Tool>> {
        let mut tools = tools::store::of_project(&self.core.db, &bearer.project.id).await?;
        tools.retain(|tool| tool.is_enabled && bearer.covers(tool));
        Ok(tools)
    }

    /// A tool by its name, as a connection may know of it: `None` for one of another project or
    /// outside the grant, as for one that does not exist. It may be disabled.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn tool_of(&self, bearer: &Bearer, name: &str) -> Result<Option<Tool>> {
        let tool = tools::store::by_name(&self.core.db, &bearer.project.id, name).await?;
        Ok(tool.filter(|tool| bearer.covers(tool)))
    }

    /// Written at most once a minute: it is for people to read.
    async fn mark_used(&self, grant: &Grant) -> Result<()> {
        let now = self.core.now();
        if grant
            .last_used_at
            .is_none_or(|last| last.plus_seconds(60) <= now)
        {
            let mut tx = self.core.db.begin().await?;
            store::mark_grant_used(&mut tx, &grant.id, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

impl Bearer {
    /// Whether the integration offers a tool and the grant covers it.
    fn covers(&self, tool: &Tool) -> bool {
        self.integration.offers(&tool.id) && self.tool_rule.covers(tool, self.consented_at)
    }

    #[must_use]
    pub const fn integration(&self) -> &Integration {
        &self.integration
    }

    #[must_use]
    pub const fn project(&self) -> &Project {
        &self.project
    }

    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// What a call by this connection is made as.
    #[must_use]
    pub fn caller(&self) -> Caller {
        Caller {
            project_id: self.project.id.clone(),
            integration_id: Some(self.integration.id.clone()),
            grant_id: Some(self.grant_id.clone()),
            api_key_id: None,
            member: self.member.clone(),
            via: Via::Mcp,
        }
    }
}

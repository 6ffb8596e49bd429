//! A stored invitation, and whether it lets somebody in.

use sqlx::FromRow;

use super::{Invitation, InvitationState};
use crate::{
    Error, Result,
    clock::Timestamp,
    ids::{InvitationId, ProjectId, UserId},
    members::Role,
};

#[derive(FromRow)]
pub(super) struct Row {
    id: InvitationId,
    project_id: Option<ProjectId>,
    role: Option<String>,
    email: Option<String>,
    is_mailed: bool,
    most_uses: i64,
    uses: i64,
    created_by: UserId,
    created_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    project_name: Option<String>,
    maker_email: String,
    maker_is_enabled: bool,
    maker_owns_instance: bool,
    maker_role: Option<String>,
}

/// A stored invitation, and what it rests on.
pub(super) struct Found {
    row: Row,
    pub(super) project_id: Option<ProjectId>,
    pub(super) role: Option<Role>,
    maker_role: Option<Role>,
}

impl TryFrom<Row> for Found {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let parsed = |role: &Option<String>| {
            let role = role.as_deref().map(str::parse).transpose();
            role.map_err(|why| Error::corrupt("invitation", why))
        };
        Ok(Self {
            project_id: row.project_id.clone(),
            role: parsed(&row.role)?,
            maker_role: parsed(&row.maker_role)?,
            row,
        })
    }
}

impl Found {
    pub(super) const fn id(&self) -> &InvitationId {
        &self.row.id
    }

    pub(super) fn email(&self) -> Option<&str> {
        self.row.email.as_deref()
    }

    pub(super) const fn is_mailed(&self) -> bool {
        self.row.is_mailed
    }

    pub(super) const fn created_at(&self) -> Timestamp {
        self.row.created_at
    }

    pub(super) const fn expires_at(&self) -> Timestamp {
        self.row.expires_at
    }

    pub(super) fn project_name(&self) -> Option<&str> {
        self.row.project_name.as_deref()
    }

    pub(super) fn maker_email(&self) -> &str {
        &self.row.maker_email
    }

    /// Whether who made it could make it now.
    fn maker_may(&self) -> bool {
        self.row.maker_is_enabled
            && match self.role {
                Some(role) => self.maker_role >= Some(Role::Admin.max(role)),
                None => self.row.maker_owns_instance,
            }
    }

    pub(super) fn state(&self, now: Timestamp) -> InvitationState {
        if self.row.revoked_at.is_some() || !self.maker_may() {
            InvitationState::Revoked
        } else if self.row.uses >= self.row.most_uses {
            InvitationState::UsedUp
        } else if self.row.expires_at <= now {
            InvitationState::Expired
        } else {
            InvitationState::Open
        }
    }

    pub(super) fn invitation(self, now: Timestamp) -> Invitation {
        let (state, row) = (self.state(now), self.row);
        Invitation {
            id: row.id,
            project_id: row.project_id,
            role: self.role,
            email: row.email,
            is_mailed: row.is_mailed,
            most_uses: row.most_uses,
            uses: row.uses,
            created_by: row.created_by,
            created_by_email: row.maker_email,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            state,
        }
    }
}

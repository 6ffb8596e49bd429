//! Who may do what in a project. Permission is a value: a service method that needs a role takes an
//! [`Access`] of it, and only this room makes one, so a forgotten check does not compile.

pub(crate) mod store;

use std::marker::PhantomData;

use crate::{
    Core, Error, Result,
    accounts::Actor,
    ids::{ApiKeyId, ProjectId, UserId},
    text_enum,
};

text_enum! {
    /// What a member may do; each role includes those below it.
    #[derive(PartialOrd, Ord)]
    pub enum Role {
        Viewer = "viewer",
        Developer = "developer",
        Admin = "admin",
        Owner = "owner",
    }
}

/// A role as a type. Nobody outside this room adds one.
pub trait Level: sealed::Sealed {
    const ROLE: Role;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! levels {
    ($($(#[$doc:meta])* $name:ident),+) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;
        impl sealed::Sealed for $name {}
        impl Level for $name {
            const ROLE: Role = Role::$name;
        }
    )+ };
}
levels!(
    /// May read.
    Viewer,
    /// May register, change and call tools.
    Developer,
    /// May manage integrations and keys.
    Admin,
    /// May delete the project.
    Owner
);

/// Proof that an actor has at least the role `L` in one project.
#[derive(Debug, Clone)]
pub struct Access<L> {
    project_id: ProjectId,
    actor: Actor,
    role: Role,
    level: PhantomData<L>,
}

impl<L> Access<L> {
    #[must_use]
    pub const fn project_id(&self) -> &ProjectId {
        &self.project_id
    }

    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The role the actor really has, which may be above `L`.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// The person behind the actor.
    #[must_use]
    pub const fn user_id(&self) -> &UserId {
        self.actor.user_id()
    }

    #[must_use]
    pub const fn api_key_id(&self) -> Option<&ApiKeyId> {
        self.actor.api_key_id()
    }

    /// Every role may read.
    #[must_use]
    pub fn as_viewer(&self) -> Access<Viewer> {
        Access {
            project_id: self.project_id.clone(),
            actor: self.actor.clone(),
            role: self.role,
            level: PhantomData,
        }
    }
}

/// The room's service.
#[derive(Clone)]
pub struct Members {
    core: Core,
}

impl Members {
    pub(crate) const fn new(core: Core) -> Self {
        Self { core }
    }

    /// The role of a person in a project, if they are a member and their account is enabled.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn role(&self, project: &ProjectId, user: &UserId) -> Result<Option<Role>> {
        store::role(&self.core.db, project, user).await
    }

    /// What `actor` may do in `project`, if it is at least `L`.
    ///
    /// # Errors
    /// [`Error::NotFound`] for who is no member, whether or not the project exists;
    /// [`Error::Forbidden`] for who is one with a lower role; [`Error::SecondFactorNeeded`] where the
    /// project or the instance asks for one that the account does not have.
    pub async fn access<L: Level>(&self, actor: &Actor, project: &ProjectId) -> Result<Access<L>> {
        let member = store::membership(&self.core.db, project, actor.user_id()).await?;
        let Some(member) = member else {
            return Err(Error::NotFound("project"));
        };
        let role = match actor {
            Actor::Person { .. } => member.role,
            // A key never does more than the person who made it, and one of a project only there.
            Actor::ApiKey {
                project_id, role, ..
            } if project_id.as_ref().is_none_or(|one| one == project) => member.role.min(*role),
            Actor::ApiKey { .. } => return Err(Error::NotFound("project")),
        };
        if !member.has_second_factor {
            if member.project_requires_it {
                return Err(Error::SecondFactorNeeded("This project"));
            }
            if self.core.settings().await?.require_second_factor {
                return Err(Error::SecondFactorNeeded("This instance"));
            }
        }
        if role < L::ROLE {
            return Err(Error::Forbidden(format!(
                "This needs the role {} in the project; yours is {role}.",
                L::ROLE
            )));
        }
        Ok(Access {
            project_id: project.clone(),
            actor: actor.clone(),
            role,
            level: PhantomData,
        })
    }
}

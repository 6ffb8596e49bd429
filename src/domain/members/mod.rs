//! Who may do what in a project. Permission is a value: a service method that needs a role takes an
//! [`Access`] of it, and only this room makes one, so a forgotten check does not compile.

mod ending;
mod leaving;
pub mod operations;
mod people;
pub(crate) mod roles;
pub(crate) mod store;

use std::marker::PhantomData;

use crate::{
    Core, Error, Result,
    accounts::{Actor, FreshIdentity},
    db::Tx,
    ids::{ApiKeyId, ProjectId, UserId},
    text_enum,
};

pub use ending::Ends;
pub(crate) use ending::{end_membership, note_ended};
pub use people::Member;

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
        let role = role_of(actor, project, member.role).ok_or(Error::NotFound("project"))?;
        member.check_second_factor(&self.core).await?;
        must_be(role, L::ROLE)?;
        Ok(Access {
            project_id: project.clone(),
            actor: actor.clone(),
            role,
            level: PhantomData,
        })
    }

    /// A transaction in which nobody else changes who is a member of the project or as what, and the
    /// role that the actor has in it. What they were allowed a moment ago may have been taken back
    /// since: here that is known.
    ///
    /// # Errors
    /// As [`Members::access`].
    pub(crate) async fn locked<L: Level>(&self, access: &Access<L>) -> Result<(Tx, Role)> {
        let project = &access.project_id;
        let mut tx = self.core.db.begin().await?;
        let role = lock_member(&mut tx, project, access.user_id())
            .await?
            .and_then(|role| role_of(&access.actor, project, role))
            .ok_or(Error::NotFound("project"))?;
        must_be(role, L::ROLE)?;
        Ok((tx, role))
    }
}

/// Whether a person may come into a project now; `false` for who is no member.
///
/// # Errors
/// [`Error::SecondFactorNeeded`].
pub(crate) async fn may_enter(core: &Core, project: &ProjectId, user: &UserId) -> Result<bool> {
    match store::membership(&core.db, project, user).await? {
        None => Ok(false),
        Some(member) => member.check_second_factor(core).await.map(|()| true),
    }
}

/// The role of a person in a project, as it is and as it stays until the transaction ends; `None` for
/// who is no member of it, and where their account is disabled.
pub(crate) async fn lock_member(
    tx: &mut Tx,
    project: &ProjectId,
    user: &UserId,
) -> Result<Option<Role>> {
    store::lock(tx, project).await?;
    let member = store::member_in(tx, project, user).await?;
    let member = member.filter(|member| member.is_enabled);
    Ok(member.map(|member| member.role))
}

impl store::Membership {
    async fn check_second_factor(&self, core: &Core) -> Result<()> {
        if self.has_second_factor {
            return Ok(());
        }
        if self.project_requires_it {
            return Err(Error::SecondFactorNeeded("This project"));
        }
        if core.settings().await?.require_second_factor {
            return Err(Error::SecondFactorNeeded("This instance"));
        }
        Ok(())
    }
}

/// What an actor may do where their person has a role: a key never does more than the person who made
/// it, and one of a project only there.
fn role_of(actor: &Actor, project: &ProjectId, role: Role) -> Option<Role> {
    match actor {
        Actor::Person { .. } => Some(role),
        Actor::ApiKey {
            project_id,
            role: most,
            ..
        } => {
            let is_there = project_id.as_ref().is_none_or(|one| one == project);
            is_there.then(|| role.min(*most))
        }
    }
}

fn must_be(role: Role, needed: Role) -> Result<()> {
    if role < needed {
        return Err(Error::Forbidden(format!(
            "This needs the role {needed} in the project; yours is {role}."
        )));
    }
    Ok(())
}

/// A person shows who they are for an act that a stolen session must not be enough for; an API key
/// does so with each request.
///
/// # Errors
/// [`Error::ProofNeeded`].
pub(crate) fn must_be_proved(actor: &Actor, proof: Option<&FreshIdentity>) -> Result<()> {
    match actor {
        Actor::ApiKey { .. } => Ok(()),
        Actor::Person { .. } if proof.is_some_and(|proof| proof.is_of(actor)) => Ok(()),
        Actor::Person { .. } => Err(Error::ProofNeeded),
    }
}

//! Who is what: an admin manages everyone up to admins, and only owners manage owners. Making somebody
//! an admin or an owner asks for a proof of who does it, because those let others in.

use super::{
    Access, Admin, Member, Members, Owner, Role,
    leaving::{keep_an_owner, one},
    must_be_proved, store,
};
use crate::{
    Error, Result,
    accounts::{self, Actor, FreshIdentity},
    audit::{self, Act, Entry},
    changes::{ChangeKind, changed},
    db::Tx,
    ids::{ProjectId, UserId},
    invitations,
};

impl Members {
    /// Gives a member another role, from the next request on.
    ///
    /// # Errors
    /// [`Error::NotFound`] for who is no member; [`Error::Forbidden`] for an owner's role where the
    /// actor is none; [`Error::ProofNeeded`] to make an admin or an owner, or to unmake an owner;
    /// [`Error::Conflict`] under `role` for the last owner whose account is enabled.
    pub async fn set_role(
        &self,
        access: &Access<Admin>,
        user: &UserId,
        role: Role,
        proof: Option<&FreshIdentity>,
    ) -> Result<Member> {
        let (mut tx, mine) = self.locked(access).await?;
        let project = access.project_id();
        let member = one(&mut tx, project, user).await?;
        if member.role == role {
            return Ok(member);
        }
        must_manage(mine, member.role)?;
        must_manage(mine, role)?;
        if needs_proof(role) || member.role == Role::Owner {
            must_be_proved(access.actor(), proof)?;
        }
        if role < Role::Owner {
            keep_an_owner(&mut tx, project, &member, "role").await?;
        }
        self.change(&mut tx, access.actor(), project, &member, role)
            .await?;
        tx.commit().await?;
        Ok(Member { role, ..member })
    }

    /// Makes another member an owner in the place of the one who asks, who stays as an admin.
    ///
    /// # Errors
    /// [`Error::NotFound`] for who is no member; [`Error::ProofNeeded`]; [`Error::Invalid`] under
    /// `user_id` for who could not do an owner's work.
    pub async fn transfer(
        &self,
        access: &Access<Owner>,
        to: &UserId,
        proof: Option<&FreshIdentity>,
    ) -> Result<()> {
        must_be_proved(access.actor(), proof)?;
        let invalid = |message: &str| Error::invalid("user_id", message);
        if access.user_id() == to {
            return Err(invalid(
                "Choose another member: you own the project already.",
            ));
        }
        let project = access.project_id();
        let asks_second_factor = self.core.settings().await?.require_second_factor
            || store::requires_second_factor(&self.core.db, project).await?;
        let (mut tx, _) = self.locked(access).await?;
        let next = one(&mut tx, project, to).await?;
        if !next.is_enabled {
            return Err(invalid(
                "Choose another member: this one's account is disabled.",
            ));
        }
        if asks_second_factor && next.has_second_factor != Some(true) {
            return Err(invalid(
                "Choose another member, or wait until this one has added a passkey or an \
                 authenticator app: the project asks for a second factor.",
            ));
        }
        let actor = access.actor();
        if next.role < Role::Owner {
            self.change(&mut tx, actor, project, &next, Role::Owner)
                .await?;
        }
        let own = one(&mut tx, project, access.user_id()).await?;
        self.change(&mut tx, actor, project, &own, Role::Admin)
            .await?;
        let entry = Entry::by(Act::OwnershipTransferred, actor)
            .about(to)
            .in_project(project);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Opens the project only to accounts with a second factor, or to all of its members again.
    /// Connections that were made before go on; each new one is made by a person who comes in.
    ///
    /// # Errors
    /// [`Error::ProofNeeded`]; [`Error::Invalid`] under `require_second_factor` for an owner who has
    /// none and would lock themselves out.
    pub async fn require_second_factor(
        &self,
        access: &Access<Owner>,
        is_on: bool,
        proof: Option<&FreshIdentity>,
    ) -> Result<()> {
        must_be_proved(access.actor(), proof)?;
        if is_on && !accounts::has_second_factor(&self.core.db, access.user_id()).await? {
            return Err(Error::invalid(
                "require_second_factor",
                "Add a passkey or an authenticator app to your own account first: you would lock \
                 yourself out.",
            ));
        }
        let (mut tx, _) = self.locked(access).await?;
        let project = access.project_id();
        if store::require_second_factor(&mut tx, project, is_on).await? == 0 {
            return Ok(());
        }
        let now = self.core.now();
        changed(&mut tx, ChangeKind::Project, project.as_str(), now).await?;
        let entry = Entry::by(Act::SecondFactorRequired, access.actor())
            .in_project(project)
            .with_detail(if is_on { "on" } else { "off" });
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The change itself, in a project that is locked. Who may do less from now on loses the invitations
    /// that they could not make any more, and gets nothing back by one from before.
    pub(crate) async fn change(
        &self,
        tx: &mut Tx,
        by: &Actor,
        project: &ProjectId,
        member: &Member,
        role: Role,
    ) -> Result<()> {
        let (user, now) = (&member.user_id, self.core.now());
        store::set_role(tx, project, user, role).await?;
        if role < member.role {
            store::cut(tx, project, user, now).await?;
            invitations::end_of_maker(tx, project, user, Some(role), now).await?;
        }
        changed(tx, ChangeKind::Member, user.as_str(), now).await?;
        let entry = Entry::by(Act::RoleChanged, by)
            .about(user)
            .in_project(project)
            .with_detail(format!("{} → {role}", member.role));
        audit::record(&self.core, tx, entry).await?;
        Ok(())
    }
}

/// Whether to make somebody this is for a stolen session not enough.
pub(crate) fn needs_proof(role: Role) -> bool {
    role >= Role::Admin
}

/// Refuses an owner's role to who is none.
pub(super) fn must_manage(mine: Role, role: Role) -> Result<()> {
    if role > mine {
        return Err(Error::Forbidden(
            "Only an owner of the project manages its owners.".to_owned(),
        ));
    }
    Ok(())
}

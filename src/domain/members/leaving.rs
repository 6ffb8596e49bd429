//! How a membership ends.

use super::{
    Access, Admin, Ends, Member, Members, Role, Viewer, end_membership, ending, must_be_proved,
    note_ended, roles::must_manage, store,
};
use crate::{
    Error, Result,
    accounts::{Actor, FreshIdentity},
    audit::{self, Act, Entry},
    db::Tx,
    events::Visit,
    ids::{ProjectId, UserId},
    invitations,
};

impl Members {
    /// What would end with a membership: for the dialog that asks whether it is meant.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for another's where the role is below admin.
    pub async fn what_removal_ends(&self, access: &Access<Viewer>, user: &UserId) -> Result<Ends> {
        let is_removal = access.user_id() != user;
        if is_removal {
            super::must_be(access.role(), Role::Admin)?;
        }
        ending::preview(&self.core, access.project_id(), user, is_removal).await
    }

    /// Ends somebody's membership and all that rests on it, from the next request on. An owner is
    /// removed by an owner, with a proof of who they are.
    ///
    /// Every open link to the project that is for nobody in particular ends too, not only the one that
    /// they came by: a link is passed around where a team talks, nobody knows which ones they have, and
    /// with a second account they would be back. Those of one address stay, and so do all where a person
    /// leaves by themselves: they may come back.
    ///
    /// # Errors
    /// [`Error::NotFound`] for who is no member; [`Error::Forbidden`]; [`Error::ProofNeeded`];
    /// [`Error::Conflict`] under `user_id` for the last owner whose account is enabled.
    pub async fn remove(
        &self,
        access: &Access<Admin>,
        user: &UserId,
        proof: Option<&FreshIdentity>,
        visit: &Visit,
    ) -> Result<Ends> {
        let (mut tx, mine) = self.locked(access).await?;
        let project = access.project_id();
        let member = one(&mut tx, project, user).await?;
        let is_own = access.user_id() == user;
        if !is_own {
            must_manage(mine, member.role)?;
            if member.role == Role::Owner {
                must_be_proved(access.actor(), proof)?;
            }
            store::cut(&mut tx, project, user, self.core.now()).await?;
        }
        let act = if is_own {
            Act::MemberLeft
        } else {
            Act::MemberRemoved
        };
        self.end(tx, access.actor(), project, &member, act, visit)
            .await
    }

    /// A person leaves. What a project asks of its members (a second factor) is not asked of who goes.
    ///
    /// # Errors
    /// [`Error::NotFound`] for who is no member; [`Error::Forbidden`] for a key;
    /// [`Error::Conflict`] under `user_id` for the last owner whose account is enabled.
    pub async fn leave(&self, actor: &Actor, project: &ProjectId, visit: &Visit) -> Result<Ends> {
        let Actor::Person { user_id } = actor else {
            return Err(Error::Forbidden(
                "A key cannot leave a project: whoever made it can.".to_owned(),
            ));
        };
        let mut tx = self.core.db.begin().await?;
        store::lock(&mut tx, project).await?;
        let member = store::member_in(&mut tx, project, user_id)
            .await?
            .filter(|member| member.is_enabled)
            .ok_or(Error::NotFound("project"))?;
        self.end(tx, actor, project, &member, Act::MemberLeft, visit)
            .await
    }

    async fn end(
        &self,
        mut tx: Tx,
        by: &Actor,
        project: &ProjectId,
        member: &Member,
        act: Act,
        visit: &Visit,
    ) -> Result<Ends> {
        keep_an_owner(&mut tx, project, member, "user_id").await?;
        let mut ended = end_membership(&self.core, &mut tx, project, &member.user_id).await?;
        if act == Act::MemberRemoved {
            let now = self.core.now();
            ended.ends.open_links = invitations::end_unbound(&mut tx, project, now).await?;
        }
        let entry = Entry::by(act, by)
            .about(&member.user_id)
            .in_project(project)
            .with_detail(member.role.as_str());
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        note_ended(&self.core, visit, ended.connections).await;
        Ok(ended.ends)
    }
}

/// A member who is there.
pub(super) async fn one(tx: &mut Tx, project: &ProjectId, user: &UserId) -> Result<Member> {
    let member = store::member_in(tx, project, user).await?;
    member.ok_or(Error::NotFound("member"))
}

/// Refuses to take away the last owner whose account is enabled.
pub(super) async fn keep_an_owner(
    tx: &mut Tx,
    project: &ProjectId,
    member: &Member,
    field: &str,
) -> Result<()> {
    if member.role == Role::Owner && !store::has_another_owner(tx, project, &member.user_id).await?
    {
        return Err(Error::conflict(
            field,
            "This is the project's last owner: make somebody else an owner first, or delete the \
             project.",
        ));
    }
    Ok(())
}

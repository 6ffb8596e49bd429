//! Deleting one's account: what was a person becomes a pseudonym. The row of the account stays for the
//! rows that name it by its id (the audit log, calls, versions of tools); whatever says who that was is
//! taken out.

use super::store;
use crate::{
    Error, Result,
    accounts::{
        Accounts, Actor, FreshIdentity, LockedAccount,
        directory::{changes::keep_an_owner, store as directory},
    },
    api_keys,
    audit::{self, Act, Entry},
    calls,
    changes::{ChangeKind, changed},
    db::Tx,
    events::{self, Trail, Visit},
    ids::{ProjectId, UserId},
    invitations, members, projects,
    sessions::{self, SessionEnd},
};

/// What deleting an account would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deletion {
    /// Projects, with their names, that only they own and others are members of: they stand in the way
    /// until somebody else is made an owner.
    pub in_the_way: Vec<(ProjectId, String)>,
    /// Projects that they alone are in, which go with them.
    pub projects: Vec<(ProjectId, String)>,
    /// Projects that go on without them.
    pub left: Vec<(ProjectId, String)>,
    /// Whether they are the last owner of the instance, which stands in the way too.
    pub is_last_instance_owner: bool,
}

impl Accounts {
    /// What deleting the account would do: for the page that asks whether it is meant.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a key.
    pub async fn what_deletion_ends(&self, actor: &Actor) -> Result<Deletion> {
        let user = person(actor)?;
        let mut tx = self.core.db.begin().await?;
        let account = directory::lock_enabled(&mut tx, user).await?;
        let account = account.ok_or(Error::NotFound("account"))?;
        // Nothing is written: it is given up.
        deletion(&mut tx, &account).await
    }

    /// Deletes the account of a person who has shown who they are a moment ago, and all that rests on
    /// it, from the next request on.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a key; [`Error::ProofNeeded`] for another one's proof;
    /// [`Error::Conflict`] under `projects` with the names of those that only they own and others are
    /// members of, and under `user_id` for the last owner of the instance.
    pub async fn delete(&self, actor: &Actor, proof: &FreshIdentity) -> Result<()> {
        let user = person(actor)?;
        members::must_be_proved(actor, Some(proof))?;
        let core = &self.core;
        let mut tx = core.db.begin().await?;
        directory::lock_instance(&mut tx).await?;
        let account = directory::lock_enabled(&mut tx, user).await?;
        let account = account.ok_or(Error::NotFound("account"))?;
        let now = core.now();
        // No new membership and no new session after this one.
        store::disable(&mut tx, user, now).await?;
        for project in store::projects_of(&mut tx, user).await? {
            members::store::lock(&mut tx, &project).await?;
        }
        let deletion = deletion(&mut tx, &account).await?;
        refuse(&deletion)?;
        if account.is_instance_owner {
            keep_an_owner(&mut tx, user).await?;
        }
        let connections = self.end_memberships(&mut tx, user, &deletion).await?;
        sessions::end_all(core, &mut tx, user, None, SessionEnd::AccountDeleted).await?;
        api_keys::membership::delete_of_person(&mut tx, user, now).await?;
        invitations::end_of_person(&mut tx, user, now).await?;
        // Of an address that nobody showed to be theirs others' invitations are not theirs to end.
        if account.is_verified {
            invitations::delete_of_address(&mut tx, &account.email).await?;
        }
        store::delete_what_is_theirs(&mut tx, user).await?;
        store::forget_in_audit(&mut tx, user).await?;
        let entry = Entry::of_person(Act::AccountDeleted, user);
        audit::record(core, &mut tx, entry).await?;
        // Last, with all else locked: the address is a key, for which PostgreSQL waits for whoever
        // writes a row that refers to the account.
        store::become_pseudonym(&mut tx, user, &self.pseudonym(), now).await?;
        changed(&mut tx, ChangeKind::Account, user.as_str(), now).await?;
        tx.commit().await?;
        members::note_ended(core, &Visit::default(), connections).await;
        // It is deleted, whatever becomes of this; rows of the log go by themselves after a while.
        if let Err(error) = events::forget_person(core, user).await {
            tracing::error!(%error, "where a person was stays in the record of events");
        }
        if let Err(error) = calls::forget_person(core, user).await {
            tracing::error!(%error, "what a person asked of tools stays in the call log");
        }
        for (project, _) in &deletion.projects {
            projects::forget_details(core, project).await;
        }
        Ok(())
    }

    async fn end_memberships(
        &self,
        tx: &mut Tx,
        user: &UserId,
        deletion: &Deletion,
    ) -> Result<Vec<Trail>> {
        let mut connections = Vec::new();
        for (project, _) in &deletion.left {
            let ended = members::end_membership(&self.core, tx, project, user).await?;
            connections.extend(ended.connections);
            let entry = Entry::of_person(Act::MemberLeft, user).in_project(project);
            audit::record(&self.core, tx, entry).await?;
        }
        let by = Actor::person(user);
        for (project, _) in &deletion.projects {
            projects::delete_in(&self.core, tx, project, &by).await?;
        }
        Ok(connections)
    }

    /// An address that nobody has and nobody can take before (RFC 2606 §2).
    fn pseudonym(&self) -> String {
        let mut random = [0_u8; 8];
        self.core.random.fill(&mut random);
        format!(
            "deleted-{:016x}@deleted.invalid",
            u64::from_be_bytes(random)
        )
    }
}

fn person(actor: &Actor) -> Result<&UserId> {
    match actor {
        Actor::Person { user_id } => Ok(user_id),
        Actor::ApiKey { .. } => Err(Error::Forbidden(
            "A key cannot delete the account of who made it: sign in.".to_owned(),
        )),
    }
}

async fn deletion(tx: &mut Tx, account: &LockedAccount) -> Result<Deletion> {
    let user = &account.id;
    let owned_alone = directory::owned_alone(tx, user).await?;
    let mut deletion = Deletion::default();
    for (project, name, members) in store::memberships(tx, user).await? {
        let place = if members == 1 {
            &mut deletion.projects
        } else if owned_alone.iter().any(|(owned, _)| *owned == project) {
            &mut deletion.in_the_way
        } else {
            &mut deletion.left
        };
        place.push((project, name));
    }
    deletion.is_last_instance_owner =
        account.is_instance_owner && !directory::has_another_instance_owner(tx, user).await?;
    Ok(deletion)
}

fn refuse(deletion: &Deletion) -> Result<()> {
    if deletion.in_the_way.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = deletion
        .in_the_way
        .iter()
        .map(|(_, name)| name.as_str())
        .collect();
    Err(Error::conflict(
        "projects",
        format!(
            "You are the last owner of {}: make another member an owner of each, or delete it.",
            names.join(", ")
        ),
    ))
}

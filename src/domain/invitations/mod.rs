//! Invitations: links that let people into a project, or give them an account on the instance. Whoever
//! holds one may use it, or only the account of one address; so many times, until it ends.

mod accept;
mod found;
mod hand_over;
mod invitation;
mod mailing;
mod store;

use std::net::IpAddr;
use std::sync::Arc;

pub use accept::{Joined, LookedAt, Outcome};
pub(crate) use accept::{check_for_sign_up, join};
pub use invitation::{Invitation, InvitationState, NewInvitation};
pub(crate) use store::{
    count_of_maker, count_unbound, delete_of_address, end_of_key, end_of_maker, end_of_person,
    end_unbound,
};

use crate::{
    Core, Error, Result,
    accounts::{Actor, FreshIdentity},
    api_keys::lock_maker,
    audit::{self, Act, Entry},
    clock::Timestamp,
    crypto::BearerSecret,
    db::{DbError, Tx},
    ids::{InvitationId, ProjectId},
    instance::InstanceOwner,
    limits::{Limiter, Quota, network},
    members::{Access, Admin, Members, Role, must_be_proved, roles::needs_proof},
};
use mailing::Mailing;

/// What an invitation's token begins with.
pub const PREFIX: &str = "tng_inv_";

/// Open ones of a project, or of the instance: so many nobody keeps in view.
const MOST_OPEN: i64 = 200;

/// Tokens that work nowhere, from one network.
const GUESSES: Quota = Quota::new(20, 3_000);

/// The room's service.
#[derive(Clone)]
pub struct Invitations {
    core: Core,
    guesses: Arc<Limiter<IpAddr>>,
    mailing: Arc<Mailing>,
}

impl Invitations {
    pub(crate) fn new(core: Core) -> Self {
        Self {
            core,
            guesses: Arc::new(Limiter::new(GUESSES)),
            mailing: Arc::default(),
        }
    }

    /// Makes an invitation to a project; its token is shown here once and is not stored. One that a key
    /// makes ends with it at the latest.
    ///
    /// # Errors
    /// [`Error::Invalid`] by field; [`Error::Forbidden`] for a role above the actor's own;
    /// [`Error::ProofNeeded`] for an admin or an owner, and for several people: a stolen session leaves
    /// no way in behind that others could use too; [`Error::Conflict`] for very many;
    /// [`Error::LimitReached`] for very many by mail.
    pub async fn create(
        &self,
        access: &Access<Admin>,
        role: Role,
        new: &NewInvitation,
        proof: Option<&FreshIdentity>,
    ) -> Result<(Invitation, BearerSecret)> {
        let new = new.checked(Some(role))?;
        if needs_proof(role) || new.most_uses > 1 {
            must_be_proved(access.actor(), proof)?;
        }
        let members = Members::new(self.core.clone());
        let (tx, mine) = members.locked(access).await?;
        if role > mine {
            return Err(Error::Forbidden(format!(
                "You are {mine} in the project, and can invite no {role}."
            )));
        }
        let of = Some((access.project_id(), role));
        self.insert(tx, access.actor(), of, new).await
    }

    /// Makes an invitation to the instance: for an account, in no project.
    ///
    /// # Errors
    /// [`Error::Invalid`] by field; [`Error::ProofNeeded`]; [`Error::Conflict`] for very many;
    /// [`Error::LimitReached`] for very many by mail.
    pub async fn create_for_instance(
        &self,
        owner: &InstanceOwner,
        new: &NewInvitation,
        proof: Option<&FreshIdentity>,
    ) -> Result<(Invitation, BearerSecret)> {
        let new = new.checked(None)?;
        must_be_proved(owner.actor(), proof)?;
        let tx = self.core.db.begin().await?;
        self.insert(tx, owner.actor(), None, new).await
    }

    async fn insert(
        &self,
        mut tx: Tx,
        by: &Actor,
        of: Option<(&ProjectId, Role)>,
        new: invitation::Checked,
    ) -> Result<(Invitation, BearerSecret)> {
        let now = self.core.now();
        let project = of.map(|(project, _)| project);
        if store::count_open(&mut tx, project, now).await? >= MOST_OPEN {
            return Err(Error::conflict(
                "invitations",
                format!("There are {MOST_OPEN} open invitations already. Revoke some first."),
            ));
        }
        let key_ends = lock_maker(&mut tx, Some(by), now).await?;
        let wished = now.plus_seconds(new.valid_seconds);
        let email = new.email.as_ref().filter(|_| new.is_mailed);
        if let Some(email) = email {
            self.mailing.take(by.user_id(), project, email, now)?;
        }
        let secret = BearerSecret::generate(&*self.core.random, PREFIX);
        let id = InvitationId::new(&*self.core.clock, &*self.core.random);
        let row = store::NewRow {
            id: &id,
            project_id: project,
            role: of.map(|(_, role)| role),
            hash: &secret.hash(),
            new: &new,
            created_by: by.user_id(),
            made_by_key: by.api_key_id(),
            created_at: now,
            expires_at: key_ends.map_or(wished, |ends| ends.min(wished)),
        };
        store::insert(&mut tx, &row).await?;
        let entry = Entry {
            project_id: project.cloned(),
            ..Entry::by(Act::Invited, by).with_detail(new.detail(&id, of.map(|(_, role)| role)))
        };
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        let made = store::by_id(&self.core.db, &id).await?;
        let made = made.ok_or(Error::NotFound("invitation"))?;
        Ok((made.invitation(now), secret))
    }

    /// The invitations to a project, newest first, those that have ended within the last 30 days too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list(&self, access: &Access<Admin>) -> Result<Vec<Invitation>> {
        self.all(Some(access.project_id())).await
    }

    /// The invitations to the instance, in the same way.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list_of_instance(&self, _owner: &InstanceOwner) -> Result<Vec<Invitation>> {
        self.all(None).await
    }

    async fn all(&self, project: Option<&ProjectId>) -> Result<Vec<Invitation>> {
        let now = self.core.now();
        let rows = store::list(&self.core.db, project).await?;
        Ok(rows.into_iter().map(|row| row.invitation(now)).collect())
    }

    /// Takes an invitation back. Of one that has ended already nothing is changed.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn revoke(&self, access: &Access<Admin>, id: &InvitationId) -> Result<()> {
        self.end(access.actor(), Some(access.project_id()), id)
            .await
    }

    /// Takes an invitation to the instance back.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn revoke_of_instance(&self, owner: &InstanceOwner, id: &InvitationId) -> Result<()> {
        self.end(owner.actor(), None, id).await
    }

    async fn end(&self, by: &Actor, project: Option<&ProjectId>, id: &InvitationId) -> Result<()> {
        store::by_id(&self.core.db, id)
            .await?
            .filter(|found| found.project_id.as_ref() == project)
            .ok_or(Error::NotFound("invitation"))?;
        let mut tx = self.core.db.begin().await?;
        if store::revoke(&mut tx, id, self.core.now()).await? == 1 {
            let entry = Entry {
                project_id: project.cloned(),
                ..Entry::by(Act::InvitationRevoked, by).with_detail(id.as_str())
            };
            audit::record(&self.core, &mut tx, entry).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Refuses to look for who has guessed too often.
    fn may_look(&self, from: IpAddr) -> Result<()> {
        if self.core.limits {
            self.guesses.check(&network(from), self.core.now())?;
        }
        Ok(())
    }

    fn guessed(&self, from: IpAddr) {
        self.guesses.count(&network(from), self.core.now());
    }

    /// Deletes those that ended more than 30 days ago, a batch at a time.
    ///
    /// # Errors
    /// Where the database fails.
    pub(crate) async fn expire(&self, now: Timestamp, batch: i64) -> Result<u64, DbError> {
        let mut tx = self.core.db.begin().await?;
        let rows = store::expire(&mut tx, now.plus_seconds(-30 * 86_400), batch).await?;
        tx.commit().await?;
        Ok(rows)
    }
}

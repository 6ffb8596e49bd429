//! What an owner of the instance, or whoever holds the server, changes of an account. Disabling one
//! suspends it: it ends its sessions and nothing of it works, its connections and keys included, until
//! it is enabled again.

use super::{Accounts, LockedAccount, store};
use crate::{
    Error, Result,
    accounts::FreshIdentity,
    audit::{self, Act, Entry},
    changes::{ChangeKind, changed},
    db::Tx,
    ids::{ProjectId, UserId},
    instance::InstanceOwner,
    members::must_be_proved,
    sessions::{self, SessionEnd},
};

/// Who changes something: an owner of the instance, or whoever holds the server.
type By<'a> = Option<&'a InstanceOwner>;

/// What disabling an account did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disabled {
    /// How many it had.
    pub sessions: u64,
    /// Projects, with their names, that no enabled account owns from now on.
    pub without_owner: Vec<(ProjectId, String)>,
}

impl Accounts {
    /// Disables an account, from the next request on. Without a proof, as signing it out is: it takes
    /// authority away and gives none, and whoever does it in an emergency is not to be held up.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] under `user_id` for one's own, and for the last owner of
    /// the instance whose account is enabled.
    pub async fn disable(&self, owner: &InstanceOwner, user: &UserId) -> Result<Disabled> {
        if owner.actor().user_id() == user {
            return Err(refused(
                "This is your own account: another owner can disable it.",
            ));
        }
        self.disable_by(Some(owner), user).await
    }

    /// The same for the command line.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for the last owner of the instance.
    pub async fn disable_by_operator(&self, email: &str) -> Result<Disabled> {
        self.disable_by(None, &self.named(email).await?.id).await
    }

    async fn disable_by(&self, by: By<'_>, user: &UserId) -> Result<Disabled> {
        let (mut tx, account) = self.locked(by, user).await?;
        if account.is_instance_owner && account.is_enabled {
            keep_an_owner(&mut tx, user).await?;
        }
        let core = &self.core;
        let mut done = Disabled {
            sessions: sessions::end_all(core, &mut tx, user, None, SessionEnd::AccountDisabled)
                .await?,
            without_owner: store::owned_alone(&mut tx, user).await?,
        };
        if account.is_enabled {
            store::disable(&mut tx, user, Some(core.now())).await?;
            self.note(&mut tx, by, Act::AccountDisabled, user).await?;
        } else {
            done.without_owner.clear();
        }
        tx.commit().await?;
        Ok(done)
    }

    /// Enables an account again, with the connections and keys that it had.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::ProofNeeded`].
    pub async fn enable(
        &self,
        owner: &InstanceOwner,
        user: &UserId,
        proof: Option<&FreshIdentity>,
    ) -> Result<()> {
        must_be_proved(owner.actor(), proof)?;
        self.enable_by(Some(owner), user).await
    }

    /// The same for the command line.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn enable_by_operator(&self, email: &str) -> Result<()> {
        self.enable_by(None, &self.named(email).await?.id).await
    }

    async fn enable_by(&self, by: By<'_>, user: &UserId) -> Result<()> {
        let (mut tx, account) = self.locked(by, user).await?;
        if account.is_enabled {
            return Ok(());
        }
        store::disable(&mut tx, user, None).await?;
        self.note(&mut tx, by, Act::AccountEnabled, user).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends every session of an account. Tells how many there were.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn sign_out_everywhere(&self, owner: &InstanceOwner, user: &UserId) -> Result<u64> {
        let (mut tx, _) = self.locked(Some(owner), user).await?;
        let why = SessionEnd::ByOwner;
        let ended = sessions::end_all(&self.core, &mut tx, user, None, why).await?;
        self.note(&mut tx, Some(owner), Act::SessionsEnded, user)
            .await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Makes an account an owner of the instance, or makes it none.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::ProofNeeded`]; [`Error::Invalid`] under `user_id` for an account
    /// that is disabled; [`Error::Conflict`] there for the last owner whose account is enabled.
    pub async fn set_instance_owner(
        &self,
        owner: &InstanceOwner,
        user: &UserId,
        is_owner: bool,
        proof: Option<&FreshIdentity>,
    ) -> Result<()> {
        must_be_proved(owner.actor(), proof)?;
        self.set_owner_by(Some(owner), user, is_owner).await
    }

    /// Makes an account an owner of the instance, from the command line.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] for one that is disabled.
    pub async fn make_owner_by_operator(&self, email: &str) -> Result<()> {
        let user = self.named(email).await?.id;
        self.set_owner_by(None, &user, true).await
    }

    async fn set_owner_by(&self, by: By<'_>, user: &UserId, is_owner: bool) -> Result<()> {
        let (mut tx, account) = self.locked(by, user).await?;
        if account.is_instance_owner == is_owner {
            return Ok(());
        }
        if is_owner && !account.is_enabled {
            return Err(Error::invalid(
                "user_id",
                "This account is disabled: enable it first.",
            ));
        }
        let act = if is_owner {
            Act::InstanceOwnerMade
        } else {
            if account.is_enabled {
                keep_an_owner(&mut tx, user).await?;
            }
            Act::InstanceOwnerRemoved
        };
        store::set_instance_owner(&mut tx, user, is_owner).await?;
        self.note(&mut tx, by, act, user).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A transaction in which nobody else changes who owns the instance, and the account in it. Who
    /// was an owner a moment ago may have been made none since: here that is known.
    async fn locked(&self, by: By<'_>, user: &UserId) -> Result<(Tx, LockedAccount)> {
        let mut tx = self.core.db.begin().await?;
        store::lock_instance(&mut tx).await?;
        if let Some(owner) = by {
            let own = store::owns_instance(&mut tx, owner.actor().user_id()).await?;
            if !own {
                return Err(Error::Forbidden(
                    "This needs an owner of the instance.".to_owned(),
                ));
            }
        }
        let account = store::lock(&mut tx, user).await?;
        let account = account.ok_or(Error::NotFound("account"))?;
        Ok((tx, account))
    }

    async fn note(&self, tx: &mut Tx, by: By<'_>, act: Act, user: &UserId) -> Result<()> {
        let now = self.core.now();
        changed(tx, ChangeKind::Account, user.as_str(), now).await?;
        let entry = match by {
            Some(owner) => Entry::by(act, owner.actor()),
            None => Entry::unattributed(act),
        };
        audit::record(&self.core, tx, entry.about(user)).await?;
        Ok(())
    }
}

/// Refuses to take away the last owner of the instance whose account is enabled.
pub(in crate::accounts) async fn keep_an_owner(tx: &mut Tx, user: &UserId) -> Result<()> {
    if store::has_another_instance_owner(tx, user).await? {
        return Ok(());
    }
    Err(refused(
        "This is the last owner of the instance: make somebody else one first.",
    ))
}

fn refused(message: &str) -> Error {
    Error::conflict("user_id", message)
}

//! The instance: who owns it, and what its owners decide for everyone on it.

mod health;
mod known;
mod settings;
mod store;

use crate::{
    Core, Error, Result,
    accounts::{self, Actor, FreshIdentity},
    audit::{self, Act, Entry},
    changes::{ChangeKind, changed},
    members::{Role, must_be_proved},
};

pub use health::{Check, Health};
pub(crate) use known::KnownSettings;
pub(crate) use settings::checked_domain;
pub use settings::{FixedSettings, SettingName, Settings, SettingsChange};

/// Proof that an actor owns the instance. Only [`Instance::owner`] makes one.
#[derive(Debug, Clone)]
pub struct InstanceOwner {
    actor: Actor,
}

impl InstanceOwner {
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
}

/// The room's service.
#[derive(Clone)]
pub struct Instance {
    core: Core,
}

impl Instance {
    pub(crate) const fn new(core: Core) -> Self {
        Self { core }
    }

    /// The proof that `actor` owns the instance: as a person, or by a key of their account that may
    /// do all that they may.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everyone else; [`Error::SecondFactorNeeded`].
    pub async fn owner(&self, actor: &Actor) -> Result<InstanceOwner> {
        let may_speak = match actor {
            Actor::Person { .. } => true,
            Actor::ApiKey {
                project_id, role, ..
            } => project_id.is_none() && *role == Role::Owner,
        };
        let account = accounts::by_id(&self.core.db, actor.user_id()).await?;
        if !may_speak
            || !account.is_some_and(|one| one.disabled_at.is_none() && one.is_instance_owner)
        {
            return Err(Error::Forbidden(
                "This needs an owner of the instance.".to_owned(),
            ));
        }
        if self.core.settings().await?.require_second_factor
            && !accounts::has_second_factor(&self.core.db, actor.user_id()).await?
        {
            return Err(Error::SecondFactorNeeded("This instance"));
        }
        Ok(InstanceOwner {
            actor: actor.clone(),
        })
    }

    /// What holds now.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn settings(&self) -> Result<Settings> {
        Ok((*self.core.settings().await?).clone())
    }

    /// What was fixed at start and cannot be changed while the server runs.
    #[must_use]
    pub fn fixed(&self) -> &FixedSettings {
        &self.core.fixed
    }

    /// Changes what `change` names, all of it or nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] by field; for a fixed one too, which names the variable that fixes it; and
    /// under `require_second_factor` for an owner who has none and would lock themselves out;
    /// [`Error::ProofNeeded`].
    pub async fn change(
        &self,
        owner: &InstanceOwner,
        change: SettingsChange,
        proof: Option<&FreshIdentity>,
    ) -> Result<Settings> {
        must_be_proved(&owner.actor, proof)?;
        let rows = change.checked(&self.core.fixed)?;
        let before = self.core.settings().await?;
        let asks = !before.require_second_factor
            && rows.contains(&(SettingName::RequireSecondFactor, true.into()));
        if asks && !accounts::has_second_factor(&self.core.db, owner.actor.user_id()).await? {
            return Err(Error::invalid(
                "require_second_factor",
                "Add a passkey or an authenticator app to your own account first: you would lock \
                 yourself out.",
            ));
        }
        let mut tx = self.core.db.begin().await?;
        let now = self.core.now();
        for (name, value) in rows {
            if before.json(name) == value {
                continue;
            }
            store::set(&mut tx, name, &value, owner.actor.user_id(), now).await?;
            changed(&mut tx, ChangeKind::Setting, name.as_str(), now).await?;
            let entry = Entry::by(Act::SettingChanged, &owner.actor)
                .with_detail(format!("{name}: {value}"));
            audit::record(&self.core, &mut tx, entry).await?;
        }
        tx.commit().await?;
        self.settings().await
    }
}

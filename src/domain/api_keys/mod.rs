//! Keys of the REST management API. A key belongs to one project and to the person who made it,
//! and can never do more than either.

pub(crate) mod membership;
mod store;

use crate::{
    Core, Error, Result,
    accounts::Actor,
    changes::{ChangeKind, changed},
    clock::Timestamp,
    crypto::{self, BearerSecret, equal_in_constant_time},
    db::Tx,
    error::checked_name,
    ids::{ApiKeyId, ProjectId, UserId},
    members::{Access, Admin, Role},
};

/// What an API key begins with.
pub const PREFIX: &str = "tng_key_";

/// A key, as far as it can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    /// `None`: it is its account's, for all of its projects.
    pub project_id: Option<ProjectId>,
    pub user_id: UserId,
    pub name: String,
    pub role: Role,
    pub prefix: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// The room's service.
#[derive(Clone)]
pub struct ApiKeys {
    core: Core,
}

impl ApiKeys {
    pub(crate) const fn new(core: Core) -> Self {
        Self { core }
    }

    /// Makes a key; the secret is shown here once and is not stored.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `name`.
    pub async fn create(
        &self,
        access: &Access<Admin>,
        name: &str,
        role: Role,
    ) -> Result<(ApiKey, BearerSecret)> {
        let role = role.min(access.role());
        let mut tx = self.core.db.begin().await?;
        let made = self
            .insert(&mut tx, access.project_id(), access.user_id(), name, role)
            .await?;
        tx.commit().await?;
        Ok(made)
    }

    pub(crate) async fn insert(
        &self,
        tx: &mut Tx,
        project: &ProjectId,
        user: &UserId,
        name: &str,
        role: Role,
    ) -> Result<(ApiKey, BearerSecret)> {
        let secret = BearerSecret::generate(&*self.core.random, PREFIX);
        let key = ApiKey {
            id: ApiKeyId::new(&*self.core.clock, &*self.core.random),
            project_id: Some(project.clone()),
            user_id: user.clone(),
            name: checked_name("name", name, 80)?,
            role,
            prefix: secret.shown_prefix(PREFIX),
            created_at: self.core.now(),
            last_used_at: None,
        };
        store::insert(tx, &key, &secret.hash()).await?;
        changed(tx, ChangeKind::ApiKey, key.id.as_str(), key.created_at).await?;
        Ok((key, secret))
    }

    /// Who a key speaks for.
    ///
    /// # Errors
    /// [`Error::WrongCredentials`] for anything that is not a live key.
    pub async fn authenticate(&self, secret: &str) -> Result<Actor> {
        if !crypto::is_well_formed(secret, PREFIX) {
            return Err(Error::WrongCredentials);
        }
        let hash = crypto::hash_secret(secret);
        let (key, stored) = store::by_hash(&self.core.db, &hash)
            .await?
            .ok_or(Error::WrongCredentials)?;
        if !equal_in_constant_time(&stored, &hash) {
            return Err(Error::WrongCredentials);
        }
        let now = self.core.now();
        if key
            .last_used_at
            .is_none_or(|last| last.plus_seconds(60) <= now)
        {
            let mut tx = self.core.db.begin().await?;
            store::mark_used(&mut tx, &key.id, now).await?;
            tx.commit().await?;
        }
        Ok(Actor::ApiKey {
            id: key.id,
            project_id: key.project_id,
            role: key.role,
            user_id: key.user_id,
        })
    }
}

//! Keys of the REST management API. A key is of one project or of its account, for all of its
//! projects; it belongs to the person who made it, and can never do more than they can. One that
//! another key made ends with that key, and so do the invitations that it made: whoever stole it cannot
//! leave another behind.

mod create;
mod known;
pub(crate) mod membership;
mod revoke;
mod store;

use std::sync::Arc;

pub use create::NewApiKey;
pub(crate) use create::lock_maker;

use crate::{
    Core, Error, Result,
    accounts::Actor,
    clock::Timestamp,
    crypto,
    ids::{ApiKeyId, ProjectId, UserId},
    listing::{Listed, Words},
    members::{Access, Admin, Role},
};
use known::{Known, KnownKey};

/// What an API key begins with.
pub const PREFIX: &str = "tng_key_";

/// Live keys of a project, and of an account besides those of its projects.
pub const MOST_KEYS: i64 = 100;

/// Days for which a list still tells of a key that has expired: somebody may ask why their program
/// stopped.
const EXPIRED_SHOWN_DAYS: i64 = 30;

/// A key, as far as it can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    /// `None`: it is its account's, for all of its projects.
    pub project_id: Option<ProjectId>,
    /// Who made it.
    pub user_id: UserId,
    /// The key that they made it with, with which it ends.
    pub made_by_key: Option<ApiKeyId>,
    /// For people; several may have the same, as an old and a new one do for a while.
    pub name: String,
    pub role: Role,
    pub prefix: String,
    pub created_at: Timestamp,
    /// `None`: it works until somebody revokes it.
    pub expires_at: Option<Timestamp>,
    /// Noted at most once a minute.
    pub last_used_at: Option<Timestamp>,
}

impl ApiKey {
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }
}

/// A key in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    pub key: ApiKey,
    /// The email of who made it.
    pub made_by: String,
}

/// The room's service.
#[derive(Clone)]
pub struct ApiKeys {
    core: Core,
    known: Arc<Known>,
}

impl ApiKeys {
    pub(crate) fn new(core: Core) -> Self {
        let known = Known::new(core.db.feed());
        Self { core, known }
    }

    /// A project's keys that were not revoked, newest first; those that expired for 30 days more.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list(&self, access: &Access<Admin>) -> Result<Vec<ListedKey>> {
        store::of_project(&self.core.db, access.project_id(), self.shown_since()).await
    }

    /// The keys of the actor's account itself, in the same way.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a key that may not manage its account's keys.
    pub async fn list_own(&self, actor: &Actor) -> Result<Vec<ListedKey>> {
        check_manages_account(actor)?;
        store::of_account(&self.core.db, actor.user_id(), self.shown_since()).await
    }

    /// A page of a project's keys whose name, beginning or maker holds every word, as [`ApiKeys::list`]
    /// lists them.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn found(
        &self,
        access: &Access<Admin>,
        words: &Words,
        page: usize,
    ) -> Result<Listed<ListedKey>> {
        let whose = store::Whose::Project(access.project_id());
        store::found(&self.core.db, whose, self.shown_since(), words, page).await
    }

    /// The same of the actor's account itself.
    ///
    /// # Errors
    /// As [`ApiKeys::list_own`].
    pub async fn found_own(
        &self,
        actor: &Actor,
        words: &Words,
        page: usize,
    ) -> Result<Listed<ListedKey>> {
        check_manages_account(actor)?;
        let whose = store::Whose::Account(actor.user_id());
        store::found(&self.core.db, whose, self.shown_since(), words, page).await
    }

    fn shown_since(&self) -> Timestamp {
        self.core.now().plus_seconds(-EXPIRED_SHOWN_DAYS * 86_400)
    }

    /// The key that an actor is.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a person, and for a key that was revoked in this moment.
    pub async fn current(&self, actor: &Actor) -> Result<ApiKey> {
        let gone = || Error::NotFound("API key");
        let id = actor.api_key_id().ok_or_else(gone)?;
        store::by_id(&self.core.db, id).await?.ok_or_else(gone)
    }

    /// Who a key speaks for. Its use is noted, beside the request.
    ///
    /// # Errors
    /// [`Error::WrongCredentials`] for anything that is not a live key of an enabled account.
    pub async fn authenticate(&self, secret: &str) -> Result<Actor> {
        if !crypto::is_well_formed(secret, PREFIX) {
            return Err(Error::WrongCredentials);
        }
        let hash = crypto::sha256(secret.as_bytes());
        let known = self.known.get(&self.core.db, hash).await?;
        let now = self.core.now();
        let known = known
            .filter(|known| !known.key.has_expired(now))
            .ok_or(Error::WrongCredentials)?;
        self.note_use(&known, now);
        let key = &known.key;
        Ok(Actor::ApiKey {
            id: key.id.clone(),
            project_id: key.project_id.clone(),
            role: key.role,
            user_id: key.user_id.clone(),
        })
    }

    /// In a task of its own: it is for people to read, and no request waits or fails for it.
    fn note_use(&self, known: &KnownKey, now: Timestamp) {
        if !known.notes_use(now) {
            return;
        }
        let (db, id) = (self.core.db.clone(), known.key.id.clone());
        tokio::spawn(async move {
            if let Err(error) = store::mark_used(&db, &id, now).await {
                tracing::warn!(%error, "the use of an API key could not be noted");
            }
        });
    }
}

/// Whether the actor may manage the keys of the account itself: its person, or a key of it that has
/// the role which manages a project's.
fn check_manages_account(actor: &Actor) -> Result<()> {
    actor.own_account(Role::Admin).map(|_| ())
}

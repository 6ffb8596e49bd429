//! Making keys.

use std::net::IpAddr;

use super::{ApiKey, ApiKeys, MOST_KEYS, PREFIX, check_manages_account, store};
use crate::{
    Error, Result,
    accounts::{Actor, FreshIdentity, lock_enabled},
    audit::{self, Act, Entry},
    changes::{ChangeKind, changed},
    clock::Timestamp,
    crypto::BearerSecret,
    db::Tx,
    error::{Rules, checked_name},
    ids::{ApiKeyId, ProjectId, UserId},
    mail::{self, Notice},
    members::{Access, Admin, Members, Role, must_be_proved},
};

/// Days that a key with an end may live.
const MOST_DAYS: i64 = 366;

/// What a key is made from.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    pub name: String,
    /// What it may do at most.
    pub role: Role,
    /// 1 to 366; `None`: it has no end of its own.
    pub expires_in_days: Option<i64>,
}

impl NewApiKey {
    /// One without an end.
    #[must_use]
    pub fn named(name: impl Into<String>, role: Role) -> Self {
        Self {
            name: name.into(),
            role,
            expires_in_days: None,
        }
    }

    /// Its name, where it keeps all rules: its maker may be `most` at most.
    fn checked(&self, most: Role) -> Result<String> {
        let mut rules = Rules::default();
        rules.check(
            self.role <= most,
            "role",
            format!("Use at most {most}: a key can do no more than who makes it."),
        );
        rules.check(
            self.expires_in_days
                .is_none_or(|days| (1..=MOST_DAYS).contains(&days)),
            "expires_in_days",
            format!("Use 1 to {MOST_DAYS} days, or leave it out for a key without an end."),
        );
        match checked_name("name", &self.name, 80) {
            Ok(name) => rules.finish().map(|()| name),
            Err(Error::Invalid(fields)) => {
                rules.extend(fields);
                rules.finish().map(|()| String::new())
            }
            Err(other) => Err(other),
        }
    }
}

/// Whose a new key is, and who makes it.
struct Making<'a> {
    project: Option<&'a ProjectId>,
    user: &'a UserId,
    /// `None`: whoever holds the server.
    by: Option<&'a Actor>,
}

impl ApiKeys {
    /// Makes a key of a project; the secret is shown here once and is not stored. A person needs a
    /// fresh proof for any: it outlives their session, and a stolen one leaves none behind. A key that
    /// a key makes ends with it at the latest.
    ///
    /// # Errors
    /// [`Error::Invalid`] by field; [`Error::ProofNeeded`]; [`Error::Conflict`] for `api_keys` where
    /// there are [`MOST_KEYS`]; as [`Members::access`] for who may not any more.
    pub async fn create(
        &self,
        access: &Access<Admin>,
        new: &NewApiKey,
        proof: Option<&FreshIdentity>,
    ) -> Result<(ApiKey, BearerSecret)> {
        new.checked(access.role())?;
        must_be_proved(access.actor(), proof)?;
        let members = Members::new(self.core.clone());
        let (tx, mine) = members.locked(access).await?;
        // What they were a moment ago they may not be any more.
        let name = new.checked(mine)?;
        let making = Making {
            project: Some(access.project_id()),
            user: access.user_id(),
            by: Some(access.actor()),
        };
        self.make(tx, making, name, new).await
    }

    /// Makes a key of the actor's account, for all of its projects, in the same way. A person needs a
    /// fresh proof for any: it reaches every project that they will ever be in. They are told by mail.
    ///
    /// # Errors
    /// As [`ApiKeys::create`]; [`Error::Forbidden`] for a key that may not manage its account's keys.
    pub async fn create_own(
        &self,
        actor: &Actor,
        new: &NewApiKey,
        proof: Option<&FreshIdentity>,
        from: IpAddr,
    ) -> Result<(ApiKey, BearerSecret)> {
        check_manages_account(actor)?;
        let name = new.checked(match actor {
            Actor::Person { .. } => Role::Owner,
            Actor::ApiKey { role, .. } => *role,
        })?;
        must_be_proved(actor, proof)?;
        let mut tx = self.core.db.begin().await?;
        lock_enabled(&mut tx, actor.user_id())
            .await?
            .ok_or(Error::NotFound("account"))?;
        let making = Making {
            project: None,
            user: actor.user_id(),
            by: Some(actor),
        };
        let (key, secret) = self.make(tx, making, name, new).await?;
        let prefix = &format!("{}…", key.prefix);
        mail::tell_person(
            &self.core,
            &key.user_id,
            from,
            &Notice::ApiKeyMade { prefix },
        )
        .await;
        Ok((key, secret))
    }

    async fn make(
        &self,
        mut tx: Tx,
        making: Making<'_>,
        name: String,
        new: &NewApiKey,
    ) -> Result<(ApiKey, BearerSecret)> {
        let made = self.insert(&mut tx, making, name, new).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Makes a project's key from the command line, whose user holds the database anyway.
    pub(crate) async fn insert_by_operator(
        &self,
        tx: &mut Tx,
        project: &ProjectId,
        user: &UserId,
        new: &NewApiKey,
    ) -> Result<(ApiKey, BearerSecret)> {
        let name = new.checked(Role::Owner)?;
        let making = Making {
            project: Some(project),
            user,
            by: None,
        };
        self.insert(tx, making, name, new).await
    }

    async fn insert(
        &self,
        tx: &mut Tx,
        making: Making<'_>,
        name: String,
        new: &NewApiKey,
    ) -> Result<(ApiKey, BearerSecret)> {
        let Making { project, user, by } = making;
        let now = self.core.now();
        if store::locked_count(tx, project, user, now).await? >= MOST_KEYS {
            return Err(Error::conflict(
                "api_keys",
                format!("There are {MOST_KEYS} keys already. Revoke one first."),
            ));
        }
        let made_by_key = by.and_then(Actor::api_key_id);
        let mut expires_at = new
            .expires_in_days
            .map(|days| now.plus_seconds(days * 86_400));
        let maker_ends = lock_maker(tx, by, now).await?;
        expires_at = [expires_at, maker_ends].into_iter().flatten().min();
        let secret = BearerSecret::generate(&*self.core.random, PREFIX);
        let key = ApiKey {
            id: ApiKeyId::new(&*self.core.clock, &*self.core.random),
            project_id: project.cloned(),
            user_id: user.clone(),
            made_by_key: made_by_key.cloned(),
            name,
            role: new.role,
            prefix: secret.shown_prefix(PREFIX),
            created_at: now,
            expires_at,
            last_used_at: None,
        };
        store::insert(tx, &key, &secret.hash()).await?;
        changed(tx, ChangeKind::ApiKey, key.id.as_str(), now).await?;
        audit::record(&self.core, tx, entry(Act::ApiKeyMade, by, &key)).await?;
        Ok((key, secret))
    }
}

/// What the audit log says of a key: not its name, which may be a person's.
pub(super) fn entry(act: Act, by: Option<&Actor>, key: &ApiKey) -> Entry {
    let entry = match by {
        Some(actor) => Entry::by(act, actor),
        None => Entry::unattributed(act),
    };
    let entry = entry
        .about(&key.user_id)
        .with_detail(format!("{} ({}…), {}", key.id, key.prefix, key.role));
    match &key.project_id {
        Some(project) => entry.in_project(project),
        None => entry,
    }
}

/// When the key ends by which something is made, if one makes it and it has an end. It may have been
/// revoked since the request began; from here to the end of the transaction it cannot be.
///
/// # Errors
/// [`Error::WrongCredentials`] for a key that has ended.
pub(crate) async fn lock_maker(
    tx: &mut Tx,
    by: Option<&Actor>,
    now: Timestamp,
) -> Result<Option<Timestamp>> {
    let Some(id) = by.and_then(Actor::api_key_id) else {
        return Ok(None);
    };
    let maker = store::locked(tx, id)
        .await?
        .filter(|maker| !maker.has_expired(now))
        .ok_or(Error::WrongCredentials)?;
    Ok(maker.expires_at)
}

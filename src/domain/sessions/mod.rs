//! Sign-ins of browsers: how each came about, where, when it was last used, and when it ends. The
//! cookie's own record holds no more than the id of one.

mod known;
mod store;

use std::{net::IpAddr, sync::Arc};

use crate::{
    Core, Error, Result,
    accounts::{Account, Actor, FreshIdentity},
    audit::{self, Act, Entry},
    changes::{ChangeKind, changed},
    clock::Timestamp,
    db::{DbError, Tx},
    ids::{ProviderId, SessionId, UserId},
    members::Role,
    text_enum,
};
use known::Known;

text_enum! {
    /// How a person came in.
    pub enum SignInMethod {
        Password = "password",
        Passkey = "passkey",
        /// An identity provider.
        Provider = "provider",
        /// A link or a code of recovery.
        Recovery = "recovery",
        /// The account was just made.
        SignUp = "sign_up",
    }
}

text_enum! {
    /// What they showed besides.
    pub enum SecondFactor {
        Totp = "totp",
        Passkey = "passkey",
        RecoveryCode = "recovery_code",
    }
}

text_enum! {
    /// Why a session ended before its time.
    pub enum SessionEnd {
        SignedOut = "signed_out",
        /// From another session of the same person.
        EndedElsewhere = "ended_elsewhere",
        /// By an owner of the instance or whoever holds the server.
        ByOwner = "by_owner",
        PasswordChanged = "password_changed",
        Recovered = "recovered",
        /// Somebody may have a copy of a passkey.
        PasskeySuspended = "passkey_suspended",
        AccountDisabled = "account_disabled",
        AccountDeleted = "account_deleted",
        /// The provider that it began with was switched off or deleted.
        ProviderGone = "provider_gone",
        /// The account had very many.
        TooMany = "too_many",
    }
}

/// How long sessions live. Seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// `TENGINE_SESSION_IDLE`: unused.
    pub idle: i64,
    /// `TENGINE_SESSION_MAX`: in all.
    pub max: i64,
    /// `TENGINE_PROOF_MAX`: how old the proof of who one is may be for a sensitive act.
    pub proof: i64,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            idle: 14 * 86_400,
            max: 90 * 86_400,
            proof: 10 * 60,
        }
    }
}

/// Live sessions of an account: with one more the one that was used longest ago ends.
pub const MOST: i64 = 100;

/// Ended ones of an account that are kept, for the addresses that they came from.
const MOST_ENDED: i64 = 200;

/// Seconds between two notes of a session's use: they are for people to read.
const NOTE_SECONDS: i64 = 60;

/// A sign-in of a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    pub method: SignInMethod,
    pub provider_id: Option<ProviderId>,
    pub second_factor: Option<SecondFactor>,
    pub address: String,
    pub user_agent: String,
    pub created_at: Timestamp,
    /// Noted at most once a minute.
    pub last_used_at: Timestamp,
    /// When the person last showed who they are.
    pub proved_at: Timestamp,
}

/// What a sign-in is made of.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    pub method: SignInMethod,
    pub provider_id: Option<ProviderId>,
    pub second_factor: Option<SecondFactor>,
    pub address: IpAddr,
    pub user_agent: &'a str,
}

/// Who is signed in, by which session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub account: Account,
    pub session: Session,
    /// Whether the account has a passkey or an authenticator app.
    pub has_second_factor: bool,
}

impl SignedIn {
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Person {
            user_id: self.account.id.clone(),
        }
    }
}

/// The room's service.
#[derive(Clone)]
pub struct Sessions {
    core: Core,
    known: Arc<Known>,
}

impl Sessions {
    pub(crate) fn new(core: Core) -> Self {
        let known = Known::new(core.db.feed());
        Self { core, known }
    }

    /// Begins a session of a person who has just shown who they are, as `account` was before they did:
    /// what was shown before a reset or a disabling that came meanwhile begins none, and neither does
    /// what a provider said that was switched off or deleted. Of very many of an account the one that
    /// was used longest ago ends.
    ///
    /// # Errors
    /// [`Error::WrongCredentials`] where something such came meanwhile.
    pub async fn begin(&self, account: &Account, new: &NewSession<'_>) -> Result<Session> {
        let now = self.core.now();
        let session = Session {
            id: SessionId::new(&*self.core.clock, &*self.core.random),
            user_id: account.id.clone(),
            method: new.method,
            provider_id: new.provider_id.clone(),
            second_factor: new.second_factor,
            address: new.address.to_string(),
            user_agent: readable(new.user_agent),
            created_at: now,
            last_used_at: now,
            proved_at: now,
        };
        let mut tx = self.core.db.begin().await?;
        if let Some(provider) = &session.provider_id
            && !store::lock_provider(&mut tx, provider).await?
        {
            return Err(Error::WrongCredentials);
        }
        if !store::lock_as_shown(&mut tx, account).await? {
            return Err(Error::WrongCredentials);
        }
        self.make_room(&mut tx, &account.id).await?;
        store::insert(&mut tx, &session).await?;
        let entry = Entry::of_person(Act::SignedIn, &account.id)
            .from_address(new.address)
            .with_detail(match new.second_factor {
                Some(factor) => format!("{} and {factor}", new.method),
                None => new.method.to_string(),
            });
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(session)
    }

    /// For one more session of an account, which is locked.
    async fn make_room(&self, tx: &mut Tx, user: &UserId) -> Result<()> {
        let now = self.core.now();
        for id in store::live_beyond(tx, user, MOST - 1).await? {
            store::end(tx, user, &id, SessionEnd::TooMany, now).await?;
            changed(tx, ChangeKind::Session, id.as_str(), now).await?;
        }
        store::delete_ended_beyond(tx, user, MOST_ENDED).await?;
        Ok(())
    }

    /// Who is signed in by a session: one that has not ended, in its limits, of an enabled account.
    /// Its use is noted.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn current(&self, id: &SessionId) -> Result<Option<SignedIn>> {
        let Some(known) = self.known.get(&self.core.db, id).await? else {
            return Ok(None);
        };
        let now = self.core.now();
        let limits = self.core.session_limits;
        let last_used_at = known.last_used_at();
        let session = &known.signed_in.session;
        if last_used_at.plus_seconds(limits.idle) <= now
            || session.created_at.plus_seconds(limits.max) <= now
        {
            return Ok(None);
        }
        if known.notes_use(now) {
            let mut tx = self.core.db.begin().await?;
            store::mark_used(&mut tx, id, now).await?;
            tx.commit().await?;
        }
        Ok(Some(known.signed_in.clone()))
    }

    /// A person's live sessions, the one used last first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list(&self, user: &UserId) -> Result<Vec<Session>> {
        let now = self.core.now();
        let limits = self.core.session_limits;
        store::of_user(
            &self.core.db,
            user,
            now.plus_seconds(-limits.idle),
            now.plus_seconds(-limits.max),
        )
        .await
    }

    /// The proof that a session's person showed who they are a moment ago.
    ///
    /// # Errors
    /// [`Error::ProofNeeded`] where that is too long ago.
    pub fn fresh(&self, signed_in: &SignedIn) -> Result<FreshIdentity> {
        let proof = self.core.session_limits.proof;
        if signed_in.session.proved_at.plus_seconds(proof) <= self.core.now() {
            return Err(Error::ProofNeeded);
        }
        Ok(FreshIdentity::of(signed_in.account.id.clone()))
    }

    /// Notes that a session's person has shown who they are once more.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a proof of somebody else.
    pub async fn prove_again(&self, signed_in: &SignedIn, proof: &FreshIdentity) -> Result<()> {
        if !proof.is_of(&signed_in.actor()) {
            return Err(Error::Forbidden(
                "This is the proof of another account.".to_owned(),
            ));
        }
        let mut tx = self.core.db.begin().await?;
        let now = self.core.now();
        let id = &signed_in.session.id;
        store::mark_proved(&mut tx, id, now).await?;
        changed(&mut tx, ChangeKind::Session, id.as_str(), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Signs a session of the actor's person out.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is no live session of theirs; [`Error::Forbidden`] for a key that
    /// may not manage its account.
    pub async fn end(&self, actor: &Actor, id: &SessionId, why: SessionEnd) -> Result<()> {
        let user = actor.own_account(Role::Admin)?;
        let mut tx = self.core.db.begin().await?;
        let now = self.core.now();
        if store::end(&mut tx, user, id, why, now).await? == 0 {
            return Err(Error::NotFound("session"));
        }
        changed(&mut tx, ChangeKind::Session, id.as_str(), now).await?;
        let entry = Entry::by(Act::SessionEnded, actor)
            .about(user)
            .with_detail(why.as_str());
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Signs all of a person's sessions out but one. Tells how many there were.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_others(&self, kept: &SignedIn) -> Result<u64> {
        let mut tx = self.core.db.begin().await?;
        let user = &kept.account.id;
        let ended = end_all(
            &self.core,
            &mut tx,
            user,
            Some(&kept.session.id),
            SessionEnd::EndedElsewhere,
        )
        .await?;
        let entry = Entry::of_person(Act::SessionsEnded, user).with_detail(format!("{ended}"));
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Signs all of an account's sessions out, by a key of it. Tells how many there were.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a key that may not manage its account.
    pub async fn end_all(&self, actor: &Actor) -> Result<u64> {
        let user = actor.own_account(Role::Admin)?;
        let mut tx = self.core.db.begin().await?;
        let why = SessionEnd::EndedElsewhere;
        let ended = end_all(&self.core, &mut tx, user, None, why).await?;
        let entry = Entry::by(Act::SessionsEnded, actor)
            .about(user)
            .with_detail(format!("{ended}"));
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Deletes sessions that have ended long ago, a batch at a time.
    ///
    /// # Errors
    /// Where the database fails.
    pub(crate) async fn expire(&self, now: Timestamp, batch: i64) -> Result<u64, DbError> {
        let mut tx = self.core.db.begin().await?;
        let before = now.plus_seconds(-self.core.session_limits.idle - 86_400);
        let rows = store::expire(&mut tx, before, batch).await?;
        tx.commit().await?;
        Ok(rows)
    }
}

/// Ends all sessions of a person but `kept`, in a transaction that changes what they rest on.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn end_all(
    core: &Core,
    tx: &mut Tx,
    user: &UserId,
    kept: Option<&SessionId>,
    why: SessionEnd,
) -> Result<u64, DbError> {
    let now = core.now();
    let ended = store::end_all(tx, user, kept, why, now).await?;
    // By the person: whatever is remembered of their sessions is looked up again.
    changed(tx, ChangeKind::Account, user.as_str(), now).await?;
    Ok(ended)
}

/// Ends all sessions that a provider began, in a transaction that switches it off or deletes it and has
/// locked it. Tells how many people could still have gone on with.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn end_of_provider(
    core: &Core,
    tx: &mut Tx,
    provider: &ProviderId,
) -> Result<i64, DbError> {
    let now = core.now();
    let live = live_of_provider(core, tx, provider).await?;
    store::end_of_provider(tx, provider, SessionEnd::ProviderGone, now).await?;
    changed(tx, ChangeKind::Provider, provider.as_str(), now).await?;
    Ok(live)
}

/// How many sessions a provider began that people can go on with.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn live_of_provider(
    core: &Core,
    tx: &mut Tx,
    provider: &ProviderId,
) -> Result<i64, DbError> {
    let (now, limits) = (core.now(), core.session_limits);
    let used_after = now.plus_seconds(-limits.idle);
    let begun_after = now.plus_seconds(-limits.max);
    store::count_of_provider(tx, provider, used_after, begun_after).await
}

/// A browser's name for itself, short and without control characters.
fn readable(user_agent: &str) -> String {
    user_agent
        .chars()
        .filter(|c| !c.is_control())
        .take(300)
        .collect()
}

//! Which identities open an account: more of them, and fewer.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::{
    Identity, NO_PROVIDER, NotSignedIn, Provider, Providers, Refusal, begin::proven,
    claimed::Claimed, store,
};
use crate::{
    Error, Result,
    accounts::{self, Account, Actor, FreshIdentity},
    audit::{self, Act, Entry},
    changes::{ChangeKind, changed},
    clock::Timestamp,
    db::DbError,
    ids::{ProviderId, UserId},
    mail::{self, Notice},
};

/// Seconds that a person has to sign in to the account that is to be linked.
const TIME: i64 = 600;

/// An identity that waits for the proof of the account which it is to open. For the session of the
/// browser, on the server, like [`super::Pending`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingLink {
    provider_id: ProviderId,
    provider_name: String,
    subject: String,
    email: String,
    /// Whose account has the address.
    user_id: UserId,
    expires_at: Timestamp,
}

impl PendingLink {
    pub(super) fn new(
        provider: &Provider,
        claimed: &Claimed,
        account: &Account,
        now: Timestamp,
    ) -> Self {
        Self {
            provider_id: provider.id.clone(),
            provider_name: provider.name.clone(),
            subject: claimed.subject.clone(),
            email: account.email.clone(),
            user_id: account.id.clone(),
            expires_at: now.plus_seconds(TIME),
        }
    }

    /// The address that both have, for the page that asks for the account's proof.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    #[must_use]
    pub fn provider_name(&self) -> &str {
        &self.provider_name
    }

    /// Whether it is this person's account that it waits for.
    #[must_use]
    pub fn is_for(&self, user: &UserId) -> bool {
        self.user_id == *user
    }
}

impl Providers {
    /// The identities that open a person's account.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn identities(&self, actor: &Actor) -> Result<Vec<Identity>> {
        store::of_person(&self.core.db, actor.user_id()).await
    }

    /// Links what [`super::Outcome::LinkNeeded`] left, now that the person has signed in to the
    /// account which has the address. `pending` was taken out of the session before.
    ///
    /// # Errors
    /// [`NotSignedIn::NotBegun`] for another account or after 10 minutes; [`Error::ProofNeeded`];
    /// [`Refusal::LinkedElsewhere`]; [`Error::NotFound`] where the provider is gone or disabled.
    pub async fn finish_link(
        &self,
        actor: &Actor,
        proof: &FreshIdentity,
        pending: PendingLink,
        from: IpAddr,
    ) -> Result<(), NotSignedIn> {
        let user = proven(actor, proof)?;
        if !pending.is_for(user) || pending.expires_at <= self.core.now() {
            return Err(NotSignedIn::NotBegun);
        }
        let provider = self.enabled(&pending.provider_id).await?;
        let email = Some(pending.email.as_str());
        self.link(&provider.id, &pending.subject, user, email, from)
            .await
    }

    /// Links an identity that was proved to an account that was proved.
    pub(super) async fn link(
        &self,
        provider: &ProviderId,
        subject: &str,
        user: &UserId,
        email: Option<&str>,
        from: IpAddr,
    ) -> Result<(), NotSignedIn> {
        let db = &self.core.db;
        match store::user_of(db, provider, subject).await? {
            Some(owner) if owner == *user => return Ok(()),
            Some(_) => return Err(Refusal::LinkedElsewhere.into()),
            None => {}
        }
        let account = accounts::by_id(db, user).await?;
        if account.is_none_or(|account| account.disabled_at.is_some()) {
            return Err(Refusal::NoAccount.into());
        }
        let now = self.core.now();
        let mut tx = db.begin().await?;
        let provider = store::locked(&mut tx, provider).await?;
        let provider = provider
            .filter(|provider| provider.is_enabled)
            .ok_or(NO_PROVIDER)?;
        store::link(&mut tx, &provider.id, subject, user, email, now)
            .await
            .map_err(|error| {
                if error.is_unique_violation() {
                    Refusal::LinkedElsewhere.into()
                } else {
                    gone(error)
                }
            })?;
        changed(&mut tx, ChangeKind::Account, user.as_str(), now).await?;
        let entry = Entry::of_person(Act::IdentityLinked, user)
            .from_address(from)
            .with_detail(&provider.name);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        let provider = &provider.name;
        mail::tell_person(&self.core, user, from, &Notice::IdentityLinked { provider }).await;
        Ok(())
    }

    /// Takes a way in away.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is none of theirs; [`Error::Conflict`] where it is the last;
    /// [`Error::ProofNeeded`].
    pub async fn unlink(
        &self,
        actor: &Actor,
        proof: &FreshIdentity,
        provider: &ProviderId,
        subject: &str,
        from: IpAddr,
    ) -> Result<()> {
        let user = proven(actor, proof)?;
        let mut identities = self.identities(actor).await?.into_iter();
        let found = identities.find(|one| one.provider_id == *provider && one.subject == subject);
        let found = found.ok_or(NO_IDENTITY)?;
        let mut tx = self.core.db.begin().await?;
        let before = store::ways_in(&mut tx, user).await?;
        // One at a provider that is switched off is no way in, and so none that could be the last.
        let left = if found.is_enabled { before - 1 } else { before };
        if left < 1 {
            return Err(Error::conflict(
                "identity",
                "This is your only way to sign in. Set a password or add a passkey first.",
            ));
        }
        if !store::unlink(&mut tx, provider, subject, user).await? {
            return Err(NO_IDENTITY);
        }
        let now = self.core.now();
        changed(&mut tx, ChangeKind::Account, user.as_str(), now).await?;
        let entry = Entry::of_person(Act::IdentityUnlinked, user)
            .from_address(from)
            .with_detail(&found.provider_name);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        let provider = &found.provider_name;
        mail::tell_person(
            &self.core,
            user,
            from,
            &Notice::IdentityUnlinked { provider },
        )
        .await;
        Ok(())
    }
}

const NO_IDENTITY: Error = Error::NotFound("linked sign-in");

/// A row that another one rests on was deleted meanwhile: the provider, or the account.
pub(super) fn gone(error: DbError) -> NotSignedIn {
    match error {
        DbError::ForeignKey(_) => NO_PROVIDER.into(),
        other => other.into(),
    }
}

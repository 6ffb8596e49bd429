//! What follows from what a provider sent somebody back with.

use std::net::IpAddr;

use oauth2::RedirectUrl;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{
    Cause, NotSignedIn, Pending, PendingLink, Provider, ProviderKind, Providers, Purpose, Refusal,
    begin::failed, claimed::Claimed, failure::Fault, github, link, store,
};
use crate::{
    Result,
    accounts::{self, Account, Actor, FreshIdentity, SignUpPolicy},
    audit::{self, Act, Entry},
    db::DbError,
    ids::{ProviderId, UserId},
};

/// Bytes of a code.
const LONGEST_CODE: usize = 4_096;
/// Seconds by which clocks may differ.
pub(super) const SKEW: i64 = 60;
/// How often it is looked again where somebody else made or took away the same identity meanwhile.
const LOOKS: usize = 3;

/// The query that somebody comes back with (RFC 6749 §4.1.2, RFC 9207 §2).
#[derive(Clone, Default, Deserialize)]
pub struct Callback {
    pub state: Option<String>,
    pub code: Option<String>,
    pub iss: Option<String>,
    pub error: Option<String>,
}

/// What came of a visit to a provider.
#[derive(Debug)]
pub enum Outcome {
    /// The identity opens this account, which may want a second factor besides.
    SignedIn {
        account: Account,
        /// It was made just now.
        is_new: bool,
    },
    /// Nobody has this identity, and somebody has its mail address: they sign in to that account
    /// another way, and then [`Providers::finish_link`] links it.
    LinkNeeded(PendingLink),
    /// The account of the person who is signed in has one more way in.
    Linked,
    /// The person who is signed in showed once more who they are.
    Proved(FreshIdentity),
}

impl Providers {
    /// Ends a visit to a provider. `pending` works once: it was taken out of the session before.
    /// `signed_in` is who is signed in by that session now.
    ///
    /// # Errors
    /// [`NotSignedIn`].
    pub async fn finish(
        &self,
        id: &ProviderId,
        pending: Option<Pending>,
        callback: Callback,
        signed_in: Option<&Actor>,
        from: IpAddr,
    ) -> Result<Outcome, NotSignedIn> {
        let now = self.core.now();
        let pending = pending
            .filter(|pending| pending.is_of(id, callback.state.as_deref(), now))
            .filter(|pending| is_still(&pending.purpose, signed_in))
            .ok_or(NotSignedIn::NotBegun)?;
        let provider = self.enabled(id).await?;
        let claimed = self.claimed(&provider, &pending, callback).await?;
        let outcome = self.outcome(&provider, &claimed, &pending, from).await;
        if let Err(NotSignedIn::Refused(refusal)) = &outcome {
            tracing::info!(
                provider = %provider.id,
                refusal = %refusal,
                "somebody whom an identity provider knows was not let in"
            );
        }
        outcome
    }

    async fn outcome(
        &self,
        provider: &Provider,
        claimed: &Claimed,
        pending: &Pending,
        from: IpAddr,
    ) -> Result<Outcome, NotSignedIn> {
        claimed.may_come_by(provider)?;
        match &pending.purpose {
            Purpose::SignIn => self.sign_in(provider, claimed, from).await,
            Purpose::Link { user_id } => {
                let email = claimed.email.as_deref();
                self.link(&provider.id, &claimed.subject, user_id, email, from)
                    .await?;
                Ok(Outcome::Linked)
            }
            Purpose::Prove { user_id } => self.prove(provider, claimed, user_id, pending).await,
        }
    }

    /// Who somebody is, by the provider's word.
    async fn claimed(
        &self,
        provider: &Provider,
        pending: &Pending,
        callback: Callback,
    ) -> Result<Claimed, NotSignedIn> {
        let metadata = match provider.kind {
            ProviderKind::GitHub => None,
            ProviderKind::Oidc | ProviderKind::Google => {
                let metadata = self.known.metadata(&provider.issuer).await;
                Some(metadata.map_err(|fault| failed(provider, &fault))?)
            }
        };
        // Also where it is an error: it may be another provider's (RFC 9207 §2.4).
        let is_theirs = match (&metadata, callback.iss.as_deref()) {
            (Some(metadata), None) => !metadata.names_itself,
            (Some(metadata), Some(iss)) => iss == metadata.issuer.as_str(),
            (None, None) => true,
            (None, Some(iss)) => github::is_issuer(provider, iss),
        };
        if !is_theirs {
            let detail = "the answer that came back is not this issuer's (iss)";
            return Err(failed(provider, &Fault::new(Cause::OtherIssuer, detail)));
        }
        let code = code(callback).map_err(|why| match why {
            NoCode::Denied => NotSignedIn::Denied,
            NoCode::Fault(fault) => failed(provider, &fault),
        })?;
        let exchange = Exchange {
            code,
            secret: provider.secret(&self.core)?,
            redirect_url: self.redirect_url(&provider.id)?,
            pending,
        };
        let claimed = match &metadata {
            None => self.told_by_github(provider, exchange).await,
            Some(metadata) => self.told_by_openid(provider, metadata, exchange).await,
        };
        claimed.map_err(|fault| failed(provider, &fault))
    }

    async fn sign_in(
        &self,
        provider: &Provider,
        claimed: &Claimed,
        from: IpAddr,
    ) -> Result<Outcome, NotSignedIn> {
        for _ in 0..LOOKS {
            if let Some(outcome) = self.try_sign_in(provider, claimed, from).await? {
                return Ok(outcome);
            }
        }
        Err(Refusal::NoAccount.into())
    }

    /// `None` where somebody else changed in between what it rests on.
    async fn try_sign_in(
        &self,
        provider: &Provider,
        claimed: &Claimed,
        from: IpAddr,
    ) -> Result<Option<Outcome>, NotSignedIn> {
        let db = &self.core.db;
        let now = self.core.now();
        let email = claimed.email.as_deref();
        if let Some(user) = store::user_of(db, &provider.id, &claimed.subject).await? {
            let account = accounts::by_id(db, &user).await?;
            let account = account
                .filter(|account| account.disabled_at.is_none())
                .ok_or(Refusal::NoAccount)?;
            let mut tx = db.begin().await?;
            let is_there =
                store::mark_used(&mut tx, &provider.id, &claimed.subject, &user, email, now)
                    .await?;
            tx.commit().await?;
            let is_new = false;
            return Ok(is_there.then_some(Outcome::SignedIn { account, is_new }));
        }
        let email = claimed.verified_email().ok_or(Refusal::NoVerifiedEmail)?;
        if let Some(account) = accounts::by_checked_email(db, email).await? {
            if account.disabled_at.is_some() {
                return Err(Refusal::NoAccount.into());
            }
            let link = PendingLink::new(provider, claimed, &account, now);
            return Ok(Some(Outcome::LinkNeeded(link)));
        }
        let settings = self.core.settings().await?;
        if !provider.may_sign_up && settings.sign_up != SignUpPolicy::Open {
            return Err(Refusal::NoAccount.into());
        }
        if !settings.allows_domain(email) {
            return Err(Refusal::DomainNotAllowed.into());
        }
        match self.sign_up(provider, claimed, email, from).await {
            Ok(account) => {
                let is_new = true;
                Ok(Some(Outcome::SignedIn { account, is_new }))
            }
            Err(error) if error.is_unique_violation() => Ok(None),
            Err(error) => Err(link::gone(error)),
        }
    }

    /// Makes an account without a password.
    async fn sign_up(
        &self,
        provider: &Provider,
        claimed: &Claimed,
        email: &str,
        from: IpAddr,
    ) -> Result<Account, DbError> {
        let mut tx = self.core.db.begin().await?;
        let account = accounts::insert_verified(&self.core, &mut tx, email, from).await?;
        let (id, subject) = (&provider.id, &claimed.subject);
        let now = self.core.now();
        store::link(&mut tx, id, subject, &account.id, Some(email), now).await?;
        let entry = Entry::of_person(Act::IdentityLinked, &account.id)
            .from_address(from)
            .with_detail(&provider.name);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(account)
    }

    async fn prove(
        &self,
        provider: &Provider,
        claimed: &Claimed,
        user: &UserId,
        pending: &Pending,
    ) -> Result<Outcome, NotSignedIn> {
        let owner = store::user_of(&self.core.db, &provider.id, &claimed.subject).await?;
        if owner.as_ref() != Some(user) {
            return Err(Refusal::NotLinked.into());
        }
        let earliest = pending.begun_at.seconds() - SKEW;
        if claimed.signed_in_at.is_none_or(|at| at < earliest) {
            return Err(Refusal::NotFresh.into());
        }
        let account = accounts::by_id(&self.core.db, user).await?;
        if account.is_none_or(|account| account.disabled_at.is_some()) {
            return Err(Refusal::NoAccount.into());
        }
        Ok(Outcome::Proved(FreshIdentity::of(user.clone())))
    }
}

/// Whether whoever began is still who is signed in.
fn is_still(purpose: &Purpose, signed_in: Option<&Actor>) -> bool {
    match purpose {
        Purpose::SignIn => true,
        Purpose::Link { user_id } | Purpose::Prove { user_id } => {
            matches!(signed_in, Some(Actor::Person { user_id: now }) if now == user_id)
        }
    }
}

/// What a code is traded with.
pub(super) struct Exchange<'a> {
    pub(super) code: String,
    pub(super) secret: Option<Zeroizing<String>>,
    pub(super) redirect_url: RedirectUrl,
    pub(super) pending: &'a Pending,
}

enum NoCode {
    Denied,
    Fault(Fault),
}

fn code(callback: Callback) -> Result<String, NoCode> {
    match (callback.error.as_deref(), callback.code) {
        (None, Some(code)) if (1..=LONGEST_CODE).contains(&code.len()) => Ok(code),
        // OpenID Connect Core §3.1.2.6: the person went no further there.
        (
            Some(
                "access_denied"
                | "login_required"
                | "consent_required"
                | "interaction_required"
                | "account_selection_required",
            ),
            _,
        ) => Err(NoCode::Denied),
        (Some(error), _) => Err(NoCode::Fault(Fault::new(
            Cause::SentError,
            format!("it sent somebody back with the error {error:?}"),
        ))),
        (None, _) => Err(NoCode::Fault(Fault::new(
            Cause::SentError,
            "it sent somebody back without a code",
        ))),
    }
}

//! Second factors: the codes of an authenticator app and recovery codes; what a person may show beside
//! their password, and what may not be taken away. Passkeys, which are one too, have their own room.

mod check;
mod keep;
mod recovery_codes;
mod store;
mod throttle;
pub(crate) mod totp;

use std::{net::IpAddr, sync::Arc};

pub(crate) use keep::{check_may_go, lock, person, proved, tidy};
pub(crate) use recovery_codes::hash_of_typed as recovery_code_hash;
pub use recovery_codes::{CODES, RecoveryCodes};
pub use totp::{TotpSetup, TotpSetupState};

use crate::{
    Core, Error, Result,
    accounts::{Account, Actor, FreshIdentity},
    audit::{self, Act, Entry},
    changes::{ChangeKind, changed},
    clock::Timestamp,
    db::Tx,
    ids::UserId,
    mail::{self, Notice},
    sessions::SecondFactor,
};
use throttle::Throttle;

/// What an account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactorStatus {
    /// Since when it has an authenticator app.
    pub totp_since: Option<Timestamp>,
    /// Recovery codes that are left.
    pub recovery_codes: i64,
    /// Passkeys that may be used.
    pub passkeys: i64,
    pub suspended_passkeys: i64,
}

impl FactorStatus {
    /// Whether it has a second factor, of which recovery codes are none.
    #[must_use]
    pub const fn has_second_factor(&self) -> bool {
        self.totp_since.is_some() || self.passkeys > 0
    }

    /// What may be shown at sign-in beside the password; empty: the password is enough.
    #[must_use]
    pub fn accepted(&self) -> Vec<SecondFactor> {
        let has_any = self.has_second_factor() || self.suspended_passkeys > 0;
        let kinds = [
            (self.passkeys > 0, SecondFactor::Passkey),
            (self.totp_since.is_some(), SecondFactor::Totp),
            (
                has_any && self.recovery_codes > 0,
                SecondFactor::RecoveryCode,
            ),
        ];
        let accepted = kinds.into_iter().filter(|(is_there, _)| *is_there);
        accepted.map(|(_, kind)| kind).collect()
    }
}

/// The room's service.
#[derive(Clone)]
pub struct SecondFactors {
    core: Core,
    throttle: Arc<Throttle>,
}

impl SecondFactors {
    pub(crate) fn new(core: Core) -> Self {
        Self {
            core,
            throttle: Arc::default(),
        }
    }

    /// # Errors
    /// Where the database fails.
    pub async fn status(&self, user: &UserId) -> Result<FactorStatus> {
        Ok(keep::read(store::status(&self.core.db, user).await?))
    }

    /// What the person may show beside their password; empty: the password is enough. Where their only
    /// passkey is suspended and no recovery code is left, it is: nobody is locked out by a copy.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn required_at_sign_in(&self, user: &UserId) -> Result<Vec<SecondFactor>> {
        Ok(self.status(user).await?.accepted())
    }

    /// A new secret for an authenticator app. Nothing is stored before [`SecondFactors::confirm_totp`].
    ///
    /// # Errors
    /// [`Error::Corrupt`], which would be a bug.
    pub fn begin_totp(&self, account: &Account) -> Result<(TotpSetup, TotpSetupState)> {
        totp::begin(&self.core, account)
    }

    /// The same secret once more, for a page that was answered with a wrong code.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `code`, where it is too old or somebody else's.
    pub fn totp_again(&self, account: &Account, state: &TotpSetupState) -> Result<TotpSetup> {
        let secret = state.secret(&self.core, &account.id)?;
        totp::setup(&self.core, account, &secret)
    }

    /// Stores the secret, once a code shows that the app has it; in the place of another app's. Gives
    /// recovery codes, to be shown once, where the account has none.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `code`; [`Error::ProofNeeded`] for a proof of somebody else.
    pub async fn confirm_totp(
        &self,
        actor: &Actor,
        proof: &FreshIdentity,
        state: &TotpSetupState,
        code: &str,
        from: IpAddr,
    ) -> Result<Option<RecoveryCodes>> {
        let user = proved(actor, proof)?;
        let secret = state.secret(&self.core, user)?;
        let now = self.core.now();
        let Some(step) = totp::step_of(&secret, &check::without_spaces(code), now)? else {
            return Err(Error::invalid(
                "code",
                "This is not the code of this moment. Check that the clock of your phone is right.",
            ));
        };
        let sealed =
            self.core
                .sealer
                .seal(&*self.core.random, &totp::context(user.as_str()), &secret);
        let mut tx = self.core.db.begin().await?;
        lock(&mut tx, user).await?;
        let before = store::status_within(&mut tx, user).await?;
        store::set_totp(&mut tx, user, &sealed, step, now).await?;
        let mut entry = Entry::of_person(Act::TotpAdded, user).from_address(from);
        if before.totp_since.is_some() {
            entry = entry.with_detail("in the place of another app");
        }
        audit::record(&self.core, &mut tx, entry).await?;
        let codes = match before.recovery_codes {
            0 => Some(self.new_codes(&mut tx, user, from).await?),
            _ => None,
        };
        changed(&mut tx, ChangeKind::Account, user.as_str(), now).await?;
        tx.commit().await?;
        mail::tell_person(&self.core, user, from, &Notice::SecondFactorAdded).await;
        Ok(codes)
    }

    /// Removes the authenticator app, and with the last second factor the recovery codes.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the account would have no second factor and the instance or a
    /// project of theirs asks for one; [`Error::NotFound`]; [`Error::ProofNeeded`].
    pub async fn remove_totp(
        &self,
        actor: &Actor,
        proof: &FreshIdentity,
        from: IpAddr,
    ) -> Result<()> {
        let user = proved(actor, proof)?;
        let mut tx = self.core.db.begin().await?;
        lock(&mut tx, user).await?;
        if !store::remove_totp(&mut tx, user).await? {
            return Err(Error::NotFound("authenticator app"));
        }
        check_may_go(&self.core, &mut tx, user).await?;
        tidy(&mut tx, user).await?;
        changed(&mut tx, ChangeKind::Account, user.as_str(), self.core.now()).await?;
        let entry = Entry::of_person(Act::TotpRemoved, user).from_address(from);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        mail::tell_person(&self.core, user, from, &Notice::SecondFactorRemoved).await;
        Ok(())
    }

    /// Makes new recovery codes, to be shown once. Those before do not work any more.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the account has no second factor that they could stand in for;
    /// [`Error::ProofNeeded`].
    pub async fn make_recovery_codes(
        &self,
        actor: &Actor,
        proof: &FreshIdentity,
        from: IpAddr,
    ) -> Result<RecoveryCodes> {
        let user = proved(actor, proof)?;
        let mut tx = self.core.db.begin().await?;
        lock(&mut tx, user).await?;
        if !keep::read(store::status_within(&mut tx, user).await?).has_second_factor() {
            return Err(Error::Forbidden(
                "Recovery codes stand in for a second factor. Add a passkey or an authenticator app \
                 first."
                    .to_owned(),
            ));
        }
        let codes = self.new_codes(&mut tx, user, from).await?;
        changed(&mut tx, ChangeKind::Account, user.as_str(), self.core.now()).await?;
        tx.commit().await?;
        mail::tell_person(&self.core, user, from, &Notice::RecoveryCodesMade).await;
        Ok(codes)
    }

    async fn new_codes(&self, tx: &mut Tx, user: &UserId, from: IpAddr) -> Result<RecoveryCodes> {
        let codes = RecoveryCodes::generate(&self.core);
        let now = self.core.now();
        store::replace_recovery_codes(tx, user, &codes.hashes(user), now).await?;
        let entry = Entry::of_person(Act::RecoveryCodesMade, user).from_address(from);
        audit::record(&self.core, tx, entry).await?;
        Ok(codes)
    }
}

//! Setting a new password with a recovery code.

use std::net::IpAddr;

use super::{Recovery, link, reset::recovered, store};
use crate::{
    Error, Result,
    accounts::{Account, by_email, checked_email, new_hash, set_password},
    audit::{self, Act, Entry},
    ids::UserId,
    mail::{self, Notice},
    second_factors::recovery_code_hash,
};

impl Recovery {
    /// Sets a new password with a recovery code, which is used up. A code stands for the password
    /// and for nothing else: signing in still asks for the second factor. Ends all sessions and all
    /// links of the person.
    ///
    /// # Errors
    /// [`Error::WrongCredentials`] alike for an unknown or disabled account, a wrong and a used
    /// code; [`Error::Invalid`] for `password`; [`Error::Throttled`]: slowed down, never locked.
    pub async fn reset_with_code(
        &self,
        email: &str,
        code: &str,
        password: &str,
        from: IpAddr,
    ) -> Result<Account> {
        self.throttle.address(from, self.core.now())?;
        let email = checked_email(email).map_err(|_| Error::WrongCredentials)?;
        self.throttle.account(&email, from, self.core.now())?;
        let found = by_email(&self.core.db, &email).await?;
        let account = found.map(|(account, _)| account);
        let nobody = UserId::from("");
        let user = account.as_ref().map_or(&nobody, |account| &account.id);
        let code = recovery_code_hash(user, code);
        let is_right = store::has_code(&self.core.db, user, &code).await?;
        let account = account
            .filter(|account| is_right && account.disabled_at.is_none())
            .ok_or(Error::WrongCredentials)?;
        self.throttle.was_right(&email, from);
        // Only now is there a hash to make: before, there is none for anybody.
        let hash = new_hash(&self.core, password, &account.email).await?;
        let user = &account.id;
        let now = self.core.now();
        let mut tx = self.core.db.begin().await?;
        let is_enabled = set_password(&mut tx, user, &hash, now).await?;
        if !is_enabled || !store::spend_code(&mut tx, user, &code, now).await? {
            return Err(Error::WrongCredentials);
        }
        link::end_all(&self.core, &mut tx, user).await?;
        let entry = Entry::unattributed(Act::RecoveryCodeUsed)
            .about(user)
            .from_address(from);
        audit::record(&self.core, &mut tx, entry).await?;
        recovered(&self.core, &mut tx, user, from, "recovery code".to_owned()).await?;
        tx.commit().await?;
        mail::tell(&self.core, &account.email, from, &Notice::RecoveredByCode);
        Ok(account)
    }
}

//! Changing a password.

use std::net::IpAddr;

use super::{gone, proven, store};
use crate::{
    Core, Result,
    accounts::{Accounts, Actor, FreshIdentity, password},
    audit::{self, Act, Entry},
    ids::SessionId,
    mail::{self, Notice},
    recovery::link,
    sessions::{self, SessionEnd},
};

/// The hash of a password that keeps the rules.
///
/// # Errors
/// [`crate::Error::Invalid`] for `password`.
pub(crate) async fn new_hash(core: &Core, password: &str, email: &str) -> Result<String> {
    password::check_rules(password, email).await?;
    password::hash(core, password).await
}

impl Accounts {
    /// Changes a person's password, or gives them their first one. Ends their other sessions and
    /// every link that was sent to them, and tells them by mail. `kept` is the session at hand; the
    /// edge gives it a new id.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] for `password`; [`crate::Error::Forbidden`] for somebody else's
    /// proof and for an API key.
    pub async fn change_password(
        &self,
        actor: &Actor,
        proof: &FreshIdentity,
        new: &str,
        kept: Option<&SessionId>,
        from: IpAddr,
    ) -> Result<()> {
        let user = proven(actor, proof)?;
        let account = self.enabled(user).await?.ok_or_else(gone)?;
        let hash = new_hash(&self.core, new, &account.email).await?;
        let mut tx = self.core.db.begin().await?;
        if !store::set_password(&mut tx, user, &hash, self.core.now()).await? {
            return Err(gone());
        }
        // A link that somebody else asked for is not to undo it.
        link::end_all(&self.core, &mut tx, user).await?;
        let why = SessionEnd::PasswordChanged;
        let ended = sessions::end_all(&self.core, &mut tx, user, kept, why).await?;
        let entry = Entry::of_person(Act::PasswordChanged, user)
            .from_address(from)
            .with_detail(format!("{ended} other sessions ended"));
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        mail::tell(&self.core, &account.email, from, &Notice::PasswordChanged);
        Ok(())
    }
}

//! Using a link.

use std::net::IpAddr;

use super::{
    Recovery,
    link::{self, Link, LinkKind, LinkMaker, ShownLink},
    store,
};
use crate::{
    Core, Result,
    accounts::{Account, new_hash, set_password},
    api_keys,
    audit::{self, Act, Entry},
    db::Tx,
    grants,
    ids::UserId,
    mail::{self, Notice},
    sessions::{self, SessionEnd},
    upstream,
};

impl Recovery {
    /// What the page of a link shows to whoever holds it. Uses nothing up: mail programs look at
    /// links too.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] for `link`, alike for every one that does not work;
    /// [`crate::Error::Throttled`].
    pub async fn look_at(&self, token: &str, from: IpAddr) -> Result<ShownLink> {
        self.throttle.address(from, self.core.now())?;
        let (link, account) = link::find(&self.core, token, is_of_reset).await?;
        Ok(link.shown(&account.email))
    }

    /// Sets a new password by a link. Ends all sessions and all other links of the person; does not
    /// sign in, so that a second factor is still asked for.
    ///
    /// A link of the kind [`LinkKind::ResetAll`] also removes the authenticator app, the passkeys,
    /// the linked identities and the recovery codes, all of them: its person has none of them any more, so that one that
    /// stayed would go on being asked for, and whoever found it could go on using it.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] for `link` or `password`; [`crate::Error::Throttled`].
    pub async fn reset(&self, token: &str, password: &str, from: IpAddr) -> Result<Account> {
        self.throttle.address(from, self.core.now())?;
        let (link, account) = link::find(&self.core, token, is_of_reset).await?;
        let hash = new_hash(&self.core, password, &account.email).await?;
        let user = &account.id;
        let mut tx = self.core.db.begin().await?;
        if !set_password(&mut tx, user, &hash, self.core.now()).await? {
            return Err(link::dead());
        }
        link::spend(&self.core, &mut tx, &link).await?;
        if link.made_by == LinkMaker::Mail {
            self.verified(&mut tx, &account, from).await?;
        }
        let removed = link.kind == LinkKind::ResetAll;
        if removed {
            remove_factors(&self.core, &mut tx, user, from).await?;
        }
        recovered(&self.core, &mut tx, user, from, described(&link)).await?;
        tx.commit().await?;
        let notice = Notice::RecoveredByLink { removed };
        mail::tell(&self.core, &account.email, from, &notice);
        Ok(account)
    }

    /// The link came by mail: the mailbox is theirs. Where nobody had shown that before, somebody
    /// else may have made the account in its name, and all that they may have left in it goes: other
    /// ways in, keys, and connections.
    async fn verified(&self, tx: &mut Tx, account: &Account, from: IpAddr) -> Result<()> {
        if account.email_verified_at.is_some() {
            return Ok(());
        }
        let (user, now) = (&account.id, self.core.now());
        store::verify_email(tx, user, now).await?;
        remove_factors(&self.core, tx, user, from).await?;
        let keys = api_keys::membership::end_of_person(tx, user, now).await?;
        let mut connections = 0;
        for project in store::projects_of(tx, user).await? {
            connections += grants::store::end_of_member(tx, &project, user, now)
                .await?
                .len();
            upstream::end_of_member(tx, &project, user).await?;
        }
        if keys > 0 || connections > 0 {
            let entry = Entry::unattributed(Act::Recovered)
                .about(user)
                .from_address(from)
                .with_detail(format!(
                    "{keys} API keys and {connections} connections of before the address was \
                     verified ended"
                ));
            audit::record(&self.core, tx, entry).await?;
        }
        Ok(())
    }
}

const fn is_of_reset(kind: LinkKind) -> bool {
    matches!(kind, LinkKind::Reset | LinkKind::ResetAll)
}

fn described(link: &Link) -> String {
    format!("{} by {}", link.kind, link.made_by)
}

async fn remove_factors(core: &Core, tx: &mut Tx, user: &UserId, from: IpAddr) -> Result<()> {
    // Codes count as part of the app and the passkeys: they were made for them.
    store::remove_codes(tx, user).await?;
    for (act, removed) in [
        (Act::TotpRemoved, store::remove_totp(tx, user).await?),
        (Act::PasskeyRemoved, store::remove_passkeys(tx, user).await?),
        // One that somebody else linked would open the account, and nothing asks for more.
        (
            Act::IdentityUnlinked,
            store::remove_identities(tx, user).await?,
        ),
    ] {
        if removed > 0 {
            let entry = Entry::unattributed(act)
                .about(user)
                .from_address(from)
                .with_detail(format!("{removed} by recovery"));
            audit::record(core, tx, entry).await?;
        }
    }
    Ok(())
}

/// What every recovery ends and notes.
pub(super) async fn recovered(
    core: &Core,
    tx: &mut Tx,
    user: &UserId,
    from: IpAddr,
    how: String,
) -> Result<()> {
    sessions::end_all(core, tx, user, None, SessionEnd::Recovered).await?;
    let entry = Entry::unattributed(Act::Recovered)
        .about(user)
        .from_address(from)
        .with_detail(how);
    Ok(audit::record(core, tx, entry).await?)
}

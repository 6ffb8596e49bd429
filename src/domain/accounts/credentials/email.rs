//! Changing and verifying an address. With a mail server nothing changes before a link that was
//! sent to the new address is used; without one there is nothing to wait for.

use std::net::IpAddr;

use super::{gone, proven, store};
use crate::{
    Core, Error, Result,
    accounts::{
        Account, Accounts, Actor, FreshIdentity, by_id, checked_email, masked, store::by_email,
    },
    audit::{self, Act, Entry},
    changes::{ChangeKind, changed},
    clock::Timestamp,
    db::Tx,
    ids::UserId,
    mail::{self, Mail, Notice},
    recovery::link::{self, LinkKind, LinkMaker, NewLink, ShownLink},
};

/// How long a link to confirm an address works. Seconds.
const LIFE: i64 = 86_400;

/// What became of a wish for another address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmailChange {
    /// A mail went there, to whoever has it; nothing changed so far.
    LinkSent,
    /// There is no mail server: it is the account's address now, and nobody verified it.
    Changed(Account),
}

impl Accounts {
    /// Begins to change a person's address. The answer is the same for an address that somebody
    /// has; they are told by mail. A link that was sent before for another address ends.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `email`; [`Error::Throttled`]; [`Error::Forbidden`] for somebody
    /// else's proof and for an API key; [`Error::Conflict`] for an address that somebody has, on an
    /// instance without a mail server.
    pub async fn begin_email_change(
        &self,
        actor: &Actor,
        proof: &FreshIdentity,
        new: &str,
        from: IpAddr,
    ) -> Result<EmailChange> {
        let user = proven(actor, proof)?;
        let account = self.enabled(user).await?.ok_or_else(gone)?;
        let email = checked_email(new)?;
        if email == account.email {
            let why = "This is your address already.";
            return Err(Error::invalid("email", why));
        }
        if !self.core.settings().await?.allows_domain(&email) {
            let why = "This instance takes addresses of certain domains only. Ask its owner.";
            return Err(Error::invalid("email", why));
        }
        self.may_send(&account, from)?;
        if !self.core.mailer.is_configured() {
            let changed = self
                .change_email(&account, &email, None, None, from)
                .await?;
            return Ok(EmailChange::Changed(changed));
        }
        if self
            .throttle
            .mail_to(LinkKind::ConfirmEmail, &email, self.core.now())
        {
            let core = self.core.clone();
            self.core
                .mailer
                .later(async move { log_failure(mail_to_new(&core, &account.id, &email).await) });
        }
        Ok(EmailChange::LinkSent)
    }

    /// Sends a person a link that verifies the address they have.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `email` where it is verified already; [`Error::Forbidden`] without a
    /// mail server; [`Error::Throttled`].
    pub async fn begin_email_verification(&self, actor: &Actor, from: IpAddr) -> Result<()> {
        let account = self.enabled(actor.user_id()).await?.ok_or_else(gone)?;
        if account.email_verified_at.is_some() {
            let why = "This address is verified already.";
            return Err(Error::invalid("email", why));
        }
        if !self.core.mailer.is_configured() {
            return Err(link::no_mail());
        }
        self.may_send(&account, from)?;
        let core = self.core.clone();
        self.core.mailer.later(async move {
            log_failure(confirmation(&core, &account.id, &account.email).await)
        });
        Ok(())
    }

    /// What the page of a link to confirm an address shows to the person who asked for it. Uses
    /// nothing up: mail programs look at links too.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `link`, alike for every one that does not work; [`Error::Forbidden`] for
    /// who is signed in to another account; [`Error::Throttled`].
    pub async fn look_at_email_link(
        &self,
        actor: &Actor,
        token: &str,
        from: IpAddr,
    ) -> Result<ShownLink> {
        let (link, _) = self.email_link(actor, token, from).await?;
        Ok(link.shown(link.email.as_deref().unwrap_or_default()))
    }

    /// Uses a link that was sent to an address: it is the account's now, and verified. For the person
    /// of that account alone: whoever reads the mail and has not asked for it would make somebody
    /// else's account look like theirs, and whoever asked and does not read it has shown nothing.
    ///
    /// # Errors
    /// As [`Accounts::look_at_email_link`]; [`Error::Conflict`] where another account has the address
    /// by now.
    pub async fn confirm_email(&self, actor: &Actor, token: &str, from: IpAddr) -> Result<Account> {
        let (link, account) = self.email_link(actor, token, from).await?;
        let email = link.email.clone().ok_or_else(link::dead)?;
        let now = Some(self.core.now());
        self.change_email(&account, &email, now, Some(&link), from)
            .await
    }

    async fn email_link(
        &self,
        actor: &Actor,
        token: &str,
        from: IpAddr,
    ) -> Result<(link::Link, Account)> {
        self.throttle.address(from, self.core.now())?;
        let (link, account) = link::find(&self.core, token, is_of_email).await?;
        if *actor != Actor::person(&link.user_id) {
            return Err(Error::Forbidden(
                "This link is for another account than the one that you are signed in to. If you \
                 asked for it, sign in to the account that you asked with; if not, do nothing."
                    .to_owned(),
            ));
        }
        Ok((link, account))
    }

    async fn change_email(
        &self,
        account: &Account,
        email: &str,
        verified_at: Option<Timestamp>,
        link: Option<&link::Link>,
        from: IpAddr,
    ) -> Result<Account> {
        let is_new = account.email != email;
        let mut tx = self.core.db.begin().await?;
        self.set_email(&mut tx, &account.id, email, verified_at)
            .await?;
        match link {
            Some(link) => link::spend(&self.core, &mut tx, link).await?,
            None => link::end_all(&self.core, &mut tx, &account.id).await?,
        }
        let act = if is_new {
            Act::EmailChanged
        } else {
            Act::EmailVerified
        };
        let entry = Entry::of_person(act, &account.id).from_address(from);
        audit::record(&self.core, &mut tx, entry).await?;
        let now = self.core.now();
        changed(&mut tx, ChangeKind::Account, account.id.as_str(), now).await?;
        tx.commit().await?;
        if is_new {
            let masked = masked(email);
            let notice = Notice::EmailChanged { masked: &masked };
            mail::tell(&self.core, &account.email, from, &notice);
        }
        by_id(&self.core.db, &account.id).await?.ok_or_else(gone)
    }

    async fn set_email(
        &self,
        tx: &mut Tx,
        user: &UserId,
        email: &str,
        verified_at: Option<Timestamp>,
    ) -> Result<()> {
        match store::set_email(tx, user, email, verified_at).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(gone()),
            Err(error) if error.is_unique_violation() => {
                let why = "Another account has this address. Use a different one.";
                Err(Error::conflict("email", why))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A person may have mails sent to strangers, and so not many.
    fn may_send(&self, account: &Account, from: IpAddr) -> Result<()> {
        let now = self.core.now();
        self.throttle.asker(from, now)?;
        self.throttle.changer(&account.id, now)
    }
}

const fn is_of_email(kind: LinkKind) -> bool {
    matches!(kind, LinkKind::ConfirmEmail)
}

async fn mail_to_new(core: &Core, user: &UserId, email: &str) -> Result<Mail> {
    if by_email(&core.db, email).await?.is_some() {
        return Ok(mail::somebody_tried(email, &core.public_url));
    }
    confirmation(core, user, email).await
}

async fn confirmation(core: &Core, user: &UserId, email: &str) -> Result<Mail> {
    let new = NewLink {
        kind: LinkKind::ConfirmEmail,
        user_id: user,
        email: Some(email),
        made_by: LinkMaker::Mail,
        life: LIFE,
    };
    let mut tx = core.db.begin().await?;
    let token = link::make(core, &mut tx, &new).await?;
    // One that went to a mistyped address is not to work any more.
    link::end_older(core, &mut tx, user, LinkKind::ConfirmEmail, &token).await?;
    tx.commit().await?;
    let url = link::url(core, LinkKind::ConfirmEmail, &token);
    Ok(mail::confirm_email(email, &core.public_url, &url))
}

/// Nobody waits for it any more.
fn log_failure(mail: Result<Mail>) -> Option<Mail> {
    mail.inspect_err(|error| tracing::error!(%error, "a mail could not be written"))
        .ok()
}

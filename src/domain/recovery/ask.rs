//! How a person comes to a link.

use std::net::IpAddr;

use super::{
    Recovery,
    link::{self, LinkKind, LinkMaker, NewLink},
};
use crate::{
    Core, Error, Result,
    accounts::{Account, Actor, FreshIdentity, by_email, by_id, checked_email},
    audit::{self, Act, Entry},
    crypto::BearerSecret,
    ids::UserId,
    instance::InstanceOwner,
    mail::{self, Mail},
};

/// Seconds that a link works that came by mail.
const LIFE_BY_MAIL: i64 = 3_600;
/// Seconds for one that somebody hands over.
pub const LIFE_BY_HAND: i64 = 86_400;

impl Recovery {
    /// Sends a link to the address of an account, if it is one's. What is said, and what is done
    /// before it is said, is the same for every address. Links that were sent before go on working
    /// until one is used: otherwise a stranger who asks again and again could end each before its
    /// person reads it. An address is sent three an hour.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is no address; [`Error::Forbidden`] where the instance sends no
    /// mail; [`Error::Throttled`] for many from one network.
    pub async fn ask(&self, email: &str, from: IpAddr) -> Result<()> {
        if !self.core.mailer.is_configured() {
            return Err(link::no_mail());
        }
        self.throttle.asker(from, self.core.now())?;
        let email = checked_email(email)?;
        let may_mail = self
            .throttle
            .mail_to(LinkKind::Reset, &email, self.core.now());
        let found = by_email(&self.core.db, &email).await?;
        let account = found
            .map(|(account, _)| account)
            .filter(|account| may_mail && account.disabled_at.is_none());
        let core = self.core.clone();
        self.core.mailer.later(async move {
            link_by_mail(&core, &account?, from)
                .await
                .inspect_err(|error| tracing::error!(%error, "a reset link could not be made"))
                .ok()
        });
        Ok(())
    }

    /// A link from whoever holds the server, which works for a day. `removes_second_factor` is for
    /// who lost that too.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] for a disabled account.
    pub async fn by_operator(
        &self,
        email: &str,
        removes_second_factor: bool,
    ) -> Result<BearerSecret> {
        let found = by_email(&self.core.db, &checked_email(email)?).await?;
        let account = found.map(|(account, _)| account);
        let entry = Entry::unattributed(Act::ResetLinkMade);
        self.by_hand(account, LinkMaker::Operator, removes_second_factor, entry)
            .await
    }

    /// A link from an owner of the instance, who shows who they are: with such a link anybody's
    /// password is set, also their own, and a stolen session must not be enough for that.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] for a disabled account and for somebody else's
    /// proof.
    pub async fn by_owner(
        &self,
        owner: &InstanceOwner,
        proof: &FreshIdentity,
        user: &UserId,
        removes_second_factor: bool,
    ) -> Result<BearerSecret> {
        if !proof.is_of(owner.actor()) {
            return Err(Error::Forbidden(
                "This is the proof of another account.".to_owned(),
            ));
        }
        let account = by_id(&self.core.db, user).await?;
        let is_owner = account.as_ref().is_some_and(|one| one.is_instance_owner);
        if is_owner && matches!(owner.actor(), Actor::ApiKey { .. }) {
            return Err(Error::Forbidden(
                "A key cannot set the password of an owner of the instance: it would be more than a \
                 key then. Do it in the dashboard, or with tengine user reset-link."
                    .to_owned(),
            ));
        }
        let entry = Entry::by(Act::ResetLinkMade, owner.actor());
        self.by_hand(account, LinkMaker::Owner, removes_second_factor, entry)
            .await
    }

    async fn by_hand(
        &self,
        account: Option<Account>,
        made_by: LinkMaker,
        removes_second_factor: bool,
        entry: Entry,
    ) -> Result<BearerSecret> {
        let account = account.ok_or(Error::NotFound("account"))?;
        if account.disabled_at.is_some() {
            return Err(Error::Forbidden(
                "This account is disabled. Enable it first.".to_owned(),
            ));
        }
        let new = NewLink {
            kind: if removes_second_factor {
                LinkKind::ResetAll
            } else {
                LinkKind::Reset
            },
            user_id: &account.id,
            email: None,
            made_by,
            life: LIFE_BY_HAND,
        };
        made(&self.core, &new, entry).await
    }
}

async fn link_by_mail(core: &Core, account: &Account, from: IpAddr) -> Result<Mail> {
    let new = NewLink {
        kind: LinkKind::Reset,
        user_id: &account.id,
        email: Some(&account.email),
        made_by: LinkMaker::Mail,
        life: LIFE_BY_MAIL,
    };
    let entry = Entry::unattributed(Act::ResetLinkMade).from_address(from);
    let token = made(core, &new, entry).await?;
    let url = link::url(core, LinkKind::Reset, &token);
    // To the address that is stored: one that only looks like it, or is lower-cased to it, is
    // somebody else's.
    let to = &account.email;
    Ok(mail::reset_password(to, &core.public_url, &url, from))
}

async fn made(core: &Core, new: &NewLink<'_>, entry: Entry) -> Result<BearerSecret> {
    let detail = format!("{} by {}", new.kind, new.made_by);
    let mut tx = core.db.begin().await?;
    let token = link::make(core, &mut tx, new).await?;
    let entry = entry.about(new.user_id).with_detail(detail);
    audit::record(core, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(token)
}

//! Links that are sent to a person, each of which works once. Only its hash is stored.

use super::store;
use crate::{
    Core, Error, Result,
    accounts::{self, Account, masked},
    clock::Timestamp,
    crypto::{BearerSecret, hash_secret, is_well_formed},
    db::{DbError, Tx},
    ids::UserId,
    text_enum,
};

pub const PREFIX: &str = "tng_link_";

text_enum! {
    /// What a link does.
    pub enum LinkKind {
        /// Sets a new password.
        Reset = "reset",
        /// The same, and takes the second factor away.
        ResetAll = "reset_all",
        /// Makes an address the account's, and verified.
        ConfirmEmail = "confirm_email",
        /// Makes an account; it is no row, and only counted here.
        SignUp = "sign_up",
    }
}

impl LinkKind {
    /// The page of a link, below the public URL; the token is the query's `token`.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Reset | Self::ResetAll => "/recover",
            Self::ConfirmEmail => "/confirm-email",
            Self::SignUp => "/sign-up",
        }
    }
}

text_enum! {
    /// How a link comes to its person.
    pub enum LinkMaker {
        /// By mail: who uses it has the mailbox.
        Mail = "mail",
        /// From an owner of the instance.
        Owner = "owner",
        /// From whoever holds the server.
        Operator = "operator",
    }
}

/// What somebody who holds a link may know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownLink {
    pub kind: LinkKind,
    /// `a…@example.com`
    pub masked_email: String,
    pub expires_at: Timestamp,
}

/// A link that works.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(super) hash: Vec<u8>,
    pub(crate) kind: LinkKind,
    pub(crate) user_id: UserId,
    /// The address that it proves.
    pub(crate) email: Option<String>,
    pub(crate) made_by: LinkMaker,
    pub(super) expires_at: Timestamp,
}

impl Link {
    pub(crate) fn shown(&self, email: &str) -> ShownLink {
        ShownLink {
            kind: self.kind,
            masked_email: masked(email),
            expires_at: self.expires_at,
        }
    }
}

/// One to make.
pub(crate) struct NewLink<'a> {
    pub(crate) kind: LinkKind,
    pub(crate) user_id: &'a UserId,
    pub(crate) email: Option<&'a str>,
    pub(crate) made_by: LinkMaker,
    /// Seconds.
    pub(crate) life: i64,
}

pub(crate) async fn make(
    core: &Core,
    tx: &mut Tx,
    new: &NewLink<'_>,
) -> Result<BearerSecret, DbError> {
    let token = BearerSecret::generate(&*core.random, PREFIX);
    store::insert(tx, &token.hash(), new, core.now()).await?;
    Ok(token)
}

/// Where a person uses it.
pub(crate) fn url(core: &Core, kind: LinkKind, token: &BearerSecret) -> String {
    let origin = core.public_url.origin();
    format!("{origin}{}?token={}", kind.path(), token.reveal())
}

/// The link of a token and its account, where it works: of one of these kinds, unused, in its time,
/// of an enabled account, and sent to an address that is still its.
///
/// # Errors
/// [`dead`] for every other one.
pub(crate) async fn find(
    core: &Core,
    token: &str,
    is_wanted: fn(LinkKind) -> bool,
) -> Result<(Link, Account)> {
    let token = token.trim();
    if !is_well_formed(token, PREFIX) {
        return Err(dead());
    }
    let link = store::open(&core.db, &hash_secret(token), core.now()).await?;
    let link = link.filter(|link| is_wanted(link.kind)).ok_or_else(dead)?;
    let account = accounts::by_id(&core.db, &link.user_id).await?;
    let account = account
        .filter(|account| account.disabled_at.is_none())
        .ok_or_else(dead)?;
    let resets = link.kind != LinkKind::ConfirmEmail;
    if resets
        && link
            .email
            .as_ref()
            .is_some_and(|email| *email != account.email)
    {
        return Err(dead());
    }
    Ok((link, account))
}

/// Uses a link up, and with it every other one of its person. Comes after a statement that locks
/// the person's row: of two links of one person at once, one works.
///
/// # Errors
/// [`dead`] where it was used in between; then the transaction is to be given up.
pub(crate) async fn spend(core: &Core, tx: &mut Tx, link: &Link) -> Result<()> {
    if !store::spend(tx, &link.hash, core.now()).await? {
        return Err(dead());
    }
    end_all(core, tx, &link.user_id).await
}

/// Ends every link of a person. Comes after a statement that locks the person's row.
pub(crate) async fn end_all(core: &Core, tx: &mut Tx, user: &UserId) -> Result<()> {
    Ok(store::end_all(tx, user, core.now()).await?)
}

/// Ends a person's links of a kind but this one, which the same transaction made.
pub(crate) async fn end_older(
    core: &Core,
    tx: &mut Tx,
    user: &UserId,
    kind: LinkKind,
    newest: &BearerSecret,
) -> Result<()> {
    Ok(store::end_others(tx, user, kind, &newest.hash(), core.now()).await?)
}

/// One answer for every link that does not work: it tells nobody whether there was one.
pub(crate) fn dead() -> Error {
    Error::invalid(
        "link",
        "This link does not work any more: it was used, its time is over, or a later one was used.",
    )
}

/// What who asks for a mail is told where there is no mail server.
pub(crate) fn no_mail() -> Error {
    Error::Forbidden(
        "This instance sends no mail. Ask its owner for a link, or use a recovery code.".to_owned(),
    )
}

//! Accounts of people who come by an identity provider: without a password, and with an address that
//! the provider confirmed.

use std::net::IpAddr;

use super::{Account, mark_verified, store};
use crate::{
    Core, Result,
    audit::{self, Act, Entry},
    db::{Db, DbError, Tx},
    ids::UserId,
};

/// `email` is a checked one.
pub(crate) async fn by_checked_email(db: &Db, email: &str) -> Result<Option<Account>> {
    let found = store::by_email(db, email).await?;
    Ok(found.map(|(account, _)| account))
}

/// Makes an account that claims nothing: whoever set a provider up owns the instance.
pub(crate) async fn insert_verified(
    core: &Core,
    tx: &mut Tx,
    email: &str,
    from: IpAddr,
) -> Result<Account, DbError> {
    let now = core.now();
    let account = Account {
        id: UserId::new(&*core.clock, &*core.random),
        email: email.to_owned(),
        created_at: now,
        disabled_at: None,
        is_instance_owner: false,
        email_verified_at: Some(now),
        sign_outs: 0,
    };
    store::insert(tx, &account, "").await?;
    mark_verified(core, tx, &account.id).await?;
    let entry = Entry::of_person(Act::SignedUp, &account.id)
        .from_address(from)
        .with_detail("by a sign-in provider");
    audit::record(core, tx, entry).await?;
    Ok(account)
}

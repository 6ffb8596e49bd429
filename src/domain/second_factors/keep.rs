//! What a change of second factors has to hold to: of whom it is, and what has to stay.

use super::{
    FactorStatus,
    store::{self, StatusRow},
};
use crate::{
    Core, Error, Result,
    accounts::{Actor, FreshIdentity},
    db::Tx,
    ids::UserId,
};

pub(super) const fn read(row: StatusRow) -> FactorStatus {
    FactorStatus {
        totp_since: row.totp_since,
        recovery_codes: row.recovery_codes,
        passkeys: row.passkeys,
        suspended_passkeys: row.suspended_passkeys,
    }
}

/// Whose account it is: what people sign in with is theirs, and no key's.
pub(crate) fn person(actor: &Actor) -> Result<&UserId> {
    match actor {
        Actor::Person { user_id } => Ok(user_id),
        Actor::ApiKey { .. } => Err(Error::Forbidden(
            "A key cannot change how its person signs in. Sign in for that.".to_owned(),
        )),
    }
}

/// The same, of a person who showed a moment ago who they are.
pub(crate) fn proved<'a>(actor: &'a Actor, proof: &FreshIdentity) -> Result<&'a UserId> {
    let user = person(actor)?;
    if proof.is_of(actor) {
        Ok(user)
    } else {
        Err(Error::ProofNeeded)
    }
}

/// Makes whoever else changes what this person signs in with wait for the transaction: of two last
/// ones at the same moment, one stays.
pub(crate) async fn lock(tx: &mut Tx, user: &UserId) -> Result<()> {
    if store::lock(tx, user).await? {
        Ok(())
    } else {
        Err(Error::NotFound("account"))
    }
}

/// Asked when a second factor was removed, before that is committed: whether the account may be as it
/// is now.
pub(crate) async fn check_may_go(core: &Core, tx: &mut Tx, user: &UserId) -> Result<()> {
    if read(store::status_within(tx, user).await?).has_second_factor() {
        return Ok(());
    }
    let asks = if core.settings().await?.require_second_factor {
        "This instance asks".to_owned()
    } else if let Some(project) = store::project_that_requires_one(tx, user).await? {
        format!("The project {project} asks")
    } else {
        return Ok(());
    };
    Err(Error::Forbidden(format!(
        "{asks} for a second factor, and this is the last one of your account. Add another one first."
    )))
}

/// Removes the recovery codes of an account that has nothing that they could stand in for.
pub(crate) async fn tidy(tx: &mut Tx, user: &UserId) -> Result<()> {
    let left = read(store::status_within(tx, user).await?);
    if !left.has_second_factor() && left.suspended_passkeys == 0 {
        store::remove_recovery_codes(tx, user).await?;
    }
    Ok(())
}

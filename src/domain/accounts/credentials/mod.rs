//! What a person signs in with, and how they change it.

mod email;
mod password;
mod store;

use super::{Actor, FreshIdentity};
use crate::{Error, Result, ids::UserId};

pub use email::EmailChange;
pub(crate) use password::new_hash;
pub(crate) use store::set_password;

/// The person who may change their own account, which a stolen session or a key must not be enough
/// for.
fn proven<'a>(actor: &'a Actor, proof: &FreshIdentity) -> Result<&'a UserId> {
    match actor {
        Actor::Person { user_id } if proof.is_of(actor) => Ok(user_id),
        Actor::Person { .. } => Err(Error::Forbidden(
            "This is the proof of another account.".to_owned(),
        )),
        Actor::ApiKey { .. } => Err(Error::Forbidden(
            "This needs a person who is signed in, and no API key.".to_owned(),
        )),
    }
}

/// The account went away while its person was at it.
const fn gone() -> Error {
    Error::NotFound("account any more")
}

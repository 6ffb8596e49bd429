//! What a browser answers, and what it is answered.

use serde::de::DeserializeOwned;
use webauthn_rs::prelude::WebauthnError;

use crate::{Error, Result};

/// Bytes of a browser's answer.
const LONGEST_ANSWER: usize = 64 * 1024;

pub(super) fn parsed<T: DeserializeOwned>(answer: &str) -> Result<T> {
    let garbage = || Error::invalid("passkey", "This is not what a browser answers. Try again.");
    if answer.len() > LONGEST_ANSWER {
        return Err(garbage());
    }
    serde_json::from_str(answer).map_err(|_| garbage())
}

/// One answer for all that is wrong with a passkey: a stranger learns nothing of what is there.
pub(super) fn refused(why: &WebauthnError) -> Error {
    tracing::debug!(?why, "a passkey was refused");
    not_accepted()
}

pub(super) fn not_accepted() -> Error {
    Error::invalid(
        "passkey",
        "This passkey was not accepted. Try again, or use another way.",
    )
}

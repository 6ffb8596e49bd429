//! Sessions, as their person sees them.

use domain::{
    clock::Timestamp,
    ids::SessionId,
    sessions::{SecondFactor, Session, SignInMethod},
};

use super::{device::device, when::when};
use crate::api::sessions::SessionRow;

pub(crate) fn row(session: Session, this: &SessionId, now: Timestamp) -> SessionRow {
    SessionRow {
        is_this: session.id == *this,
        id: session.id.to_string(),
        device: device(&session.user_agent),
        address: session.address,
        how: how(session.method, session.second_factor),
        since: when(session.created_at, now),
        last_used: when(session.last_used_at, now),
    }
}

pub(super) fn how(method: SignInMethod, second: Option<SecondFactor>) -> String {
    let first = match method {
        SignInMethod::Password => "with a password",
        SignInMethod::Passkey => "with a passkey",
        SignInMethod::Provider => "through another account",
        SignInMethod::Recovery => "by recovery",
        SignInMethod::SignUp => "when the account was made",
    };
    let second = match second {
        None => return first.to_owned(),
        Some(SecondFactor::Totp) => "an authenticator app",
        Some(SecondFactor::Passkey) => "a passkey",
        Some(SecondFactor::RecoveryCode) => "a recovery code",
    };
    format!("{first} and {second}")
}

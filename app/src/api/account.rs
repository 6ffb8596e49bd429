//! Who is signed in.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::UiError;

/// The person behind the session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub email: String,
    /// Goes into the hidden field `csrf` of every plain form, such as sign-out.
    pub csrf: String,
}

/// The person's password, asked for once more before an act that a stolen session must not be enough
/// for. No log shows it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Password(pub String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(redacted)")
    }
}

/// The signed-in person, if there is one. Public: the guides are read without an account.
#[server(endpoint = "load_me")]
pub async fn load_me() -> Result<Option<Me>, UiError> {
    let Some(account) = crate::ssr::account().await? else {
        return Ok(None);
    };
    Ok(Some(Me {
        email: account.email,
        csrf: crate::ssr::csrf_token().await?,
    }))
}

//! Who is signed in.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::UiError;

/// The person behind the session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub email: String,
    pub is_instance_owner: bool,
    /// Goes into the hidden field `csrf` of every plain form, such as sign-out.
    pub csrf: String,
}

/// The signed-in person, if there is one. Public: the guides are read without an account.
#[server(endpoint = "load_me")]
pub async fn load_me() -> Result<Option<Me>, UiError> {
    let Some(signed_in) = crate::ssr::signed_in().await? else {
        return Ok(None);
    };
    Ok(Some(Me {
        is_instance_owner: signed_in.account.is_instance_owner,
        email: signed_in.account.email,
        csrf: crate::ssr::csrf_token().await?,
    }))
}

//! A fresh proof of who is calling, beyond the session.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::request::Parts;
use domain::accounts::{Actor, FreshIdentity};
use leptos::prelude::use_context;

use super::{ClientAddress, services};
use crate::api::{UiError, account::Password};

/// The proof in a password that was just typed in; `None` where none was, which the domain refuses
/// where it needs one.
pub(crate) async fn proof(
    actor: &Actor,
    password: &Password,
) -> Result<Option<FreshIdentity>, UiError> {
    if password.0.is_empty() {
        return Ok(None);
    }
    let known = use_context::<Parts>().and_then(|it| it.extensions.get().copied());
    let from = known.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ClientAddress(at)| at);
    let fresh = services().accounts.prove(actor, &password.0, from).await?;
    Ok(Some(fresh))
}

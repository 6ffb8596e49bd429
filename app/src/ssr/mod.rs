//! What only the server has: the services, who is calling, and how domain types become view types.

pub(crate) mod accounts;
pub(crate) mod answer;
pub(crate) mod api_keys;
pub(crate) mod audit;
pub(crate) mod calls;
pub(crate) mod catalog;
pub(crate) mod connecting;
pub(crate) mod connections;
mod csrf;
mod device;
pub(crate) mod docs;
pub(crate) mod errors;
pub(crate) mod health;
pub(crate) mod import;
pub(crate) mod integrations;
pub(crate) mod lint;
pub(crate) mod lists;
pub(crate) mod live;
pub(crate) mod members;
pub(crate) mod offered_tools;
pub(crate) mod playground;
pub(crate) mod projects;
pub(crate) mod providers;
pub(crate) mod reference;
pub(crate) mod roles;
pub mod search;
pub(crate) mod security;
pub(crate) mod sessions;
pub(crate) mod tool_form;
pub(crate) mod tools;
pub(crate) mod vault;
pub(crate) mod versions;
pub(crate) mod when;

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::PoisonError,
};

pub use answer::{Answer, PAGE};
use axum::http::{StatusCode, request::Parts};
pub use csrf::{csrf_is_of, csrf_of};
use domain::{
    Services,
    accounts::{Actor, FreshIdentity},
    events::Visit,
    ids::SessionId,
    instance::InstanceOwner,
    members::{Access, Level},
    sessions::SignedIn,
};
use leptos::prelude::*;
use tower_sessions::Session;

use crate::api::UiError;

/// The cookie's key for the id of what it is signed in by, a string.
pub const SESSION_ID: &str = "session_id";

/// The caller's address, which the server puts into the extensions of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub std::net::IpAddr);

/// The OpenAPI document of the REST API, which the server puts into the context of every request.
#[derive(Debug, Clone, Copy)]
pub struct ApiDocument(pub &'static serde_json::Value);

/// Who the request comes from, for the record of events.
pub(crate) fn visit() -> Visit {
    let Some(parts) = use_context::<Parts>() else {
        return Visit::default();
    };
    let header = |name: &str| {
        let value = parts.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let address = parts.extensions.get::<ClientAddress>();
    Visit::new(
        header("x-request-id").to_owned(),
        address.map(|known| known.0.to_string()).unwrap_or_default(),
        header("user-agent"),
    )
}

/// The caller's address.
pub(crate) fn client_address() -> IpAddr {
    let known = use_context::<Parts>().and_then(|it| it.extensions.get().copied());
    known.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ClientAddress(at)| at)
}

/// Gives the cookie another id, after what it may do has changed: whoever copied it has nothing.
pub(crate) async fn new_cookie() -> Result<(), UiError> {
    session().await?.cycle_id().await.map_err(errors::internal)
}

/// The services of this instance, which the server puts into the context of every request.
#[must_use]
pub fn services() -> Services {
    expect_context()
}

async fn session() -> Result<Session, UiError> {
    let session = with_context::<Parts, _>(|parts| parts.extensions.get::<Session>().cloned());
    // At start the server renders every page once to list the routes: nobody asks then.
    session.flatten().ok_or(UiError::SignedOut)
}

/// Who is signed in, as long as their session is live and their account enabled.
pub(crate) async fn signed_in() -> Result<Option<SignedIn>, UiError> {
    let id: Option<String> = session()
        .await?
        .get(SESSION_ID)
        .await
        .map_err(errors::internal)?;
    match id {
        None => Ok(None),
        Some(id) => Ok(services().sessions.current(&SessionId::from(id)).await?),
    }
}

/// The same for what only who is signed in may do. A page that nobody is signed in for becomes a
/// redirect to the sign-in page.
pub(crate) async fn person() -> Result<SignedIn, UiError> {
    signed_in().await?.ok_or_else(errors::signed_out)
}

/// Who is calling, for a sensitive act: somebody who showed who they are a moment ago.
pub(crate) async fn fresh_person() -> Result<(SignedIn, FreshIdentity), UiError> {
    let signed_in = person().await?;
    let fresh = services().sessions.fresh(&signed_in)?;
    Ok((signed_in, fresh))
}

/// As [`person`], as an actor.
pub(crate) async fn actor() -> Result<Actor, UiError> {
    Ok(person().await?.actor())
}

/// What the caller may do in a project, if it is at least `L`, and the services to do it with: what
/// every server function about a project begins with.
pub(crate) async fn access<L: Level>(project_id: String) -> Result<(Services, Access<L>), UiError> {
    let actor = actor().await?;
    let services = services();
    let access = services
        .members
        .access::<L>(&actor, &project_id.into())
        .await?;
    Ok((services, access))
}

/// What begins every server function for an owner of the instance.
pub(crate) async fn instance_owner() -> Result<(Services, InstanceOwner), UiError> {
    let actor = actor().await?;
    let services = services();
    let owner = services.instance.owner(&actor).await?;
    Ok((services, owner))
}

/// The caller's fresh proof, where there is one; the domain refuses where it needs it.
pub(crate) async fn proof() -> Result<Option<FreshIdentity>, UiError> {
    Ok(services().sessions.fresh(&person().await?).ok())
}

/// As [`access`], for a sensitive act.
pub(crate) async fn fresh_access<L: Level>(
    project_id: String,
) -> Result<(Services, Access<L>, FreshIdentity), UiError> {
    let (services, access) = access::<L>(project_id).await?;
    let (_, fresh) = fresh_person().await?;
    Ok((services, access, fresh))
}

pub(crate) async fn csrf_token() -> Result<String, UiError> {
    csrf_of(&services(), &session().await?)
        .await
        .map_err(errors::internal)
}

/// How long ago something was, in words.
#[must_use]
pub fn ago(at: domain::clock::Timestamp, now: domain::clock::Timestamp) -> String {
    when::when(at, now).relative
}

/// Gives the page that is being rendered, or the call that is being answered, this status. Parts of a page fail
/// at the same time: the weightiest counts, whichever comes first, and none takes a redirect back.
pub(crate) fn set_page_status(status: StatusCode) {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        let mut parts = response.0.write().unwrap_or_else(PoisonError::into_inner);
        let is_weightier = |known: StatusCode| !known.is_redirection() && known < status;
        if parts.status.is_none_or(is_weightier) {
            parts.status = Some(status);
        }
    }
}

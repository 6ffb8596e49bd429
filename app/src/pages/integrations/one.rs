//! The page of one integration.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    State,
    approval::WhoMayConnect,
    connections::Connections,
    credentials::Credentials,
    refusal::Refusals,
    rotation::NewSecret,
    settings::{Activity, Deletion, RedirectUris},
    setup::Setup,
    tools::Offered,
};
use crate::{
    api::integrations::{IntegrationDetails, connecting::WhyRefused, load_integration},
    components::{
        badge::{Badge, Tone},
        live::Live,
        loaded::Loaded,
        notice::Notice,
        time_ago::TimeAgo,
    },
    counted::counted,
    pages::in_path,
};

#[component]
pub fn IntegrationPage() -> impl IntoView {
    let details = load_integration(in_path("project_id"), in_path("integration_id"));
    view! {
        <Title text="Integration" />
        <Live project_id=in_path("project_id") integration=in_path("integration_id") />
        <div class="stack">
            <Loaded from=details show=|details| view! { <Details details /> } />
        </div>
        <NewSecret />
    }
    .into_any()
}

#[component]
fn Details(details: IntegrationDetails) -> impl IntoView {
    let may_manage = details.may_manage;
    let setup = view! { <Setup details=details.clone() /> }.into_any();
    let connections = view! { <Connections details=details.clone() /> }.into_any();
    // Whoever made it came to connect something; whoever has connected it came to look after that.
    let (first, second) = match details.connections.is_empty() {
        true => (setup, connections),
        false => (connections, setup),
    };
    view! {
        <div class="stack">
            <Head details=details.clone() />
            <Notices details=details.clone() />
            <Refusals refusals=details.refusals.clone() may_manage />
            <Credentials details=details.clone() />
            {first}
            {second}
            <Offered details=details.clone() />
            {may_manage
                .then(|| {
                    view! {
                        <WhoMayConnect details=details.clone() />
                        <RedirectUris uris=details.redirect_uris.clone() />
                        <Deletion details=details.clone() />
                    }
                })}
        </div>
    }
    .into_any()
}

#[component]
fn Head(details: IntegrationDetails) -> impl IntoView {
    let list = format!("/projects/{}/integrations", in_path("project_id"));
    let calls = format!(
        "/projects/{}/calls?integration={}",
        in_path("project_id"),
        in_path("integration_id")
    );
    let connections = details.connections.len();
    let name = details.name.clone();
    view! {
        <div class="page-head">
            <div>
                <div class="crumbs">
                    <a href=list>"Integrations"</a>
                </div>
                <h1>{details.name}</h1>
                <p class="cluster">
                    <State is_active=details.is_active />
                    <span>"created " <TimeAgo when=details.created /></span>
                    <a href=calls>"Its calls"</a>
                    {details
                        .is_automatic
                        .then(|| view! { <Badge tone=Tone::Warning>"Approves by itself"</Badge> })}
                </p>
            </div>
            {details
                .may_manage
                .then(|| view! { <Activity name is_active=details.is_active connections /> })}
        </div>
    }
    .into_any()
}

/// What keeps a client from connecting, or from finding a tool.
#[component]
fn Notices(details: IntegrationDetails) -> impl IntoView {
    let tools = format!("/projects/{}/tools", in_path("project_id"));
    let waiting = details.connections.len();
    let restored = match waiting {
        0 => "Activating it lets clients connect again.".to_owned(),
        _ => format!(
            "Its tokens are kept: activating it restores {}.",
            counted(waiting, "connection", "connections")
        ),
    };
    // Then a refusal says it, and when a client met with it.
    let is_told = details
        .refusals
        .iter()
        .any(|refused| refused.why == WhyRefused::NoToolEnabled);
    let is_none_enabled = details.tools.enabled == 0;
    view! {
        {(!details.is_active)
            .then(|| {
                view! {
                    <Notice tone=Tone::Bad>
                        "This integration is inactive: nobody can connect, and calls and refreshes are refused. "
                        {restored}
                    </Notice>
                }
            })}
        {(details.tools.callable == 0 && !is_told)
            .then(|| {
                view! {
                    <Notice tone=Tone::Warning>
                        {if is_none_enabled {
                            "No tool of the project is enabled: a client connects, and finds nothing to call. "
                        } else {
                            "None of the tools that this integration offers is enabled: a client connects, and finds nothing to call. "
                        }} <a href=tools>"Go to the tools"</a>
                    </Notice>
                }
            })}
    }
    .into_any()
}

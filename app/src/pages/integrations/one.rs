//! The page of one integration.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    State,
    approval::WhoMayConnect,
    connections::Connections,
    credentials::Credentials,
    page::Page,
    rotation::NewSecret,
    settings::{Activity, Deletion, RedirectUris},
    setup::Setup,
    tools::Tools,
};
use crate::{
    api::integrations::{IntegrationDetails, load_integration},
    components::{loaded::Loaded, time_ago::TimeAgo},
    counted::counted,
};

#[component]
pub fn IntegrationPage() -> impl IntoView {
    let page = Page::of_route();
    let details = Resource::new(
        move || {
            (
                page.project_id.get(),
                page.integration_id.get(),
                page.done(),
            )
        },
        |(project_id, integration_id, _)| load_integration(project_id, integration_id),
    );
    view! {
        <Title text="Integration" />
        <div class="stack">
            {page.failures()}
            <Loaded from=details show=move |details| view! { <Details page details /> } />
        </div>
        <NewSecret page />
    }
    .into_any()
}

#[component]
fn Details(page: Page, details: IntegrationDetails) -> impl IntoView {
    let may_manage = details.may_manage;
    view! {
        <div class="stack">
            <Head page details=details.clone() />
            <Notices page details=details.clone() />
            <Credentials page details=details.clone() />
            <Connections page details=details.clone() />
            <Setup page details=details.clone() />
            <Tools page details=details.clone() />
            {may_manage
                .then(|| {
                    view! {
                        <WhoMayConnect page details=details.clone() />
                        <RedirectUris page uris=details.redirect_uris.clone() />
                        <Deletion page details=details.clone() />
                    }
                })}
        </div>
    }
    .into_any()
}

#[component]
fn Head(page: Page, details: IntegrationDetails) -> impl IntoView {
    let list = move || format!("/projects/{}/integrations", page.project_id.get());
    let connections = details.connections.len();
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
                    {details
                        .is_automatic
                        .then(|| view! { <span class="badge badge-warn">"Approves by itself"</span> })}
                </p>
            </div>
            {details
                .may_manage
                .then(|| view! { <Activity page is_active=details.is_active connections /> })}
        </div>
    }
    .into_any()
}

/// What keeps a client from connecting, or from finding a tool.
#[component]
fn Notices(page: Page, details: IntegrationDetails) -> impl IntoView {
    let tools = move || format!("/projects/{}/tools", page.project_id.get());
    let waiting = details.connections.len();
    let restored = match waiting {
        0 => "Activating it lets clients connect again.".to_owned(),
        _ => format!(
            "Its tokens are kept: activating it restores {}.",
            counted(waiting, "connection", "connections")
        ),
    };
    let is_none_enabled = !details.tools.iter().any(|tool| tool.is_enabled);
    view! {
        {(!details.is_active)
            .then(|| {
                view! {
                    <div class="notice notice-bad">
                        "This integration is inactive: nobody can connect, and calls and refreshes are refused. "
                        {restored}
                    </div>
                }
            })}
        {(details.callable_tools() == 0)
            .then(|| {
                view! {
                    <div class="notice notice-warn">
                        {if is_none_enabled {
                            "No tool of the project is enabled: a client connects, and finds nothing to call. "
                        } else {
                            "None of the tools that this integration offers is enabled: a client connects, and finds nothing to call. "
                        }} <a href=tools>"Go to the tools"</a>
                    </div>
                }
            })}
    }
    .into_any()
}

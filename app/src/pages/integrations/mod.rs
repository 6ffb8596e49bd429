//! A project's integrations, and creating one.

pub mod approval;
mod asked_tools;
mod checklist;
pub mod connections;
pub mod create;
pub mod credentials;
mod guides;
mod ids;
pub mod one;
mod refusal;
pub mod rotation;
#[cfg(test)]
mod sample;
pub mod secrets;
pub mod setting;
pub mod settings;
pub mod setup;
pub mod tools;

use leptos::prelude::*;
use leptos_meta::Title;

use super::in_path;
use crate::{
    api::integrations::{IntegrationList, IntegrationRow, list_integrations},
    components::{
        badge::{Badge, Tone},
        dialog::OpenButton,
        empty::Empty,
        live::Live,
        loaded::Loaded,
        time_ago::TimeAgo,
    },
};
use create::Create;

#[component]
pub fn IntegrationsPage() -> impl IntoView {
    let integrations = list_integrations(in_path("project_id"));
    view! {
        <Title text="Integrations" />
        <Live project_id=in_path("project_id") />
        <div class="page-head">
            <div>
                <h1>"Integrations"</h1>
                <p>
                    "An integration is what a client such as Claude connects to: a Client ID, a Client Secret and a Server URL."
                </p>
            </div>
            <OpenButton dialog=create::DIALOG class="btn btn-primary">
                "New integration"
            </OpenButton>
        </div>
        <Loaded from=integrations show=|list| view! { <Integrations list /> } />
        <Create />
    }
    .into_any()
}

#[component]
fn Integrations(list: IntegrationList) -> impl IntoView {
    let tools = format!("/projects/{}/tools", in_path("project_id"));
    let no_tools = (list.enabled_tools == 0).then(|| {
        view! {
            <div class="notice notice-warn">
                "No tool of this project is enabled: a client will connect, and find nothing to call. "
                <a href=tools>"Go to the tools"</a>
            </div>
        }
    });
    if list.integrations.is_empty() {
        return view! {
            <div class="stack">
                {no_tools}
                <Empty title="No integrations yet">
                    <p>
                        "Create one, copy its three strings into Claude's dialog “Add custom connector”, sign in and approve. Claude then sees the enabled tools of this project, and those only."
                    </p>
                    <p>
                        <a href="/docs/claude-desktop">"Connect Claude, step by step"</a>
                    </p>
                </Empty>
            </div>
        }
        .into_any();
    }
    let rows = list
        .integrations
        .into_iter()
        .map(|integration| view! { <Row integration /> })
        .collect_view();
    view! {
        <div class="stack">
            {no_tools}
            <ul class="rows">{rows}</ul>
        </div>
    }
    .into_any()
}

#[component]
fn Row(integration: IntegrationRow) -> impl IntoView {
    let id = integration.id;
    let page = format!("/projects/{}/integrations/{id}", in_path("project_id"));
    view! {
        <li class="row">
            <div class="row-main">
                <div class="row-title">
                    <a href=page>{integration.name}</a>
                    {integration.is_public.then(|| view! { <span class="badge">"public client"</span> })}
                </div>
                <span class="row-sub">
                    <span class="mono">{integration.client_id}</span>
                    " · created "
                    <TimeAgo when=integration.created />
                </span>
            </div>
            <State is_active=integration.is_active />
        </li>
    }
}

/// Whether an integration is switched on.
#[component]
fn State(is_active: bool) -> impl IntoView {
    if is_active {
        view! { <Badge tone=Tone::Good>"Active"</Badge> }
    } else {
        view! { <Badge tone=Tone::Bad>"Inactive"</Badge> }
    }
}

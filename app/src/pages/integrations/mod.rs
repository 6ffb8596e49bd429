//! A project's integrations, and creating one.

pub mod approval;
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
        button::ButtonKind,
        dialog::OpenButton,
        empty::Empty,
        list_query::{Asked, Choices, ListSearch, NothingFound, Pages},
        live::Live,
        loaded::Loaded,
        notice::Notice,
        time_ago::TimeAgo,
    },
    counted::counted,
};
use create::Create;

const STATES: Choices = &[("", "All"), ("active", "Active"), ("inactive", "Inactive")];
const SORTS: Choices = &[
    ("", "Newest first"),
    ("name", "By name"),
    ("used", "Last used first"),
];

#[component]
pub fn IntegrationsPage() -> impl IntoView {
    let project_id = in_path("project_id");
    let asked = Asked::in_query(format!("/projects/{project_id}/integrations"));
    let integrations = list_integrations(project_id.clone(), asked.query.clone());
    view! {
        <Title text="Integrations" />
        <Live project_id />
        <div class="page-head">
            <div>
                <h1>"Integrations"</h1>
                <p>
                    "An integration is what a client such as Claude connects to: a Client ID, a Client Secret and a Server URL."
                </p>
            </div>
            <OpenButton dialog=create::DIALOG kind=ButtonKind::Primary>
                "New integration"
            </OpenButton>
        </div>
        <Loaded from=integrations show=|list| view! { <Integrations asked list /> } />
        <Create />
    }
    .into_any()
}

#[component]
fn Integrations(asked: Asked, list: IntegrationList) -> impl IntoView {
    let place = list.place;
    let tools = format!("/projects/{}/tools", in_path("project_id"));
    let no_tools = (list.enabled_tools == 0).then(|| {
        view! {
            <Notice tone=Tone::Warning>
                "No tool of this project is enabled: a client will connect, and find nothing to call. "
                <a href=tools>"Go to the tools"</a>
            </Notice>
        }
    });
    if place.total == 0 {
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
            {(place.is_searched() || asked.is_narrowed())
                .then(|| {
                    view! {
                        <ListSearch
                            asked=asked.clone()
                            label="Search the integrations"
                            placeholder="Name"
                            states=STATES
                            sorts=SORTS
                        />
                    }
                })}
            {if place.found == 0 {
                view! { <NothingFound asked=asked.clone() what="integration" /> }.into_any()
            } else {
                view! { <ul class="rows">{rows}</ul> }.into_any()
            }}
            <Pages asked place />
        </div>
    }
    .into_any()
}

#[component]
fn Row(integration: IntegrationRow) -> impl IntoView {
    let id = integration.id;
    let page = format!("/projects/{}/integrations/{id}", in_path("project_id"));
    let used = match integration.last_used {
        Some(when) => view! {
            "used "
            <TimeAgo when />
        }
        .into_any(),
        None => view! { "never used" }.into_any(),
    };
    view! {
        <li class="row">
            <div class="row-main">
                <div class="row-title">
                    <a href=page>{integration.name}</a>
                    {integration.is_public.then(|| view! { <Badge>"public client"</Badge> })}
                </div>
                <span class="row-sub row-sub-whole">
                    {counted(integration.connections, "connection", "connections")} " · " {used}
                    " · created " <TimeAgo when=integration.created /> " · "
                    <span class="mono">{integration.client_id}</span>
                </span>
            </div>
            <State is_active=integration.is_active />
        </li>
    }
    .into_any()
}

/// Whether an integration is switched on.
#[component]
fn State(is_active: bool) -> impl IntoView {
    if is_active {
        view! { <Badge tone=Tone::Good>"Active"</Badge> }.into_any()
    } else {
        view! { <Badge tone=Tone::Bad>"Inactive"</Badge> }.into_any()
    }
}

//! The guides, with this instance's own addresses filled in. Read without an account.

pub mod api;
pub mod claude_desktop;
pub mod connections;
pub mod custom_tools;
pub mod get_started;
pub mod people;
pub mod roles;
mod section;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::{A, Outlet};

use crate::{
    api::instance::{Instance, load_instance},
    components::loaded::Loaded,
};

#[component]
pub fn DocsLayout() -> impl IntoView {
    view! {
        <div class="docs">
            <nav class="docs-nav" aria-label="Guides">
                <A href="/docs" exact=true>
                    "Overview"
                </A>
                <A href="/docs/get-started">"Get started in 5 minutes"</A>
                <A href="/docs/custom-tools">"Custom tools"</A>
                <A href="/docs/claude-desktop">"Claude Desktop"</A>
                <A href="/docs/connections">"Connections and secrets"</A>
                <A href="/docs/people">"People and sign-in"</A>
                <A href="/docs/roles">"Who may do what"</A>
                <A href="/docs/api">"API reference"</A>
            </nav>
            <Outlet />
        </div>
    }
}

/// A guide that names this instance's addresses.
#[component]
fn Guide<F, V>(title: &'static str, text: F) -> impl IntoView
where
    F: Fn(Instance) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let instance = Resource::new(|| (), |()| load_instance());
    view! {
        <Title text=title />
        <article class="prose">
            <h1>{title}</h1>
            <Loaded from=instance show=text />
        </article>
    }
    .into_any()
}

#[component]
pub fn DocsIndex() -> impl IntoView {
    view! {
        <Title text="Docs" />
        <article class="prose">
            <h1>"Guides"</h1>
            <p class="lead">
                "TengineAI turns your HTTP APIs into tools that Claude can call. You describe an endpoint; TengineAI is the MCP server and the OAuth 2.1 server in front of it."
            </p>
            <ul>
                <li>
                    <a href="/docs/get-started">"Get started in 5 minutes"</a>
                    ": from an empty account to Claude using a tool."
                </li>
                <li>
                    <a href="/docs/custom-tools">"Custom tools"</a>
                    ": how an endpoint is described, what is sent to it and with which secret, how it knows that a call is ours, and what the model gets."
                </li>
                <li>
                    <a href="/docs/claude-desktop">"Claude Desktop integration"</a>
                    ": connecting, step by step, and what to do when it does not work."
                </li>
                <li>
                    <a href="/docs/connections">"Connections and secrets"</a>
                    ": who is connected, ending it, rotating a secret, and clients that register themselves."
                </li>
                <li>
                    <a href="/docs/people">"People and sign-in"</a>
                    ": members, ways to sign in and back in, and what whoever runs the instance sets up."
                </li>
                <li>
                    <a href="/docs/roles">"Who may do what"</a>
                    ": viewers, developers, admins and owners of a project, and owners of the instance."
                </li>
                <li>
                    <a href="/docs/api">"API reference"</a>
                    ": all that the dashboard does, for programs."
                </li>
            </ul>
        </article>
    }
}

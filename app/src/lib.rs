//! TengineAI's dashboard: pages, components and the server functions behind them.
//!
//! Built twice: with `ssr` into the server, which renders every page and answers the server
//! functions, and with `hydrate` into the wasm that takes the pages over in the browser.
#![recursion_limit = "512"]

pub mod api;
mod browser;
pub mod components;
mod counted;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod plain;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod ssr;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Redirect, Route, Router, Routes},
    path,
};

use components::{footer::Footer, topbar::TopBar};
use pages::{
    account::{self, connected_apps::ConnectedAppsPage},
    api_keys, calls, docs, instance, integrations, members,
    not_found::NotFound,
    overview, project, project_settings, projects, tools, vault,
};
#[cfg(feature = "ssr")]
pub use shell::shell;

/// Every page of the dashboard. Rendered whole before it is sent (`SsrMode::Async`), so that a
/// page's status and redirects are true, and so that it reads without wasm.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // Tests and styles can tell when the page answers to clicks.
    Effect::new(|_| browser::mark_hydrated());

    view! {
        <Title formatter=titled />
        <a class="skip-link" href="#main">
            "Skip to the content"
        </a>
        <Router>
            <TopBar />
            <main id="main" class="main" tabindex="-1">
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=ToProjects ssr=SsrMode::Async />
                    <Route path=path!("/projects") view=projects::ProjectsPage ssr=SsrMode::Async />
                    <ParentRoute
                        path=path!("/projects/:project_id")
                        view=project::ProjectLayout
                        ssr=SsrMode::Async
                    >
                        <Route path=path!("") view=overview::OverviewPage />
                        <Route path=path!("tools") view=tools::ToolsPage />
                        <Route path=path!("tools/new") view=tools::editor::NewToolPage />
                        <Route path=path!("tools/import") view=tools::import::ImportPage />
                        <Route path=path!("tools/curl") view=tools::curl::CurlPage />
                        <Route path=path!("tools/catalog") view=tools::catalog::CatalogListPage />
                        <Route
                            path=path!("tools/:tool_id/try")
                            view=tools::playground::PlaygroundPage
                        />
                        <Route
                            path=path!("tools/:tool_id/versions")
                            view=tools::versions::VersionsPage
                        />
                        <Route path=path!("tools/:tool_id") view=tools::editor::EditToolPage />
                        <Route path=path!("vault") view=vault::VaultPage />
                        <Route path=path!("vault/new") view=vault::editor::NewSecretPage />
                        <Route path=path!("vault/:secret_id") view=vault::editor::EditSecretPage />
                        <Route path=path!("integrations") view=integrations::IntegrationsPage />
                        <Route
                            path=path!("integrations/:integration_id")
                            view=integrations::one::IntegrationPage
                        />
                        <Route path=path!("calls") view=calls::CallsPage />
                        <Route path=path!("members") view=members::MembersPage />
                        <Route path=path!("api-keys") view=api_keys::ApiKeysPage />
                        <Route path=path!("settings") view=project_settings::ProjectSettingsPage />
                    </ParentRoute>
                    <ParentRoute
                        path=path!("/account")
                        view=account::AccountLayout
                        ssr=SsrMode::Async
                    >
                        <Route path=path!("") view=account::profile::ProfilePage />
                        <Route path=path!("security") view=account::security::SecurityPage />
                        <Route path=path!("api-keys") view=api_keys::OwnApiKeysPage />
                        <Route path=path!("sessions") view=account::sessions::SessionsPage />
                        <Route path=path!("connected-apps") view=ConnectedAppsPage />
                    </ParentRoute>
                    <ParentRoute
                        path=path!("/instance")
                        view=instance::InstanceLayout
                        ssr=SsrMode::Async
                    >
                        <Route path=path!("") view=ToInstance />
                        <Route path=path!("accounts") view=instance::accounts::AccountsPage />
                        <Route path=path!("providers") view=instance::providers::ProvidersPage />
                        <Route
                            path=path!("providers/:provider_id")
                            view=instance::providers::ProviderPageView
                        />
                        <Route path=path!("settings") view=instance::settings::SettingsPage />
                        <Route path=path!("health") view=instance::health::HealthPage />
                        <Route path=path!("audit") view=instance::audit::InstanceAuditPage />
                    </ParentRoute>
                    <ParentRoute path=path!("/docs") view=docs::DocsLayout ssr=SsrMode::Async>
                        <Route path=path!("") view=docs::DocsIndex />
                        <Route path=path!("get-started") view=docs::get_started::GetStarted />
                        <Route path=path!("custom-tools") view=docs::custom_tools::CustomTools />
                        <Route
                            path=path!("claude-desktop")
                            view=docs::claude_desktop::ClaudeDesktop
                        />
                        <Route path=path!("connections") view=docs::connections::Connections />
                        <Route path=path!("people") view=docs::people::People />
                        <Route path=path!("roles") view=docs::roles::RolesPage />
                        <Route path=path!("api") view=docs::api::ApiPage />
                    </ParentRoute>
                </Routes>
            </main>
        </Router>
        <Footer />
    }
}

fn titled(page: String) -> String {
    if page.is_empty() {
        "TengineAI".to_owned()
    } else {
        format!("{page} · TengineAI")
    }
}

#[component]
fn ToInstance() -> impl IntoView {
    view! { <Redirect path="/instance/accounts" /> }
}

#[component]
fn ToProjects() -> impl IntoView {
    view! { <Redirect path="/projects" /> }
}

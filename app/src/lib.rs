//! TengineAI's dashboard: pages, components and the server functions behind them.
//!
//! All of it runs on the server, which renders every page anew for each request: here nothing is heard of
//! the browser but addresses and forms. What the browser does besides is `frontend`, and is told by
//! `data-` attributes.
#![recursion_limit = "512"]

pub mod api;
pub mod components;
mod counted;
pub mod pages;
pub mod plain;
mod shell;
pub mod site;
pub mod ssr;
pub mod theme;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Redirect, Route, Router, Routes},
    path,
};

use components::{footer::Footer, palette::Palette, shortcuts::Shortcuts, topbar::TopBar};
use pages::{
    account::{self, connected_apps::ConnectedAppsPage},
    api_keys, calls, docs, instance, integrations, members,
    not_found::NotFound,
    overview, pieces, project, project_settings, projects, search, tools, vault,
};
pub use shell::shell;

/// Every page of the dashboard. Rendered whole before it is sent (`SsrMode::Async`), so that a
/// page's status and redirects are true, and so that it reads without wasm.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();

    view! {
        <Title formatter=titled />
        <a class="skip-link" href="#main">
            "Skip to the content"
        </a>
        <Router>
            <TopBar />
            <main id="main" class="main" tabindex="-1" data-page=ssr::answer::answered()>
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=ToProjects ssr=SsrMode::Async />
                    <Route path=path!("/projects") view=projects::ProjectsPage ssr=SsrMode::Async />
                    <Route path=path!("/search") view=search::SearchPage ssr=SsrMode::Async />
                    <Route path=path!("/dev/pieces") view=pieces::PiecesPage ssr=SsrMode::Async />
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
                        <Route
                            path=path!("integrations/:integration_id/tools")
                            view=integrations::tools::OfferedToolsPage
                        />
                        <Route path=path!("calls") view=calls::CallsPage />
                        <Route path=path!("calls/:call_id") view=calls::one::CallPage />
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
                            view=instance::providers::editor::ProviderPageView
                        />
                        <Route path=path!("settings") view=instance::settings::SettingsPage />
                        <Route path=path!("health") view=instance::health::HealthPage />
                        <Route path=path!("audit") view=instance::audit::InstanceAuditPage />
                    </ParentRoute>
                    <ParentRoute path=path!("/docs") view=docs::DocsLayout ssr=SsrMode::Async>
                        <Route path=path!("") view=docs::DocsIndex />
                        <Route path=path!("search") view=docs::SearchPage />
                        <Route path=path!("api/:group") view=docs::GroupPage />
                        <Route path=path!(":guide") view=docs::GuidePage />
                    </ParentRoute>
                </Routes>
            </main>
            <Footer />
            <Palette />
        </Router>
        <Shortcuts />
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

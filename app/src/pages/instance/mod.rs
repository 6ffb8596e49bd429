//! Pages for whoever runs the instance.

pub mod accounts;
pub mod audit;
pub mod health;
pub mod providers;
pub mod settings;

use leptos::prelude::*;
use leptos_router::components::{A, Outlet};

use crate::components::tabs::Tabs;

/// The frame around them: their tabs.
#[component]
pub fn InstanceLayout() -> impl IntoView {
    view! {
        <p class="page-title">"This instance"</p>
        <Tabs label="This instance">
            <A href="/instance/accounts">"Accounts"</A>
            <A href="/instance/providers">"Sign-in"</A>
            <A href="/instance/settings">"Settings"</A>
            <A href="/instance/health">"Health"</A>
            <A href="/instance/audit">"Audit log"</A>
        </Tabs>
        <Outlet />
    }
    .into_any()
}

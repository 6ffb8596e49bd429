//! Pages for whoever runs the instance.

pub mod audit;
pub mod settings;

use leptos::prelude::*;
use leptos_router::components::{A, Outlet};

/// The frame around them: their tabs.
#[component]
pub fn InstanceLayout() -> impl IntoView {
    view! {
        <p class="page-title">"This instance"</p>
        <nav class="tabs" aria-label="This instance">
            <A href="/instance/settings">"Settings"</A>
            <A href="/instance/audit">"Audit log"</A>
        </nav>
        <Outlet />
    }
    .into_any()
}

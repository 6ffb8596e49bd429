//! Pages about the signed-in person.

pub mod connected_apps;
pub mod profile;
pub mod security;
pub mod sessions;

use leptos::prelude::*;
use leptos_router::components::{A, Outlet};

use crate::components::tabs::Tabs;

/// The frame around them: their tabs.
#[component]
pub fn AccountLayout() -> impl IntoView {
    view! {
        <p class="page-title">"Your account"</p>
        <Tabs label="Your account">
            <A href="/account" exact=true>
                "Account"
            </A>
            <A href="/account/security">"Security"</A>
            <A href="/account/sessions">"Sessions"</A>
            <A href="/account/api-keys">"API keys"</A>
            <A href="/account/connected-apps">"Connected apps"</A>
        </Tabs>
        <Outlet />
    }
    .into_any()
}

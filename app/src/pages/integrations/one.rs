//! The page of one integration.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    State,
    credentials::{Credentials, Rotation},
    settings::{Activity, Deletion, RedirectUris},
    setup::Setup,
};
use crate::{
    api::integrations::{
        IntegrationDetails, RotateSecret, SetIntegrationActive, SetRedirectUris, load_integration,
    },
    components::{
        failure::{FormFailure, error_of},
        loaded::Loaded,
        time_ago::TimeAgo,
    },
    pages::path_param,
};

/// What the parts of the page act on. The actions live above what is loaded, so that an answer
/// (the new secret above all) outlives a fresh rendering of the page.
#[derive(Clone, Copy)]
pub struct Page {
    pub project_id: Memo<String>,
    pub integration_id: Memo<String>,
    pub rotate: ServerAction<RotateSecret>,
    pub set_active: ServerAction<SetIntegrationActive>,
    pub set_redirect_uris: ServerAction<SetRedirectUris>,
}

#[component]
pub fn IntegrationPage() -> impl IntoView {
    let page = Page {
        project_id: path_param("project_id"),
        integration_id: path_param("integration_id"),
        rotate: ServerAction::new(),
        set_active: ServerAction::new(),
        set_redirect_uris: ServerAction::new(),
    };
    // Loaded again after each of these was done.
    let done = move || {
        (
            page.rotate.version().get(),
            page.set_active.version().get(),
            page.set_redirect_uris.version().get(),
        )
    };
    let details = Resource::new(
        move || (page.project_id.get(), page.integration_id.get(), done()),
        |(project_id, integration_id, _)| load_integration(project_id, integration_id),
    );
    view! {
        <Title text="Integration" />
        <div class="stack">
            <FormFailure error=error_of(page.set_active.value()) fields=&[] />
            <FormFailure error=error_of(page.rotate.value()) fields=&[] />
            <Loaded from=details show=move |details| view! { <Details page details /> } />
        </div>
        <Rotation page />
    }
    .into_any()
}

#[component]
fn Details(page: Page, details: IntegrationDetails) -> impl IntoView {
    let tools = move || format!("/projects/{}/tools", page.project_id.get());
    let list = move || format!("/projects/{}/integrations", page.project_id.get());
    let may_manage = details.may_manage;
    view! {
        <div class="stack">
            <div class="page-head">
                <div>
                    <div class="crumbs">
                        <a href=list>"Integrations"</a>
                    </div>
                    <h1>{details.name.clone()}</h1>
                    <p class="cluster">
                        <State is_active=details.is_active />
                        <span>"created " <TimeAgo when=details.created.clone() /></span>
                        {details
                            .is_automatic
                            .then(|| view! { <span class="badge badge-warn">"Approves by itself"</span> })}
                    </p>
                </div>
                {may_manage.then(|| view! { <Activity page is_active=details.is_active /> })}
            </div>
            {(!details.is_active)
                .then(|| {
                    view! {
                        <div class="notice notice-bad">
                            "This integration is inactive: nobody can connect, and its tools answer nobody. Activating it restores the connections."
                        </div>
                    }
                })}
            {(details.enabled_tools == 0)
                .then(|| {
                    view! {
                        <div class="notice notice-warn">
                            "No tool of the project is enabled: a client connects, and finds nothing to call. "
                            <a href=tools>"Go to the tools"</a>
                        </div>
                    }
                })}
            <Credentials details=details.clone() />
            <Setup details=details.clone() />
            {may_manage
                .then(|| {
                    view! {
                        <RedirectUris page uris=details.redirect_uris.clone() />
                        <Deletion page name=details.name.clone() />
                    }
                })}
        </div>
    }
    .into_any()
}

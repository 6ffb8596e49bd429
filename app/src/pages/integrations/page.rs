//! What the parts of an integration's page act on.

use leptos::prelude::*;

use crate::{
    api::{
        connections::{DisconnectEverything, EndConnection},
        integrations::{
            approval::{SetApproval, SetClientCredentials, SetSelfRegistered},
            secrets::{EndSecret, RotateSecret},
            settings::{SetIntegrationActive, SetOfferedTools, SetRedirectUris},
        },
    },
    components::failure::{FormFailure, error_of},
    pages::path_param,
};

/// The actions live above what is loaded, so that an answer (the new secret above all) outlives a
/// fresh rendering of the page.
#[derive(Clone, Copy)]
pub struct Page {
    pub project_id: Memo<String>,
    pub integration_id: Memo<String>,
    pub rotate: ServerAction<RotateSecret>,
    pub end_secret: ServerAction<EndSecret>,
    pub end_connection: ServerAction<EndConnection>,
    pub disconnect_everything: ServerAction<DisconnectEverything>,
    pub set_active: ServerAction<SetIntegrationActive>,
    pub set_approval: ServerAction<SetApproval>,
    pub set_self_registered: ServerAction<SetSelfRegistered>,
    pub set_client_credentials: ServerAction<SetClientCredentials>,
    pub set_offered_tools: ServerAction<SetOfferedTools>,
    pub set_redirect_uris: ServerAction<SetRedirectUris>,
}

impl Page {
    /// For the integration that the address names.
    pub fn of_route() -> Self {
        Self {
            project_id: path_param("project_id"),
            integration_id: path_param("integration_id"),
            rotate: ServerAction::new(),
            end_secret: ServerAction::new(),
            end_connection: ServerAction::new(),
            disconnect_everything: ServerAction::new(),
            set_active: ServerAction::new(),
            set_approval: ServerAction::new(),
            set_self_registered: ServerAction::new(),
            set_client_credentials: ServerAction::new(),
            set_offered_tools: ServerAction::new(),
            set_redirect_uris: ServerAction::new(),
        }
    }

    /// How many acts are done: after each the page is loaded again.
    pub fn done(&self) -> usize {
        self.rotate.version().get()
            + self.end_secret.version().get()
            + self.end_connection.version().get()
            + self.disconnect_everything.version().get()
            + self.set_active.version().get()
            + self.set_approval.version().get()
            + self.set_self_registered.version().get()
            + self.set_client_credentials.version().get()
            + self.set_offered_tools.version().get()
            + self.set_redirect_uris.version().get()
    }

    /// What went wrong with those acts whose forms are closed or gone by then.
    pub fn failures(&self) -> impl IntoView + use<> {
        [
            error_of(self.rotate.value()),
            error_of(self.end_secret.value()),
            error_of(self.end_connection.value()),
            error_of(self.disconnect_everything.value()),
            error_of(self.set_active.value()),
            error_of(self.set_self_registered.value()),
        ]
        .map(|error| view! { <FormFailure error fields=&[] /> })
    }
}

/// The two ids that every form of the page sends.
#[component]
pub fn Ids(page: Page) -> impl IntoView {
    view! {
        <input type="hidden" name="project_id" value=move || page.project_id.get() />
        <input type="hidden" name="integration_id" value=move || page.integration_id.get() />
    }
}

//! Switching an integration on and off, its redirect URIs, and ending it.

use leptos::{form::ActionForm, html, prelude::*};

use super::page::{Ids, Page};
use crate::{
    api::integrations::{DeleteIntegration, IntegrationDetails},
    components::{
        dialog::{CancelButton, Dialog, OpenButton},
        failure::{FormFailure, error_of, problems_of},
        field::{AreaField, TextField},
    },
    counted::counted,
};

#[component]
pub fn Activity(
    page: Page,
    is_active: bool,
    /// How many are live, or wait.
    connections: usize,
) -> impl IntoView {
    let wish = (!is_active).to_string();
    let restored = match connections {
        0 => "lets clients connect again".to_owned(),
        _ => format!(
            "restores {}",
            counted(connections, "connection", "connections")
        ),
    };
    let title = if is_active {
        format!(
            "Calls and refreshes are refused at once. Tokens are kept: activating it again {restored}."
        )
    } else {
        format!("Activating it {restored}.")
    };
    view! {
        <ActionForm action=page.set_active>
            <Ids page />
            <input type="hidden" name="is_active" value=wish />
            <button
                type="submit"
                class="btn"
                title=title
                disabled=move || page.set_active.pending().get()
            >
                {if is_active { "Deactivate" } else { "Activate" }}
            </button>
        </ActionForm>
    }
    .into_any()
}

#[component]
pub fn RedirectUris(page: Page, uris: Vec<String>) -> impl IntoView {
    let action = page.set_redirect_uris;
    let error = error_of(action.value());
    let is_saved = move || action.value().with(|value| matches!(value, Some(Ok(()))));
    view! {
        <section class="card">
            <ActionForm action attr:class="stack">
                <h2>"Redirect URIs"</h2>
                <p class="quiet">
                    "Where a client may be sent back to after sign-in, exactly as listed; of localhost any port. The common clients are there from the start."
                </p>
                <FormFailure error fields=&["redirect_uris"] />
                <Ids page />
                <AreaField
                    label="One URI a line"
                    field="redirect_uris"
                    value=uris.join("\n")
                    rows=12
                    is_code=true
                    problems=problems_of(error)
                />
                <div class="cluster">
                    <button type="submit" class="btn" disabled=move || action.pending().get()>
                        "Save redirect URIs"
                    </button>
                    <span class="quiet small" role="status">
                        {move || if is_saved() { "Saved." } else { "" }}
                    </span>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}

const DELETE: &str = "delete-integration";

#[component]
pub fn Deletion(page: Page, details: IntegrationDetails) -> impl IntoView {
    let name = details.name;
    let ends = match details.connections.len() {
        0 => "This cannot be undone. Nobody is connected now.".to_owned(),
        1 => "This cannot be undone. 1 connection stops working.".to_owned(),
        many => format!("This cannot be undone. {many} connections stop working."),
    };
    let delete = ServerAction::<DeleteIntegration>::new();
    let error = error_of(delete.value());
    let node = NodeRef::<html::Dialog>::new();
    view! {
        <section class="card stack">
            <h2>"Delete this integration"</h2>
            <p class="quiet">
                "Its secrets and all its connections end at once, and its URL is never used again. To pause it, deactivate it instead."
            </p>
            <div>
                <OpenButton dialog=DELETE node class="btn btn-danger">
                    "Delete integration"
                </OpenButton>
            </div>
        </section>
        <Dialog id=DELETE title=format!("Delete {name}?") node>
            <p>{ends}</p>
            <ActionForm action=delete attr:class="stack">
                <Ids page />
                <FormFailure error fields=&["confirm_name"] />
                <p class="quiet">
                    "Its name: " <strong>{name.clone()}</strong>
                </p>
                <TextField
                    label="Type the name to confirm"
                    field="confirm_name"
                    problems=problems_of(error)
                />
                <div class="dialog-actions">
                    <CancelButton dialog=DELETE node />
                    <button type="submit" class="btn btn-danger" disabled=move || delete.pending().get()>
                        "Delete it for good"
                    </button>
                </div>
            </ActionForm>
        </Dialog>
    }
    .into_any()
}

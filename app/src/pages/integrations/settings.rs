//! Switching an integration on and off, its redirect URIs, and ending it.

use leptos::prelude::*;

use super::ids::Ids;
use crate::{
    api::integrations::{
        DeleteIntegration, IntegrationDetails,
        settings::{SetIntegrationActive, SetRedirectUris},
    },
    components::{
        dialog::{CancelButton, Dialog, OpenButton},
        failure::FormFailure,
        field::{AreaField, TextField},
        form::{Form, sent, sent_of},
    },
    counted::counted,
};

#[component]
pub fn Activity(
    is_active: bool,
    /// How many are live, or wait.
    connections: usize,
) -> impl IntoView {
    let wish = (!is_active).to_string();
    // Of its wish: once somebody else has deactivated it, a press on "Deactivate" is none on "Activate".
    let set = sent_of::<SetIntegrationActive>(wish.clone());
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
        <Form of=&set>
            <FormFailure />
            <Ids />
            <input type="hidden" name="is_active" value=wish />
            <button
                type="submit"
                class="btn"
                title=title
            >
                {if is_active { "Deactivate" } else { "Activate" }}
            </button>
        </Form>
    }
    .into_any()
}

#[component]
pub fn RedirectUris(uris: Vec<String>) -> impl IntoView {
    let save = sent::<SetRedirectUris>();
    view! {
        <section class="card">
            <Form of=&save class="stack" done="Saved.">
                <h2>"Redirect URIs"</h2>
                <p class="quiet">
                    "Where a client may be sent back to after sign-in, exactly as listed; of localhost any port. The common clients are there from the start."
                </p>
                <FormFailure fields=&["redirect_uris"] />
                <Ids />
                <AreaField
                    label="One URI a line"
                    field="redirect_uris"
                    value=uris.join("\n")
                    rows=12
                    is_code=true
                />
                <div class="cluster">
                    <button type="submit" class="btn">
                        "Save redirect URIs"
                    </button>
                </div>
            </Form>
        </section>
    }
    .into_any()
}

const DELETE: &str = "delete-integration";

#[component]
pub fn Deletion(details: IntegrationDetails) -> impl IntoView {
    let name = details.name;
    let ends = match details.connections.len() {
        0 => "This cannot be undone. Nobody is connected now.".to_owned(),
        1 => "This cannot be undone. 1 connection stops working.".to_owned(),
        many => format!("This cannot be undone. {many} connections stop working."),
    };
    let delete = sent::<DeleteIntegration>();
    view! {
        <section class="card stack">
            <h2>"Delete this integration"</h2>
            <p class="quiet">
                "Its secrets and all its connections end at once, and its URL is never used again. To pause it, deactivate it instead."
            </p>
            <div>
                <OpenButton dialog=DELETE class="btn btn-danger">
                    "Delete integration"
                </OpenButton>
            </div>
        </section>
        <Dialog id=DELETE title=format!("Delete {name}?") of=&delete>
            <p>{ends}</p>
            <Form of=&delete class="stack">
                <Ids />
                <FormFailure fields=&["confirm_name"] />
                <p class="quiet">
                    "Its name: " <strong>{name.clone()}</strong>
                </p>
                <TextField
                    label="Type the name to confirm"
                    field="confirm_name"
                />
                <div class="dialog-actions">
                    <CancelButton dialog=DELETE />
                    <button type="submit" class="btn btn-danger">
                        "Delete it for good"
                    </button>
                </div>
            </Form>
        </Dialog>
    }
    .into_any()
}

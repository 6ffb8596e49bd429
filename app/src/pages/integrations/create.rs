//! Creating an integration, and seeing its secret once.

use leptos::prelude::*;

use super::setting::AutomaticMeans;
use crate::{
    api::integrations::create::{CreateIntegration, Credentials},
    components::{
        button::{Button, ButtonKind},
        dialog::{CancelButton, Dialog},
        failure::FormFailure,
        field::{SelectField, TextField},
        form::{Form, sent},
        one_time_secret::OneTimeSecret,
    },
    pages::in_path,
};

pub const DIALOG: &str = "new-integration";

const KINDS: &[(&str, &str)] = &[
    ("false", "Confidential: with a Client Secret"),
    ("true", "Public: no secret, only the id"),
];

const APPROVALS: &[(&str, &str)] = &[
    ("false", "Ask: a signed-in member approves each connection"),
    ("true", "Automatic: the Client Secret alone authorizes"),
];

#[component]
pub fn Create() -> impl IntoView {
    let create = sent::<CreateIntegration>();
    let made = create.value().map(|credentials: Credentials| {
        let next = format!(
            "/projects/{}/integrations/{}#setup",
            in_path("project_id"),
            credentials.integration_id
        );
        view! { <OneTimeSecret credentials title="Your integration is ready" next /> }
    });
    view! {
        <Dialog id=DIALOG title="New integration" of=&create>
            <Form of=&create class="stack" shows=true>
                <FormFailure fields=&["name", "approval"] />
                <input type="hidden" name="project_id" value=in_path("project_id") />
                <TextField
                    label="Integration name"
                    field="name"
                    placeholder="Claude Desktop"
                    hint="Shown to whoever approves a connection."
                />
                <details class="fold">
                    <summary>"Advanced" <span class="hint">"client kind, approval"</span></summary>
                    <div class="fold-body">
                        <SelectField
                            label="Client kind"
                            field="client_kind"
                            name="is_public"
                            value="false"
                            options=KINDS
                            hint="Fixed at creation. Claude takes either; a secret is safer."
                        />
                        <SelectField
                            label="Approval"
                            field="approval"
                            name="is_automatic"
                            value="false"
                            options=APPROVALS
                        />
                        <div class="of-automatic">
                            <AutomaticMeans />
                        </div>
                    </div>
                </details>
                <div class="dialog-actions">
                    <CancelButton dialog=DIALOG />
                    <Button kind=ButtonKind::Primary>"Create integration"</Button>
                </div>
            </Form>
        </Dialog>
        {made}
    }
    .into_any()
}

//! Creating an integration, and seeing its secret once.

use leptos::{ev::SubmitEvent, form::FromFormData, html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::setting::AutomaticMeans;
use crate::{
    api::integrations::create::{CreateIntegration, Credentials},
    browser,
    components::{
        dialog::{CancelButton, Dialog},
        failure::{FormFailure, error_of, problems_of},
        field::{SelectField, TextField},
        one_time_secret::OneTimeSecret,
    },
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
pub fn Create(project_id: Memo<String>, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let create = ServerAction::<CreateIntegration>::new();
    let error = error_of(create.value());
    let problems = problems_of(error);
    // Only wasm can show the secret, so nothing is created before it is here.
    let is_ready = browser::arrived();
    let is_automatic = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Ok(wish) = CreateIntegration::from_event(&event) {
            create.dispatch(wish);
        }
    };

    let made = Signal::derive(move || {
        create
            .value()
            .with(|value| value.as_ref()?.as_ref().ok().cloned())
    });
    Effect::new(move |_| {
        if made.with(Option::is_some) {
            browser::close(dialog);
        }
    });
    let navigate = use_navigate();
    let saved = Callback::new(move |credentials: Credentials| {
        create.value().set(None);
        let page = format!(
            "/projects/{}/integrations/{}",
            project_id.get_untracked(),
            credentials.integration_id
        );
        navigate(&page, NavigateOptions::default());
    });

    view! {
        <Dialog id=DIALOG title="New integration" node=dialog>
            <form class="stack" method="post" on:submit=submit>
                <FormFailure error fields=&["name", "approval", "password"] />
                <input type="hidden" name="project_id" value=move || project_id.get() />
                <TextField
                    label="Integration name"
                    field="name"
                    placeholder="Claude Desktop"
                    hint="Shown to whoever approves a connection."
                    problems
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
                        // The change of the select inside rises to here.
                        <div on:change=move |event| {
                            is_automatic.set(event_target_value(&event) == "true");
                        }>
                            <SelectField
                                label="Approval"
                                field="approval"
                                name="is_automatic"
                                value="false"
                                options=APPROVALS
                                problems
                            />
                        </div>
                        {move || {
                            is_automatic
                                .get()
                                .then(|| view! { <AutomaticMeans /> })
                        }}
                    </div>
                </details>
                <div class="dialog-actions">
                    <CancelButton dialog=DIALOG node=dialog />
                    <button
                        type="submit"
                        class="btn btn-primary"
                        disabled=move || !is_ready.get() || create.pending().get()
                    >
                        "Create integration"
                    </button>
                </div>
            </form>
        </Dialog>
        <OneTimeSecret credentials=made title="Your integration is ready" saved />
    }
    .into_any()
}

//! Deleting a secret.

use leptos::prelude::*;

use crate::{
    api::vault::DeleteVaultSecret,
    components::{
        button::ButtonKind,
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        form::{Form, sent},
    },
    pages::in_path,
};

const DIALOG: &str = "delete-secret";

/// The button and the dialog that it opens.
#[component]
pub(super) fn Delete(
    secret_id: String,
    name: String,
    used_by: Vec<String>,
    is_client: bool,
) -> impl IntoView {
    let delete = sent::<DeleteVaultSecret>();
    let ends = is_client.then(|| {
        view! { <p>"The accounts that people connected by it end with it."</p> }
    });
    let text = if used_by.is_empty() {
        "No tool uses it. It is gone from here at once; it may still be good where it came from."
            .to_owned()
    } else {
        format!(
            "Tools use it: {}. Give them another secret first.",
            used_by.join(", ")
        )
    };
    view! {
        <hr class="my-8 border-line" />
        <OpenButton dialog=DIALOG kind=ButtonKind::Danger>
            "Delete secret"
        </OpenButton>
        <Dialog id=DIALOG title=format!("Delete {name}?") of=&delete>
            <p>{text}</p>
            {ends}
            <Form of=&delete class="stack">
                <FormFailure />
                <input type="hidden" name="project_id" value=in_path("project_id") />
                <input type="hidden" name="secret_id" value=secret_id />
                <ConfirmActions dialog=DIALOG confirm="Yes, delete it" />
            </Form>
        </Dialog>
    }
    .into_any()
}

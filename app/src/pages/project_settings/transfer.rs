//! Making another member the owner.

use leptos::prelude::*;

use super::ProjectField;
use crate::{
    api::members::TransferProject,
    components::{
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        field::PickField,
        form::{Form, sent},
    },
};

const DIALOG: &str = "transfer-project";

#[component]
pub(super) fn Transfer(
    /// Ids and emails.
    heirs: Vec<(String, String)>,
) -> impl IntoView {
    let transfer = sent::<TransferProject>();
    if heirs.is_empty() {
        return view! {
            <p class="quiet">"To transfer ownership, invite somebody first."</p>
        }
        .into_any();
    }
    view! {
        <div>
            <OpenButton dialog=DIALOG>"Transfer ownership"</OpenButton>
        </div>
        <Dialog id=DIALOG title="Transfer ownership" of=&transfer>
            <p>"They become an owner, and you stay as an admin."</p>
            <Form of=&transfer class="stack">
                <FormFailure fields=&["user_id"] />
                <ProjectField />
                <PickField
                    label="New owner"
                    field="user_id"
                    name="user_id"
                    value=String::new()
                    options=heirs
                    is_to_be_chosen=true
                />
                <ConfirmActions dialog=DIALOG confirm="Transfer it" />
            </Form>
        </Dialog>
    }
    .into_any()
}

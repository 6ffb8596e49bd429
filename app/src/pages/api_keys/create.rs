//! Making a key, and seeing it once.

use leptos::prelude::*;

use super::whose::{Whose, WhoseField};
use crate::components::{
    badge::Tone,
    button::{Button, ButtonKind},
    copy::CopyField,
    dialog::{CancelButton, Dialog, OpenButton},
    failure::FormFailure,
    field::{PickField, SelectField, TextField},
    form::Form,
    notice::Notice,
    shown_once::ShownOnce,
};

const DIALOG: &str = "new-api-key";

const EXPIRIES: &[(&str, &str)] = &[
    ("30", "In 30 days"),
    ("90", "In 90 days"),
    ("366", "In a year"),
    ("0", "Never"),
];

#[component]
pub(super) fn Create(whose: Whose, roles: Vec<String>) -> impl IntoView {
    let create = whose.create();
    let roles = roles
        .into_iter()
        .map(|role| (role.clone(), role))
        .collect::<Vec<_>>();
    view! {
        <OpenButton dialog=DIALOG kind=ButtonKind::Primary>
            "New API key"
        </OpenButton>
        <Dialog id=DIALOG title="New API key" of=create.clone()>
            <Form of=create class="stack" shows=true>
                <WhoseField whose />
                <FormFailure fields=&["name", "role", "expires_in_days"] />
                <TextField
                    label="Name"
                    field="name"
                    placeholder="Nightly import"
                    hint="What uses it, so that you know later what stops when you revoke it."
                />
                <div class="two">
                    <PickField
                        label="Role"
                        field="role"
                        name="role"
                        value="developer".to_owned()
                        options=roles
                    />
                    <SelectField
                        label="Expires"
                        field="expires_in_days"
                        value="90"
                        options=EXPIRIES
                    />
                </div>
                <div class="dialog-actions">
                    <CancelButton dialog=DIALOG />
                    <Button kind=ButtonKind::Primary>
                        "Make the key"
                    </Button>
                </div>
            </Form>
        </Dialog>
    }
    .into_any()
}

/// The dialog that shows the new key, on the page that answers the form.
#[component]
pub(super) fn Created(whose: Whose, origin: String) -> impl IntoView {
    whose.made().map(|made| {
        let example = format!(
            "curl -H \"Authorization: Bearer {}\" {origin}/api/v1/account",
            made.key
        );
        view! {
            <ShownOnce id="api-key" title="Your API key" next=whose.page()>
                <Notice tone=Tone::Warning>
                    <strong>"It is shown only now. "</strong>
                    "Copy it before you close this; if it is lost, revoke it and make another."
                </Notice>
                <CopyField label="API key" value=made.key testid="api-key" />
                <CopyField label="Try it" value=example />
            </ShownOnce>
        }
    })
}

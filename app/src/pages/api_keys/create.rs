//! Making a key, and seeing it once.

use leptos::prelude::*;

use super::whose::{Whose, WhoseField};
use crate::components::{
    badge::Tone,
    copy::CopyField,
    field::{SelectField, TextField},
    form_dialog::FormDialog,
    notice::Notice,
    role_field::RoleField,
    shown_once::ShownOnce,
};

const EXPIRIES: &[(&str, &str)] = &[
    ("30", "In 30 days"),
    ("90", "In 90 days"),
    ("366", "In a year"),
    ("0", "Never"),
];

#[component]
pub(super) fn Create(whose: Whose, roles: Vec<String>) -> impl IntoView {
    let create = whose.create();
    view! {
        <FormDialog
            id="new-api-key"
            open="New API key"
            title="New API key"
            of=create
            fields=&["name", "role", "expires_in_days"]
            submit="Create API key"
            shows=true
        >
            <WhoseField whose />
            <TextField
                label="Name"
                field="name"
                placeholder="Nightly import"
                hint="What uses it, so that you know later what stops when you revoke it."
            />
            <div class="two">
                <RoleField roles />
                <SelectField
                    label="Expires"
                    field="expires_in_days"
                    value="90"
                    options=EXPIRIES
                />
            </div>
        </FormDialog>
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
                    "Copy it before you close this; if it is lost, revoke it and create another."
                </Notice>
                <CopyField label="API key" value=made.key testid="api-key" />
                <CopyField label="Try it" value=example />
            </ShownOnce>
        }
    })
}

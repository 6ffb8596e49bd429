//! Deleting a sign-in provider.

use leptos::prelude::*;

use crate::{
    api::instance::providers::{DeleteProvider, ProviderPage},
    components::{
        button::ButtonKind,
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        field::CheckField,
        form::{Form, sent},
    },
    counted::counted,
};

const DELETE: &str = "delete-provider";

/// The button and the dialog that it opens.
#[component]
pub(super) fn Delete(id: String, page: ProviderPage) -> impl IntoView {
    let delete = sent::<DeleteProvider>();
    let number = |count| usize::try_from(count).unwrap_or_default();
    let accounts = number(page.accounts);
    let alone = number(page.only_way_in);
    let sessions = number(page.sessions);
    let left = (alone > 0).then(|| {
        view! {
            <p>
                {format!(
                    "{} no other way in: they need a recovery link afterwards.",
                    counted(alone, "account has", "accounts have"),
                )}
            </p>
            <CheckField
                label="Delete it all the same"
                field="strand_accounts"
                name="strand_accounts"
                is_checked=false
            />
        }
    });
    view! {
        <div>
            <OpenButton dialog=DELETE kind=ButtonKind::Danger>
                "Delete the provider"
            </OpenButton>
        </div>
        <Dialog id=DELETE title="Delete this provider?" of=&delete>
            <p>{format!("{} linked to it.", counted(accounts, "account is", "accounts are"))}</p>
            {(sessions > 0)
                .then(|| {
                    let browsers = counted(sessions, "browser is", "browsers are");
                    view! { <p>{format!("{browsers} signed in by it, and signed out with it.")}</p> }
                })}
            <Form of=&delete class="stack">
                <FormFailure />
                <input type="hidden" name="provider_id" value=id />
                {left}
                <ConfirmActions dialog=DELETE confirm="Delete it" />
            </Form>
        </Dialog>
    }
    .into_any()
}

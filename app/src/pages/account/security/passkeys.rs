//! Passkeys: adding, renaming and removing them.

use leptos::prelude::*;

use super::way_in::WayIn;
use crate::{
    api::profile::{PasskeyRow, RemovePasskey, RenamePasskey, Security},
    components::{
        badge::{Badge, Tone},
        button::{Button, ButtonKind},
        dialog::{CancelButton, ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        field::TextField,
        form::{Form, SentForm, sent_of},
        notice::Notice,
    },
};

#[component]
pub(super) fn Passkeys(security: Security) -> impl IntoView {
    let is_empty = security.passkeys.is_empty();
    let rows = security
        .passkeys
        .into_iter()
        .map(|passkey| view! { <Row passkey /> })
        .collect_view();
    let add = match security.no_passkeys {
        Some(why) => view! { <p class="hint">{why}</p> }.into_any(),
        None => view! { <AddPasskey csrf=security.csrf is_fresh=security.is_fresh /> }.into_any(),
    };
    view! {
        <section class="card stack" aria-labelledby="passkeys">
            <h2 id="passkeys">"Passkeys"</h2>
            <p class="quiet">
                "Sign in with your fingerprint, your face or a security key: nothing to type, and nothing that could be phished."
            </p>
            {(!is_empty).then(|| view! { <ul class="rows">{rows}</ul> })}
            {add}
        </section>
    }
    .into_any()
}

/// A plain form that `/passkeys.js` fills in.
#[component]
fn AddPasskey(csrf: String, is_fresh: bool) -> impl IntoView {
    view! {
        <form
            method="post"
            action="/account/passkeys"
            class="stack-tight"
            data-passkey="create"
            data-begin="/account/passkeys/challenge"
            hidden
        >
            <input type="hidden" name="csrf" value=csrf />
            <input type="hidden" name="credential" />
            <TextField
                label="Name of the new passkey"
                field="name"
                id="passkey-name"
                placeholder="MacBook"
                hint="So that you know later which one it is."
            />
            <Notice tone=Tone::Bad is_alert=true is_of_script=true />
            <div>
                <Button kind=ButtonKind::Primary is_disabled=!is_fresh>
                    "Add a passkey"
                </Button>
            </div>
        </form>
        <noscript>
            <p class="hint">"Passkeys need JavaScript."</p>
        </noscript>
    }
    .into_any()
}

#[component]
fn Row(passkey: PasskeyRow) -> impl IntoView {
    let (id, name) = (passkey.id, passkey.name);
    let suspended = passkey.is_suspended.then(|| {
        view! { <Badge tone=Tone::Bad>"suspended: it may have been copied"</Badge> }.into_any()
    });
    let advice = passkey
        .is_suspended
        .then_some("It signs nobody in any more. Remove it, and add a new passkey on your device.");
    view! {
        <WayIn
            title=name.clone()
            beside=suspended
            advice
            came="added"
            since=passkey.created
            last_used=passkey.last_used
        >
            <Rename id=id.clone() name=name.clone() />
            <Remove id name />
        </WayIn>
    }
    .into_any()
}

#[component]
fn Rename(id: String, name: String) -> impl IntoView {
    let rename = sent_of::<RenamePasskey>(id.clone());
    let dialog = format!("rename-{id}");
    let name = SentForm::from(&rename).typed("name").unwrap_or(name);
    view! {
        <OpenButton dialog=dialog.clone() is_small=true>
            "Rename"
        </OpenButton>
        <Dialog id=dialog.clone() title="Rename the passkey" of=&rename>
            <Form of=&rename class="stack">
                <FormFailure />
                <input type="hidden" name="passkey_id" value=id />
                <label class="field">
                    <span class="field-label">"Name"</span>
                    <input class="input" name="name" value=name required />
                </label>
                <div class="dialog-actions">
                    <CancelButton dialog />
                    <Button kind=ButtonKind::Primary>
                        "Rename"
                    </Button>
                </div>
            </Form>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Remove(id: String, name: String) -> impl IntoView {
    let remove = sent_of::<RemovePasskey>(id.clone());
    let dialog = format!("remove-{id}");
    view! {
        <OpenButton dialog=dialog.clone() is_small=true>
            "Remove"
        </OpenButton>
        <Dialog id=dialog.clone() title=format!("Remove {name}?") of=&remove>
            <p>"It no longer signs you in. Your device may keep its copy: delete it there too."</p>
            <Form of=&remove class="stack">
                <FormFailure />
                <input type="hidden" name="passkey_id" value=id />
                <ConfirmActions dialog confirm="Remove it" />
            </Form>
        </Dialog>
    }
    .into_any()
}

//! The authenticator app, and the recovery codes.

use leptos::prelude::*;

use crate::{
    api::profile::{RemoveTotp, Security},
    components::{
        badge::{Badge, Tone},
        button::LinkButton,
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        form::{Form, sent},
        time_ago::TimeAgo,
    },
    counted::counted,
};

const REMOVE: &str = "remove-authenticator";
const CODES: &str = "new-recovery-codes";

#[component]
pub(super) fn Authenticator(security: Security) -> impl IntoView {
    let has_factor = security.totp_since.is_some() || !security.passkeys.is_empty();
    let has_passkey = security
        .passkeys
        .iter()
        .any(|passkey| !passkey.is_suspended);
    let app = match security.totp_since {
        Some(when) => view! {
            <p class="cluster">
                <Badge tone=Tone::Good>"on"</Badge>
                <span class="quiet">"since " <TimeAgo when /></span>
                <OpenButton dialog=REMOVE is_small=true>
                    "Remove"
                </OpenButton>
            </p>
            <Remove has_passkey />
        }
        .into_any(),
        None => view! {
            <div>
                <LinkButton href="/account/authenticator">
                    "Add an authenticator app"
                </LinkButton>
            </div>
        }
        .into_any(),
    };
    view! {
        <section class="card stack" aria-labelledby="authenticator">
            <h2 id="authenticator">"Authenticator app"</h2>
            <p class="quiet">
                "A second factor: six digits from your phone, asked for after your password."
            </p>
            {app}
            {has_factor
                .then(|| {
                    view! { <RecoveryCodes left=security.recovery_codes csrf=security.csrf /> }
                })}
        </section>
    }
    .into_any()
}

#[component]
fn Remove(
    /// Whether one that signs in stays.
    has_passkey: bool,
) -> impl IntoView {
    let remove = sent::<RemoveTotp>();
    let after = match has_passkey {
        true => "After your password you are asked for a passkey or a recovery code.",
        false => "Your password alone signs you in then, and your recovery codes end.",
    };
    view! {
        <Dialog id=REMOVE title="Remove the authenticator app?" of=&remove>
            <p>{after}</p>
            <Form of=&remove class="stack">
                <FormFailure />
                <ConfirmActions dialog=REMOVE confirm="Remove it" />
            </Form>
        </Dialog>
    }
    .into_any()
}

#[component]
fn RecoveryCodes(left: i64, csrf: String) -> impl IntoView {
    let left = match left {
        0 => "You have no recovery codes.".to_owned(),
        count => format!(
            "{} left.",
            counted(
                usize::try_from(count).unwrap_or_default(),
                "recovery code is",
                "recovery codes are"
            )
        ),
    };
    view! {
        <div class="setting">
            <div class="setting-head">
                <h3>"Recovery codes"</h3>
            </div>
            <p class="quiet">
                {left} " Each stands in once for your password or for the second factor."
            </p>
            <div>
                <OpenButton dialog=CODES is_small=true>
                    "Create new codes"
                </OpenButton>
            </div>
            <Dialog id=CODES title="Create new recovery codes?">
                <p>"They are shown once. Earlier codes stop working."</p>
                <form method="post" action="/account/recovery-codes">
                    <input type="hidden" name="csrf" value=csrf />
                    <ConfirmActions dialog=CODES confirm="Create new codes" />
                </form>
            </Dialog>
        </div>
    }
    .into_any()
}

//! Accounts at providers that sign the person in.

use leptos::prelude::*;

use super::way_in::WayIn;
use crate::{
    api::profile::{IdentityRow, Security, UnlinkIdentity},
    components::{
        button::Button,
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        form::{Form, sent_of},
    },
};

#[component]
pub(super) fn Identities(security: Security) -> impl IntoView {
    let linked = security
        .identities
        .into_iter()
        .map(|identity| view! { <Row identity /> })
        .collect_view();
    let csrf = security.csrf;
    let more = security
        .providers
        .into_iter()
        .map(|(id, name)| {
            view! {
                <form method="post" action=format!("/sign-in/with/{id}")>
                    <input type="hidden" name="csrf" value=csrf.clone() />
                    <input type="hidden" name="purpose" value="link" />
                    <Button>
                        {format!("Link {name}")}
                    </Button>
                </form>
            }
        })
        .collect_view();
    view! {
        <section class="card stack" aria-labelledby="elsewhere">
            <h2 id="elsewhere">"Linked accounts"</h2>
            <p class="quiet">"With these you sign in here, too."</p>
            <ul class="rows rows-plain">{linked}</ul>
            <div class="cluster">{more}</div>
        </section>
    }
    .into_any()
}

#[component]
fn Row(identity: IdentityRow) -> impl IntoView {
    let unlink = sent_of::<UnlinkIdentity>(identity.provider_id.clone());
    let dialog = format!("unlink-{}", identity.provider_id);
    let title = format!("Unlink your account at {}?", identity.provider);
    let beside = identity
        .email
        .map(|email| view! { <span class="quiet">{email}</span> }.into_any());
    view! {
        <WayIn
            title=identity.provider
            beside
            came="linked"
            since=identity.since
            last_used=identity.last_used
        >
            <OpenButton dialog=dialog.clone() is_small=true>
                "Unlink"
            </OpenButton>
            <Dialog id=dialog.clone() title of=&unlink>
                <p>"It no longer signs you in."</p>
                <Form of=&unlink class="stack">
                    <FormFailure />
                    <input type="hidden" name="provider_id" value=identity.provider_id />
                    <input type="hidden" name="subject" value=identity.subject />
                    <ConfirmActions dialog confirm="Unlink it" />
                </Form>
            </Dialog>
        </WayIn>
    }
    .into_any()
}

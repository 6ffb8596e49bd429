//! The live secrets of an integration: one, or two while a rotated one runs out.

use leptos::{form::ActionForm, html, prelude::*};

use super::{
    page::{Ids, Page},
    rotation::Rotation,
};
use crate::{
    api::integrations::{IntegrationDetails, secrets::SecretRow},
    components::{
        dialog::{ConfirmActions, Dialog, OpenButton},
        time_ago::TimeAgo,
    },
};

#[component]
pub fn Secrets(page: Page, details: IntegrationDetails) -> impl IntoView {
    let may_manage = details.may_manage;
    let rows = details
        .secrets
        .iter()
        .map(|secret| view! { <Row page secret=secret.clone() may_manage /> })
        .collect_view();
    view! {
        <div class="stack-tight">
            <h3>"Client Secret"</h3>
            <ul class="rows">{rows}</ul>
            <p class="hint">"It was shown once, and only its beginning is kept to tell it by. Lost it? Rotate it."</p>
            {may_manage.then(|| view! { <Rotation page details /> })}
        </div>
    }
    .into_any()
}

#[component]
fn Row(page: Page, secret: SecretRow, may_manage: bool) -> impl IntoView {
    let runs_out = secret.ends.is_some();
    let by = secret
        .created_by
        .clone()
        .map(|email| format!(" by {email}"));
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <code data-testid="secret-prefix">{secret.prefix.clone()} "…"</code>
                    {secret
                        .ends
                        .clone()
                        .map(|when| {
                            view! {
                                <span class="badge badge-warn">
                                    "works until " <TimeAgo when />
                                </span>
                            }
                        })}
                </div>
                <span class="row-sub row-sub-whole">
                    "created " <TimeAgo when=secret.created.clone() /> {by} " · "
                    {match secret.last_used.clone() {
                        Some(when) => view! { <span>"last used " <TimeAgo when /></span> }.into_any(),
                        None => view! { <span>"never used"</span> }.into_any(),
                    }}
                </span>
            </div>
            // The newest stays: without it nothing would work once the other has run out.
            {(may_manage && runs_out).then(|| view! { <EndNow page secret /> })}
        </li>
    }
    .into_any()
}

#[component]
fn EndNow(page: Page, secret: SecretRow) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let dialog = format!("end-{}", secret.id);
    view! {
        <OpenButton dialog=dialog.clone() node class="btn btn-small">
            "End now"
        </OpenButton>
        <Dialog id=dialog.clone() title=format!("End {}… now?", secret.prefix) node>
            <p>
                "A client that still sends this secret stops refreshing at once, until the newer one is pasted into it. "
                {match secret.last_used {
                    Some(when) => view! { <span>"It was last used " <TimeAgo when /> "."</span> }.into_any(),
                    None => view! { <span>"It was never used."</span> }.into_any(),
                }}
            </p>
            <ActionForm action=page.end_secret>
                <Ids page />
                <input type="hidden" name="secret_id" value=secret.id />
                <ConfirmActions dialog node confirm="End it now" />
            </ActionForm>
        </Dialog>
    }
    .into_any()
}

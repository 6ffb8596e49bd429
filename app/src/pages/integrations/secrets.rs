//! The live secrets of an integration: one, or two while a rotated one runs out.

use leptos::prelude::*;

use super::{ids::Ids, rotation::Rotation};
use crate::{
    api::integrations::{
        IntegrationDetails,
        secrets::{EndSecret, SecretRow},
    },
    components::{
        badge::{Badge, Tone},
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        form::{Form, sent_of},
        time_ago::TimeAgo,
    },
};

#[component]
pub fn Secrets(details: IntegrationDetails) -> impl IntoView {
    let may_manage = details.may_manage;
    let rows = details
        .secrets
        .iter()
        .map(|secret| view! { <Row secret=secret.clone() may_manage /> })
        .collect_view();
    view! {
        <div class="stack-tight">
            <h3>"Client Secret"</h3>
            <ul class="rows">{rows}</ul>
            <p class="hint">"It was shown once, and only its beginning is kept to tell it by. Lost it? Rotate it."</p>
            {may_manage.then(|| view! { <Rotation details /> })}
        </div>
    }
    .into_any()
}

#[component]
fn Row(secret: SecretRow, may_manage: bool) -> impl IntoView {
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
                                <Badge tone=Tone::Warning>
                                    "works until " <TimeAgo when />
                                </Badge>
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
            {(may_manage && runs_out).then(|| view! { <EndNow secret /> })}
        </li>
    }
    .into_any()
}

#[component]
fn EndNow(secret: SecretRow) -> impl IntoView {
    let end = sent_of::<EndSecret>(secret.id.clone());
    let dialog = format!("end-{}", secret.id);
    view! {
        <OpenButton dialog=dialog.clone() is_small=true>
            "End now"
        </OpenButton>
        <Dialog id=dialog.clone() title=format!("End {}… now?", secret.prefix) of=&end>
            <p>
                "A client that still sends this secret stops refreshing at once, until the newer one is pasted into it. "
                {match secret.last_used {
                    Some(when) => view! { <span>"It was last used " <TimeAgo when /> "."</span> }.into_any(),
                    None => view! { <span>"It was never used."</span> }.into_any(),
                }}
            </p>
            <Form of=&end class="stack">
                <FormFailure />
                <Ids />
                <input type="hidden" name="secret_id" value=secret.id />
                <ConfirmActions dialog confirm="End it now" />
            </Form>
        </Dialog>
    }
    .into_any()
}

//! The invitations to have an account, in no project.

use leptos::prelude::*;

use crate::{
    api::{instance::accounts::RevokeInstanceInvitation, members::InvitationRow},
    components::{
        badge::{Badge, Tone},
        button::Button,
        failure::FormFailure,
        form::{Form, sent_of},
        time_ago::TimeAgo,
    },
};

#[component]
pub(super) fn Invitations(invitations: Vec<InvitationRow>) -> impl IntoView {
    if invitations.is_empty() {
        return ().into_any();
    }
    let rows = invitations
        .into_iter()
        .map(|one| view! { <Row one /> })
        .collect_view();
    view! {
        <h2>"Invitations to the instance"</h2>
        <ul class="rows">{rows}</ul>
    }
    .into_any()
}

#[component]
fn Row(one: InvitationRow) -> impl IntoView {
    let whom = one.email.unwrap_or_else(|| {
        format!(
            "Whoever has the link: {} of {} used",
            one.uses, one.most_uses
        )
    });
    let tone = match one.is_open {
        true => Tone::Good,
        false => Tone::Plain,
    };
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <span>{whom}</span>
                    <Badge tone>{one.state}</Badge>
                </div>
                <span class="row-sub row-sub-whole">
                    "created " <TimeAgo when=one.created /> " by " {one.created_by}
                </span>
            </div>
            {one.is_open.then(|| view! { <Revoke id=one.id /> })}
        </li>
    }
    .into_any()
}

#[component]
fn Revoke(id: String) -> impl IntoView {
    let revoke = sent_of::<RevokeInstanceInvitation>(id.clone());
    view! {
        <Form of=&revoke class="cluster" done="The link no longer works.">
            <FormFailure />
            <input type="hidden" name="invitation_id" value=id />
            <Button is_small=true>
                "Revoke"
            </Button>
        </Form>
    }
    .into_any()
}

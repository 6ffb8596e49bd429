//! The invitations that were made, and taking one back.

use leptos::prelude::*;

use crate::{
    api::members::{InvitationRow, RevokeInvitation},
    components::{
        badge::{Badge, Tone},
        button::Button,
        failure::FormFailure,
        form::{Form, sent_of},
        time_ago::TimeAgo,
    },
    pages::in_path,
};

#[component]
pub(super) fn Invitations(all: Vec<InvitationRow>) -> impl IntoView {
    let rows = all
        .into_iter()
        .map(|invitation| view! { <Invitation invitation /> })
        .collect_view();
    view! {
        <h2>"Invitations"</h2>
        <ul class="rows">{rows}</ul>
    }
    .into_any()
}

#[component]
fn Invitation(invitation: InvitationRow) -> impl IntoView {
    let whom = match &invitation.email {
        Some(email) => email.clone(),
        None if invitation.most_uses == 1 => "Whoever has the link, once".to_owned(),
        None => format!(
            "Whoever has the link: {} of {} used",
            invitation.uses, invitation.most_uses
        ),
    };
    let revoke = invitation.is_open.then(|| {
        let (id, whom) = (invitation.id.clone(), whom.clone());
        view! { <Revoke id whom /> }
    });
    let state = match invitation.is_open {
        true => view! { <Badge tone=Tone::Good>"open"</Badge> }.into_any(),
        false => view! { <Badge>{invitation.state}</Badge> }.into_any(),
    };
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <span>{whom}</span>
                    {invitation.role.map(|role| view! { <Badge>{role}</Badge> })}
                    {state}
                </div>
                <span class="row-sub row-sub-whole">
                    "created " <TimeAgo when=invitation.created /> " by " {invitation.created_by}
                    {invitation
                        .is_open
                        .then(|| {
                            view! {
                                " · ends "
                                <TimeAgo when=invitation.expires />
                            }
                        })}
                </span>
            </div>
            {revoke}
        </li>
    }
    .into_any()
}

#[component]
fn Revoke(id: String, whom: String) -> impl IntoView {
    let revoke = sent_of::<RevokeInvitation>(id.clone());
    view! {
        <Form of=&revoke>
            <input type="hidden" name="project_id" value=in_path("project_id") />
            <input type="hidden" name="invitation_id" value=id />
            <Button is_small=true label=format!("Revoke the invitation of {whom}")>
                "Revoke"
            </Button>
        </Form>
        <FormFailure of=&revoke />
    }
    .into_any()
}

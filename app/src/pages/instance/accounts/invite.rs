//! Inviting somebody to have an account, in no project.

use leptos::prelude::*;

use crate::{
    api::instance::accounts::InviteToInstance as InviteAction,
    components::{form::sent, form_dialog::FormDialog},
    pages::members::invite::{LinkMade, Wish},
};

#[component]
pub(super) fn InviteToInstance(sends_mail: bool) -> impl IntoView {
    let invite = sent::<InviteAction>();
    let made = invite.value().map(|link| {
        view! {
            <LinkMade
                id="instance-invitation-link"
                title="Invitation created"
                label="Invitation link"
                testid="invitation-link"
                link
                next="/instance/accounts"
            />
        }
    });
    view! {
        <FormDialog
            id="invite-to-instance"
            open="Invite"
            title="Invite to this instance"
            of=&invite
            fields=&["email", "most_uses", "valid_seconds"]
            submit="Create invitation"
            shows=true
        >
            <p>"For an account of their own, in no project. To have somebody in a project, invite them there."</p>
            <Wish sends_mail />
        </FormDialog>
        {made}
    }
    .into_any()
}

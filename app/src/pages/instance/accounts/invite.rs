//! Inviting somebody to have an account, in no project.

use leptos::prelude::*;

use crate::{
    api::instance::accounts::InviteToInstance as InviteAction,
    components::{
        button::{Button, ButtonKind},
        dialog::{CancelButton, Dialog, OpenButton},
        failure::FormFailure,
        form::{Form, sent},
    },
    pages::members::invite::{LinkMade, Wish},
};

const DIALOG: &str = "invite-to-instance";

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
        <OpenButton dialog=DIALOG kind=ButtonKind::Primary>
            "Invite"
        </OpenButton>
        <Dialog id=DIALOG title="Invite to this instance" of=&invite>
            <p>"For an account of their own, in no project. To have somebody in a project, invite them there."</p>
            <Form of=&invite class="stack" shows=true>
                <FormFailure fields=&["email", "most_uses", "valid_seconds"] />
                <Wish sends_mail />
                <div class="dialog-actions">
                    <CancelButton dialog=DIALOG />
                    <Button kind=ButtonKind::Primary>
                        "Create invitation"
                    </Button>
                </div>
            </Form>
        </Dialog>
        {made}
    }
    .into_any()
}

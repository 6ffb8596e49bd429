//! Inviting somebody to have an account, in no project.

use leptos::{ev::SubmitEvent, form::FromFormData, html, prelude::*};

use crate::{
    api::instance::accounts::InviteToInstance as InviteAction,
    browser,
    components::{
        dialog::{CancelButton, Dialog, OpenButton},
        failure::{FormFailure, error_of, problems_of},
    },
    pages::members::invite::{Made, Wish},
};

const DIALOG: &str = "invite-to-instance";
const LINK: &str = "instance-invitation-link";

#[component]
pub(super) fn InviteToInstance(invited: RwSignal<u32>, sends_mail: bool) -> impl IntoView {
    let invite = ServerAction::<InviteAction>::new();
    let error = error_of(invite.value());
    let dialog = NodeRef::<html::Dialog>::new();
    let shown = NodeRef::<html::Dialog>::new();
    let is_ready = browser::arrived();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Ok(wish) = InviteAction::from_event(&event) {
            invite.dispatch(wish);
        }
    };
    let made = Signal::derive(move || {
        invite
            .value()
            .with(|value| value.as_ref()?.as_ref().ok().cloned())
    });
    Effect::new(move |_| {
        if made.with(Option::is_some) {
            browser::close(dialog);
            browser::open(shown);
        }
    });
    view! {
        <OpenButton dialog=DIALOG node=dialog class="btn btn-primary">
            "Invite"
        </OpenButton>
        <Dialog id=DIALOG title="Invite to this instance" node=dialog>
            <p>"For an account of their own, in no project. To have somebody in a project, invite them there."</p>
            <form class="stack" on:submit=submit>
                <FormFailure error fields=&["email", "most_uses", "valid_seconds"] />
                <Wish sends_mail problems=problems_of(error) />
                <div class="dialog-actions">
                    <CancelButton dialog=DIALOG node=dialog />
                    <button
                        type="submit"
                        class="btn btn-primary"
                        disabled=move || !is_ready.get() || invite.pending().get()
                    >
                        "Create invitation"
                    </button>
                </div>
            </form>
        </Dialog>
        <Dialog id=LINK title="Invitation created" node=shown>
            {move || {
                made.get().map(|link| view! { <Made label="Invitation link" testid="invitation-link" link /> })
            }}
            <div class="dialog-actions">
                <button
                    type="button"
                    class="btn btn-primary"
                    on:click=move |_| {
                        browser::close(shown);
                        invite.value().set(None);
                        invited.update(|count| *count += 1);
                    }
                >
                    "Done"
                </button>
            </div>
        </Dialog>
    }
    .into_any()
}

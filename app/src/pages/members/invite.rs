//! Inviting somebody, and seeing the link once.

use leptos::{ev::SubmitEvent, form::FromFormData, html, prelude::*};

use crate::{
    api::{
        FieldProblem,
        members::{InviteMember, NewLink},
    },
    browser,
    components::{
        copy::CopyField,
        dialog::{CancelButton, Dialog, OpenButton},
        failure::{FormFailure, error_of, problems_of},
        field::{PickField, SelectField, TextField},
        time_ago::TimeAgo,
    },
};

const DIALOG: &str = "invite";
const LINK: &str = "invitation-link";

const DAYS: &[(&str, &str)] = &[("1", "1 day"), ("7", "7 days"), ("30", "30 days")];

const WAYS_WITH_MAIL: &[(&str, &str)] = &[
    ("false", "I send the link myself"),
    ("true", "By mail to the address below"),
];

#[component]
pub(super) fn Invite(
    project_id: Memo<String>,
    invited: RwSignal<u32>,
    roles: Vec<String>,
    sends_mail: bool,
) -> impl IntoView {
    let invite = ServerAction::<InviteMember>::new();
    let error = error_of(invite.value());
    let problems = problems_of(error);
    let dialog = NodeRef::<html::Dialog>::new();
    let shown = NodeRef::<html::Dialog>::new();
    // Only wasm can show the link, so nothing is made before it is here.
    let is_ready = browser::arrived();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Ok(wish) = InviteMember::from_event(&event) {
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
    let roles = roles
        .into_iter()
        .map(|role| (role.clone(), role))
        .collect::<Vec<_>>();
    view! {
        <OpenButton dialog=DIALOG node=dialog class="btn btn-primary">
            "Invite"
        </OpenButton>
        <Dialog id=DIALOG title="Invite to the project" node=dialog>
            <form class="stack" on:submit=submit>
                <input type="hidden" name="project_id" value=project_id.get_untracked() />
                <FormFailure error fields=&["role", "email", "most_uses", "valid_seconds"] />
                <PickField
                    label="Role"
                    field="role"
                    name="role"
                    value="developer".to_owned()
                    options=roles
                    problems
                />
                <Wish sends_mail problems />
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

/// The fields of an invitation: for whom, for how many, for how long.
#[component]
pub fn Wish(sends_mail: bool, problems: Signal<Vec<FieldProblem>>) -> impl IntoView {
    let way = match sends_mail {
        true => view! {
            <SelectField
                label="Delivery"
                field="by_mail"
                value="false"
                options=WAYS_WITH_MAIL
                hint="By mail nobody else sees the link: whoever opens it has shown that the address is theirs."
                problems
            />
        }
        .into_any(),
        false => view! { <input type="hidden" name="by_mail" value="false" /> }.into_any(),
    };
    view! {
        {way}
        <TextField
            label="Only for this address"
            field="email"
            kind="email"
            placeholder="colleague@example.com"
            hint="Empty: anyone who has the link can use it."
            problems
        />
        <div class="two">
            <TextField
                label="How many people"
                field="most_uses"
                kind="number"
                value="1"
                hint="One, where it is for an address."
                problems
            />
            <SelectField
                label="Valid for"
                field="valid_days"
                value="7"
                options=DAYS
                problems
            />
        </div>
    }
    .into_any()
}

/// A link that is shown once, or that a mail brings.
#[component]
pub fn Made(label: &'static str, testid: &'static str, link: NewLink) -> impl IntoView {
    let what = match (link.url, link.sent_to) {
        (Some(url), _) => view! {
            <p>"Send this link to the person that it is for. It is shown only now."</p>
            <CopyField label value=url testid />
        }
        .into_any(),
        (None, Some(email)) => {
            view! { <p>{format!("A mail is on its way to {email}.")}</p> }.into_any()
        }
        (None, None) => ().into_any(),
    };
    view! {
        {what}
        <p class="hint">"It works until " <TimeAgo when=link.expires /> "."</p>
    }
    .into_any()
}

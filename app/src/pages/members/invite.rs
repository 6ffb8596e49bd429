//! Inviting somebody, and seeing the link once.

use leptos::prelude::*;

use crate::{
    api::members::{InviteMember, NewLink},
    components::{
        copy::CopyField,
        field::{SelectField, TextField},
        form::sent,
        form_dialog::FormDialog,
        role_field::RoleField,
        shown_once::ShownOnce,
        time_ago::TimeAgo,
    },
    pages::in_path,
};

const DAYS: &[(&str, &str)] = &[("1", "1 day"), ("7", "7 days"), ("30", "30 days")];

const WAYS_WITH_MAIL: &[(&str, &str)] = &[
    ("false", "I send the link myself"),
    ("true", "By mail to the address below"),
];

#[component]
pub(super) fn Invite(roles: Vec<String>, sends_mail: bool) -> impl IntoView {
    let invite = sent::<InviteMember>();
    view! {
        <FormDialog
            id="invite"
            open="Invite"
            title="Invite to the project"
            of=&invite
            fields=&["role", "email", "most_uses"]
            submit="Create invitation"
            shows=true
        >
            <input type="hidden" name="project_id" value=in_path("project_id") />
            <RoleField roles />
            <Wish sends_mail />
        </FormDialog>
    }
    .into_any()
}

/// The dialog that shows the link, on the page that answers the form.
#[component]
pub(super) fn Invited() -> impl IntoView {
    let next = format!("/projects/{}/members", in_path("project_id"));
    sent::<InviteMember>().value().map(|link| {
        view! {
            <LinkMade
                id="invitation-link"
                title="Invitation created"
                label="Invitation link"
                testid="invitation-link"
                link
                next
            />
        }
    })
}

/// The fields of an invitation: for whom, for how many, for how long.
#[component]
pub fn Wish(sends_mail: bool) -> impl IntoView {
    let way = match sends_mail {
        true => view! {
            <SelectField
                label="Delivery"
                field="by_mail"
                value="false"
                options=WAYS_WITH_MAIL
                hint="By mail nobody else sees the link: whoever opens it has shown that the address is theirs."
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
        />
        <div class="two">
            <TextField
                label="How many people"
                field="most_uses"
                kind="number"
                value="1"
                hint="One, where it is for an address."
            />
            <SelectField label="Valid for" field="valid_days" value="7" options=DAYS />
        </div>
    }
    .into_any()
}

/// A link that is shown once, or that a mail brings.
#[component]
pub fn LinkMade(
    /// Unique on the page.
    id: &'static str,
    title: &'static str,
    /// Of the link.
    label: &'static str,
    testid: &'static str,
    link: NewLink,
    /// Where the reader goes then.
    #[prop(into)]
    next: String,
) -> impl IntoView {
    let is_kept = link.url.is_some();
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
        <ShownOnce id title next done="Done" is_kept>
            {what}
            <p class="hint">"It works until " <TimeAgo when=link.expires /> "."</p>
        </ShownOnce>
    }
    .into_any()
}

//! Removing a member. What ends with them is looked up for the one that the address names (`?remove=`),
//! and not for everybody in the list.

use leptos::prelude::*;

use super::ends::What;
use crate::{
    api::members::{Ends, MemberRow, RemoveMember},
    components::{
        button::Button,
        dialog::{ConfirmActions, Dialog},
        failure::FormFailure,
        form::{Form, sent},
        list_query::{Asked, AskedFields},
    },
    pages::in_path,
};

pub(super) const REMOVE: &str = "remove";

/// Leads to the page that asks whether it is meant.
#[component]
pub(super) fn RemoveButton(asked: Asked, member: MemberRow) -> impl IntoView {
    let action = format!("/projects/{}/members", in_path("project_id"));
    view! {
        <form method="get" action=action>
            <AskedFields asked />
            <input type="hidden" name=REMOVE value=member.user_id />
            <Button is_small=true label=format!("Remove {}", member.email)>
                "Remove"
            </Button>
        </form>
    }
    .into_any()
}

/// Asks, and says what ends.
#[component]
pub(super) fn Removal(
    member: MemberRow,
    ends: Ends,
    /// The page without the question.
    back: String,
) -> impl IntoView {
    const DIALOG: &str = "remove-member";
    let remove = sent::<RemoveMember>();
    let project_id = in_path("project_id");
    view! {
        <Dialog id=DIALOG title=format!("Remove {}?", member.email) is_open=true back>
            <p>"They can no longer open the project. What rests on that ends with the next request:"</p>
            <What ends />
            <Form of=&remove class="stack">
                <FormFailure />
                <input type="hidden" name="project_id" value=project_id />
                <input type="hidden" name="user_id" value=member.user_id />
                <ConfirmActions dialog=DIALOG confirm="Remove" />
            </Form>
        </Dialog>
    }
    .into_any()
}

//! Leaving a project, and deleting it.

use leptos::prelude::*;

use super::{super::members::ends::What, ProjectField};
use crate::{
    api::{
        members::{Ends, LeaveProject},
        projects::{DeleteProject, ProjectEnd},
    },
    components::{
        button::ButtonKind,
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        field::TextField,
        form::{Form, sent},
    },
    counted::counted,
};

const LEAVE: &str = "leave-project";
const DELETE: &str = "delete-project";

#[component]
pub(super) fn Leave(
    /// `None`: the reader cannot.
    ends: Option<Ends>,
) -> impl IntoView {
    let Some(ends) = ends else {
        return view! {
            <p class="quiet">"You are the last owner. Transfer the project, or delete it."</p>
        }
        .into_any();
    };
    let leave = sent::<LeaveProject>();
    view! {
        <div>
            <OpenButton dialog=LEAVE>"Leave the project"</OpenButton>
        </div>
        <Dialog id=LEAVE title="Leave the project?" of=&leave>
            <p>"You can no longer open it, and what rests on your being in it ends:"</p>
            <What ends />
            <Form of=&leave class="stack">
                <FormFailure />
                <ProjectField />
                <ConfirmActions dialog=LEAVE confirm="Leave it" />
            </Form>
        </Dialog>
    }
    .into_any()
}

#[component]
pub(super) fn Delete(end: ProjectEnd) -> impl IntoView {
    let delete = sent::<DeleteProject>();
    let number = |number: i64| usize::try_from(number).unwrap_or_default();
    let takes = format!(
        "{} and {} end with it, with every connection, secret and key of the project. It cannot be undone.",
        counted(number(end.tools), "tool", "tools"),
        counted(number(end.integrations), "integration", "integrations"),
    );
    view! {
        <div>
            <OpenButton dialog=DELETE kind=ButtonKind::Danger>
                "Delete the project"
            </OpenButton>
        </div>
        <Dialog id=DELETE title=format!("Delete {}?", end.name) of=&delete>
            <p>{takes}</p>
            <Form of=&delete class="stack">
                <FormFailure fields=&["confirm_name"] />
                <ProjectField />
                <TextField label="Type the project's name to go on" field="confirm_name" />
                <ConfirmActions dialog=DELETE confirm="Delete it for good" />
            </Form>
        </Dialog>
    }
    .into_any()
}

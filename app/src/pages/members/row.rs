//! A member: their role, and the way out.

use leptos::{form::ActionForm, html, prelude::*};

use super::{Actions, ends::What};
use crate::{
    api::members::{MemberRow, what_removal_ends},
    browser,
    components::{
        dialog::{ConfirmActions, Dialog},
        loaded::Loaded,
        time_ago::TimeAgo,
    },
};

#[component]
pub(super) fn Row(
    actions: Actions,
    roles: Vec<String>,
    requires_second_factor: bool,
    member: MemberRow,
) -> impl IntoView {
    // Something to mend only where one is asked for.
    let without = match requires_second_factor {
        true => "badge badge-warn",
        false => "badge",
    };
    let badges = [
        member.is_me.then_some(("you", "badge badge-ok")),
        (!member.is_enabled).then_some(("disabled", "badge badge-bad")),
        (member.has_second_factor == Some(false)).then_some(("no second factor", without)),
    ];
    let badges = badges
        .into_iter()
        .flatten()
        .map(|(text, class)| view! { <span class=class>{text}</span> })
        .collect_view();
    let manage = match member.is_manageable {
        true => view! { <Manage actions roles member=member.clone() /> }.into_any(),
        false => view! { <span class="badge">{member.role.clone()}</span> }.into_any(),
    };
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <span>{member.email.clone()}</span>
                    {badges}
                </div>
                <span class="row-sub row-sub-whole">
                    "joined " <TimeAgo when=member.joined />
                    {member
                        .last_used
                        .map(|when| {
                            view! {
                                " · called tools "
                                <TimeAgo when />
                            }
                        })}
                </span>
            </div>
            {manage}
        </li>
    }
    .into_any()
}

#[component]
fn Manage(actions: Actions, roles: Vec<String>, member: MemberRow) -> impl IntoView {
    let label = format!("Role of {}", member.email);
    let options = roles
        .into_iter()
        .map(|role| {
            let selected = role == member.role;
            view! {
                <option value=role.clone() selected=selected>
                    {role.clone()}
                </option>
            }
        })
        .collect_view();
    let project_id = actions.project_id;
    let user_id = member.user_id.clone();
    view! {
        <ActionForm action=actions.set_role attr:class="cluster">
            <input type="hidden" name="project_id" value=project_id.get() />
            <input type="hidden" name="user_id" value=user_id />
            <select class="input input-small" name="role" aria-label=label>
                {options}
            </select>
            <button type="submit" class="btn btn-small">
                "Change"
            </button>
        </ActionForm>
        <Remove actions member />
    }
    .into_any()
}

#[component]
fn Remove(actions: Actions, member: MemberRow) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let dialog = format!("remove-{}", member.user_id);
    let project_id = actions.project_id;
    let is_open = RwSignal::new(false);
    let user_id = member.user_id.clone();
    let ends = Resource::new_blocking(
        move || is_open.get().then(|| (project_id.get(), user_id.clone())),
        |asked| async move {
            match asked {
                Some((project_id, user_id)) => {
                    what_removal_ends(project_id, user_id).await.map(Some)
                }
                None => Ok(None),
            }
        },
    );
    let label = format!("Remove {}", member.email);
    view! {
        <button
            type="button"
            class="btn btn-small"
            aria-label=label
            command="show-modal"
            commandfor=dialog.clone()
            on:click=move |_| {
                is_open.set(true);
                if !browser::obeys_commands() {
                    browser::open(node);
                }
            }
        >
            "Remove"
        </button>
        <Dialog id=dialog.clone() title=format!("Remove {}?", member.email) node>
            <p>"They can no longer open the project. What rests on that ends with the next request:"</p>
            <Loaded from=ends show=|ends| ends.map(|ends| view! { <What ends /> }) />
            <ActionForm action=actions.remove>
                <input type="hidden" name="project_id" value=project_id.get() />
                <input type="hidden" name="user_id" value=member.user_id />
                <ConfirmActions dialog node confirm="Remove" />
            </ActionForm>
        </Dialog>
    }
    .into_any()
}

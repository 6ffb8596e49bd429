//! Who is in the project, and with which role.

pub mod ends;
pub mod invite;
mod row;

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

use super::path_param;
use crate::{
    api::members::{
        InvitationRow, MemberList, RemoveMember, RevokeInvitation, SetMemberRole, list_members,
    },
    components::{
        failure::{FormFailure, error_of},
        loaded::Loaded,
        time_ago::TimeAgo,
    },
};
use invite::Invite;

/// What the rows' forms do.
#[derive(Clone, Copy)]
struct Actions {
    project_id: Memo<String>,
    set_role: ServerAction<SetMemberRole>,
    remove: ServerAction<RemoveMember>,
    revoke: ServerAction<RevokeInvitation>,
}

#[component]
pub fn MembersPage() -> impl IntoView {
    let project_id = path_param("project_id");
    let actions = Actions {
        project_id,
        set_role: ServerAction::new(),
        remove: ServerAction::new(),
        revoke: ServerAction::new(),
    };
    // Counts the invitations that were made on this page.
    let invited = RwSignal::new(0_u32);
    let list = Resource::new(
        move || {
            (
                project_id.get(),
                actions.set_role.version().get(),
                actions.remove.version().get(),
                actions.revoke.version().get(),
                invited.get(),
            )
        },
        |(project_id, ..)| list_members(project_id),
    );
    view! {
        <Title text="Members" />
        <div class="stack">
            <FormFailure error=error_of(actions.set_role.value()) fields=&[] />
            <FormFailure error=error_of(actions.remove.value()) fields=&[] />
            <FormFailure error=error_of(actions.revoke.value()) fields=&[] />
            <Loaded from=list show=move |list| view! { <Members actions invited list /> } />
        </div>
    }
    .into_any()
}

#[component]
fn Members(actions: Actions, invited: RwSignal<u32>, list: MemberList) -> impl IntoView {
    let roles = list.roles.clone();
    let can_invite = !roles.is_empty();
    let rows = list
        .members
        .into_iter()
        .map(|member| {
            let requires_second_factor = list.requires_second_factor;
            view! { <row::Row actions roles=roles.clone() requires_second_factor member /> }
        })
        .collect_view();
    let invitations = list
        .invitations
        .filter(|all| !all.is_empty())
        .map(|all| view! { <Invitations actions all /> });
    view! {
        <div class="page-head">
            <div>
                <h1>"Members"</h1>
                <p>
                    "They use the project with their own account, and connect their own Claude. "
                    <a href="/docs/roles">"What each role may do"</a>
                </p>
            </div>
            {can_invite
                .then(|| {
                    view! {
                        <Invite
                            project_id=actions.project_id
                            invited
                            roles=list.roles
                            sends_mail=list.sends_mail
                        />
                    }
                })}
        </div>
        {list
            .requires_second_factor
            .then(|| {
                view! {
                    <p class="notice">"The project is open only to accounts with a second factor."</p>
                }
            })}
        <ul class="rows">{rows}</ul>
        {invitations}
    }
    .into_any()
}

#[component]
fn Invitations(actions: Actions, all: Vec<InvitationRow>) -> impl IntoView {
    let rows = all
        .into_iter()
        .map(|invitation| view! { <Invitation actions invitation /> })
        .collect_view();
    view! {
        <h2>"Invitations"</h2>
        <ul class="rows">{rows}</ul>
    }
    .into_any()
}

#[component]
fn Invitation(actions: Actions, invitation: InvitationRow) -> impl IntoView {
    let whom = match &invitation.email {
        Some(email) => email.clone(),
        None if invitation.most_uses == 1 => "Whoever has the link, once".to_owned(),
        None => format!(
            "Whoever has the link: {} of {} used",
            invitation.uses, invitation.most_uses
        ),
    };
    let label = format!("Revoke the invitation of {whom}");
    let state = match invitation.is_open {
        true => view! { <span class="badge badge-ok">"open"</span> }.into_any(),
        false => view! { <span class="badge">{invitation.state.clone()}</span> }.into_any(),
    };
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <span>{whom}</span>
                    {invitation.role.map(|role| view! { <span class="badge">{role}</span> })}
                    {state}
                </div>
                <span class="row-sub row-sub-whole">
                    "made " <TimeAgo when=invitation.created /> " by " {invitation.created_by}
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
            {invitation
                .is_open
                .then(|| {
                    view! {
                        <ActionForm action=actions.revoke>
                            <input type="hidden" name="project_id" value=actions.project_id.get() />
                            <input type="hidden" name="invitation_id" value=invitation.id />
                            <button type="submit" class="btn btn-small" aria-label=label>
                                "Revoke"
                            </button>
                        </ActionForm>
                    }
                })}
        </li>
    }
    .into_any()
}

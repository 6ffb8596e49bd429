//! Who is in the project, and with which role.

pub mod ends;
mod invitations;
pub mod invite;
mod removal;
mod row;

use leptos::prelude::*;
use leptos_meta::Title;

use super::{in_path, in_query};
use crate::{
    api::{
        UiError,
        lists::ListQuery,
        members::{Ends, MemberList, MemberRow, list_members, what_removal_ends},
    },
    components::{
        list_query::{Asked, ListSearch, NothingFound, Pages},
        live::Live,
        loaded::Loaded,
        notice::Notice,
    },
};
use invitations::Invitations;
use invite::{Invite, Invited};
use removal::Removal;

#[component]
pub fn MembersPage() -> impl IntoView {
    let project_id = in_path("project_id");
    let asked = Asked::in_query(format!("/projects/{project_id}/members"));
    let list = load(project_id, asked.query.clone(), in_query(removal::REMOVE));
    view! {
        <Title text="Members" />
        <Live project_id=in_path("project_id") />
        <div class="stack">
            <Loaded
                from=list
                show=|(list, removed)| {
                    let back = asked.link();
                    let removal = removed
                        .map(|(member, ends)| view! { <Removal member ends back /> });
                    view! {
                        <Members asked list />
                        {removal}
                    }
                }
            />
        </div>
        <Invited />
    }
    .into_any()
}

/// The members, and what ends with the one who is to be removed.
async fn load(
    project_id: String,
    query: ListQuery,
    removed: Option<String>,
) -> Result<(MemberList, Option<(MemberRow, Ends)>), UiError> {
    let list = list_members(project_id.clone(), query, removed).await?;
    let removal = match list.about.clone().filter(|one| one.is_manageable) {
        Some(member) => {
            let ends = what_removal_ends(project_id, member.user_id.clone()).await?;
            Some((member, ends))
        }
        None => None,
    };
    Ok((list, removal))
}

#[component]
fn Members(asked: Asked, list: MemberList) -> impl IntoView {
    let place = list.place;
    let roles = list.roles.clone();
    let can_invite = !roles.is_empty();
    let rows = list
        .members
        .into_iter()
        .map(|member| {
            let requires_second_factor = list.requires_second_factor;
            let (asked, roles) = (asked.clone(), roles.clone());
            view! { <row::Row asked roles requires_second_factor member /> }
        })
        .collect_view();
    let invitations = list
        .invitations
        .filter(|all| !all.is_empty())
        .map(|all| view! { <Invitations all /> });
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
                .then(|| view! { <Invite roles=list.roles sends_mail=list.sends_mail /> })}
        </div>
        {list
            .requires_second_factor
            .then(|| {
                view! {
                    <Notice>"The project is open only to accounts with a second factor."</Notice>
                }
            })}
        {(place.is_searched() || asked.is_narrowed())
            .then(|| {
                view! {
                    <ListSearch
                        asked=asked.clone()
                        label="Search the members"
                        placeholder="Email or role"
                    />
                }
            })}
        {if place.found == 0 {
            view! { <NothingFound asked=asked.clone() what="member" /> }.into_any()
        } else {
            view! { <ul class="rows">{rows}</ul> }.into_any()
        }}
        <Pages asked place />
        {invitations}
    }
    .into_any()
}

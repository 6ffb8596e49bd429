//! A member: their role, and the way to remove them.

use leptos::prelude::*;

use super::removal::RemoveButton;
use crate::{
    api::members::{MemberRow, SetMemberRole},
    components::{
        badge::{Badge, Tone},
        button::Button,
        failure::FormFailure,
        form::{Form, SentForm, sent_of},
        list_query::Asked,
        time_ago::TimeAgo,
    },
    pages::in_path,
};

#[component]
pub(super) fn Row(
    asked: Asked,
    roles: Vec<String>,
    requires_second_factor: bool,
    member: MemberRow,
) -> impl IntoView {
    // Something to mend only where one is asked for.
    let lacks_factor = requires_second_factor && member.has_second_factor == Some(false);
    let badges = [
        member.is_me.then_some(("you", Tone::Good)),
        (!member.is_enabled).then_some(("disabled", Tone::Bad)),
        lacks_factor.then_some(("no second factor", Tone::Warning)),
    ];
    let badges = badges
        .into_iter()
        .flatten()
        .map(|(text, tone)| view! { <Badge tone>{text}</Badge> })
        .collect_view();
    let manage = match member.is_manageable {
        true => view! { <Manage asked roles member=member.clone() /> }.into_any(),
        false => view! { <Badge>{member.role.clone()}</Badge> }.into_any(),
    };
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <span>{member.email}</span>
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
fn Manage(asked: Asked, roles: Vec<String>, member: MemberRow) -> impl IntoView {
    let set_role = sent_of::<SetMemberRole>(member.user_id.clone());
    let label = format!("Role of {}", member.email);
    let user_id = member.user_id.clone();
    let chosen = SentForm::from(&set_role).typed("role");
    let chosen = chosen.unwrap_or_else(|| member.role.clone());
    let options = roles
        .into_iter()
        .map(|role| {
            let selected = role == chosen;
            view! {
                <option value=role.clone() selected=selected>
                    {role.clone()}
                </option>
            }
        })
        .collect_view();
    view! {
        <Form of=&set_role class="cluster" done="Changed.">
            <input type="hidden" name="project_id" value=in_path("project_id") />
            <input type="hidden" name="user_id" value=user_id />
            <select class="input input-small" name="role" aria-label=label>
                {options}
            </select>
            <Button is_small=true>"Change"</Button>
        </Form>
        <RemoveButton asked member />
        <FormFailure of=&set_role />
    }
    .into_any()
}

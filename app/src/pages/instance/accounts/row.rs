//! An account in the list.

use leptos::prelude::*;

use super::{PATH, manage::Manage};
use crate::{
    api::instance::accounts::AccountRow,
    components::{
        badge::{Badge, Tone},
        button::Button,
        list_query::{Asked, AskedFields},
        time_ago::TimeAgo,
    },
    counted::counted,
};

#[component]
pub(super) fn Row(asked: Asked, account: AccountRow, is_managed: bool) -> impl IntoView {
    let badges = [
        account.is_me.then_some(("you", Tone::Good)),
        account
            .is_instance_owner
            .then_some(("owner of the instance", Tone::Plain)),
        account.is_disabled.then_some(("disabled", Tone::Bad)),
        account
            .has_second_factor
            .then_some(("second factor", Tone::Plain)),
        account.is_verified.then_some(("verified", Tone::Plain)),
    ];
    let badges = badges
        .into_iter()
        .flatten()
        .map(|(text, tone)| view! { <Badge tone>{text}</Badge> })
        .collect_view();
    let projects = usize::try_from(account.projects).unwrap_or_default();
    let seen = account.last_used.clone().map(|when| {
        view! {
            " · seen "
            <TimeAgo when />
        }
    });
    let manage = view! { <ManageButton asked=asked.clone() account=account.clone() /> };
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <span>{account.email.clone()}</span>
                    {badges}
                </div>
                <span class="row-sub row-sub-whole">
                    {counted(projects, "project", "projects")} " · created "
                    <TimeAgo when=account.created.clone() /> {seen}
                    {(!account.has_password).then_some(" · no password")}
                </span>
            </div>
            {manage}
            {is_managed.then(|| view! { <Manage asked account /> })}
        </li>
    }
    .into_any()
}

/// Asks for this page with the account's dialog: the list holds it for one, not for all.
#[component]
fn ManageButton(asked: Asked, account: AccountRow) -> impl IntoView {
    view! {
        <form method="get" action=PATH>
            <AskedFields asked />
            <input type="hidden" name="manage" value=account.id />
            <Button is_small=true label=format!("Manage {}", account.email)>
                "Manage"
            </Button>
        </form>
    }
    .into_any()
}

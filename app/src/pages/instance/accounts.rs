//! The accounts of the instance: who has one, and what an owner may do about it.

mod invitations;
mod invite;
mod manage;
mod row;

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::instance::accounts::{AccountList, list_accounts},
    components::{
        list_query::{Asked, ListSearch, NothingFound},
        loaded::Loaded,
    },
    pages::in_query,
};
use invitations::Invitations;
use invite::InviteToInstance;

const PATH: &str = "/instance/accounts";
/// In the address: which account the page before ended with. There may be many thousands.
const BEFORE: &str = "before";

#[component]
pub fn AccountsPage() -> impl IntoView {
    let asked = Asked::in_query(PATH);
    let before = in_query(BEFORE);
    let list = list_accounts(Some(asked.query.text.clone()), before.clone());
    view! {
        <Title text="Accounts" />
        <div class="stack">
            <Loaded from=list show=move |list| view! { <Accounts asked before list /> } />
        </div>
    }
    .into_any()
}

#[component]
fn Accounts(asked: Asked, before: Option<String>, list: AccountList) -> impl IntoView {
    let here = asked.clone().and(BEFORE, before.unwrap_or_default());
    let is_empty = list.accounts.is_empty();
    // The account whose dialog is open.
    let managed = in_query("manage");
    let rows = list
        .accounts
        .into_iter()
        .map(|account| {
            let is_managed = managed.as_ref() == Some(&account.id);
            view! { <row::Row asked=here.clone() account is_managed /> }
        })
        .collect_view();
    let older = list.older.map(|before| {
        let older = asked.clone().and(BEFORE, before).link();
        view! {
            <p>
                <a href=older>"Older"</a>
            </p>
        }
    });
    view! {
        <div class="page-head">
            <div>
                <h1>"Accounts"</h1>
                <p>"Everybody who can sign in here. Who is in which project is decided there."</p>
            </div>
            <InviteToInstance sends_mail=list.sends_mail />
        </div>
        <ListSearch
            asked=asked.clone()
            label="Search the accounts"
            placeholder="Part of an address"
        />
        {if is_empty {
            view! { <NothingFound asked what="account" /> }.into_any()
        } else {
            view! { <ul class="rows">{rows}</ul> }.into_any()
        }}
        {older}
        <Invitations invitations=list.invitations />
    }
    .into_any()
}

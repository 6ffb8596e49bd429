//! The accounts of the instance: who has one, and what an owner may do about it.

mod invitations;
mod invite;
mod manage;
mod row;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::location::Url;

use crate::{
    api::instance::accounts::{AccountList, list_accounts},
    components::{button::Button, loaded::Loaded},
    pages::in_query,
};
use invitations::Invitations;
use invite::InviteToInstance;

/// Which part of the list a page shows.
#[derive(Clone)]
struct Part {
    text: String,
    before: Option<String>,
}

impl Part {
    fn address(&self) -> String {
        let text = Url::escape(&self.text);
        match &self.before {
            Some(before) => format!("/instance/accounts?text={text}&before={before}"),
            None => format!("/instance/accounts?text={text}"),
        }
    }
}

#[component]
pub fn AccountsPage() -> impl IntoView {
    let text = in_query("text");
    let before = in_query("before");
    let list = list_accounts(text.clone(), before.clone());
    let part = Part {
        text: text.unwrap_or_default(),
        before,
    };
    view! {
        <Title text="Accounts" />
        <div class="stack">
            <Loaded from=list show=move |list| view! { <Accounts part list /> } />
        </div>
    }
    .into_any()
}

#[component]
fn Accounts(part: Part, list: AccountList) -> impl IntoView {
    let is_empty = list.accounts.is_empty();
    // The account whose dialog is open.
    let managed = in_query("manage");
    let rows = list
        .accounts
        .into_iter()
        .map(|account| {
            let is_managed = managed.as_ref() == Some(&account.id);
            view! { <row::Row part=part.clone() account is_managed /> }
        })
        .collect_view();
    let older = list.older.map(|before| {
        let older = Part {
            before: Some(before),
            ..part.clone()
        };
        view! {
            <p>
                <a href=older.address()>"Older"</a>
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
        <form method="get" action="/instance/accounts" class="search">
            <input
                class="input"
                type="search"
                name="text"
                value=part.text.clone()
                placeholder="Part of an address"
                aria-label="Part of an address"
            />
            <Button>
                "Search"
            </Button>
        </form>
        {if is_empty {
            view! { <p class="quiet">"No account has that in its address."</p> }.into_any()
        } else {
            view! { <ul class="rows">{rows}</ul> }.into_any()
        }}
        {older}
        <Invitations invitations=list.invitations />
    }
    .into_any()
}

//! The project's vault: which secrets there are, and never what they are.

mod client;
mod delete;
pub mod editor;

use leptos::prelude::*;
use leptos_meta::Title;

use super::in_path;
use crate::{
    api::vault::{Account, VaultList, VaultRow, list_vault},
    components::{
        badge::Badge,
        button::{Button, ButtonKind, LinkButton},
        empty::Empty,
        list_query::{Asked, ListSearch, NothingFound, Pages},
        live::Live,
        loaded::Loaded,
        time_ago::TimeAgo,
    },
    counted::counted,
};

#[component]
pub fn VaultPage() -> impl IntoView {
    let project_id = in_path("project_id");
    let asked = Asked::in_query(format!("/projects/{project_id}/vault"));
    let list = list_vault(project_id.clone(), asked.query.clone());
    view! {
        <Title text="Vault" />
        <Live project_id />
        <Loaded from=list show=|list| view! { <Secrets asked list /> } />
    }
    .into_any()
}

#[component]
fn Secrets(asked: Asked, list: VaultList) -> impl IntoView {
    let place = list.place;
    let add = list.may_edit.then(|| view! { <AddButton /> });
    if place.total == 0 {
        return view! {
            <div class="page-head">
                <h1>"Vault"</h1>
            </div>
            <Empty title="No secrets yet">
                <p>
                    "A secret here has a name that tools refer to, and the servers that it may be sent to. Change it in one place, and every tool has the new one from its next call on. Nobody can read it again, and no tool can send it elsewhere."
                </p>
                {add}
            </Empty>
        }
        .into_any();
    }
    let rows = list
        .secrets
        .into_iter()
        .map(|secret| view! { <Row secret /> })
        .collect_view();
    view! {
        <div class="page-head">
            <div>
                <h1>"Vault"</h1>
                <p>"Secrets that tools refer to by name. Each goes to its own servers and nowhere else."</p>
            </div>
            {add}
        </div>
        <div class="stack">
            {(place.is_searched() || asked.is_narrowed())
                .then(|| {
                    view! {
                        <ListSearch
                            asked=asked.clone()
                            label="Search the vault"
                            placeholder="Name or server"
                        />
                    }
                })}
            {if place.found == 0 {
                view! { <NothingFound asked=asked.clone() what="secret" /> }.into_any()
            } else {
                view! { <ul class="rows">{rows}</ul> }.into_any()
            }}
            <Pages asked place />
        </div>
    }
    .into_any()
}

/// A form that asks for the page, so that it is a button in looks and role.
#[component]
fn AddButton() -> impl IntoView {
    view! {
        <form method="get" action=format!("/projects/{}/vault/new", in_path("project_id"))>
            <Button kind=ButtonKind::Primary>
                "Add a secret"
            </Button>
        </form>
    }
    .into_any()
}

#[component]
fn Row(secret: VaultRow) -> impl IntoView {
    let page = format!("/projects/{}/vault/{}", in_path("project_id"), secret.id);
    let connect = format!("/connect/{}", secret.id);
    let tools = match secret.tools {
        0 => "no tool uses it".to_owned(),
        number => format!("used by {}", counted(number, "tool", "tools")),
    };
    let account = secret.account.map(|account| {
        let text = match account {
            Account::NotConnected => "Connect my account",
            Account::Connected => "My account: connected",
            Account::Ended => "My account: ended, connect again",
        };
        view! {
            <LinkButton href=connect is_small=true>
                {text}
            </LinkButton>
        }
    });
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <a class="mono" href=page>
                        {secret.name.clone()}
                    </a>
                    {secret.is_client.then(|| view! { <Badge>"OAuth 2 client"</Badge> })}
                </div>
                <span class="row-sub">
                    {(!secret.is_client).then(|| view! { <span>{secret.sent_as} " · "</span> })}
                    <span class="mono">{secret.origins.join(", ")}</span>
                    " · "
                    {tools}
                    " · changed "
                    <TimeAgo when=secret.updated />
                    {secret.updated_by.map(|by| format!(" by {by}"))}
                </span>
            </div>
            {account}
        </li>
    }
    .into_any()
}

//! The project's vault: which secrets there are, and never what they are.

pub mod editor;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;

use super::path_param;
use crate::{
    api::vault::{Account, VaultList, VaultRow, list_vault},
    components::{loaded::Loaded, time_ago::TimeAgo},
    counted::counted,
};

#[component]
pub fn VaultPage() -> impl IntoView {
    let project_id = path_param("project_id");
    let list = Resource::new(move || project_id.get(), list_vault);
    view! {
        <Title text="Vault" />
        <Loaded from=list show=move |list| view! { <Secrets project_id list /> } />
    }
    .into_any()
}

#[component]
fn Secrets(project_id: Memo<String>, list: VaultList) -> impl IntoView {
    let add = move || list.may_edit.then(|| view! { <AddButton project_id /> });
    if list.secrets.is_empty() {
        return view! {
            <h1 class="sr-only">"Vault"</h1>
            <div class="empty">
                <h2>"No secrets yet"</h2>
                <p>
                    "A secret here has a name that tools refer to, and the servers that it may be sent to. Change it in one place, and every tool has the new one from its next call on. Nobody can read it again, and no tool can send it elsewhere."
                </p>
                {add()}
            </div>
        }
        .into_any();
    }
    let rows = list
        .secrets
        .clone()
        .into_iter()
        .map(|secret| view! { <Row project_id secret /> })
        .collect_view();
    view! {
        <div class="page-head">
            <div>
                <h1>"Vault"</h1>
                <p>"Secrets that tools refer to by name. Each goes to its own servers and nowhere else."</p>
            </div>
            {add()}
        </div>
        <ul class="rows">{rows}</ul>
    }
    .into_any()
}

/// A plain GET form, so that it is a button in looks and role and works before the wasm arrives.
#[component]
fn AddButton(project_id: Memo<String>) -> impl IntoView {
    view! {
        <Form method="GET" action=move || format!("/projects/{}/vault/new", project_id.get())>
            <button type="submit" class="btn btn-primary">
                "Add a secret"
            </button>
        </Form>
    }
    .into_any()
}

#[component]
fn Row(project_id: Memo<String>, secret: VaultRow) -> impl IntoView {
    let page = {
        let id = secret.id.clone();
        move || format!("/projects/{}/vault/{id}", project_id.get())
    };
    let connect = format!("/connect/{}", secret.id);
    let tools = match secret.used_by.len() {
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
            <a class="btn btn-small" href=connect rel="external">
                {text}
            </a>
        }
    });
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <a class="mono" href=page>
                        {secret.name.clone()}
                    </a>
                    {secret.is_client.then(|| view! { <span class="badge">"OAuth 2 client"</span> })}
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

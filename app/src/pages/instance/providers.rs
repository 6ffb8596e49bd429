//! Sign-in providers: a list, and the page of one.

mod delete;
pub mod editor;

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::instance::providers::{ProviderRow, list_providers},
    components::{
        badge::{Badge, Tone},
        button::{Button, ButtonKind},
        empty::Empty,
        loaded::Loaded,
    },
    counted::counted,
};

#[component]
pub fn ProvidersPage() -> impl IntoView {
    view! {
        <Title text="Sign-in providers" />
        <Loaded from=list_providers() show=|list| view! { <Providers list /> } />
    }
    .into_any()
}

#[component]
fn Providers(list: Vec<ProviderRow>) -> impl IntoView {
    let add = || {
        view! {
            <form method="get" action="/instance/providers/new">
                <Button kind=ButtonKind::Primary>
                    "Add a provider"
                </Button>
            </form>
        }
    };
    if list.is_empty() {
        return view! {
            <div class="page-head">
                <h1>"Sign-in providers"</h1>
            </div>
            <Empty title="People sign in with a password or a passkey">
                <p>
                    "With a provider they sign in with the account that they have at Google, GitHub, or your company's Okta, Entra ID, Keycloak, or any other OpenID Connect provider."
                </p>
                {add()}
            </Empty>
        }
        .into_any();
    }
    let rows = list
        .into_iter()
        .map(|one| view! { <Row one /> })
        .collect_view();
    view! {
        <div class="page-head">
            <div>
                <h1>"Sign-in providers"</h1>
                <p>"An account there opens one here only if its person has linked the two, or if the provider created it."</p>
            </div>
            {add()}
        </div>
        <ul class="rows">{rows}</ul>
    }
    .into_any()
}

#[component]
fn Row(one: ProviderRow) -> impl IntoView {
    let accounts = usize::try_from(one.accounts).unwrap_or_default();
    let domains = match one.allowed_domains.is_empty() {
        true => "any mail domain".to_owned(),
        false => one.allowed_domains.join(", "),
    };
    view! {
        <li class="row">
            <div class="row-main">
                <div class="row-title">
                    <a href=format!("/instance/providers/{}", one.id)>{one.name}</a>
                    <Badge>{one.kind}</Badge>
                    {(!one.is_enabled).then(|| view! { <Badge tone=Tone::Warning>"off"</Badge> })}
                    {one.may_sign_up.then(|| view! { <Badge>"creates accounts"</Badge> })}
                </div>
                <span class="row-sub">
                    {counted(accounts, "account", "accounts")} " · " {domains} " · "
                    <span class="mono">{one.issuer}</span>
                </span>
            </div>
        </li>
    }
    .into_any()
}

//! The starter catalog: tools over public APIs, added with a click.

use leptos::prelude::*;
use leptos_meta::Title;

use super::super::in_path;
use crate::{
    api::tool_sources::{AddFromCatalog, CatalogCard, CatalogKey, CatalogPage, load_catalog},
    components::{
        badge::{Badge, Tone},
        button::Button,
        failure::FormFailure,
        form::{Form, sent_of},
        loaded::Loaded,
    },
};

#[component]
pub fn CatalogListPage() -> impl IntoView {
    let project_id = in_path("project_id");
    let catalog = load_catalog(project_id.clone());
    view! {
        <Title text="Starter catalog" />
        <div class="page-head">
            <div>
                <h1>"Starter catalog"</h1>
                <p>
                    "Tools over public APIs, described for a model. Each was checked against its API’s own documents, which it names, and says when it was last called live."
                </p>
            </div>
        </div>
        <Loaded from=catalog show=move |page| view! { <Cards project_id page /> } />
    }
    .into_any()
}

#[component]
fn Cards(project_id: String, page: CatalogPage) -> impl IntoView {
    let may_edit = page.may_edit;
    let cards = page
        .cards
        .into_iter()
        .map(|card| view! { <Card project_id=project_id.clone() card may_edit /> })
        .collect_view();
    view! { <div class="grid-cards">{cards}</div> }.into_any()
}

#[component]
fn Card(project_id: String, card: CatalogCard, may_edit: bool) -> impl IntoView {
    let key_state = match card.key {
        CatalogKey::None => "no key",
        CatalogKey::Optional { .. } => "key optional",
        CatalogKey::Needed { .. } => "needs a key",
    };
    let live = match &card.called_live {
        Some(day) => format!("Called live on {day}."),
        None => "Checked against the documents; not called live yet.".to_owned(),
    };
    view! {
        <article class="card stack">
            <div class="stack-tight">
                <h2>{card.title.clone()}</h2>
                <div class="cluster">
                    <a class="small" href=card.homepage.clone() rel="external noopener" target="_blank">
                        {card.api.clone()}
                    </a>
                    <Badge>{key_state}</Badge>
                    {card.is_read_only.then(|| view! { <Badge>"read-only"</Badge> })}
                </div>
            </div>
            <p class="small">{card.description.clone()}</p>
            <p class="small quiet">"Ask Claude: “" {card.ask.clone()} "”"</p>
            <Details card=card.clone() />
            <p class="small quiet">{live}</p>
            {if card.is_added {
                view! { <Added project_id /> }.into_any()
            } else {
                view! { <Add project_id card may_edit /> }.into_any()
            }}
        </article>
    }
    .into_any()
}

#[component]
fn Details(card: CatalogCard) -> impl IntoView {
    let sources = card
        .sources
        .into_iter()
        .map(|(at, text)| {
            view! {
                <li>
                    <a href=at rel="external noopener" target="_blank">
                        {text}
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <details class="fold">
            <summary>"Details"</summary>
            <div class="fold-body small">
                <p class="mono">{card.request}</p>
                {card.manners.map(|manners| view! { <p>{manners}</p> })}
                {card
                    .terms
                    .map(|terms| {
                        view! {
                            <p>
                                <a href=terms rel="external noopener" target="_blank">
                                    "Terms of the API"
                                </a>
                            </p>
                        }
                    })}
                <p>"Checked against:"</p>
                <ul>{sources}</ul>
            </div>
        </details>
    }
    .into_any()
}

#[component]
fn Added(project_id: String) -> impl IntoView {
    view! {
        <div class="cluster" role="status">
            <Badge tone=Tone::Good>"In the project"</Badge>
            <a class="small" href=format!("/projects/{project_id}/tools")>
                "See the tools"
            </a>
        </div>
    }
    .into_any()
}

#[component]
fn Add(project_id: String, card: CatalogCard, may_edit: bool) -> impl IntoView {
    let add = sent_of::<AddFromCatalog>(card.id.clone());
    let id = format!("key-{}", card.id);
    let key = match card.key {
        CatalogKey::None => None,
        CatalogKey::Optional {
            get_it_at,
            looks_like,
        } => Some(view! { <Key id get_it_at looks_like is_needed=false /> }.into_any()),
        CatalogKey::Needed {
            get_it_at,
            looks_like,
        } => Some(view! { <Key id get_it_at looks_like is_needed=true /> }.into_any()),
    };
    view! {
        <Form of=&add class="stack">
            <FormFailure />
            <input type="hidden" name="project_id" value=project_id />
            <input type="hidden" name="entry_id" value=card.id />
            {key}
            <Button is_disabled=!may_edit>
                {format!("Add {}", card.name)}
            </Button>
        </Form>
    }
    .into_any()
}

#[component]
fn Key(id: String, get_it_at: String, looks_like: String, is_needed: bool) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id.clone()>{if is_needed { "Key" } else { "Key, if you have one" }}</label>
            <input
                id=id
                class="input"
                type="password"
                name="key"
                autocomplete="off"
                required=is_needed
            />
            <span class="hint">
                {looks_like} ". "
                <a href=get_it_at rel="external noopener" target="_blank">
                    "Get one"
                </a>
            </span>
        </div>
    }
    .into_any()
}

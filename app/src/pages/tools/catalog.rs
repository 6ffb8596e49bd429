//! The starter catalog: tools over public APIs, added with a click.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

use super::super::path_param;
use crate::{
    api::tool_sources::{AddFromCatalog, CatalogCard, CatalogKey, CatalogPage, load_catalog},
    components::{
        failure::{FormFailure, error_of},
        loaded::Loaded,
    },
};

#[component]
pub fn CatalogListPage() -> impl IntoView {
    let project_id = path_param("project_id");
    let catalog = Resource::new(move || project_id.get(), load_catalog);
    view! {
        <Title text="Starter catalog" />
        <div class="page-head">
            <div>
                <h1>"Starter catalog"</h1>
                <p>
                    "Tools over public APIs, described for a model. Each was checked against its API’s own documents, which it names; what was never called live says so."
                </p>
            </div>
        </div>
        <Loaded from=catalog show=move |page| view! { <Cards project_id page /> } />
    }
    .into_any()
}

#[component]
fn Cards(project_id: Memo<String>, page: CatalogPage) -> impl IntoView {
    let may_edit = page.may_edit;
    let cards = page
        .cards
        .into_iter()
        .map(|card| view! { <Card project_id card may_edit /> })
        .collect_view();
    view! { <div class="grid-cards">{cards}</div> }.into_any()
}

#[component]
fn Card(project_id: Memo<String>, card: CatalogCard, may_edit: bool) -> impl IntoView {
    let add = ServerAction::<AddFromCatalog>::new();
    let error = error_of(add.value());
    let is_added = card.is_added;
    let done = move || is_added || add.value().with(|value| matches!(value, Some(Ok(_))));
    let key_id = format!("key-{}", card.id);
    let (key_state, key) = match card.key {
        CatalogKey::None => ("no key", None),
        CatalogKey::Optional {
            get_it_at,
            looks_like,
        } => ("key optional", Some((get_it_at, looks_like, false))),
        CatalogKey::Needed {
            get_it_at,
            looks_like,
        } => ("needs a key", Some((get_it_at, looks_like, true))),
    };
    let live = match card.called_live {
        Some(day) => format!("Called live on {day}."),
        None => "Never called live by us.".to_owned(),
    };
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
    let tools = move || format!("/projects/{}/tools", project_id.get());
    let (name, entry_id) = (card.name, card.id);
    view! {
        <article class="card stack">
            <div class="stack-tight">
                <h2>{card.title}</h2>
                <div class="cluster">
                    <a class="small" href=card.homepage rel="external noopener" target="_blank">
                        {card.api}
                    </a>
                    <span class="badge">{key_state}</span>
                    {card.is_read_only.then(|| view! { <span class="badge">"read-only"</span> })}
                </div>
            </div>
            <p class="small">{card.description}</p>
            <p class="small quiet">"Ask Claude: “" {card.ask} "”"</p>
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
            <p class="small quiet">{live}</p>
            <FormFailure error fields=&[] />
            {move || {
                if done() {
                    return view! {
                        <div class="cluster" role="status">
                            <span class="badge badge-ok">"In the project"</span>
                            <a class="small" href=tools>
                                "See the tools"
                            </a>
                        </div>
                    }
                        .into_any();
                }
                let field = key
                    .clone()
                    .map(|(get_it_at, looks_like, is_needed)| {
                        let id = key_id.clone();
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
                    });
                let (name, entry_id) = (name.clone(), entry_id.clone());
                view! {
                    <ActionForm action=add attr:class="stack">
                        <input type="hidden" name="project_id" value=move || project_id.get() />
                        <input type="hidden" name="entry_id" value=entry_id />
                        {field}
                        <button
                            type="submit"
                            class="btn"
                            disabled=move || !may_edit || add.pending().get()
                        >
                            {format!("Add {name}")}
                        </button>
                    </ActionForm>
                }
                    .into_any()
            }}
        </article>
    }
    .into_any()
}

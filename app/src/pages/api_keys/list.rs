//! The list of keys, and ending one.

use leptos::prelude::*;

use super::{
    create::{Create, Created},
    whose::{Whose, WhoseField},
};
use crate::{
    api::api_keys::{ApiKeyList, ApiKeyRow},
    components::{
        badge::{Badge, Tone},
        dialog::{ConfirmActions, Dialog, OpenButton},
        empty::Empty,
        failure::FormFailure,
        form::Form,
        list_query::{Asked, ListSearch, NothingFound, Pages},
        time_ago::TimeAgo,
    },
};

#[component]
pub(super) fn Keys(
    text: &'static str,
    whose: Whose,
    asked: Asked,
    list: ApiKeyList,
) -> impl IntoView {
    let place = list.place;
    let rows = list
        .keys
        .into_iter()
        .map(|key| view! { <Row whose=whose.clone() key /> })
        .collect_view();
    let shown = match (place.total, place.found) {
        (0, _) => view! {
            <Empty title="No API key">
                <p>{text}</p>
                <p>
                    <a href="/docs/api">"API reference"</a>
                </p>
            </Empty>
        }
        .into_any(),
        (_, 0) => view! { <NothingFound asked=asked.clone() what="key" /> }.into_any(),
        _ => view! { <ul class="rows">{rows}</ul> }.into_any(),
    };
    let search = (place.is_searched() || asked.is_narrowed()).then(|| {
        view! {
            <ListSearch
                asked=asked.clone()
                label="Search the keys"
                placeholder="Name, beginning or maker"
            />
        }
    });
    view! {
        <div class="page-head">
            <div>
                <h1>"API keys"</h1>
                <p>
                    {text} " " <a href="/docs/api">"API reference"</a>
                </p>
            </div>
            <Create whose=whose.clone() roles=list.roles />
        </div>
        <div class="stack">
            {search}
            {shown}
            <Pages asked place />
        </div>
        <Created whose origin=list.origin />
    }
    .into_any()
}

#[component]
fn Row(whose: Whose, key: ApiKeyRow) -> impl IntoView {
    let (id, name) = (key.id.clone(), key.name.clone());
    let ends = match (key.expires, key.has_expired) {
        (None, _) => view! { "no expiry" }.into_any(),
        (Some(when), false) => view! {
            "expires "
            <TimeAgo when />
        }
        .into_any(),
        (Some(when), true) => view! {
            "expired "
            <TimeAgo when />
        }
        .into_any(),
    };
    let used = match key.last_used {
        Some(when) => view! {
            "used "
            <TimeAgo when />
        }
        .into_any(),
        None => view! { "never used" }.into_any(),
    };
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <span>{key.name}</span>
                    <span class="mono">{key.prefix} "…"</span>
                    <Badge>{key.role}</Badge>
                    {key.has_expired.then(|| view! { <Badge tone=Tone::Bad>"expired"</Badge> })}
                </div>
                <span class="row-sub row-sub-whole">
                    {used} " · created " <TimeAgo when=key.created /> " by " {key.made_by}
                    {key.by_key.then_some(", with a key")} " · " {ends}
                </span>
            </div>
            <Revoke whose id name />
        </li>
    }
    .into_any()
}

#[component]
fn Revoke(whose: Whose, id: String, name: String) -> impl IntoView {
    let revoke = whose.revoke(&id);
    let dialog = format!("revoke-{id}");
    view! {
        <OpenButton dialog=dialog.clone() is_small=true>
            "Revoke"
        </OpenButton>
        <Dialog id=dialog.clone() title=format!("Revoke {name}?") of=revoke.clone()>
            <p>"Programs that use it get 401 from their next request on. Keys and open invitations that it created end with it."</p>
            <Form of=revoke class="stack">
                <FormFailure />
                <WhoseField whose />
                <input type="hidden" name="key_id" value=id />
                <ConfirmActions dialog confirm="Revoke it" />
            </Form>
        </Dialog>
    }
    .into_any()
}

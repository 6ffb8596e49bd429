//! The reference of the REST API, made of its OpenAPI document: a page of what holds for all of it, and one
//! for each noun.

mod group;
mod introduction;
mod operation;

use leptos::prelude::*;

pub use group::{GroupPage, text as group_text};

use super::{reader::Reader, section::sections};
use crate::{
    api::docs::{Group, Operation, Reference, reference},
    components::failure::Failure,
};

/// What links of this page and of the groups' pages begin with.
const PATH: &str = "/docs/api";

/// What holds for every request, and where the operations are.
pub fn text(reader: &Reader) -> AnyView {
    let operations = match reference() {
        Ok(reference) => listed(&reference, reader),
        Err(error) => view! { <Failure error /> }.into_any(),
    };
    view! {
        <p class="lead">
            "What the dashboard does, for programs: JSON over HTTPS, with an API key. The same as an OpenAPI document: "
            <a href="/api/v1/openapi.json" rel="external">
                "/api/v1/openapi.json"
            </a>
        </p>
        {sections(&[introduction::SECTIONS], reader)}
        {operations}
    }
    .into_any()
}

fn listed(reference: &Reference, reader: &Reader) -> AnyView {
    let query = reader.asked.query();
    let groups = reference
        .groups
        .iter()
        .map(|group| group_listed(group, &query))
        .collect::<Vec<_>>();
    view! {
        <h2 id="operations">"Operations"</h2>
        <p>"This instance's API is at " <code>{reference.origin.clone()}</code> "."</p>
        // Each is told on its group's page, where the search finds it.
        <nav aria-label="Operations">{groups}</nav>
    }
    .into_any()
}

fn group_listed(group: &Group, query: &str) -> AnyView {
    let page = format!("{PATH}/{}{query}", group.word);
    let operations = group
        .operations
        .iter()
        .map(|one| operation_listed(one, &page))
        .collect::<Vec<_>>();
    view! {
        <h3 id=format!("group-{}", group.word)>
            <a href=page>{group.name.clone()}</a>
        </h3>
        <ul>{operations}</ul>
    }
    .into_any()
}

/// Its id is where links to the operation led when all of them were on this page.
fn operation_listed(operation: &Operation, page: &str) -> AnyView {
    let Operation {
        id, method, path, ..
    } = operation;
    view! {
        <li id=id.clone()>
            <a href=format!("{page}#{id}")>
                <code>{format!("{method} {path}")}</code>
            </a>
        </li>
    }
    .into_any()
}

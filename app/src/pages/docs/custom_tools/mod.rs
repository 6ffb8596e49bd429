//! Guide: describing an endpoint as a tool.

mod answers;
mod auth;
mod fields;
mod keeping;
mod sending;
mod sent;
mod vault;
mod verify;
mod ways_in;

use leptos::prelude::*;

use super::{
    reader::Reader,
    section::{Section, sections},
};

const SECTIONS: &[Section] = &[
    ways_in::WAYS_IN,
    ways_in::OPENAPI,
    ways_in::CURL,
    ways_in::FILES,
    fields::FIELDS,
    fields::ARGUMENTS,
    sent::HEADERS,
    sent::GUARD,
    auth::STRATEGIES,
    vault::VAULT,
    vault::OAUTH,
    vault::PERSON,
    verify::SIGNATURE,
    verify::WEBHOOKS,
    answers::ANSWERS,
    answers::OUTCOMES,
    sending::TIME,
    sending::RETRIES,
    sending::CIRCUIT,
    sending::REDIRECTS,
    keeping::PLAYGROUND,
    keeping::VERSIONS,
    keeping::CALLS,
];

pub fn text(reader: &Reader) -> AnyView {
    view! {
        <p class="lead">
            "A tool is an HTTP endpoint of yours, described so that a model knows when to call it and with what."
        </p>
        {sections(&[SECTIONS], reader)}
    }
    .into_any()
}

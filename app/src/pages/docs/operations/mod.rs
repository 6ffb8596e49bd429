//! Guide: for whoever runs the server.

mod data;
mod keys;
mod proxy;
mod running;
pub mod settings;

use leptos::prelude::*;

use super::{
    reader::Reader,
    section::{Section, sections},
};

const SECTIONS: [&[Section]; 5] = [
    running::START,
    settings::SECTIONS,
    proxy::SECTIONS,
    data::SECTIONS,
    keys::SECTIONS,
];

pub fn text(reader: &Reader) -> AnyView {
    let mut all = SECTIONS.to_vec();
    all.push(running::WATCH);
    view! {
        <p class="lead">
            "TengineAI is one program. It serves the dashboard, the authorization server and the MCP server on one port, and keeps everything in one folder or one PostgreSQL database."
        </p>
        {sections(&all, reader)}
    }
    .into_any()
}

//! The dashboard's pages, a file for each room.

pub mod account;
pub mod api_keys;
pub mod calls;
pub mod docs;
pub mod instance;
pub mod integrations;
pub mod members;
pub mod not_found;
pub mod overview;
pub mod pieces;
pub mod project;
pub mod project_settings;
pub mod projects;
pub mod search;
pub mod tools;
pub mod vault;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// What the page's path says in the place of `:name`.
pub(crate) fn in_path(name: &str) -> String {
    use_params_map().with_untracked(|params| params.get(name).unwrap_or_default())
}

/// What the page's query says for `name`.
pub(crate) fn in_query(name: &str) -> Option<String> {
    use_query_map().with_untracked(|query| query.get(name))
}

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
pub mod project;
pub mod project_settings;
pub mod projects;
pub mod tools;
pub mod vault;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// A parameter of the page's path; empty while the page is being left.
pub(crate) fn path_param(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get(name).unwrap_or_default()))
}

/// A parameter of the page's query.
pub(crate) fn query_param(name: &'static str) -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get(name)))
}

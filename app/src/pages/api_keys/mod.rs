//! Keys of the REST API: the project's, and the account's.

mod create;
mod list;
mod whose;

use leptos::prelude::*;
use leptos_meta::Title;

use super::in_path;
use crate::{
    api::api_keys::{list_api_keys, list_own_api_keys},
    components::{list_query::Asked, loaded::Loaded},
};
use list::Keys;
use whose::Whose;

/// The keys of a project.
#[component]
pub fn ApiKeysPage() -> impl IntoView {
    let project_id = in_path("project_id");
    let asked = Asked::in_query(format!("/projects/{project_id}/api-keys"));
    let keys = list_api_keys(project_id.clone(), asked.query.clone());
    view! {
        <Title text="API keys" />
        <Loaded
            from=keys
            show=|list| {
                view! {
                    <Keys
                        text="For programs that manage this project: they do with the REST API what its role may do, and in no other project."
                        whose=Whose::Project(project_id)
                        asked
                        list
                    />
                }
            }
        />
    }
    .into_any()
}

/// The keys of the reader's account.
#[component]
pub fn OwnApiKeysPage() -> impl IntoView {
    let asked = Asked::in_query("/account/api-keys");
    let keys = list_own_api_keys(asked.query.clone());
    view! {
        <Title text="API keys" />
        <Loaded
            from=keys
            show=|list| {
                view! {
                    <Keys
                        text="For programs that act as you: in all of your projects, with at most the key's role, and with the role of owner they make projects."
                        whose=Whose::Account
                        asked
                        list
                    />
                }
            }
        />
    }
    .into_any()
}

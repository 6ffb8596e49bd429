//! Whose keys a page is about, and the forms that make and end them.

use leptos::prelude::*;

use crate::{
    api::api_keys::{CreateApiKey, CreateOwnApiKey, NewApiKey, RevokeApiKey, RevokeOwnApiKey},
    components::form::{SentForm, sent, sent_of},
};

#[derive(Clone)]
pub(super) enum Whose {
    /// Of the project with this id.
    Project(String),
    Account,
}

impl Whose {
    pub(super) fn page(&self) -> String {
        match self {
            Self::Project(id) => format!("/projects/{id}/api-keys"),
            Self::Account => "/account/api-keys".to_owned(),
        }
    }

    pub(super) fn create(&self) -> SentForm {
        match self {
            Self::Project(_) => (&sent::<CreateApiKey>()).into(),
            Self::Account => (&sent::<CreateOwnApiKey>()).into(),
        }
    }

    /// The key that was made just now.
    pub(super) fn made(&self) -> Option<NewApiKey> {
        match self {
            Self::Project(_) => sent::<CreateApiKey>().value(),
            Self::Account => sent::<CreateOwnApiKey>().value(),
        }
    }

    pub(super) fn revoke(&self, key_id: &str) -> SentForm {
        match self {
            Self::Project(_) => (&sent_of::<RevokeApiKey>(key_id)).into(),
            Self::Account => (&sent_of::<RevokeOwnApiKey>(key_id)).into(),
        }
    }
}

/// What their forms send of it.
#[component]
pub(super) fn WhoseField(whose: Whose) -> impl IntoView {
    match whose {
        Whose::Project(id) => Some(view! { <input type="hidden" name="project_id" value=id /> }),
        Whose::Account => None,
    }
}

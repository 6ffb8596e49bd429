//! What the docs say from the code itself: who may do what, and the REST API.

use std::sync::{Arc, OnceLock};

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::UiError;

/// The table of who may do what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    /// From the one who may least to the one who may most.
    pub people: Vec<String>,
    pub areas: Vec<RoleArea>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleArea {
    pub name: String,
    pub rows: Vec<RoleRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRow {
    /// A sentence.
    pub does: String,
    /// `Developers and above`
    pub who: String,
    /// For each of the people, in their order.
    pub may: Vec<bool>,
    pub needs_proof: bool,
    /// `POST /api/v1/…`
    pub routes: Vec<String>,
    /// `tools apply`
    pub commands: Vec<String>,
}

/// Public: it is the same on every instance.
#[server(endpoint = "load_roles")]
pub async fn load_roles() -> Result<Roles, UiError> {
    Ok(crate::ssr::roles::table())
}

/// The reference of the REST API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// `https://tools.example.com`
    pub origin: String,
    pub groups: Vec<Group>,
}

impl Reference {
    /// The group at whose page this object is described.
    #[must_use]
    pub fn home_of(&self, object: &str) -> Option<&Group> {
        let is_it = |one: &Object| one.name == object;
        self.groups
            .iter()
            .find(|group| group.objects.iter().any(is_it))
    }
}

/// Operations on one noun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// `API keys`
    pub name: String,
    /// The same in an address: `api-keys`.
    pub word: String,
    pub operations: Vec<Operation>,
    /// What its answers and bodies are made of, but for what an earlier group has.
    pub objects: Vec<Object>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Unique in the reference.
    pub id: String,
    pub method: String,
    pub path: String,
    pub says: String,
    /// `Developers and above`
    pub who: String,
    pub parameters: Vec<Field>,
    pub body: Vec<Field>,
    pub answers: Vec<Answer>,
    /// A curl command.
    pub example: String,
}

/// A parameter, or a field of a body or of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    /// Where a parameter is: `path`, `query` or `header`.
    pub place: String,
    pub kind: Kind,
    pub is_required: bool,
    pub says: String,
}

/// A type in words, and the object in it that is described elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// `list of strings`
    pub words: String,
    /// By its name.
    pub object: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub status: String,
    pub says: String,
    pub kind: Option<Kind>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    pub name: String,
    pub says: String,
    pub fields: Vec<Field>,
}

/// Public, as the document is that it is made of.
#[server(endpoint = "load_reference")]
pub async fn load_reference() -> Result<Reference, UiError> {
    reference().map(|it| (*it).clone())
}

/// Made once: the document is the same as long as the program runs.
pub(crate) fn reference() -> Result<Arc<Reference>, UiError> {
    use crate::ssr::{ApiDocument, errors, reference, services};
    static MADE: OnceLock<Arc<Reference>> = OnceLock::new();
    let Some(ApiDocument(document)) = use_context() else {
        return Err(errors::internal(
            "the server put no ApiDocument into the context",
        ));
    };
    let services = services();
    let origin = services.core.public_url.origin();
    let made = MADE.get_or_init(|| Arc::new(reference::of(document, origin.to_owned())));
    match made.origin == origin {
        true => Ok(Arc::clone(made)),
        // Of another server in this process, as tests start them.
        false => Ok(Arc::new(reference::of(document, origin.to_owned()))),
    }
}

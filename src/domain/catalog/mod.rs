//! The starter catalog: useful tools over public APIs, ready to be added to a project. Each is a file
//! in `entries/` that people edit; what its API says of itself is a file in `documents/`, with its
//! sources, and the tests hold the one against the other.

mod files;
#[cfg(test)]
mod tests;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    text_enum,
    tools::{AuthConfig, AuthStrategy, ToolInput},
};

/// A tool that a developer adds with one click, and what there is to know before.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Unique in the catalog; stays the same when the tool is renamed.
    pub id: &'static str,
    /// One word, the first part of the tool's name.
    pub category: String,
    /// Who answers, such as `Open-Meteo`.
    pub api: String,
    /// An https URL.
    pub homepage: String,
    /// An https URL, where it is known.
    pub terms: Option<String>,
    /// What the API asks of those who call it, and its limits; sentences.
    pub manners: Option<String>,
    pub key: Key,
    /// What of the API is called, as its document names it: `GET /v1/forecast`.
    pub operation: String,
    /// What the tool was checked against; the first says most.
    pub sources: &'static [Source],
    /// The day, as `2026-11-25`, on which somebody called it and looked at the answer; `None` where
    /// nobody ever did.
    pub called_live: Option<String>,
    pub example: Example,
    tool: ToolInput,
}

/// Whether a tool needs a key of its API.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Key {
    None,
    /// It works without, and better with one.
    Optional(AboutKey),
    Needed(AboutKey),
}

/// What somebody has to know to come by a key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AboutKey {
    /// An https URL.
    pub get_it_at: String,
    /// A phrase, such as `xoxb- and digits and letters after it`.
    pub looks_like: String,
    /// The rights that it has to have, a phrase.
    pub rights: String,
}

/// Where facts about an API come from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub kind: SourceKind,
    /// An https URL.
    pub at: String,
    /// Which version was read.
    pub version: String,
    /// The day on which it was read, as `2026-11-25`.
    pub retrieved: String,
    /// What was taken from it, a phrase.
    pub gives: String,
}

text_enum! {
    /// How sure a source is.
    pub enum SourceKind {
        /// A description for machines: `OpenAPI` or Swagger.
        OpenApi = "openapi",
        /// Pages for people, which we put into `OpenAPI`.
        Documentation = "documentation",
        /// Code of the API itself or of its own client.
        Code = "code",
    }
}

/// One call, and what it makes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What somebody asks Claude.
    pub ask: String,
    pub arguments: Map<String, Value>,
    /// Method and URL of the request, without a key.
    pub request: String,
    /// Its JSON body.
    #[serde(default)]
    pub body: Option<Value>,
}

/// All entries, in the order in which they are shown.
#[must_use]
pub fn entries() -> &'static [Entry] {
    &files::ENTRIES
}

#[must_use]
pub fn entry(id: &str) -> Option<&'static Entry> {
    entries().iter().find(|entry| entry.id == id)
}

impl Entry {
    /// Name, title, description, schema and all else, as it is added with a key.
    #[must_use]
    pub const fn definition(&self) -> &ToolInput {
        &self.tool
    }

    /// The tool as it is added with what somebody pasted, without blanks around it. Adding it fails
    /// by the rules of every tool where a key is missing, or given and of no use.
    #[must_use]
    pub fn tool(&self, secret: Option<String>) -> ToolInput {
        let secret = secret
            .map(|secret| secret.trim().to_owned())
            .filter(|secret| !secret.is_empty());
        let mut tool = self.tool.clone();
        if secret.is_none() && matches!(self.key, Key::Optional(_)) {
            tool.auth_strategy = AuthStrategy::None;
            tool.auth_config = AuthConfig::default();
        }
        tool.auth_secret = secret;
        tool
    }
}

//! TengineAI's rules and storage. Every edge (dashboard, REST, OAuth, MCP, command line) calls the
//! same services here, each with an [`Actor`](accounts::Actor) or with an
//! [`Access`](members::Access) that was granted to one. Knows no axum and no leptos.

pub mod accounts;
pub mod api_keys;
pub mod audit;
mod blocking;
pub mod bootstrap;
pub mod calls;
pub mod catalog;
pub mod changes;
pub mod clients;
pub mod clock;
pub mod crypto;
pub mod curl;
pub mod db;
pub mod error;
pub mod events;
pub mod execute;
pub mod expire;
pub mod grants;
pub mod idempotency;
pub mod ids;
pub mod instance;
pub mod integrations;
pub mod invitations;
mod json_size;
pub mod limits;
pub mod lint;
pub mod listing;
pub mod live;
pub mod mail;
pub mod members;
pub mod openapi;
pub mod passkeys;
pub mod projects;
pub mod providers;
pub mod public_url;
pub mod recovery;
pub mod sealing;
pub mod second_factors;
pub mod services;
pub mod sessions;
pub mod text_enum;
pub mod tools;
pub mod upstream;
pub mod vault;

#[cfg(test)]
pub(crate) mod contract;

pub use error::{Error, FieldError, Result};
pub use services::{Core, Services};
pub mod yaml;

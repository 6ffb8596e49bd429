//! The dashboard's server functions, a file for each room, with the view types that they return.
//!
//! A view type is what a page may know: it holds no hash, and no secret but the one that is shown
//! once.

pub mod account;
pub mod api_keys;
pub mod audit;
pub mod calls;
pub mod connections;
pub mod docs;
pub mod error;
pub mod instance;
pub mod integrations;
pub mod lint;
pub mod lists;
pub mod members;
pub mod playground;
pub mod profile;
pub mod projects;
pub mod sessions;
pub mod tool_sources;
pub mod tools;
pub mod vault;
pub mod versions;

pub use error::{FieldProblem, UiError};
use serde::{Deserialize, Serialize};

/// A time, put in words by the server so that the browser cannot disagree about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// RFC 3339, UTC.
    pub iso: String,
    /// `3 min ago`
    pub relative: String,
}

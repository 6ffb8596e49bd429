//! What a page is told when something fails.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// A field that breaks a rule: its public name, and a sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    pub field: String,
    pub message: String,
}

impl FieldProblem {
    /// Whether this is about the input named `name` or about a part of it (`name[2]`, `name.x`).
    #[must_use]
    pub fn is_about(&self, name: &str) -> bool {
        self.field
            .strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']))
    }
}

/// The one error of every server function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum UiError {
    #[error("Something in the form needs mending.")]
    Invalid { fields: Vec<FieldProblem> },
    #[error("{}", .problem.message)]
    Conflict { problem: FieldProblem },
    #[error("There is no such {what}, or it is not yours to see.")]
    NotFound { what: String },
    #[error("{why}")]
    Forbidden { why: String },
    /// The act needs a proof of who asks that is younger than the session's.
    #[error("Confirm that it is you, and try again.")]
    ProofNeeded,
    #[error(
        "{who} asks for a second factor. Add a passkey or an authenticator app to your account."
    )]
    SecondFactorNeeded { who: String },
    #[error("You are signed out. Sign in again to go on.")]
    SignedOut,
    #[error("Too many tries. Wait {seconds} s and try again.")]
    Throttled { seconds: u64 },
    /// The server's fault; its log has the cause under this id.
    #[error("The server failed. Try again; if it stays, tell its operator the id {id}.")]
    Internal { id: String },
    /// The server never answered.
    #[error("The server cannot be reached. Check your connection and try again.")]
    Unreachable,
    /// Page and server do not understand each other: mostly a page older than the server.
    #[error("This page is out of date. Reload it and try again.")]
    OutOfDate,
}

impl UiError {
    /// The fields that the error is about; empty for all that is not about a form.
    #[must_use]
    pub fn problems(&self) -> Vec<FieldProblem> {
        match self {
            Self::Invalid { fields } => fields.clone(),
            Self::Conflict { problem } => vec![problem.clone()],
            _ => Vec::new(),
        }
    }
}

impl FromServerFnError for UiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            other => {
                crate::ssr::errors::malformed(&other);
                Self::OutOfDate
            }
        }
    }
}

//! What was asked and answered in a call, as it is stored: redacted and bounded.

use serde::{Deserialize, Serialize};

/// A call's detail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// JSON.
    pub arguments: Option<Part>,
    /// The request that the arguments made; whether it was sent is the outcome's to say.
    pub request: Option<Asked>,
    /// None where the endpoint did not answer, or its answer broke off.
    pub answer: Option<Answered>,
}

/// A text, or its beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub text: String,
    /// Whether there was more.
    pub is_cut: bool,
    /// Of all of it, before secrets were taken out.
    pub bytes: i64,
}

/// A request's head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub method: String,
    pub url: String,
    /// In their order, names in lower case.
    pub headers: Vec<(String, String)>,
    pub body_bytes: i64,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub status: u16,
    /// In their order, names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Body,
}

/// An answer's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    Text(Part),
    /// It is no text (UTF-8): what is hidden in it could not be found. How many bytes it has.
    Binary(i64),
}

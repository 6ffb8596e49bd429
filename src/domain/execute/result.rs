//! What a call gives back.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    calls::{Outcome, Phases},
    ids::CallId,
};

/// The end of a call, for the model and for the caller.
#[derive(Debug, Clone)]
pub struct CallResult {
    pub call_id: CallId,
    /// `X-Tengine-Request-Id`, as the endpoint saw it.
    pub request_id: String,
    pub outcome: Outcome,
    /// The endpoint's status, where it answered.
    pub http_status: Option<u16>,
    /// What the model sees; never empty.
    pub content: Vec<Content>,
    /// The answer, where it is a JSON object that a result holds whole.
    pub structured: Option<Box<RawValue>>,
    pub phases: Phases,
    /// Bytes of the answer's body that were read.
    pub response_bytes: i64,
    /// One sentence, without arguments or secrets, where the call failed or took more than one
    /// attempt.
    pub error: Option<String>,
    /// Whether the endpoint may have acted.
    pub was_sent: bool,
}

impl CallResult {
    /// Whether this is a failure that the model should know of (MCP `isError`).
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.outcome != Outcome::Ok
    }
}

/// One piece of an answer (MCP content blocks).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    Text(String),
    Image {
        mime_type: String,
        /// RFC 4648 §4, with padding.
        base64: String,
    },
    Audio {
        mime_type: String,
        /// RFC 4648 §4, with padding.
        base64: String,
    },
}

/// A call's end before it is recorded.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) outcome: Outcome,
    pub(super) http_status: Option<u16>,
    pub(super) content: Vec<Content>,
    pub(super) structured: Option<Box<RawValue>>,
    pub(super) response_bytes: i64,
    /// For the log: one sentence, without arguments or secrets.
    pub(super) error: Option<String>,
    /// Whether the endpoint may have acted.
    pub(super) was_sent: bool,
}

impl Ended {
    /// A failure that model and log are told in the same words.
    pub(super) fn failed(outcome: Outcome, sentence: impl Into<String>) -> Self {
        let sentence = sentence.into();
        Self::told(outcome, sentence.clone(), sentence)
    }

    /// A failure of which the model is told more than the log keeps.
    pub(super) fn told(outcome: Outcome, text: String, error: impl Into<String>) -> Self {
        Self {
            outcome,
            http_status: None,
            content: vec![Content::Text(text)],
            structured: None,
            response_bytes: 0,
            error: Some(error.into()),
            was_sent: false,
        }
    }

    /// The same, where the endpoint may have acted.
    pub(super) fn sent(mut self) -> Self {
        self.was_sent = true;
        self
    }

    /// Says one thing more, to model and log.
    pub(super) fn adding(mut self, sentence: &str) -> Self {
        let text = self.content.iter_mut().filter_map(|content| match content {
            Content::Text(text) => Some(text),
            Content::Image { .. } | Content::Audio { .. } => None,
        });
        for told in text.chain(&mut self.error) {
            told.push(' ');
            told.push_str(sentence);
        }
        self
    }

    /// Says how often it was tried: the log in any case, the model where all was in vain.
    pub(super) fn after(mut self, attempts: u32) -> Self {
        if attempts < 2 {
            return self;
        }
        match &mut self.error {
            None => self.error = Some(format!("Answered at attempt {attempts}.")),
            Some(error) => {
                error.push_str(&format!(" Tried {attempts} times."));
                if let Some(Content::Text(text)) = self.content.first_mut() {
                    text.push_str(&format!("\n\nIt was tried {attempts} times."));
                }
            }
        }
        self
    }

    pub(super) fn with_answer(mut self, status: u16, response_bytes: i64) -> Self {
        self.http_status = Some(status);
        self.response_bytes = response_bytes;
        self.sent()
    }
}

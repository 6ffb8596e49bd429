//! What may be kept of a call beside its row: gathered while it runs, at the cost of its beginnings, and
//! redacted at its end by what the call itself knows to be secret.

use std::{io, sync::Arc};

use http::{HeaderMap, Method, Uri};
use serde_json::{Map, Value};

use super::{client::Answer, mask::Mask, plan::Plan, prepare::Sendable};
use crate::calls::{
    Answered, Asked, Detail,
    redaction::{ENOUGH, Redaction, Secrets, is_secret_header},
};

pub(super) struct Capture {
    plan: Arc<Plan>,
    secrets: Secrets,
    arguments: Beginning,
    request: Option<Head>,
    answer: Option<Heard>,
}

struct Head {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body_bytes: usize,
}

struct Heard {
    status: u16,
    headers: HeaderMap,
    /// As much of it as is looked at.
    body: Vec<u8>,
    bytes: usize,
    is_whole: bool,
}

/// Bytes of a header's or a parameter's value that is hidden elsewhere too: shorter ones are words.
const LEAST: usize = 8;

impl Capture {
    pub(super) fn begin(plan: &Arc<Plan>, arguments: &Map<String, Value>) -> Self {
        let mut secrets = Secrets::default();
        plan.secret.hide(arguments, &mut secrets);
        Self {
            plan: plan.clone(),
            secrets,
            arguments: Beginning::of(arguments),
            request: None,
            answer: None,
        }
    }

    /// Takes what is sent; anew, where a token was put on.
    pub(super) fn asks(&mut self, sendable: &Sendable) {
        self.learn(&sendable.mask);
        let request = &sendable.request;
        for (name, value) in request.headers() {
            let is_secret = value.is_sensitive() || is_secret_header(name.as_str());
            // Who a person is, others may say.
            let is_person = name.as_str().starts_with("x-tengine-member-");
            if is_secret && !is_person && value.len() >= LEAST {
                self.secrets.hide(value.as_bytes());
            }
        }
        let query = request.uri().query().unwrap_or_default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if value.len() >= LEAST && self.plan.secret.is_secret(&name) {
                self.secrets.hide(value.as_bytes());
            }
        }
        self.request = Some(Head {
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers: request.headers().clone(),
            body_bytes: sendable.body.len(),
        });
    }

    /// Takes the answer.
    pub(super) fn hears(&mut self, answer: Answer) {
        let Answer {
            status,
            headers,
            mut body,
            is_whole,
            ..
        } = answer;
        let bytes = body.len();
        body.truncate(self.secrets.enough());
        self.answer = Some(Heard {
            status: status.as_u16(),
            headers,
            body,
            bytes,
            is_whole,
        });
    }

    fn learn(&mut self, mask: &Mask) {
        for secret in mask.secrets() {
            self.secrets.hide(secret);
        }
    }

    /// What is kept.
    pub(super) fn detail(&self) -> Detail {
        let redaction = Redaction {
            secrets: &self.secrets,
            names: &self.plan.secret,
        };
        let Beginning { kept, bytes } = &self.arguments;
        let arguments = String::from_utf8_lossy(kept);
        Detail {
            arguments: Some(redaction.text(&arguments, *bytes)),
            request: self.request.as_ref().map(|head| Asked {
                method: head.method.to_string(),
                url: redaction.url(&head.uri.to_string(), self.plan.base_url.len()),
                headers: redaction.headers(&head.headers),
                body_bytes: i64::try_from(head.body_bytes).unwrap_or(i64::MAX),
            }),
            answer: self.answer.as_ref().map(|heard| Answered {
                status: heard.status,
                headers: redaction.headers(&heard.headers),
                body: redaction.body(&heard.body, heard.bytes, heard.is_whole),
            }),
        }
    }
}

/// The beginning of a JSON text, and how many bytes all of it would have.
struct Beginning {
    kept: Vec<u8>,
    bytes: usize,
}

impl Beginning {
    fn of(arguments: &Map<String, Value>) -> Self {
        let mut beginning = Self {
            kept: Vec::new(),
            bytes: 0,
        };
        serde_json::to_writer(&mut beginning, arguments).expect("it came from JSON");
        beginning
    }
}

impl io::Write for Beginning {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = ENOUGH - self.kept.len();
        self.kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.bytes += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

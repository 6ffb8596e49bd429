//! How an endpoint that answers bit by bit is read: each line of NDJSON, each event of a stream
//! (`text/event-stream`, WHATWG HTML §9.2) is progress for whoever waits, and what is no mere
//! progress is the answer.

use http::{HeaderMap, header};
use serde_json::{Map, Value};
use tokio::sync::mpsc;

use super::{json::Json, mask::Mask};

/// Characters of a message.
const LONGEST_MESSAGE: usize = 500;
/// Bytes of an item that is mere progress.
const LONGEST_OWN: usize = 8_192;

/// How far a call has come (MCP, `notifications/progress`).
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Grows with each.
    pub progress: f64,
    pub total: Option<f64>,
    pub message: Option<String>,
}

/// Where progress goes. What nobody takes in time is dropped: a slow client must not slow the call.
pub type ProgressSender = mpsc::Sender<Progress>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One JSON value a line.
    Lines,
    Events,
}

/// An answer that comes bit by bit.
#[derive(Debug)]
pub(super) struct Stream {
    form: Form,
    /// Bytes of an item that has not ended.
    rest: Vec<u8>,
    /// The data of an event that has not ended.
    data: String,
    /// What is no mere progress, one item a line.
    answer: String,
    items: u32,
    is_json: bool,
    seen: u32,
    reached: f64,
}

/// What a stream said in the end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Streamed {
    pub(super) text: String,
    /// Whether it is one item, and that JSON.
    pub(super) is_json: bool,
}

impl Stream {
    /// Whether an answer with these headers is one.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let media = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let essence = media.split(';').next()?.trim().to_ascii_lowercase();
        let form = match essence.as_str() {
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Form::Lines,
            "text/event-stream" => Form::Events,
            _ => return None,
        };
        Some(Self {
            form,
            rest: Vec::new(),
            data: String::new(),
            answer: String::new(),
            items: 0,
            is_json: false,
            seen: 0,
            reached: 0.0,
        })
    }

    /// Takes the next bytes; tells of what they complete.
    pub(super) fn read(&mut self, bytes: &[u8], mask: &Mask, to: Option<&ProgressSender>) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.rest.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.end_line(mask, to);
            }
        }
    }

    /// The answer: what was no mere progress, one item a line.
    pub(super) fn end(mut self, mask: &Mask, to: Option<&ProgressSender>) -> Streamed {
        if !self.rest.is_empty() {
            self.end_line(mask, to);
        }
        if !self.data.is_empty() {
            self.end_item(mask, to);
        }
        Streamed {
            is_json: self.items == 1 && self.is_json,
            text: self.answer,
        }
    }

    fn end_line(&mut self, mask: &Mask, to: Option<&ProgressSender>) {
        let line = std::mem::take(&mut self.rest);
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches(['\r', '\n']);
        match self.form {
            Form::Lines if line.trim().is_empty() => {}
            Form::Lines => {
                line.clone_into(&mut self.data);
                self.end_item(mask, to);
            }
            Form::Events if line.is_empty() && self.data.is_empty() => {}
            Form::Events if line.is_empty() => self.end_item(mask, to),
            Form::Events => {
                // Comments, and fields that say something to browsers only, are passed over.
                if let Some(data) = line.strip_prefix("data:") {
                    if !self.data.is_empty() {
                        self.data.push('\n');
                    }
                    self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
                }
            }
        }
    }

    fn end_item(&mut self, mask: &Mask, to: Option<&ProgressSender>) {
        let item = std::mem::take(&mut self.data);
        let item = mask.bytes(item.as_bytes(), true);
        let json = Json::of(&item, mask);
        let is_json = json.is_some();
        let item = match json {
            Some(json) => json.text,
            None => String::from_utf8_lossy(&item).into_owned(),
        };
        self.seen = self.seen.saturating_add(1);
        let own = own_progress(&item);
        if own.is_none() {
            if self.items > 0 {
                self.answer.push('\n');
            }
            self.answer.push_str(&item);
            self.items = self.items.saturating_add(1);
            self.is_json = is_json;
        }
        let Some(to) = to else {
            return;
        };
        let mut progress = own.unwrap_or_else(|| Progress {
            progress: f64::from(self.seen),
            total: None,
            message: Some(item.chars().take(LONGEST_MESSAGE).collect()),
        });
        // It has to grow (MCP 2026-07-28, progress), whatever the endpoint counts.
        if progress.progress <= self.reached {
            progress.progress = self.reached + 1.0;
            progress.total = None;
        }
        self.reached = progress.progress;
        let _ = to.try_send(progress);
    }
}

/// Up to here each whole number is a double of its own, so that there is always a next one.
const MOST_PROGRESS: f64 = 4_503_599_627_370_496.0;

/// What an item says of progress, if that is all that it is for: an object with a number `progress`.
fn own_progress(item: &str) -> Option<Progress> {
    if item.len() > LONGEST_OWN {
        return None;
    }
    let members: Map<String, Value> = serde_json::from_str(item).ok()?;
    let is_known = |name: &str| matches!(name, "progress" | "total" | "message");
    if !members.keys().all(|name| is_known(name)) {
        return None;
    }
    let message = members.get("message").and_then(Value::as_str);
    Some(Progress {
        progress: members.get("progress")?.as_f64()?.min(MOST_PROGRESS),
        total: members.get("total").and_then(Value::as_f64),
        message: message.map(|text| text.chars().take(LONGEST_MESSAGE).collect()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: &'static str, chunks: &[&str]) -> (Vec<Progress>, String, bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        let mut stream = Stream::of(&headers).unwrap();
        let (to, mut from) = mpsc::channel(100);
        let mut mask = Mask::default();
        mask.hide(b"hush-hush".to_vec());
        for chunk in chunks {
            stream.read(chunk.as_bytes(), &mask, Some(&to));
        }
        let Streamed { text, is_json } = stream.end(&mask, Some(&to));
        drop(to);
        let told = std::iter::from_fn(|| from.try_recv().ok()).collect();
        (told, text, is_json)
    }

    #[test]
    fn lines_with_progress_are_progress_and_the_rest_is_the_answer() {
        let (told, text, is_json) = told(
            "application/x-ndjson; charset=utf-8",
            &[
                "{\"progress\":1,\"total\":4,\"mess",
                "age\":\"one\"}\n\n{\"progress\":3}\r\n",
                "{\"progress\":2,\"message\":\"hush\\u002dhush\"}\n",
                "{\"done\":true,\"key\":\"hush\\u002dhush\"}",
            ],
        );
        assert_eq!(
            told[0],
            Progress {
                progress: 1.0,
                total: Some(4.0),
                message: Some("one".to_owned())
            }
        );
        let numbers: Vec<f64> = told.iter().map(|one| one.progress).collect();
        assert_eq!(numbers, [1.0, 3.0, 4.0, 5.0], "it always grows");
        assert_eq!(
            (text.as_str(), is_json),
            ("{\"done\":true,\"key\":\"[redacted]\"}", true)
        );
        assert!(!format!("{told:?}").contains("hush-hush"));
    }

    #[test]
    fn a_secret_that_is_a_number_is_masked() {
        let mut mask = Mask::default();
        mask.hide(b"48151623".to_vec());
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, "application/jsonl".parse().unwrap());
        for line in ["{\"pin\":48151623}", "{\"pin\":48151623e0}", "48.151623e6"] {
            let mut stream = Stream::of(&headers).unwrap();
            stream.read(line.as_bytes(), &mask, None);
            let text = stream.end(&mask, None).text;
            assert!(!text.contains("48151623"), "{text}");
        }
    }

    #[test]
    fn events_are_read_as_browsers_do() {
        let (told, text, is_json) = told(
            "text/event-stream",
            &[
                ": hello\n\nevent: x\ndata: a\ndata:  b\n\n",
                "id: 7\ndata:c\r\n\r\ndata: the end",
            ],
        );
        assert_eq!(told.len(), 3);
        assert_eq!(told[0].message.as_deref(), Some("a\n b"));
        assert_eq!((text.as_str(), is_json), ("a\n b\nc\nthe end", false));
    }

    #[test]
    fn other_answers_are_no_streams() {
        let mut headers = HeaderMap::new();
        assert!(Stream::of(&headers).is_none());
        headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        assert!(Stream::of(&headers).is_none());
    }
}

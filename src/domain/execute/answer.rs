//! What the model sees of an endpoint's answer.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;

use super::{
    Content,
    client::{Answer, Limits},
    failure::count,
    json::Json,
    mask::Mask,
    redirect,
    result::Ended,
};
use crate::{calls::Outcome, tools::schema::Validator};

/// Characters of text; Claude's own limit for a result.
const MOST_TEXT: usize = 150_000;
/// Characters of the body that go with a failure.
const MOST_OF_ERROR: usize = 2_000;

pub(super) fn shape(
    answer: &Answer,
    limits: Limits,
    mask: &Mask,
    output: Option<&Validator>,
) -> Ended {
    let masked;
    let body = match &answer.streamed {
        Some(streamed) => Body {
            media: Media::streamed(streamed.is_json),
            bytes: streamed.text.as_bytes(),
        },
        None => {
            masked = mask.bytes(&answer.body, answer.is_whole);
            Body {
                media: Media::of(&answer.headers),
                bytes: &masked,
            }
        }
    };
    let ended = if let Some(why) = answer.not_followed {
        redirect::ended(answer, why, mask)
    } else if !answer.status.is_success() {
        http_error(answer.status, &body, mask)
    } else if !answer.is_whole {
        Ended::failed(
            Outcome::BadAnswer,
            format!(
                "The endpoint's answer is larger than the tool's limit of {} bytes.",
                limits.max_bytes
            ),
        )
    } else if let Some(encoding) = compressed(&answer.headers, mask) {
        Ended::failed(
            Outcome::BadAnswer,
            format!("The endpoint's answer is encoded as {encoding}, which was not asked for."),
        )
    } else {
        success(answer.status, &body, mask, output)
    };
    ended.with_answer(answer.status.as_u16(), count(answer.body.len()))
}

struct Body<'a> {
    media: Media,
    bytes: &'a [u8],
}

fn success(status: StatusCode, body: &Body<'_>, mask: &Mask, output: Option<&Validator>) -> Ended {
    let json = body.json(mask);
    let object = json.as_ref().filter(|json| json.is_object());
    let is_long = object.is_some_and(|object| end(&object.text).is_some());
    if let Some(output) = output {
        if is_long {
            // It cannot be cut and still be what the tool's list promises.
            return Ended::failed(
                Outcome::BadAnswer,
                format!(
                    "The endpoint's answer has more than {MOST_TEXT} characters, which is more \
                     than a result holds. Ask for less."
                ),
            );
        }
        if let Some(why) = misfit(output, object) {
            let text = format!("{why} It began:\n{}", beginning(&body.text_or_kind(mask)));
            return Ended::told(
                Outcome::BadAnswer,
                text,
                "The answer does not fit the tool's output schema.",
            );
        }
    }
    let structured = object.filter(|_| !is_long).map(Json::raw);
    let content = match json {
        Some(json) => Content::Text(cut(json.text)),
        None if body.bytes.is_empty() => Content::Text(format!(
            "The endpoint answered {} without a body.",
            status.as_u16()
        )),
        None => body.content(),
    };
    Ended {
        outcome: Outcome::Ok,
        http_status: None,
        content: vec![content],
        structured,
        was_sent: true,
        response_bytes: 0,
        error: None,
    }
}

/// What is wrong with an answer where the tool has an output schema: MCP promises the client a
/// structured answer that fits it.
fn misfit(output: &Validator, answer: Option<&Json>) -> Option<String> {
    let Some(structured) = answer else {
        return Some(
            "The endpoint's answer is not a JSON object, which the tool's output schema asks for."
                .to_owned(),
        );
    };
    let structured: Value = match serde_json::from_str(&structured.text) {
        Ok(structured) => structured,
        Err(why) => return Some(format!("The endpoint's answer cannot be read: {why}.")),
    };
    let violations = output.violations(&structured);
    (!violations.is_empty()).then(|| {
        format!(
            "The endpoint's answer does not fit the tool's output schema:\n- {}\n",
            violations.join("\n- ")
        )
    })
}

fn http_error(status: StatusCode, body: &Body<'_>, mask: &Mask) -> Ended {
    let reason = status.canonical_reason().unwrap_or_default();
    let sentence = format!("The endpoint answered {} {reason}", status.as_u16())
        .trim_end()
        .to_owned();
    let text = if body.bytes.is_empty() {
        format!("{sentence} without a body.")
    } else {
        format!("{sentence}:\n{}", beginning(&body.text_or_kind(mask)))
    };
    Ended::told(Outcome::HttpError, text, format!("{sentence}."))
}

fn compressed(headers: &HeaderMap, mask: &Mask) -> Option<String> {
    let encoding = headers.get(header::CONTENT_ENCODING)?.to_str().ok()?;
    // The endpoint writes what it likes there, and the log repeats it.
    let encoding = mask.text(encoding.trim()).to_ascii_lowercase();
    let is_plain = encoding.is_empty() || encoding == "identity";
    (!is_plain).then(|| encoding.chars().take(40).collect())
}

impl Body<'_> {
    fn json(&self, mask: &Mask) -> Option<Json> {
        // An answer without a type is tried as JSON before it is taken for text.
        let may_be = self.media.is_json() || self.media.essence.is_empty();
        may_be.then(|| Json::of(self.bytes, mask)).flatten()
    }

    /// JSON that the mask went over, text, or a sentence about what it is.
    fn text_or_kind(&self, mask: &Mask) -> String {
        match (self.json(mask), self.text()) {
            (Some(json), _) => json.text,
            (None, Some(text)) => text,
            (None, None) => self.kind(),
        }
    }

    fn text(&self) -> Option<String> {
        if self.media.is_latin1 {
            return Some(self.bytes.iter().map(|byte| char::from(*byte)).collect());
        }
        if self.media.essence.starts_with("text/") {
            return Some(String::from_utf8_lossy(self.bytes).into_owned());
        }
        let may_be_text = self.media.is_textual() || self.media.essence.is_empty();
        may_be_text
            .then(|| std::str::from_utf8(self.bytes).ok().map(str::to_owned))
            .flatten()
    }

    fn content(&self) -> Content {
        let essence = &self.media.essence;
        if essence.starts_with("image/") && essence != "image/svg+xml" {
            Content::Image {
                mime_type: essence.clone(),
                base64: STANDARD.encode(self.bytes),
            }
        } else if essence.starts_with("audio/") {
            Content::Audio {
                mime_type: essence.clone(),
                base64: STANDARD.encode(self.bytes),
            }
        } else {
            Content::Text(self.text().map_or_else(|| self.kind(), cut))
        }
    }

    fn kind(&self) -> String {
        let kind = match self.media.essence.as_str() {
            "" => "an unknown type",
            essence => essence,
        };
        format!(
            "The endpoint answered with {} bytes of {kind}, which cannot be shown as text.",
            self.bytes.len()
        )
    }
}

/// A media type (RFC 9110 §8.3.1), as far as it matters here.
struct Media {
    /// Lower case, without parameters; empty where there is none or it is not one.
    essence: String,
    is_latin1: bool,
}

impl Media {
    fn streamed(is_json: bool) -> Self {
        let essence = if is_json {
            "application/json"
        } else {
            "text/plain"
        };
        Self {
            essence: essence.to_owned(),
            is_latin1: false,
        }
    }

    fn of(headers: &HeaderMap) -> Self {
        let text = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        let (essence, parameters) = text.split_once(';').unwrap_or((&text, ""));
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$&-^_.+/".contains(c);
        let essence = essence.trim();
        let is_type =
            essence.contains('/') && essence.len() <= 127 && essence.chars().all(is_token);
        Self {
            essence: if is_type {
                essence.to_owned()
            } else {
                String::new()
            },
            is_latin1: essence.starts_with("text/")
                && (parameters.contains("iso-8859-1") || parameters.contains("latin1")),
        }
    }

    fn is_json(&self) -> bool {
        self.essence == "application/json" || self.essence.ends_with("+json")
    }

    fn is_textual(&self) -> bool {
        self.is_json()
            || self.essence.ends_with("+xml")
            || matches!(
                self.essence.as_str(),
                "application/xml"
                    | "application/javascript"
                    | "application/yaml"
                    | "application/x-ndjson"
                    | "application/x-www-form-urlencoded"
            )
    }
}

/// Where a text is cut that is beyond the limit.
fn end(text: &str) -> Option<usize> {
    // No text has more characters than bytes.
    if text.len() <= MOST_TEXT {
        return None;
    }
    text.char_indices().nth(MOST_TEXT).map(|(end, _)| end)
}

/// Text within the limit, with a note that says how much is missing.
fn cut(text: String) -> String {
    match end(&text) {
        None => text,
        Some(end) => {
            let missing = text[end..].chars().count();
            format!(
                "{}\n\n[{missing} more characters were left out: a result holds at most {MOST_TEXT}.]",
                &text[..end]
            )
        }
    }
}

fn beginning(text: &str) -> String {
    match text.char_indices().nth(MOST_OF_ERROR) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

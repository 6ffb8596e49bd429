//! The headers of a command: what a tool sends too, and what it does not.

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue};

use super::{
    Notes,
    arguments::Arguments,
    credentials::Credentials,
    secret::{is_secret_name, looks_like_secret},
    stand_in::StandIns,
};
use crate::execute::is_reserved;

pub(super) const COOKIES: &str =
    "Cookies are credentials of a person's session, and were left out.";

pub(super) struct Headers {
    headers: Vec<Header>,
    /// What the body is said to be.
    pub(super) content_type: Option<String>,
}

struct Header {
    /// As it was written.
    name: String,
    header: HeaderName,
    value: String,
}

impl Headers {
    /// What is no header, or none that a tool sends, is left out with a note.
    pub(super) fn read(given: &[String], is_json: bool, notes: &mut Notes) -> Self {
        let mut headers: Vec<Header> = Vec::new();
        for text in given {
            let Some(header) = header(text, notes) else {
                continue;
            };
            if headers.iter().any(|other| other.header == header.header) {
                notes.add(format!(
                    "The header {} is there twice: the first was kept.",
                    header.header
                ));
            } else {
                headers.push(header);
            }
        }
        let is_browser = headers
            .iter()
            .any(|header| header.header.as_str().starts_with("sec-"));
        let mut content_type = None;
        let mut left_out = Vec::new();
        headers.retain(|header| {
            match fate(header, is_browser) {
                Fate::Kept => return true,
                Fate::ContentType => content_type = Some(header.value.clone()),
                Fate::Silent => {}
                Fate::LeftOut => left_out.push(header.name.clone()),
                Fate::Noted(note) => notes.add(note),
            }
            false
        });
        notes.add_list(
            &left_out,
            ": left out, since the connection, TengineAI or a browser sets them.",
        );
        if is_json && content_type.is_none() {
            content_type = Some("application/json".to_owned());
        }
        Self {
            headers,
            content_type,
        }
    }

    pub(super) fn offer_authorization(
        &mut self,
        credentials: &mut Credentials<'_>,
        notes: &mut Notes,
    ) {
        self.headers.retain(|header| {
            let is_it = header.header == http::header::AUTHORIZATION;
            if is_it {
                credentials.offer_authorization(&header.value, notes);
            }
            !is_it
        });
    }

    /// What else is a credential by its name, or by what it looks like.
    pub(super) fn offer_keys(&mut self, credentials: &mut Credentials<'_>, notes: &mut Notes) {
        self.headers.retain(|header| {
            let is_key = is_secret_name(&header.name) || looks_like_secret(&header.value);
            if is_key {
                credentials.offer_header(&header.name, &header.value, notes);
            }
            !is_key
        });
    }

    /// What is left, with what the body is where that has to be said.
    pub(super) fn template(
        self,
        content_type: Option<String>,
        stand_ins: &StandIns,
        arguments: &mut Arguments,
        notes: &mut Notes,
    ) -> BTreeMap<String, String> {
        let mut template = BTreeMap::new();
        for header in self.headers {
            if arguments.is_secret(&header.value) {
                notes.add(format!(
                    "The header {} repeats a credential and was left out.",
                    header.name
                ));
                continue;
            }
            let value = arguments.fill(&header.value, stand_ins, true);
            template.insert(header.name, value);
        }
        if let Some(content_type) = content_type {
            template.insert(
                "Content-Type".to_owned(),
                super::arguments::literal(&content_type),
            );
        }
        template
    }
}

/// `Name: value`, or `Name;` for one without a value. One with neither takes a header of curl's away.
fn header(text: &str, notes: &mut Notes) -> Option<Header> {
    if text.starts_with('@') {
        notes.add("Headers in a file (-H @…) were left out: write them into the command.");
        return None;
    }
    let (name, value) = match text.split_once(':') {
        Some((_, value)) if value.trim().is_empty() => return None,
        Some((name, value)) => (name.trim(), value.trim()),
        None => (text.trim().strip_suffix(';').unwrap_or_default(), ""),
    };
    let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
        notes.add("A header that is not of the form Name: value was left out.");
        return None;
    };
    // What stands in for a value may be written as it likes.
    if HeaderValue::from_str(&value.replace(super::shell::SUBSTITUTED, "")).is_err() {
        notes.add(format!(
            "The header {header} was left out: tools send text on one line."
        ));
        return None;
    }
    Some(Header {
        name: name.to_owned(),
        header,
        value: value.to_owned(),
    })
}

/// What becomes of a header.
enum Fate {
    Kept,
    ContentType,
    /// A tool sends the like.
    Silent,
    LeftOut,
    Noted(&'static str),
}

fn fate(header: &Header, is_browser: bool) -> Fate {
    let name = header.header.as_str();
    match name {
        "content-type" => Fate::ContentType,
        "accept" => {
            let kinds = header.value.to_ascii_lowercase();
            if kinds.contains("*/*") || kinds == "application/json" {
                Fate::Silent
            } else {
                Fate::Kept
            }
        }
        "cookie" | "cookie2" => Fate::Noted(COOKIES),
        "idempotency-key" | "x-idempotency-key" => Fate::Noted(
            "The idempotency key was left out: each call needs its own, or the API would do \
             nothing at the second.",
        ),
        "if-none-match"
        | "if-modified-since"
        | "if-match"
        | "if-unmodified-since"
        | "range"
        | "if-range" => Fate::Noted(
            "Conditions and ranges (If-…, Range) were left out: the whole answer is asked for.",
        ),
        _ if name.contains("csrf") || name.contains("xsrf") => Fate::Noted(
            "The token against forged requests was left out: it belongs to a person's session.",
        ),
        _ if name.ends_with("signature") || name.contains("-signature-") => Fate::Noted(
            "A signature was left out: it is of this one request. See hmac_signature and \
             standard_webhooks.",
        ),
        "user-agent"
        | "origin"
        | "referer"
        | "dnt"
        | "priority"
        | "upgrade-insecure-requests"
        | "postman-token"
        | "tracestate"
        | "baggage"
        | "sentry-trace" => Fate::LeftOut,
        "accept-language" | "cache-control" | "pragma" if is_browser => Fate::LeftOut,
        _ if is_reserved(&header.header) || name.starts_with("sec-") => Fate::LeftOut,
        _ => Fate::Kept,
    }
}

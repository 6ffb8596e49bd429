//! A mail as its kinds write it: a subject, paragraphs and links. Text and HTML are made from the
//! same parts in one place each, so that no kind can forget to escape a name.

use std::time::{Duration, UNIX_EPOCH};

use lettre::{
    Message,
    address::Envelope,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use super::failure::Failure;
use crate::{
    clock::{Random, Timestamp},
    crypto::base64url,
};

const LONGEST_SUBJECT: usize = 150;
const LONGEST_PARAGRAPH: usize = 1_000;

/// A mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    to: String,
    subject: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Link { label: &'static str, url: String },
}

/// A mail as the server gets it.
pub(super) struct Letter {
    pub(super) to: String,
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>,
}

impl Mail {
    pub(super) fn new(to: &str, subject: &str) -> Self {
        Self {
            to: to.to_owned(),
            subject: one_line(subject, LONGEST_SUBJECT),
            parts: Vec::new(),
        }
    }

    /// Adds a paragraph.
    pub(super) fn text(mut self, text: &str) -> Self {
        let text = one_line(text, LONGEST_PARAGRAPH);
        self.parts.push(Part::Text(text));
        self
    }

    /// Adds a link of this instance.
    pub(super) fn link(mut self, label: &'static str, url: &str) -> Self {
        let url = url.to_owned();
        self.parts.push(Part::Link { label, url });
        self
    }

    /// What may be logged of whom it is for.
    pub(super) fn domain(&self) -> &str {
        self.to.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    pub(super) fn letter(
        &self,
        from: &Mailbox,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Letter, Failure> {
        let refused = || Failure::last("mail cannot be sent to such an address");
        let to = self.to.parse().map_err(|_| refused())?;
        let millis = u64::try_from(now.0).unwrap_or_default();
        let mut id = [0; 16];
        random.fill(&mut id);
        // The same over all tries, so that a mail that arrives twice is shown once.
        let id = format!("<{}@{}>", base64url(&id), from.email.domain());
        let message = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, to))
            .subject(&self.subject)
            .date(UNIX_EPOCH + Duration::from_millis(millis))
            .message_id(Some(id))
            // Nobody's absence notice is to answer it (RFC 3834 §5).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .multipart(MultiPart::alternative_plain_html(self.plain(), self.html()))
            .map_err(|why| Failure::last(why.to_string()))?;
        Ok(Letter {
            to: self.to.clone(),
            envelope: message.envelope().clone(),
            bytes: message.formatted(),
        })
    }

    pub(super) fn plain(&self) -> String {
        let parts = self.parts.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Link { label, url } => format!("{label}:\n{url}"),
        });
        let mut text = parts.collect::<Vec<_>>().join("\n\n");
        text.push('\n');
        text
    }

    pub(super) fn html(&self) -> String {
        let mut html = String::from(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
             <body style=\"font-family:sans-serif;line-height:1.5;max-width:36em\">\n",
        );
        for part in &self.parts {
            match part {
                Part::Text(text) => html += &format!("<p>{}</p>\n", escaped(text)),
                Part::Link { label, url } => {
                    let url = escaped(url);
                    html += &format!("<p><a href=\"{url}\">{label}</a><br>{url}</p>\n");
                }
            }
        }
        html + "</body></html>\n"
    }
}

/// Text for a header or a paragraph: without anything that ends a line or turns its direction, and
/// not longer than `most` characters.
fn one_line(text: &str, most: usize) -> String {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect();
    if text.chars().count() <= most {
        return text;
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// Text as HTML, in an element or in quotes.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html += "&amp;",
            '<' => html += "&lt;",
            '>' => html += "&gt;",
            '"' => html += "&quot;",
            '\'' => html += "&#39;",
            other => html.push(other),
        }
    }
    html
}

//! What a command's words ask curl for.

use std::collections::VecDeque;

use url::form_urlencoded;

use super::{
    CurlError, Notes, Words,
    credentials::Credentials,
    method_of,
    options::{self, CurlOption, Meaning, Sets},
    refused,
};
use crate::tools::HttpMethod;

const MOST_HEADERS: usize = 100;
/// Milliseconds that a tool may take (see `tools::rules`).
const TIMEOUT_MS: std::ops::RangeInclusive<f64> = 100.0..=300_000.0;

#[derive(Default)]
pub(super) struct Request {
    /// As they were given.
    pub(super) headers: Vec<String>,
    /// Whether the body was given as JSON, which sets headers too.
    pub(super) is_json: bool,
    /// Whether brackets and braces of the URL stand for several URLs.
    pub(super) has_globs: bool,
    urls: Vec<String>,
    method: Option<String>,
    data: Option<String>,
    queries: Vec<String>,
    user: Option<String>,
    bearer: Option<String>,
    timeout: Option<String>,
    is_get: bool,
    is_head: bool,
    is_over: bool,
    /// What there is to read for `@-`.
    input: Option<String>,
}

impl Request {
    /// # Errors
    /// Where an option lacks its value, or asks for what tools do not do.
    pub(super) fn read(words: Words, notes: &mut Notes) -> Result<Self, CurlError> {
        let mut request = Self {
            has_globs: true,
            input: words.input,
            ..Self::default()
        };
        let mut words = VecDeque::from(words.words);
        let mut has_options = true;
        while let Some(word) = words.pop_front() {
            if !has_options || word == "-" || !word.starts_with('-') {
                request.urls.push(word);
            } else if word == "--" {
                has_options = false;
            } else {
                request.options(&word, &mut words, notes)?;
            }
            if request.is_over {
                notes.add("What follows --next was left out: it is another request.");
                break;
            }
        }
        if request.headers.len() > MOST_HEADERS {
            return Err(refused(format!(
                "The command has more than {MOST_HEADERS} headers: leave some out."
            )));
        }
        Ok(request)
    }

    /// One word of options: a long one, or a run of short ones.
    fn options(
        &mut self,
        word: &str,
        words: &mut VecDeque<String>,
        notes: &mut Notes,
    ) -> Result<(), CurlError> {
        if let Some(long) = word.strip_prefix("--") {
            let (name, glued) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (long, None),
            };
            let Some(option) = options::long(name) else {
                notes.add(unknown(name));
                return Ok(());
            };
            let value = if option.takes_value {
                let value = glued.or_else(|| words.pop_front());
                Some(value.ok_or_else(|| lacks_value(&format!("--{name}")))?)
            } else {
                None
            };
            return self.apply(option, value, notes);
        }
        let mut letters = word[1..].chars();
        while let Some(letter) = letters.next() {
            let Some(option) = options::short(letter) else {
                notes.add(unknown(""));
                continue;
            };
            if option.takes_value {
                let glued = letters.as_str();
                let value = if glued.is_empty() {
                    words.pop_front()
                } else {
                    Some(glued.to_owned())
                };
                let value = value.ok_or_else(|| lacks_value(&format!("-{letter}")))?;
                return self.apply(option, Some(value), notes);
            }
            self.apply(option, None, notes)?;
        }
        Ok(())
    }

    fn apply(
        &mut self,
        option: CurlOption,
        value: Option<String>,
        notes: &mut Notes,
    ) -> Result<(), CurlError> {
        let sets = match option.meaning {
            Meaning::Sets(sets) => sets,
            Meaning::Nothing => return Ok(()),
            Meaning::LeftOut(note) => {
                notes.add(note);
                return Ok(());
            }
            Meaning::Refused(why) => return Err(refused(why)),
        };
        let value = value.unwrap_or_default();
        match sets {
            Sets::Request => self.method = Some(value),
            Sets::Header => self.headers.push(value),
            Sets::Data => {
                let text = self.read_file(value)?;
                self.add_data(&text, "&");
            }
            Sets::DataRaw => self.add_data(&value, "&"),
            Sets::DataUrlencode => {
                let text = self.urlencoded(value)?;
                self.add_data(&text, "&");
            }
            Sets::Json => {
                self.is_json = true;
                let text = self.read_file(value)?;
                self.add_data(&text, "");
            }
            Sets::UrlQuery => {
                let text = match value.strip_prefix('+') {
                    Some(as_it_is) => as_it_is.to_owned(),
                    None => self.urlencoded(value)?,
                };
                self.queries.push(text);
            }
            Sets::Get => self.is_get = true,
            Sets::Head => self.is_head = true,
            Sets::User => self.user = Some(value),
            Sets::Bearer => self.bearer = Some(value),
            Sets::Cookie => notes.add(super::headers::COOKIES),
            Sets::Browser => {
                notes.add("User-Agent and Referer were left out: TengineAI says who it is.")
            }
            Sets::Url => self.urls.push(value),
            Sets::MaxTime => self.timeout = Some(value),
            Sets::Globoff => self.has_globs = false,
            Sets::Next => self.is_over = true,
        }
        Ok(())
    }

    fn add_data(&mut self, text: &str, between: &str) {
        let data = self.data.get_or_insert_default();
        if !data.is_empty() {
            data.push_str(between);
        }
        data.push_str(text);
    }

    /// The value, or what it says to read.
    fn read_file(&mut self, value: String) -> Result<String, CurlError> {
        match (value.strip_prefix('@'), self.input.take()) {
            (None, input) => {
                self.input = input;
                Ok(value)
            }
            (Some("-"), Some(input)) => Ok(input),
            (Some(_), _) => Err(refused(
                "The command reads its data from a file (@…): write the data itself into it.",
            )),
        }
    }

    /// A value of `--data-urlencode`: `content`, `=content`, `name=content`, `@file` or `name@file`.
    fn urlencoded(&mut self, value: String) -> Result<String, CurlError> {
        let encoded =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let (name, content) = match (value.split_once('='), value.split_once('@')) {
            (Some((name, content)), _) => (name, content.to_owned()),
            (None, Some((name, file))) => (name, self.read_file(format!("@{file}"))?),
            (None, None) => ("", value.clone()),
        };
        Ok(match name {
            "" => encoded(&content),
            name => format!("{name}={}", encoded(&content)),
        })
    }

    /// # Errors
    /// For a method that tools do not have.
    pub(super) fn method(&self, notes: &mut Notes) -> Result<HttpMethod, CurlError> {
        let sends_data = self.data.is_some() && !self.is_get;
        let usual = match (self.is_head, sends_data) {
            (true, _) => "HEAD",
            (false, true) => "POST",
            (false, false) => "GET",
        };
        let method = self.method.as_deref().unwrap_or(usual);
        if method.eq_ignore_ascii_case("HEAD") {
            notes.add("The command asks for headers only (HEAD); the tool sends GET.");
            return Ok(HttpMethod::Get);
        }
        method_of(method).ok_or_else(|| {
            refused(
                "Tools send GET, POST, PUT, PATCH and DELETE; this command sends another method.",
            )
        })
    }

    /// The URL that is meant.
    ///
    /// # Errors
    /// Where there is none.
    pub(super) fn url(&self, notes: &mut Notes) -> Result<String, CurlError> {
        if self.urls.len() > 1 {
            notes.add(
                "The command has several URLs, or words outside quotes: one was taken, and the \
                 others were left out.",
            );
        }
        // What quotes did not hold together is no URL.
        let best = |url: &&String| match url.as_str() {
            url if url.contains("://") => 0,
            url if url.contains(['.', '/']) || url.starts_with("localhost") => 1,
            _ => 2,
        };
        let url = self.urls.iter().min_by_key(best);
        url.cloned().ok_or_else(|| {
            refused("The command has no URL: add it, like curl https://api.example.com/users.")
        })
    }

    /// More of the query: of `--url-query`, and the data of `-G`.
    pub(super) fn queries(&self) -> Vec<String> {
        let data = self.data.clone().filter(|_| self.is_get);
        self.queries.iter().cloned().chain(data).collect()
    }

    pub(super) fn body(&self) -> Option<&str> {
        let data = self.data.as_deref().filter(|_| !self.is_get)?;
        (!data.trim().is_empty()).then_some(data)
    }

    pub(super) fn offer(&self, credentials: &mut Credentials<'_>, notes: &mut Notes) {
        if let Some(token) = &self.bearer {
            credentials.offer_bearer("--oauth2-bearer", token, notes);
        }
        if let Some(user) = &self.user {
            let (name, password) = match user.split_once(':') {
                Some((name, password)) => (name, Some(password)),
                None => (user.as_str(), None),
            };
            credentials.offer_basic("-u", name, password, notes);
        }
    }

    pub(super) fn timeout_ms(&self, notes: &mut Notes) -> Option<i64> {
        let seconds: f64 = match self.timeout.as_deref()?.parse() {
            Ok(seconds) if seconds > 0.0 => seconds,
            _ => return None,
        };
        let given = (seconds * 1_000.0).round();
        let kept = given.clamp(*TIMEOUT_MS.start(), *TIMEOUT_MS.end());
        if kept != given {
            notes.add("A tool's time limit is 0.1 to 300 seconds: the nearest was taken.");
        }
        // At most 300,000, so that nothing is cut off.
        Some(kept as i64)
    }
}

fn unknown(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'.');
    if (2..=30).contains(&name.len()) && name.bytes().all(is_plain) {
        format!("curl's --{name} is not known here and was left out.")
    } else {
        "An option that is not known here was left out.".to_owned()
    }
}

fn lacks_value(option: &str) -> CurlError {
    refused(format!(
        "{option} needs a value: add it or leave the option out."
    ))
}

//! The URL, in the parts that a tool keeps apart.

use percent_encoding::percent_decode_str;
use url::Url;

use super::{CurlError, Notes, refused};

pub(super) struct Address {
    /// Scheme, host and port.
    pub(super) base_url: String,
    pub(super) host: String,
    /// Name and password that it holds.
    pub(super) user: Option<(String, Option<String>)>,
    /// As it was given; begins with a slash.
    pub(super) path: String,
    /// As it was given, without its question mark.
    pub(super) query: String,
}

/// # Errors
/// Where it is no one URL of http or https with a host.
pub(super) fn read(url: &str, has_globs: bool, notes: &mut Notes) -> Result<Address, CurlError> {
    let url = url.trim();
    let url = url.split_once('#').map_or(url, |(before, _)| before);
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
        _ => {
            notes.add("The URL names no scheme: https was taken.");
            ("https".to_owned(), url.trim_start_matches("//"))
        }
    };
    if !matches!(scheme.as_str(), "http" | "https") {
        return Err(refused(
            "Tools call http and https; the URL has another scheme.",
        ));
    }
    let (authority, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    if has_globs && (is_several(authority) || is_several(path) || has_range(query)) {
        return Err(refused(
            "The URL stands for several ([1-3] or {a,b}): write the one that is meant.",
        ));
    }
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    };
    let (base_url, host) = origin(&scheme, host)?;
    if host.starts_with("your-") || host.contains(".your-") {
        notes.add("The host reads like a placeholder: write the real one into base_url.");
    }
    if scheme == "http" {
        notes.add("The URL is http, without encryption: use https where the API has it.");
    }
    Ok(Address {
        base_url,
        host,
        user: user.map(name_and_password),
        path: path_of(path, notes),
        query: query.to_owned(),
    })
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
}

fn origin(scheme: &str, host: &str) -> Result<(String, String), CurlError> {
    if host.contains(['{', '}', '<', '>', '$', '%']) {
        return Err(refused(
            "The host is a placeholder or a variable: write the real one into the command.",
        ));
    }
    let wrong = || refused("The URL has no host: write it as https://api.example.com/path.");
    // What else `Url` would read out of it is no host and port.
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    if host.is_empty() || !host.chars().all(fits) {
        return Err(wrong());
    }
    let url = Url::parse(&format!("{scheme}://{host}")).map_err(|_| wrong())?;
    let host = url.host_str().ok_or_else(wrong)?.to_owned();
    Ok((url.origin().ascii_serialization(), host))
}

fn name_and_password(user: &str) -> (String, Option<String>) {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    match user.split_once(':') {
        Some((name, password)) => (decoded(name), Some(decoded(password))),
        // In a URL this is an empty one, and nobody is asked.
        None => (decoded(user), Some(String::new())),
    }
}

fn path_of(path: &str, notes: &mut Notes) -> String {
    let rest = path.trim_start_matches('/');
    if path.len() > rest.len() + 1 {
        notes.add("The path begins with several slashes: one was kept.");
    }
    format!("/{rest}")
}

/// Whether it stands for several texts (curl, "URL globbing").
fn is_several(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((inside, next)) = after.split_once('}') else {
            break;
        };
        if inside.contains(',') {
            return true;
        }
        rest = next;
    }
    has_range(text)
}

fn has_range(text: &str) -> bool {
    let mut ranges = text
        .split('[')
        .skip(1)
        .filter_map(|part| part.split_once(']'));
    ranges.any(|(inside, _)| {
        let range = inside.split_once(':').map_or(inside, |(range, _)| range);
        range.split_once('-').is_some_and(|(from, to)| {
            let is_end = |end: &str| {
                super::identifier::is_number(end)
                    || (end.len() == 1 && end.bytes().all(|byte| byte.is_ascii_alphabetic()))
            };
            is_end(from) && is_end(to)
        })
    })
}

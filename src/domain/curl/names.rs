//! What a tool is called, and what can honestly be said of it.

use super::{
    path::Path,
    resource::{is_plural, singular, snake},
};
use crate::tools::HttpMethod;

const LONGEST_NAME: usize = 64;
const LONGEST_PART: usize = 24;
const LONGEST_PATH: usize = 300;

pub(super) struct Named {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) description: String,
}

/// By the convention `{category}-{api}-{method}`: `github-issues-list`.
pub(super) fn of(host: &str, method: HttpMethod, path: &Path) -> Named {
    let resource = path
        .resource
        .as_deref()
        .map(without_extension)
        .map(snake)
        .unwrap_or_default();
    let is_many = !path.is_of_one && is_plural(&resource);
    let verb = match method {
        HttpMethod::Get if is_many => "list",
        HttpMethod::Get => "get",
        HttpMethod::Post if is_many => "create",
        HttpMethod::Post => "post",
        HttpMethod::Put => "put",
        HttpMethod::Patch => "update",
        HttpMethod::Delete => "delete",
    };
    let parts = [cut(&snake(category(host))), cut(&resource), verb.to_owned()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let mut name = parts.join("-");
    name.truncate(LONGEST_NAME);
    let thing = match verb {
        "list" => resource.clone(),
        _ => singular(&resource),
    };
    let words = format!("{verb} {}", thing.replace('_', " "));
    let title = format!("{}{}", words[..1].to_ascii_uppercase(), &words[1..]);
    let place = if path.is_secret || path.template.len() > LONGEST_PATH {
        String::new()
    } else {
        format!(" {}", path.template)
    };
    Named {
        name,
        title: title.trim().to_owned(),
        description: format!("{method}{place} of {host}."),
    }
}

/// The label of a host that says whose it is: `api.example.co.uk` is of `example`.
fn category(host: &str) -> &str {
    let labels: Vec<&str> = host.split('.').collect();
    let is_address = host.starts_with('[') || host.bytes().all(|byte| !byte.is_ascii_alphabetic());
    match labels.as_slice() {
        _ if is_address => "local",
        [
            ..,
            third,
            "co" | "com" | "org" | "net" | "gov" | "ac" | "edu",
            last,
        ] if last.len() == 2 => third,
        [.., second, _] => second,
        [only] => only,
        [] => "",
    }
}

/// `Messages.json` are messages; `gemini:generateContent` is the last.
fn without_extension(segment: &str) -> &str {
    let last = match segment.rsplit_once(':') {
        Some((_, verb)) if verb.bytes().all(|byte| byte.is_ascii_alphabetic()) => verb,
        _ => segment,
    };
    for extension in [".json", ".xml", ".php", ".aspx"] {
        if let Some(stem) = last.strip_suffix(extension) {
            return stem;
        }
    }
    last
}

fn cut(text: &str) -> String {
    let cut: String = text.chars().take(LONGEST_PART).collect();
    cut.trim_end_matches('_').to_owned()
}

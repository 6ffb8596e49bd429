//! The path: what looks like an id in it becomes an argument.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde_json::json;

use super::{
    CurlError, Notes,
    address::Address,
    arguments::{Arguments, Wish, of_text},
    credentials::Auth,
    identifier::{is_bare_version, is_id, is_token, is_version},
    refused,
    resource::{id_of, is_resource},
    stand_in::{self, Part, StandIns},
};
use crate::tools::AuthStrategy;

/// Bytes (see `tools::rules`).
const LONGEST: usize = 2_000;
const MOST_SEGMENTS: usize = 60;
/// What a segment may not hold as it is (RFC 3986 §3.3); a `%` is looked at before.
const IN_SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
/// Names in capitals that are not meant to be replaced.
const CAPITALS: [&str; 8] = ["API", "REST", "RPC", "JSON", "XML", "ODATA", "SOAP", "GET"];

pub(super) struct Path {
    pub(super) template: String,
    /// The last segment that names a kind of things.
    pub(super) resource: Option<String>,
    /// Whether it ends in an argument: one of these things.
    pub(super) is_of_one: bool,
    /// Whether the path itself lets in: nobody should read it who may not call.
    pub(super) is_secret: bool,
}

/// # Errors
/// For a path of very many segments, or one that holds a credential shown elsewhere.
pub(super) fn read(
    address: &Address,
    auth: &Auth,
    stand_ins: &StandIns,
    arguments: &mut Arguments,
    notes: &mut Notes,
) -> Result<Path, CurlError> {
    if address.path.len() > LONGEST {
        return Err(refused(format!(
            "The path has more than {LONGEST} bytes: write the one that is meant."
        )));
    }
    let segments = without_dots(&address.path);
    if segments.len() > MOST_SEGMENTS {
        return Err(refused(format!(
            "The path has more than {MOST_SEGMENTS} segments: write the one that is meant."
        )));
    }
    let is_secret = lets_in(&address.host, &segments, auth.strategy);
    if is_secret {
        notes.add(
            "The path itself is what lets a caller in, like that of a webhook. It stays in the \
             tool's endpoint_path, where everybody reads it who may see the tool.",
        );
    }
    let mut path = Path {
        template: String::new(),
        resource: None,
        is_of_one: false,
        is_secret,
    };
    let mut made = Vec::new();
    let mut before: Option<&str> = None;
    for (index, segment) in segments.iter().enumerate() {
        let is_start = index + 1 < segments.len()
            && (index == 0 || before.is_some_and(|before| before.eq_ignore_ascii_case("api")));
        path.template.push('/');
        let argument = if arguments.is_secret(&decoded(segment)) {
            notes.add("A part of the path repeats a credential: it became an argument.");
            Some(text("key", arguments))
        } else {
            piece(segment, before, is_start, is_secret, stand_ins, arguments)
        };
        path.is_of_one = argument.is_some() || (path.is_of_one && segment.is_empty());
        match argument {
            Some(template) => {
                path.template.push_str(&template);
                made.push(template);
                before = None;
            }
            None => {
                path.template.push_str(&literal(segment));
                before = Some(segment);
                if is_resource(segment) {
                    path.resource = Some((*segment).to_owned());
                }
            }
        }
    }
    notes.add_list(&made, ": parts of the path that became arguments.");
    Ok(path)
}

/// The template of a segment that an argument is in.
fn piece(
    segment: &str,
    before: Option<&str>,
    is_start: bool,
    is_secret: bool,
    stand_ins: &StandIns,
    arguments: &mut Arguments,
) -> Option<String> {
    let decoded = decoded(segment);
    if let Some(name) = named(&decoded) {
        // It may be meant after all, like the USD of a rate.
        let is_meant = !decoded.starts_with(':');
        return Some(arguments.add(Wish {
            name: &name,
            schema: json!({ "type": "string" }),
            example: is_meant.then(|| json!(decoded)),
            is_required: true,
        }));
    }
    let parts = stand_ins.parts(&decoded);
    if parts.iter().any(|part| matches!(part, Part::Name(_))) {
        let filled = parts.into_iter().map(|part| match part {
            Part::Text(text) => encoded(text),
            Part::Name(name) => text(&name, arguments),
        });
        return Some(filled.collect());
    }
    let (stem, extension) = match decoded.rsplit_once('.') {
        Some((stem, extension)) if is_extension(extension) && !is_id(&decoded) => {
            (stem, &decoded[stem.len()..])
        }
        _ => (decoded.as_str(), ""),
    };
    let is_meant = is_id(stem) && !is_version(stem) && !(is_start && is_bare_version(stem));
    if is_secret || !is_meant {
        return None;
    }
    let (schema, example) = of_text(stem);
    let name = id_of(before);
    let argument = arguments.add(Wish {
        name: &name,
        schema,
        example: Some(example),
        is_required: true,
    });
    Some(argument + &encoded(extension))
}

fn text(name: &str, arguments: &mut Arguments) -> String {
    arguments.add(Wish {
        name,
        schema: json!({ "type": "string" }),
        example: None,
        is_required: true,
    })
}

/// `:id`, and the `OWNER` of documentation.
fn named(segment: &str) -> Option<String> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let is_capital = |byte: u8| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-');
    if segment.len() > 64 {
        return None;
    }
    if let Some(name) = segment.strip_prefix(':') {
        let is_name =
            name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(is_part);
        return is_name.then(|| stand_in::argument(name));
    }
    let is_word = segment.len() >= 3
        && segment.starts_with(|c: char| c.is_ascii_uppercase())
        && segment.bytes().all(is_capital);
    (is_word && !CAPITALS.contains(&segment)).then(|| stand_in::argument(segment))
}

/// Whether the URL is a secret: webhooks of Slack, Discord and others, and Telegram's bots.
fn lets_in(host: &str, segments: &[&str], strategy: AuthStrategy) -> bool {
    let is_bot = |segment: &&&str| {
        let name = segment
            .strip_prefix("bot")
            .and_then(|rest| rest.split_once(':'));
        name.is_some_and(|(number, _)| super::identifier::is_number(number))
    };
    let is_hook = |segment: &&str| segment.to_ascii_lowercase().contains("hook");
    let is_webhook = host.contains("hook") || segments.iter().any(is_hook);
    segments.iter().any(|segment| is_bot(&segment))
        || (strategy == AuthStrategy::None
            && is_webhook
            && segments.iter().any(|segment| is_token(segment)))
}

/// The segments with `.` and `..` followed (RFC 3986 §5.2.4), as curl does.
fn without_dots(path: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    let mut ends_in_dots = false;
    for segment in path.split('/').skip(1) {
        let dots = segment.to_ascii_lowercase().replace("%2e", ".");
        ends_in_dots = matches!(dots.as_str(), "." | "..");
        match dots.as_str() {
            "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    if ends_in_dots || segments.is_empty() {
        segments.push("");
    }
    // Two slashes at the beginning would name a host.
    let begin = segments
        .iter()
        .take_while(|segment| segment.is_empty())
        .count();
    segments.drain(..begin.min(segments.len().saturating_sub(1)));
    segments
}

fn is_extension(text: &str) -> bool {
    (2..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment)
        .decode_utf8()
        .map_or_else(|_| segment.to_owned(), std::borrow::Cow::into_owned)
}

/// A segment as it was written, with what may not be in one percent-encoded.
fn literal(segment: &str) -> String {
    let mut made = String::new();
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('%') {
        made.push_str(&utf8_percent_encode(before, IN_SEGMENT).to_string());
        let is_encoding =
            after.len() >= 2 && after.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
        made.push_str(if is_encoding { "%" } else { "%25" });
        rest = after;
    }
    made.push_str(&utf8_percent_encode(rest, IN_SEGMENT).to_string());
    made
}

/// A text that was decoded before.
fn encoded(text: &str) -> String {
    literal(&text.replace('%', "%25").replace('/', "%2F"))
}

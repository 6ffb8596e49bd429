//! Which requests take the short road: a whole and plain `tools/list`, `tools/call` or
//! `subscriptions/listen`. Whatever is unusual in any way, and so all that is wrong, is left to rmcp, which knows every rule.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};

pub const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
pub const METHOD: HeaderName = HeaderName::from_static("mcp-method");
pub const NAME: HeaderName = HeaderName::from_static("mcp-name");

/// The revision without `initialize`.
pub const MODERN: &str = "2026-07-28";
/// Those with it.
pub const LEGACY: [&str; 3] = ["2025-11-25", "2025-06-18", "2025-03-26"];

/// Whether a request of 2026-07-28 whose headers are of another era is read as its body says. One
/// known client sends such; the protocol says 400.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Compat {
    #[default]
    On,
    Off,
}

/// How a client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Era {
    /// 2026-07-28: each request stands for itself.
    Modern,
    /// Up to 2025-11-25: begun with `initialize`.
    Legacy,
}

/// A request that takes the short road.
#[derive(Debug)]
pub struct Message<'a> {
    /// As it was written: a JSON string or integer.
    pub id: &'a RawValue,
    pub era: Era,
    pub method: Method<'a>,
}

#[derive(Debug)]
pub enum Method<'a> {
    List {
        cursor: Option<Cow<'a, str>>,
    },
    Call(Call<'a>),
    Listen {
        /// Whether changes of the list of tools are asked for.
        tools: bool,
    },
}

#[derive(Debug)]
pub struct Call<'a> {
    pub name: Cow<'a, str>,
    pub arguments: Map<String, Value>,
    /// As it was written: a JSON string or integer.
    pub progress_token: Option<&'a RawValue>,
    pub idempotency_key: Option<Value>,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    jsonrpc: Cow<'a, str>,
    #[serde(borrow)]
    id: &'a RawValue,
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow, default)]
    params: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListParams<'a> {
    #[serde(borrow, default)]
    cursor: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "_meta")]
    meta: Option<Meta<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallParams<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(default)]
    arguments: Option<Map<String, Value>>,
    #[serde(borrow, default, rename = "_meta")]
    meta: Option<Meta<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListenParams<'a> {
    notifications: Notifications,
    #[serde(borrow, rename = "_meta")]
    meta: Option<Meta<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Notifications {
    #[serde(default)]
    tools_list_changed: Option<bool>,
    // Of these we have none to tell of.
    #[serde(default, rename = "promptsListChanged")]
    _prompts_list_changed: Option<bool>,
    #[serde(default, rename = "resourcesListChanged")]
    _resources_list_changed: Option<bool>,
}

#[derive(Default, Deserialize)]
struct Meta<'a> {
    #[serde(borrow, default, rename = "io.modelcontextprotocol/protocolVersion")]
    protocol_version: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "io.modelcontextprotocol/clientCapabilities")]
    client_capabilities: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "progressToken")]
    progress_token: Option<&'a RawValue>,
    #[serde(default, rename = "ai.tengine/idempotency-key")]
    idempotency_key: Option<Value>,
}

/// The request, if it takes the short road.
pub fn recognized<'a>(headers: &HeaderMap, body: &'a [u8], compat: Compat) -> Option<Message<'a>> {
    // All of it (RFC 8259 §8.1): what is passed over below is not looked at.
    let text = std::str::from_utf8(body).ok()?;
    let envelope: Envelope<'a> = serde_json::from_str(text).ok()?;
    if envelope.jsonrpc != "2.0" || !is_id(envelope.id) {
        return None;
    }
    let params = envelope.params.map(RawValue::get);
    let (meta, method) = match &*envelope.method {
        "tools/list" => {
            let params: ListParams<'a> = match params {
                None => ListParams::default(),
                Some(text) => serde_json::from_str(text).ok()?,
            };
            let method = Method::List {
                cursor: params.cursor,
            };
            (params.meta.unwrap_or_default(), method)
        }
        "tools/call" => {
            let params: CallParams<'a> = serde_json::from_str(params?).ok()?;
            let meta = params.meta.unwrap_or_default();
            let method = Method::Call(Call {
                name: params.name,
                arguments: params.arguments.unwrap_or_default(),
                progress_token: meta.progress_token,
                idempotency_key: meta.idempotency_key.clone(),
            });
            (meta, method)
        }
        "subscriptions/listen" => {
            let params: ListenParams<'a> = serde_json::from_str(params?).ok()?;
            let tools = params.notifications.tools_list_changed == Some(true);
            (params.meta?, Method::Listen { tools })
        }
        _ => return None,
    };
    if !meta.progress_token.is_none_or(is_id) {
        return None;
    }
    let era = era(headers, &meta, &envelope.method, &method, compat)?;
    Some(Message {
        id: envelope.id,
        era,
        method,
    })
}

/// In which era the request is right, if it is.
fn era(
    headers: &HeaderMap,
    meta: &Meta<'_>,
    name: &str,
    method: &Method<'_>,
    compat: Compat,
) -> Option<Era> {
    let header = single(headers, &PROTOCOL_VERSION)?;
    let Some(version) = meta.protocol_version.as_deref() else {
        let is_legacy = match header {
            None => true,
            Some(version) => LEGACY.iter().any(|known| version == known.as_bytes()),
        };
        let has_it = !matches!(method, Method::Listen { .. });
        return (is_legacy && has_it).then_some(Era::Legacy);
    };
    if version != MODERN || !declares_capabilities(meta) {
        return None;
    }
    let is_the_bodys = header.is_some_and(|header| header == MODERN.as_bytes());
    let is_lenient = compat == Compat::On && !is_the_bodys;
    if !is_the_bodys && !is_lenient {
        return None;
    }
    // A client whose version header is of another era knows nothing of the headers beside it.
    let agrees = |header: &HeaderName, with: &str| match single(headers, header) {
        Some(Some(value)) => value == with.as_bytes(),
        Some(None) => is_lenient,
        None => false,
    };
    let names_it = match method {
        Method::List { .. } | Method::Listen { .. } => headers.get(&NAME).is_none(),
        Method::Call(call) => agrees(&NAME, &call.name),
    };
    (agrees(&METHOD, name) && names_it).then_some(Era::Modern)
}

/// The one value of a header, `Some(None)` where there is none, `None` where there are several.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Option<&'a [u8]>> {
    let mut values = headers.get_all(name).iter();
    let first = values.next().map(HeaderValue::as_bytes);
    values.next().is_none().then_some(first)
}

/// Whether the capabilities are what the protocol says; most clients have none to declare.
fn declares_capabilities(meta: &Meta<'_>) -> bool {
    meta.client_capabilities.is_some_and(|raw| {
        raw.get() == "{}"
            || serde_json::from_str::<rmcp::model::ClientCapabilities>(raw.get()).is_ok()
    })
}

/// Whether it is a string, or an integer of a size that every client can write (MCP: `RequestId`,
/// `ProgressToken`).
fn is_id(raw: &RawValue) -> bool {
    const MOST_DIGITS: usize = 15;
    let text = raw.get();
    let digits = text.strip_prefix('-').unwrap_or(text);
    text.starts_with('"')
        || (!digits.is_empty()
            && digits.len() <= MOST_DIGITS
            // To a JSON parser a fraction, which alone has such a zero.
            && text != "-0"
            && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn headers(pairs: &[(&HeaderName, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn modern_list() -> Value {
        json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": { "_meta": {
            "io.modelcontextprotocol/protocolVersion": MODERN,
            "io.modelcontextprotocol/clientCapabilities": {},
        } } })
    }

    fn era(pairs: &[(&HeaderName, &str)], body: &Value, compat: Compat) -> Option<Era> {
        let body = body.to_string();
        recognized(&headers(pairs), body.as_bytes(), compat).map(|message| message.era)
    }

    #[test]
    fn a_modern_request_agrees_with_its_headers() {
        let good = [(&PROTOCOL_VERSION, MODERN), (&METHOD, "tools/list")];
        assert_eq!(era(&good, &modern_list(), Compat::Off), Some(Era::Modern));
        for wrong in [
            &[][..],
            &[(&PROTOCOL_VERSION, MODERN)],
            &[(&PROTOCOL_VERSION, MODERN), (&METHOD, "tools/call")],
            &[(&PROTOCOL_VERSION, "2025-11-25"), (&METHOD, "tools/list")],
            &[good[0], good[1], good[1]],
            &[good[0], good[0], good[1]],
            &[good[0], good[1], (&NAME, "x")],
        ] {
            assert_eq!(era(wrong, &modern_list(), Compat::Off), None, "{wrong:?}");
        }
        let mut silent = modern_list();
        silent["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"] = Value::Null;
        assert_eq!(era(&good, &silent, Compat::On), None);
    }

    #[test]
    fn the_compatible_way_believes_the_body() {
        for lenient in [
            &[][..],
            &[(&PROTOCOL_VERSION, "2025-11-25")],
            &[(&PROTOCOL_VERSION, "2025-11-25"), (&METHOD, "tools/list")],
        ] {
            assert_eq!(
                era(lenient, &modern_list(), Compat::On),
                Some(Era::Modern),
                "{lenient:?}"
            );
        }
        let contradicting = [(&PROTOCOL_VERSION, "2025-11-25"), (&METHOD, "tools/call")];
        assert_eq!(era(&contradicting, &modern_list(), Compat::On), None);
    }

    #[test]
    fn a_legacy_request_needs_no_header() {
        let body = json!({ "jsonrpc": "2.0", "id": "a", "method": "tools/list" });
        assert_eq!(era(&[], &body, Compat::Off), Some(Era::Legacy));
        for version in LEGACY {
            let header = [(&PROTOCOL_VERSION, version)];
            assert_eq!(era(&header, &body, Compat::Off), Some(Era::Legacy));
        }
        for version in [MODERN, "2024-11-05", "x"] {
            assert_eq!(
                era(&[(&PROTOCOL_VERSION, version)], &body, Compat::On),
                None
            );
        }
    }

    #[test]
    fn what_is_unusual_is_left_to_rmcp() {
        for body in [
            r#"{"jsonrpc":"2.0","id":null,"method":"tools/list"}"#,
            r#"{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}"#,
            r#"{"jsonrpc":"2.0","id":-0,"method":"tools/list"}"#,
            r#"{"jsonrpc":"2.0","id":12345678901234567890,"method":"tools/list"}"#,
            r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list"}"#,
            r#"{"jsonrpc":"1.0","id":1,"method":"tools/list"}"#,
            r#"{"jsonrpc":"2.0","method":"tools/list"}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":7}}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"other":7}}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":[]}}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#,
            "[]",
            "{",
        ] {
            let found = recognized(&HeaderMap::new(), body.as_bytes(), Compat::On);
            assert!(found.is_none(), "{body}");
        }
        // Found by fuzzing: a member that nobody reads may hold what is no text.
        let body = b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"x\":\"\xff\"}";
        assert!(recognized(&HeaderMap::new(), body, Compat::On).is_none());
    }
}

//! The JSON-RPC entry of the MCP endpoint: what the short road reads out of a message is what a
//! plain JSON parser reads out of it.

#![no_main]

use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

// The server's own file: to depend on the server would instrument the whole of it.
#[path = "../../src/mcp/message.rs"]
mod message;

use message::{Compat, Era, METHOD, MODERN, Method, NAME, PROTOCOL_VERSION, recognized};

/// Three header values and a body, each ended by a NUL.
fn parts(input: &[u8]) -> Option<[&[u8]; 4]> {
    let mut parts = input.splitn(4, |byte| *byte == 0);
    Some([parts.next()?, parts.next()?, parts.next()?, parts.next()?])
}

fuzz_target!(|input: &[u8]| {
    let Some([version, method, name, body]) = parts(input) else {
        return;
    };
    let mut headers = HeaderMap::new();
    for (header, value) in [(PROTOCOL_VERSION, version), (METHOD, method), (NAME, name)] {
        if let (false, Ok(value)) = (value.is_empty(), HeaderValue::from_bytes(value)) {
            headers.insert(header, value);
        }
    }
    for compat in [Compat::On, Compat::Off] {
        let Some(read) = recognized(&headers, body, compat) else {
            continue;
        };
        assert!(std::str::from_utf8(body).is_ok());
        // A number beyond every type is JSON, in a member that nobody reads.
        let Ok(plain) = serde_json::from_slice::<Value>(body) else {
            continue;
        };
        assert_eq!(plain["jsonrpc"], "2.0");
        let id: Value = serde_json::from_str(read.id.get()).expect("an id is JSON");
        assert!(id == plain["id"] && (id.is_string() || id.is_i64()));
        let params = &plain["params"];
        let in_body = &params["_meta"]["io.modelcontextprotocol/protocolVersion"];
        match read.era {
            Era::Modern => {
                assert_eq!(in_body, MODERN);
                // A header that is there never contradicts the body.
                for (header, text) in [(METHOD, &plain["method"]), (NAME, &params["name"])] {
                    let sent = headers.get(&header).map(HeaderValue::as_bytes);
                    assert!(sent.is_none_or(|sent| text.as_str().map(str::as_bytes) == Some(sent)));
                    assert!(compat == Compat::On || sent.is_some() || text.is_null());
                }
            }
            Era::Legacy => assert!(in_body.is_null()),
        }
        match read.method {
            Method::List { cursor } => {
                assert_eq!(plain["method"], "tools/list");
                assert_eq!(cursor.as_deref(), params["cursor"].as_str());
            }
            Method::Call(call) => {
                assert_eq!(plain["method"], "tools/call");
                assert_eq!(call.name, params["name"].as_str().expect("a name is text"));
                let arguments = params["arguments"].as_object();
                assert_eq!(&call.arguments, &arguments.cloned().unwrap_or_default());
            }
            Method::Listen { tools } => {
                assert_eq!(plain["method"], "subscriptions/listen");
                assert_eq!(tools, params["notifications"]["toolsListChanged"] == true);
            }
        }
    }
});

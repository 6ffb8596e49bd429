//! Requests as MCP 2026-07-28 writes them.

use serde_json::{Value, json};

use crate::raw::Request;

const VERSION: &str = "2026-07-28";

pub fn list(token: &str) -> Request {
    request(token, "tools/list", None, json!({}))
}

pub fn call(token: &str, tool: &str, arguments: &Value) -> Request {
    let params = json!({ "name": tool, "arguments": arguments });
    request(token, "tools/call", Some(tool), params)
}

pub fn listen(token: &str) -> Request {
    let params = json!({ "notifications": { "toolsListChanged": true } });
    request(token, "subscriptions/listen", None, params)
}

fn request(token: &str, method: &str, name: Option<&str>, mut params: Value) -> Request {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": VERSION,
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let mut headers = vec![
        ("Authorization", format!("Bearer {token}")),
        ("Content-Type", "application/json".to_owned()),
        ("Accept", "application/json, text/event-stream".to_owned()),
        ("MCP-Protocol-Version", VERSION.to_owned()),
        ("Mcp-Method", method.to_owned()),
    ];
    headers.extend(name.map(|name| ("Mcp-Name", name.to_owned())));
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    Request {
        method: "POST",
        path: "/mcp/".to_owned(),
        headers,
        body: body.to_string(),
    }
}

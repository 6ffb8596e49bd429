//! What real clients send that the protocol would refuse.

use axum::http::{HeaderMap, HeaderValue, header};

/// Clients were seen that send `Accept: */*` or none. Whoever posts JSON-RPC reads JSON, and a
/// stream only where it asked for one.
pub fn normalize(headers: &mut HeaderMap) {
    headers.insert(
        header::ACCEPT,
        HeaderValue::from_static("application/json, text/event-stream"),
    );
}

//! How the endpoint knows that a request is ours.

use std::fmt::Write;

use http::Method;

use crate::crypto::{hmac_sha256, sha256};

/// The header that carries the signature of `hmac_signature`.
pub(super) const SIGNATURE_HEADER: &str = "x-tengine-signature";

/// What a signature covers.
pub(super) struct Signed<'a> {
    /// `X-Tengine-Timestamp`: Unix seconds.
    pub(super) timestamp: i64,
    /// `X-Tengine-Request-Id`.
    pub(super) request_id: &'a str,
    pub(super) method: &'a Method,
    /// As it goes over the wire: percent-encoded, `?` and the query included where there is one.
    pub(super) path_with_query: &'a str,
    pub(super) body: &'a [u8],
}

impl Signed<'_> {
    /// The text that is signed: six fields in one line, each separated by one space, with no
    /// newline at the end.
    ///
    /// ```text
    /// v1 {timestamp} {request id} {METHOD} {path with query} {SHA-256 of the body, lowercase hex}
    /// v1 1700000000 0b8e…-… POST /crm/contacts?dry=1 e3b0c442…b855
    /// ```
    ///
    /// None of the fields can hold a space. A request without a body has the SHA-256 of nothing.
    pub(super) fn line(&self) -> String {
        format!(
            "v1 {} {} {} {} {}",
            self.timestamp,
            self.request_id,
            self.method,
            self.path_with_query,
            hex(&sha256(self.body)),
        )
    }

    /// The value of `X-Tengine-Signature`: `v1=` and the HMAC-SHA256 (RFC 2104) of the line under
    /// the tool's secret, in 64 lowercase hex digits. Receivers accept ±5 minutes of the timestamp.
    pub(super) fn signature(&self, secret: &[u8]) -> String {
        format!("v1={}", hex(&hmac_sha256(secret, self.line().as_bytes())))
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signed_line_is_fixed_because_receivers_build_it_too() {
        let signed = Signed {
            timestamp: 1_700_000_000,
            request_id: "7b1e0f2a-0000-4000-8000-000000000001",
            method: &Method::POST,
            path_with_query: "/crm/contacts?dry=1",
            body: b"{\"a\":1}",
        };
        assert_eq!(
            signed.line(),
            "v1 1700000000 7b1e0f2a-0000-4000-8000-000000000001 POST /crm/contacts?dry=1 \
             015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
        );
        assert!(signed.signature(b"k").starts_with("v1="));
        assert_eq!(signed.signature(b"k").len(), 3 + 64);
        assert_ne!(signed.signature(b"k"), signed.signature(b"l"));
    }
}

//! What a body says that it is.

use axum::http::{HeaderMap, header};

/// Whether the body is of this media type, whatever parameters it has (RFC 9110 §8.3.1).
pub fn is(headers: &HeaderMap, media_type: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| {
            let essence = kind.split(';').next().unwrap_or_default().trim();
            essence.eq_ignore_ascii_case(media_type)
        })
}

use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, Mac};
use http::HeaderMap;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

pub fn is_ours(
    secret: &[u8],
    method: &str,
    path_with_query: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> bool {
    let one = |name: &str| {
        let mut values = headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().unwrap_or_default(),
            _ => "",
        }
    };
    let timestamp = one("x-tengine-timestamp");
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |time| time.as_secs());
    let is_fresh = |sent: u64| sent.abs_diff(now) <= 300;
    if !timestamp.parse().is_ok_and(is_fresh) {
        return false;
    }
    let line = format!(
        "v1 {timestamp} {} {method} {path_with_query} {}",
        one("x-tengine-request-id"),
        hex::encode(Sha256::digest(body)),
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any key");
    mac.update(line.as_bytes());
    let expected = format!("v1={}", hex::encode(mac.finalize().into_bytes()));
    let given = one("x-tengine-signature");
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}

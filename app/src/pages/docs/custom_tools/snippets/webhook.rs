use http::HeaderMap;
use standardwebhooks::Webhook;

pub fn is_ours(secret: &str, headers: &HeaderMap, body: &[u8]) -> bool {
    Webhook::new(secret).is_ok_and(|hook| hook.verify(body, headers).is_ok())
}

//! Puts on a request what its endpoint knows us by.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Uri, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use super::{
    mask::Mask,
    record::Row,
    sign::{SIGNATURE_HEADER, Signed},
};
use crate::{
    Core, Error,
    crypto::hmac_sha256,
    tools::{AuthStrategy, Tool, webhook_key},
};

/// All but the unreserved characters (RFC 3986 §2.3).
const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Proves to the endpoint that the request is ours. Gives back what must not be shown of its answer.
///
/// # Errors
/// [`Error::Corrupt`] where the stored tool or its secret cannot be used.
pub(super) fn authenticate(
    core: &Core,
    tool: &Tool,
    row: &Row,
    request: &mut Request<Bytes>,
) -> Result<Mask, Error> {
    // What OAuth 2 hands out is put on when the request's turn comes: `token.rs`.
    if tool.auth_strategy == AuthStrategy::None || tool.auth_strategy.is_oauth() {
        return Ok(Mask::default());
    }
    let secret = tool.open_secret(core)?;
    let mut mask = Mask::default();
    mask.hide(secret.to_vec());
    let headers = request.headers_mut();
    match tool.auth_strategy {
        AuthStrategy::None
        | AuthStrategy::OAuth2ClientCredentials
        | AuthStrategy::OAuth2AuthorizationCode => {}
        AuthStrategy::StaticBearer => {
            let value = [b"Bearer ", secret.as_slice()].concat();
            set_secret(headers, &header::AUTHORIZATION, &value)?;
        }
        AuthStrategy::Basic => {
            let name = setting(tool.auth_config.username.as_deref())?;
            let pair = Zeroizing::new([name.as_bytes(), b":", &secret].concat());
            let encoded = STANDARD.encode(&pair);
            set_secret(
                headers,
                &header::AUTHORIZATION,
                format!("Basic {encoded}").as_bytes(),
            )?;
            mask.hide(encoded.into_bytes());
        }
        AuthStrategy::ApiKeyHeader => {
            let name = setting(tool.auth_config.header.as_deref())?;
            let name: HeaderName = name.parse().map_err(|_| unfit())?;
            set_secret(headers, &name, &secret)?;
        }
        AuthStrategy::ApiKeyQuery => {
            let name = setting(tool.auth_config.parameter.as_deref())?;
            let text = std::str::from_utf8(&secret).map_err(|_| unfit())?;
            let encoded = utf8_percent_encode(text, IN_QUERY).to_string();
            *request.uri_mut() = with_parameter(request.uri(), name, &encoded)?;
            mask.hide(encoded.into_bytes());
        }
        AuthStrategy::HmacSignature => {
            let signed = Signed {
                timestamp: row.started_at.seconds(),
                request_id: &row.request_id,
                method: request.method(),
                path_with_query: path_with_query(request.uri()),
                body: request.body(),
            };
            let value = signed.signature(&secret).parse().map_err(|_| unfit())?;
            request.headers_mut().insert(SIGNATURE_HEADER, value);
        }
        AuthStrategy::StandardWebhooks => {
            let text = std::str::from_utf8(&secret).map_err(|_| unfit())?;
            let key = Zeroizing::new(webhook_key(text).ok_or_else(unfit)?);
            let timestamp = row.started_at.seconds().to_string();
            let signature = webhook_signature(&key, &row.request_id, &timestamp, request.body());
            let headers = request.headers_mut();
            for (name, value) in [
                ("webhook-id", &row.request_id),
                ("webhook-timestamp", &timestamp),
                ("webhook-signature", &signature),
            ] {
                let value = HeaderValue::from_str(value).map_err(|_| unfit())?;
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
    Ok(mask)
}

fn unfit() -> Error {
    Error::corrupt("tool", "its secret or a setting of it does not fit")
}

fn setting(value: Option<&str>) -> Result<&str, Error> {
    value.ok_or_else(unfit)
}

/// A header that is never printed or compressed.
fn set_secret(headers: &mut HeaderMap, name: &HeaderName, value: &[u8]) -> Result<(), Error> {
    let mut value = HeaderValue::from_bytes(value).map_err(|_| unfit())?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}

fn path_with_query(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", |path| path.as_str())
}

/// The same place with a parameter more, at the end.
fn with_parameter(uri: &Uri, name: &str, encoded: &str) -> Result<Uri, Error> {
    let name = utf8_percent_encode(name, IN_QUERY);
    let mark = if uri.query().is_some() { '&' } else { '?' };
    let path = format!("{}{mark}{name}={encoded}", path_with_query(uri));
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path.parse().map_err(|_| unfit())?);
    Uri::from_parts(parts).map_err(|_| unfit())
}

/// The value of `webhook-signature` (Standard Webhooks 1.0, "Signature scheme").
fn webhook_signature(key: &[u8], id: &str, timestamp: &str, body: &[u8]) -> String {
    let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
    format!("v1,{}", STANDARD.encode(hmac_sha256(key, &signed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the library `standardwebhooks` 1.1.1 of npm makes of the same.
    #[test]
    fn a_webhook_signature_is_the_one_that_libraries_check() {
        let key = webhook_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!(
            webhook_signature(
                &key,
                "7b1e0f2a-0000-4000-8000-000000000001",
                "1700000000",
                b"{\"a\":1}"
            ),
            "v1,PPSVf9wbiS3rly5p6awWmIG3RgAyepcIMkatLyw44ak="
        );
    }

    #[test]
    fn a_parameter_comes_last_and_breaks_out_of_nothing() {
        for (uri, expected) in [
            ("https://a.example/v1", "https://a.example/v1?k%26=s%20e"),
            (
                "https://a.example/?x=1",
                "https://a.example/?x=1&k%26=s%20e",
            ),
        ] {
            let uri = with_parameter(&uri.parse().unwrap(), "k&", "s%20e").unwrap();
            assert_eq!(uri.to_string(), expected);
        }
    }
}

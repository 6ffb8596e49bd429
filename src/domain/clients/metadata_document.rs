//! Clients whose id is the URL of a document that describes them (Client ID Metadata Documents,
//! draft-ietf-oauth-client-id-metadata-document).

use std::time::Duration;

use http::{HeaderMap, header};
use serde_json::{Map, Value};
use url::Url;

use super::{
    ClientMetadata, Clients, FindError, KnownClient, Registration, SelfRegistered, known, store,
};
use crate::{Error, ids::UserId};

const LARGEST: usize = 5 * 1024;
const LONGEST: Duration = Duration::from_secs(10);
/// Seconds that a copy holds, whatever its server says.
const FRESH: std::ops::RangeInclusive<i64> = 300..=86_400;

/// Whether a client id has the form that the draft asks for: an https URL with a path, and without
/// credentials, fragment, query or dot segments.
#[must_use]
pub fn is_document_url(client_id: &str) -> bool {
    let Ok(url) = Url::parse(client_id) else {
        return false;
    };
    // Written the one way that the parser writes it: what it had to put right (dot segments, case,
    // default ports) would let one document have several ids.
    url.as_str() == client_id
        && client_id.len() <= 500
        && url.scheme() == "https"
        && url.host().is_some()
        && url.path().len() > 1
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
        && url.query().is_none()
}

impl Clients {
    pub(super) async fn described(
        &self,
        client_id: &str,
        person: Option<&UserId>,
    ) -> Result<KnownClient, FindError> {
        if !is_document_url(client_id) {
            return Err(FindError::Unknown);
        }
        if !self.core.settings().await?.client_metadata_documents {
            return Err(FindError::SwitchedOff);
        }
        let now = self.core.now();
        if let Some(known) = known::document(client_id, now) {
            return Ok(known.into());
        }
        if let Some(stored) = store::by_id(&self.core.db, client_id).await?
            && stored.fresh_until.is_some_and(|until| until > now)
        {
            return Ok(stored.into());
        }
        let person = person.ok_or(FindError::SignInFirst)?;
        self.fetches.take(person, now)?;
        let client = self.fetch(client_id).await?;
        let mut tx = self.core.db.begin().await.map_err(Error::from)?;
        store::keep(&mut tx, &client).await.map_err(Error::from)?;
        tx.commit().await.map_err(Error::from)?;
        Ok(client.into())
    }

    async fn fetch(&self, client_id: &str) -> Result<SelfRegistered, FindError> {
        let unusable = |why: String| {
            FindError::Document(format!(
                "The document that describes this client cannot be used: {why}."
            ))
        };
        let document = self
            .fetcher
            .get(client_id, LONGEST, LARGEST)
            .await
            .map_err(|why| unusable(why.trim_end_matches('.').to_owned()))?;
        if !is_json(&document.headers) {
            return Err(unusable("its media type is not JSON".to_owned()));
        }
        let metadata = parse(client_id, &document.body).map_err(unusable)?;
        let now = self.core.now();
        Ok(SelfRegistered {
            client_id: client_id.to_owned(),
            registration: Registration::MetadataDocument,
            name: metadata.name,
            redirect_uris: metadata.redirect_uris,
            created_at: now,
            fresh_until: Some(now.plus_seconds(fresh_seconds(&document.headers))),
            last_used_at: None,
        })
    }
}

/// The document, if it describes the client whose id it was fetched from.
///
/// # Errors
/// Half a sentence that says what is wrong with it.
pub(super) fn parse(client_id: &str, body: &[u8]) -> Result<ClientMetadata, String> {
    let metadata: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| "it is not a JSON object".to_owned())?;
    if metadata.get("client_id").and_then(Value::as_str) != Some(client_id) {
        return Err("its client_id is not the URL that it was fetched from".to_owned());
    }
    if metadata.contains_key("client_secret") || metadata.contains_key("client_secret_expires_at") {
        return Err("it holds a client secret, which a public document cannot".to_owned());
    }
    if !offers_none(&metadata) {
        return Err(
            "it says that the client authenticates by a method that is not none".to_owned(),
        );
    }
    ClientMetadata::parse(&metadata)
        .map_err(|error| format!("{}: {}", error.field, error.message.trim_end_matches('.')))
}

/// Whether the client may come without proof: it says so, it says nothing, or (as ChatGPT's does) it
/// lists what else it can do. One that insists on another method must be held to it, and we know none
/// that a document could announce.
fn offers_none(metadata: &Map<String, Value>) -> bool {
    let is_none = |value: &Value| value.as_str() == Some("none");
    match metadata.get("token_endpoint_auth_method") {
        None | Some(Value::Null) => true,
        Some(method) if is_none(method) => true,
        Some(_) => metadata
            .get("token_endpoint_auth_methods_supported")
            .and_then(Value::as_array)
            .is_some_and(|methods| methods.iter().any(is_none)),
    }
}

/// Only JSON is read as JSON.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// How long the copy holds (RFC 9111 §5.2.2.1), within our bounds.
fn fresh_seconds(headers: &HeaderMap) -> i64 {
    let value = headers
        .get(header::CACHE_CONTROL)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let max_age = value
        .split(',')
        .find_map(|part| part.trim().strip_prefix("max-age="))
        .and_then(|seconds| seconds.parse::<i64>().ok());
    max_age
        .unwrap_or(*FRESH.start())
        .clamp(*FRESH.start(), *FRESH.end())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "https://client.example/oauth/metadata.json";

    #[test]
    fn an_id_is_an_https_url_with_a_path_written_one_way() {
        assert!(is_document_url(ID));
        assert!(is_document_url("https://client.example:8443/a"));
        for wrong in [
            "https://client.example",
            "https://client.example/",
            "http://client.example/a",
            "https://CLIENT.example/a",
            "https://client.example:443/a",
            "https://client.example/a/../b",
            "https://client.example/./a",
            "https://user@client.example/a",
            "https://client.example/a#b",
            "https://client.example/a?b",
            "https:///a",
            "javascript:alert(1)",
            "",
        ] {
            assert!(!is_document_url(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_document_describes_its_own_url_and_holds_no_secret() {
        let good = json!({
            "client_id": ID, "client_name": "Client", "redirect_uris": ["https://client.example/cb"],
            "token_endpoint_auth_method": "none",
        });
        assert_eq!(
            parse(ID, good.to_string().as_bytes()).unwrap().name,
            "Client"
        );
        for (member, value) in [
            (
                "client_id",
                json!("https://client.example/oauth/metadata.json/"),
            ),
            ("client_id", json!(7)),
            ("client_secret", json!("x")),
            ("token_endpoint_auth_method", json!("client_secret_basic")),
            ("token_endpoint_auth_method", json!("private_key_jwt")),
            ("redirect_uris", json!([])),
            ("redirect_uris", json!(["data:text/html,x"])),
        ] {
            let mut wrong = good.clone();
            wrong[member] = value;
            assert!(parse(ID, wrong.to_string().as_bytes()).is_err(), "{wrong}");
        }
        let mut either = good.clone();
        either["token_endpoint_auth_method"] = json!("private_key_jwt");
        either["token_endpoint_auth_methods_supported"] = json!(["none", "private_key_jwt"]);
        assert!(parse(ID, either.to_string().as_bytes()).is_ok());
        assert!(parse(ID, b"[]").is_err());
        assert!(parse(ID, "[".repeat(5_000).as_bytes()).is_err());
    }

    #[test]
    fn a_copy_holds_as_long_as_its_server_says_within_bounds() {
        for (value, seconds) in [
            ("", 300),
            ("no-store", 300),
            ("max-age=1", 300),
            ("public, max-age=3600", 3_600),
            ("max-age=99999999", 86_400),
            ("max-age=x", 300),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CACHE_CONTROL, value.parse().unwrap());
            assert_eq!(fresh_seconds(&headers), seconds, "{value}");
        }
    }
}

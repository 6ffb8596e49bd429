//! What an OpenID provider says of itself (OpenID Connect Discovery §4).

use openidconnect::{
    AuthType, AuthUrl, IssuerUrl, TokenUrl, UserInfoUrl,
    core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm},
};
use serde_json::{Map, Value};
use url::Url;

use super::{
    Cause,
    failure::Fault,
    http::{LARGEST, LONGEST},
};
use crate::execute::Fetcher;

/// What ID tokens may be signed with. Never `none`, and nothing with a shared secret: whoever has a
/// provider's public key could else sign with it.
pub(super) const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = {
    use CoreJwsSigningAlgorithm as A;
    [
        A::RsaSsaPkcs1V15Sha256,
        A::RsaSsaPkcs1V15Sha384,
        A::RsaSsaPkcs1V15Sha512,
        A::RsaSsaPssSha256,
        A::RsaSsaPssSha384,
        A::RsaSsaPssSha512,
        A::EcdsaP256Sha256,
        A::EcdsaP384Sha384,
        A::EdDsa,
    ]
};

/// The part of a discovery document that signing in needs.
#[derive(Debug, Clone)]
pub(super) struct Metadata {
    pub(super) issuer: IssuerUrl,
    pub(super) authorization_endpoint: AuthUrl,
    pub(super) token_endpoint: TokenUrl,
    pub(super) userinfo_endpoint: Option<UserInfoUrl>,
    pub(super) jwks_uri: String,
    /// How a client shows its secret.
    pub(super) auth_type: AuthType,
    /// Whether it names itself in its answers (RFC 9207 §3).
    pub(super) names_itself: bool,
}

impl Metadata {
    /// Fetches the document of an issuer.
    pub(super) async fn fetched(fetcher: &Fetcher, issuer: &str) -> Result<Self, Fault> {
        let url = format!(
            "{}/.well-known/openid-configuration",
            issuer.trim_end_matches('/')
        );
        let document = fetcher
            .get(&url, LONGEST, LARGEST)
            .await
            .map_err(|why| unusable(format!("at {url}, {why}")))?;
        let fields = serde_json::from_slice(&document.body)
            .map_err(|_| unusable(format!("what is at {url} is not a JSON object")))?;
        Self::parse(issuer, &fields)
    }

    fn parse(issuer: &str, fields: &Map<String, Value>) -> Result<Self, Fault> {
        let found = text(fields, "issuer")?;
        // OpenID Connect Discovery §4.3: else one provider could speak for another.
        if found != issuer {
            return Err(unusable(format!(
                "its discovery document says that its issuer is {found:?}"
            )));
        }
        let is_https = issuer.starts_with("https:");
        let endpoint = |name| endpoint(fields, name, is_https);
        let unparsable = |_| unusable("its URLs cannot be read".to_owned());
        let metadata = Self {
            issuer: IssuerUrl::new(found.to_owned()).map_err(unparsable)?,
            authorization_endpoint: AuthUrl::new(endpoint("authorization_endpoint")?)
                .map_err(unparsable)?,
            token_endpoint: TokenUrl::new(endpoint("token_endpoint")?).map_err(unparsable)?,
            userinfo_endpoint: match fields.get("userinfo_endpoint") {
                None | Some(Value::Null) => None,
                Some(_) => {
                    Some(UserInfoUrl::new(endpoint("userinfo_endpoint")?).map_err(unparsable)?)
                }
            },
            jwks_uri: endpoint("jwks_uri")?,
            auth_type: auth_type(fields)?,
            names_itself: fields.get("authorization_response_iss_parameter_supported")
                == Some(&Value::Bool(true)),
        };
        // Many that know PKCE do not say so; one that lists its methods has to list this one.
        if lists(fields, "code_challenge_methods_supported", |one| {
            one == "S256"
        }) == Some(false)
        {
            return Err(unusable(
                "it does not offer PKCE with S256 (code_challenge_methods_supported)".to_owned(),
            ));
        }
        if lists(fields, "response_types_supported", |one| one == "code") == Some(false) {
            return Err(unusable(
                "it does not offer the authorization code flow (response_types_supported)"
                    .to_owned(),
            ));
        }
        let is_ours = |one: &str| {
            let algorithm = serde_json::from_value(Value::from(one));
            algorithm.is_ok_and(|one| ALGORITHMS.contains(&one))
        };
        if lists(fields, "id_token_signing_alg_values_supported", is_ours) == Some(false) {
            return Err(unusable(
                "it signs ID tokens with none of RS256, PS256, ES256 and their like \
                 (id_token_signing_alg_values_supported)"
                    .to_owned(),
            ));
        }
        Ok(metadata)
    }
}

/// Fetches a provider's public keys (RFC 7517 §5).
pub(super) async fn keys(fetcher: &Fetcher, url: &str) -> Result<CoreJsonWebKeySet, Fault> {
    let unusable = |detail: String| Fault::new(Cause::Keys, detail);
    let document = fetcher
        .get(url, LONGEST, LARGEST)
        .await
        .map_err(|why| unusable(format!("at its jwks_uri, {why}")))?;
    let keys: CoreJsonWebKeySet = serde_json::from_slice(&document.body)
        .map_err(|_| unusable("what is at its jwks_uri is not a set of keys".to_owned()))?;
    if keys.keys().is_empty() {
        return Err(unusable(
            "there is no key at its jwks_uri that can be read".to_owned(),
        ));
    }
    Ok(keys)
}

fn unusable(detail: String) -> Fault {
    Fault::new(Cause::Discovery, detail)
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<&'a str, Fault> {
    let value = fields.get(name).and_then(Value::as_str);
    value.ok_or_else(|| unusable(format!("its discovery document has no {name}")))
}

/// A URL that a person or a secret goes to.
fn endpoint(fields: &Map<String, Value>, name: &str, is_https: bool) -> Result<String, Fault> {
    let found = text(fields, name)?;
    let is_good = Url::parse(found).is_ok_and(|url| {
        let scheme = url.scheme();
        (scheme == "https" || (scheme == "http" && !is_https))
            && url.host().is_some()
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
    });
    if is_good {
        Ok(found.to_owned())
    } else {
        Err(unusable(format!("its {name} is not an https URL")))
    }
}

/// Whether a list of texts has one that is wanted; `None` where the document has no such list.
fn lists(
    fields: &Map<String, Value>,
    name: &str,
    is_wanted: impl Fn(&str) -> bool,
) -> Option<bool> {
    let list = fields.get(name)?.as_array()?;
    Some(list.iter().filter_map(Value::as_str).any(is_wanted))
}

/// Where nothing is said it is Basic (OpenID Connect Discovery §3).
fn auth_type(fields: &Map<String, Value>) -> Result<AuthType, Fault> {
    let offers = |method: &str| {
        lists(fields, "token_endpoint_auth_methods_supported", |one| {
            one == method
        })
    };
    match (offers("client_secret_basic"), offers("client_secret_post")) {
        (None | Some(true), _) => Ok(AuthType::BasicAuth),
        (_, Some(true)) => Ok(AuthType::RequestBody),
        _ if offers("none") == Some(true) => Ok(AuthType::RequestBody),
        _ => Err(unusable(
            "its token endpoint takes neither client_secret_basic nor client_secret_post \
             (token_endpoint_auth_methods_supported)"
                .to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ISSUER: &str = "https://login.example";

    fn document() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://login.example/authorize",
            "token_endpoint": "https://token.example/token",
            "jwks_uri": "https://login.example/keys",
        })
    }

    fn parse(document: &Value) -> Result<Metadata, Fault> {
        Metadata::parse(ISSUER, document.as_object().unwrap())
    }

    #[test]
    fn a_document_says_where_to_go_and_how() {
        let metadata = parse(&document()).unwrap();
        assert!(matches!(metadata.auth_type, AuthType::BasicAuth));
        assert!(metadata.userinfo_endpoint.is_none() && !metadata.names_itself);
        let mut more = document();
        more["token_endpoint_auth_methods_supported"] =
            json!(["private_key_jwt", "client_secret_post"]);
        more["code_challenge_methods_supported"] = json!(["plain", "S256"]);
        more["id_token_signing_alg_values_supported"] = json!(["HS256", "none", "PS384"]);
        more["authorization_response_iss_parameter_supported"] = json!(true);
        let metadata = parse(&more).unwrap();
        assert!(matches!(metadata.auth_type, AuthType::RequestBody) && metadata.names_itself);
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (field, value, words) in [
            (
                "issuer",
                json!("https://evil.example"),
                "issuer is \"https://evil.example\"",
            ),
            ("issuer", json!("https://login.example/"), "issuer is"),
            ("issuer", json!(7), "no issuer"),
            ("token_endpoint", Value::Null, "no token_endpoint"),
            (
                "authorization_endpoint",
                json!("javascript:alert(1)"),
                "authorization_endpoint is not",
            ),
            (
                "authorization_endpoint",
                json!("http://login.example/a"),
                "authorization_endpoint is not",
            ),
            (
                "authorization_endpoint",
                json!("/authorize"),
                "authorization_endpoint is not",
            ),
            (
                "token_endpoint",
                json!("https://a:b@login.example/t"),
                "token_endpoint is not",
            ),
            (
                "userinfo_endpoint",
                json!("file:///etc/passwd"),
                "userinfo_endpoint is not",
            ),
            ("jwks_uri", json!("data:,{}"), "jwks_uri is not"),
            ("code_challenge_methods_supported", json!(["plain"]), "S256"),
            (
                "response_types_supported",
                json!(["id_token"]),
                "authorization code",
            ),
            (
                "id_token_signing_alg_values_supported",
                json!(["HS256", "none"]),
                "signs ID tokens",
            ),
            (
                "token_endpoint_auth_methods_supported",
                json!(["private_key_jwt"]),
                "token endpoint takes",
            ),
        ] {
            let mut wrong = document();
            wrong[field] = value;
            let fault = parse(&wrong).unwrap_err();
            assert_eq!(fault.cause, Cause::Discovery);
            assert!(fault.detail.contains(words), "{}", fault.detail);
        }
    }
}

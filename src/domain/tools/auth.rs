//! How a tool's endpoint knows that a request is ours.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderName;
use serde::{Deserialize, Serialize};

use super::ToolInput;
use crate::{FieldError, error::Rules, execute::is_reserved, text_enum};

text_enum! {
    /// The ways to say so; each but the first with a secret.
    #[derive(Default)]
    pub enum AuthStrategy {
        #[default]
        None = "none",
        /// `Authorization: Bearer` (RFC 6750 §2.1).
        StaticBearer = "static_bearer",
        /// `Authorization: Basic` (RFC 7617).
        Basic = "basic",
        ApiKeyHeader = "api_key_header",
        ApiKeyQuery = "api_key_query",
        /// A signature of ours: `X-Tengine-Signature`.
        HmacSignature = "hmac_signature",
        /// A signature by Standard Webhooks 1.0, for which there are libraries.
        StandardWebhooks = "standard_webhooks",
        /// A token for us, by the client credentials grant (RFC 6749 §4.4).
        OAuth2ClientCredentials = "oauth2_client_credentials",
        /// A token for the person who calls, who connected their account (RFC 6749 §4.1).
        OAuth2AuthorizationCode = "oauth2_authorization_code",
    }
}

/// What a strategy needs besides its secret; each takes its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuthConfig {
    /// `api_key_header`: the header that the key is sent in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// `api_key_query`: the query parameter that the key is sent in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// `basic`: the user name; the secret is the password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
}

const LONGEST_NAME: usize = 255;
/// Bytes of a key by Standard Webhooks ("Signature scheme").
const WEBHOOK_KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
const WEBHOOK_KEY_PREFIX: &str = "whsec_";

impl AuthStrategy {
    /// The headers that it sets by itself, in lower case.
    #[must_use]
    pub const fn headers(self) -> &'static [&'static str] {
        match self {
            Self::StaticBearer
            | Self::Basic
            | Self::OAuth2ClientCredentials
            | Self::OAuth2AuthorizationCode => &["authorization"],
            Self::StandardWebhooks => &["webhook-id", "webhook-timestamp", "webhook-signature"],
            Self::None | Self::ApiKeyHeader | Self::ApiKeyQuery | Self::HmacSignature => &[],
        }
    }

    /// Whether it sends a token that another server hands out.
    #[must_use]
    pub const fn is_oauth(self) -> bool {
        matches!(
            self,
            Self::OAuth2ClientCredentials | Self::OAuth2AuthorizationCode
        )
    }
}

/// What a Standard Webhooks key is.
const WEBHOOK_KEY_RULE: &str = "whsec_ and the base64 of 24 to 64 bytes.";

/// The bytes of a Standard Webhooks key, as it is handed out: `whsec_` and base64.
#[must_use]
pub(crate) fn webhook_key(secret: &str) -> Option<Vec<u8>> {
    let key = STANDARD
        .decode(secret.strip_prefix(WEBHOOK_KEY_PREFIX)?)
        .ok()?;
    WEBHOOK_KEY_BYTES.contains(&key.len()).then_some(key)
}

/// What is stored: without what is there and empty.
pub(crate) fn settled(config: &AuthConfig) -> AuthConfig {
    let given = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
    AuthConfig {
        header: given(&config.header),
        parameter: given(&config.parameter),
        username: given(&config.username),
    }
}

/// Every rule that a strategy's settings and secret break, but for whether there is a secret.
pub(crate) fn check(input: &ToolInput) -> Vec<FieldError> {
    let mut broken = Rules::default();
    let config = &input.auth_config;
    for (field, value, owner, need) in [
        (
            "auth_config.header",
            &config.header,
            AuthStrategy::ApiKeyHeader,
            "Name the header that the key is sent in, like X-API-Key.",
        ),
        (
            "auth_config.parameter",
            &config.parameter,
            AuthStrategy::ApiKeyQuery,
            "Name the query parameter that the key is sent in, like api_key.",
        ),
        (
            "auth_config.username",
            &config.username,
            AuthStrategy::Basic,
            "Give the user name; the secret is the password.",
        ),
    ] {
        let is_given = value.as_ref().is_some_and(|value| !value.is_empty());
        if input.auth_strategy == owner {
            broken.check(is_given, field, need);
        } else {
            broken.check(!is_given, field, format!("Only {owner} uses this."));
        }
        let fits =
            |value: &String| value.len() <= LONGEST_NAME && !value.chars().any(char::is_control);
        broken.check(
            value.as_ref().is_none_or(fits),
            field,
            format!("Use at most {LONGEST_NAME} bytes on one line."),
        );
    }
    match input.auth_strategy {
        AuthStrategy::ApiKeyHeader => check_header(input, &mut broken),
        AuthStrategy::ApiKeyQuery => check_parameter(input, &mut broken),
        AuthStrategy::Basic => broken.check(
            config
                .username
                .as_ref()
                .is_none_or(|name| !name.contains(':')),
            "auth_config.username",
            "Leave out the colon: what comes after it would be the password (RFC 7617 §2).",
        ),
        AuthStrategy::StandardWebhooks => {
            let secret = input.auth_secret.as_deref().filter(|text| !text.is_empty());
            broken.check(
                secret.is_none_or(|secret| webhook_key(secret).is_some()),
                "auth_secret",
                format!("Use a Standard Webhooks key: {WEBHOOK_KEY_RULE}"),
            );
        }
        AuthStrategy::None
        | AuthStrategy::StaticBearer
        | AuthStrategy::HmacSignature
        | AuthStrategy::OAuth2ClientCredentials
        | AuthStrategy::OAuth2AuthorizationCode => {}
    }
    broken.into_errors()
}

fn check_header(input: &ToolInput, broken: &mut Rules) {
    const FIELD: &str = "auth_config.header";
    let Some(name) = input
        .auth_config
        .header
        .as_deref()
        .filter(|name| !name.is_empty())
    else {
        return;
    };
    match HeaderName::from_bytes(name.as_bytes()) {
        Err(_) => broken.check(false, FIELD, "This is not a header's name."),
        Ok(header) => {
            broken.check(
                !is_reserved(&header),
                FIELD,
                "This header is set by TengineAI or by the connection.",
            );
            let mut templates = input.headers_template.keys();
            broken.check(
                !templates.any(|other| other.eq_ignore_ascii_case(name)),
                FIELD,
                "headers_template has this header too: one of them has to go.",
            );
        }
    }
}

fn check_parameter(input: &ToolInput, broken: &mut Rules) {
    const FIELD: &str = "auth_config.parameter";
    let Some(name) = input.auth_config.parameter.as_deref() else {
        return;
    };
    broken.check(
        !input.query_template.contains_key(name),
        FIELD,
        "query_template has this parameter too: one of them has to go.",
    );
    // It would be sent beside the key, and which of the two counts is the endpoint's to say.
    let is_argument = input.input_schema["properties"].get(name).is_some();
    broken.check(
        !(is_argument && input.http_method.sends_rest_as_query()),
        FIELD,
        "An argument has this name, and would be sent beside the key: name one of them otherwise.",
    );
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn fields(changes: Value) -> Vec<String> {
        let mut tool = json!({
            "name": "t", "base_url": "https://api.example", "endpoint_path": "/",
            "headers_template": { "X-Team": "a" }, "query_template": { "page": "1" },
            "input_schema": { "type": "object", "properties": { "key": {} } },
        });
        for (name, value) in changes.as_object().unwrap() {
            tool[name] = value.clone();
        }
        let input: ToolInput = serde_json::from_value(tool).unwrap();
        check(&input).into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn each_strategy_takes_its_own_settings() {
        let with = |strategy: &str, config: Value| {
            fields(json!({ "auth_strategy": strategy, "auth_config": config }))
        };
        for (strategy, config) in [
            ("none", json!({})),
            ("hmac_signature", json!({})),
            ("api_key_header", json!({ "header": "X-API-Key" })),
            ("api_key_header", json!({ "header": "Authorization" })),
            ("api_key_query", json!({ "parameter": "api_key" })),
            ("basic", json!({ "username": "ada" })),
        ] {
            assert!(with(strategy, config).is_empty(), "{strategy}");
        }
        for (strategy, config, field) in [
            ("none", json!({ "header": "X-API-Key" }), "header"),
            ("api_key_header", json!({}), "header"),
            ("api_key_header", json!({ "header": "" }), "header"),
            ("api_key_header", json!({ "header": "X API" }), "header"),
            ("api_key_header", json!({ "header": "Host" }), "header"),
            (
                "api_key_header",
                json!({ "header": "x-tengine-project-id" }),
                "header",
            ),
            ("api_key_header", json!({ "header": "x-team" }), "header"),
            ("api_key_query", json!({}), "parameter"),
            ("api_key_query", json!({ "parameter": "page" }), "parameter"),
            ("api_key_query", json!({ "parameter": "key" }), "parameter"),
            ("api_key_query", json!({ "parameter": "a\nb" }), "parameter"),
            ("basic", json!({ "username": "a:b" }), "username"),
            ("basic", json!({}), "username"),
        ] {
            let found = with(strategy, config.clone());
            assert_eq!(
                found,
                [format!("auth_config.{field}")],
                "{strategy} {config}"
            );
        }
        let body = json!({
            "auth_strategy": "api_key_query", "auth_config": { "parameter": "key" },
            "http_method": "POST",
        });
        assert!(fields(body).is_empty(), "in the body it is something else");
    }

    #[test]
    fn a_webhook_key_is_one() {
        for (secret, is_one) in [
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true),
            ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false),
            ("whsec_c2hvcnQ=", false),
            ("whsec_!", false),
        ] {
            let changes = json!({ "auth_strategy": "standard_webhooks", "auth_secret": secret });
            assert_eq!(fields(changes).is_empty(), is_one, "{secret}");
        }
    }
}

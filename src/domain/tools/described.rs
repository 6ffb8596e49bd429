//! Whether a tool is still the one that somebody approved.

use super::{AuthStrategy, Tool, ToolSecret};
use crate::{clock::Timestamp, text_enum};

text_enum! {
    /// What became of a tool since somebody approved a connection.
    pub enum Since {
        /// There was none.
        Added = "added",
        /// It was another one, or disabled.
        Changed = "changed",
    }
}

impl Tool {
    /// What became of it since `approved_at`; `None` where it is what it was.
    #[must_use]
    pub fn since(&self, approved_at: Timestamp) -> Option<Since> {
        if self.created_at > approved_at {
            Some(Since::Added)
        } else if self.described_at > approved_at {
            Some(Since::Changed)
        } else {
            None
        }
    }
}

/// When what people approve of a tool last changed, if `old` becomes `new`: what it is called, what
/// the model reads of it, what its calls send and where. Its picture, its secret and its limits are
/// not among it. Nobody who approves is shown a disabled tool, so to them one that is enabled is new.
pub(super) fn described_at(old: &Tool, new: &Tool) -> Timestamp {
    let is_shown_anew = new.is_enabled && !old.is_enabled;
    if is_shown_anew || !is_described_alike(old, new) {
        new.updated_at
    } else {
        old.described_at
    }
}

fn is_described_alike(old: &Tool, new: &Tool) -> bool {
    (&old.name, &old.title, &old.description) == (&new.name, &new.title, &new.description)
        && old.annotations == new.annotations
        && (&old.input_schema, &old.output_schema) == (&new.input_schema, &new.output_schema)
        && (&old.base_url, old.http_method, &old.endpoint_path)
            == (&new.base_url, new.http_method, &new.endpoint_path)
        && old.headers_template == new.headers_template
        && old.query_template == new.query_template
        && old.body_template == new.body_template
        && old.inject_member_identity == new.inject_member_identity
        && is_authenticated_alike(old, new)
}

/// As whom a call is made, and what of it a secret decides: a key in a header or a parameter that the
/// tool names can be an order as well (`X-HTTP-Method-Override`). A new token, password or signing key
/// is the same caller's.
fn is_authenticated_alike(old: &Tool, new: &Tool) -> bool {
    let named = |tool: &Tool| match &tool.auth_secret {
        Some(ToolSecret::Named(secret)) => Some(secret.id.clone()),
        Some(ToolSecret::Own(_)) | None => None,
    };
    let is_placed = matches!(
        new.auth_strategy,
        AuthStrategy::ApiKeyHeader | AuthStrategy::ApiKeyQuery
    );
    (old.auth_strategy, &old.auth_config) == (new.auth_strategy, &new.auth_config)
        && named(old) == named(new)
        && (!is_placed || old.own_secret() == new.own_secret())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::tools::{Icon, definition::unchecked};

    const BEFORE: Timestamp = Timestamp(1_000);
    const AFTER: Timestamp = Timestamp(2_000);

    fn tool(changes: &Value) -> Tool {
        let mut input = json!({
            "name": "t", "description": "Finds.", "base_url": "https://api.example",
            "endpoint_path": "/",
        });
        for (name, value) in changes.as_object().unwrap() {
            input[name] = value.clone();
        }
        unchecked(&serde_json::from_value(input).unwrap())
    }

    fn since(old: Tool, new: Tool) -> Option<Since> {
        let old = Tool {
            described_at: BEFORE,
            updated_at: BEFORE,
            ..old
        };
        let new = Tool {
            created_at: BEFORE,
            updated_at: AFTER,
            ..new
        };
        let described_at = described_at(&old, &new);
        Tool {
            described_at,
            ..new
        }
        .since(BEFORE)
    }

    #[test]
    fn what_people_approve_and_models_read_counts() {
        for change in [
            json!({ "name": "u" }),
            json!({ "title": "T" }),
            json!({ "description": "Deletes." }),
            json!({ "input_schema": { "type": "object", "properties": { "a": {} } } }),
            json!({ "output_schema": { "type": "object" } }),
            json!({ "base_url": "https://evil.example" }),
            json!({ "endpoint_path": "/all" }),
            json!({ "http_method": "DELETE" }),
            json!({ "headers_template": { "X-HTTP-Method-Override": "DELETE" } }),
            json!({ "query_template": { "delete": "1" } }),
            json!({ "body_template": { "query": "mutation { deleteAll }" } }),
            json!({ "inject_member_identity": true }),
            json!({ "auth_strategy": "oauth2_authorization_code" }),
            json!({ "auth_strategy": "api_key_header", "auth_config": { "header": "X-HTTP-Method-Override" } }),
        ] {
            assert_eq!(
                since(tool(&json!({})), tool(&change)),
                Some(Since::Changed),
                "{change}"
            );
        }
        let mut hinted = tool(&json!({}));
        hinted.annotations.destructive_hint = true;
        assert_eq!(since(tool(&json!({})), hinted), Some(Since::Changed));
        let disabled = tool(&json!({ "is_enabled": false }));
        assert_eq!(since(disabled, tool(&json!({}))), Some(Since::Changed));
    }

    #[test]
    fn what_nobody_is_shown_does_not() {
        for change in [
            json!({}),
            json!({ "timeout_ms": 1_000 }),
            json!({ "max_concurrency": 3 }),
            json!({ "max_response_bytes": 2_048 }),
            json!({ "require_member": true }),
            json!({ "is_enabled": false }),
        ] {
            assert_eq!(since(tool(&json!({})), tool(&change)), None, "{change}");
        }
        let mut other = tool(&json!({}));
        other.icons = vec![Icon {
            src: "https://a".into(),
            mime_type: None,
            sizes: vec![],
            theme: None,
        }];
        assert_eq!(since(tool(&json!({})), other), None);
    }

    #[test]
    fn a_new_secret_counts_where_it_may_be_an_order() {
        for (strategy, expected) in [
            ("static_bearer", None),
            ("basic", None),
            ("hmac_signature", None),
            ("api_key_header", Some(Since::Changed)),
            ("api_key_query", Some(Since::Changed)),
        ] {
            let with = |secret: &[u8]| Tool {
                auth_secret: Some(ToolSecret::Own(secret.to_vec())),
                ..tool(&json!({ "auth_strategy": strategy }))
            };
            assert_eq!(since(with(b"a"), with(b"b")), expected, "{strategy}");
            assert_eq!(since(with(b"a"), with(b"a")), None, "{strategy}");
        }
    }

    #[test]
    fn one_that_was_not_there_was_added() {
        let new = Tool {
            created_at: AFTER,
            described_at: AFTER,
            ..tool(&json!({}))
        };
        assert_eq!(new.since(BEFORE), Some(Since::Added));
        assert_eq!(new.since(AFTER), None);
    }
}

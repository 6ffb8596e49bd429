//! What looks like a secret, and what only stands for one.

use serde_json::json;

use super::super::{
    Finding, Rule,
    secrets::kind_in,
    testing::{findings, rules},
};

/// Made up here; joined so that scanners of this repository find nothing.
fn secrets() -> Vec<String> {
    let tail = "Zk3vT9qLw7RbX2nPd8JmHc5YsFg6AeUoB1iN4KxW0tQz9VuM";
    let mut secrets: Vec<String> = [
        ("sk-ant-api03-", 48),
        ("sk-proj-", 40),
        ("sk_live_", 24),
        ("ghp_", 36),
        ("github_pat_", 44),
        ("glpat-", 20),
        ("AIza", 35),
        ("xoxb-", 24),
        ("npm_", 36),
        ("hf_", 34),
        ("tng_key_", 48),
        ("tng_cs_", 48),
    ]
    .iter()
    .map(|(prefix, length)| format!("{prefix}{}", &tail[..*length]))
    .collect();
    secrets.push(format!("AK{}", "IAQX7MZ2LD9PWK4TB6"));
    secrets.push(format!("eyJ{0}.eyJ{0}.{1}", &tail[..20], &tail[..43]));
    secrets.push(format!(
        "-----BEGIN RSA PRIVATE {}-----\n{tail}{tail}\n",
        "KEY"
    ));
    secrets.push(format!("https://ada:{}@api.example/", &tail[..12]));
    secrets
}

#[test]
fn pasted_secrets_are_found_and_never_repeated() {
    for secret in secrets() {
        for changes in [
            json!({ "description": format!("Finds contacts with the key {secret}, by a text.") }),
            json!({ "title": format!("Search ({secret})") }),
            json!({ "headers_template": { "X-Note": secret } }),
            json!({ "query_template": { &*secret: "1" } }),
            json!({ "body_template": { "deep": [{ "note": secret }] } }),
            json!({ "input_schema": { "type": "object", "properties": { &*secret: { "type": "string" } } } }),
            json!({ "input_schema": { "type": "object", "properties": { "a": { "enum": [secret], "default": secret } } } }),
        ] {
            let found = findings(changes.clone());
            assert!(
                found.iter().any(|one| one.rule == Rule::SecretPasted),
                "{changes}"
            );
            let repeats =
                |one: &Finding| one.message.contains(&*secret) || one.field.contains(&*secret);
            assert!(!found.iter().any(repeats), "{found:?}");
        }
    }
}

#[test]
fn what_stands_for_a_secret_is_fine() {
    for fine in [
        "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-your-key-goes-here-0123456789-0123456789",
        &format!("AK{}", "IAIOSFODNN7EXAMPLE"),
        "task-1234567890abcdefghijklmnopqrstuvwxyz12",
        "key-value pairs, monkey-business2",
        "eyJhbGciOiJIUzI1NiJ9",
        "https://user:password@api.example/",
        "https://{user}:{password}@api.example/",
        "https://api.example:8443/path@2",
        "-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----",
        "ghp_",
    ] {
        assert_eq!(kind_in(fine), None, "{fine}");
    }
}

#[test]
fn credentials_do_not_stand_in_templates() {
    let found = rules(json!({
        "auth_strategy": "none",
        "headers_template": { "X-API-Key": "abc", "X-Team": "blue" },
        "query_template": { "access_token": "abc", "page": "1" },
    }));
    assert_eq!(
        found,
        [
            "error secret.in_template headers_template.X-API-Key",
            "error secret.in_template query_template.access_token",
        ]
    );
    let found = rules(
        json!({ "auth_strategy": "none", "headers_template": { "Authorization": "Bearer {text}" } }),
    );
    assert!(
        found.contains(&"warning argument.credential headers_template.Authorization".to_owned()),
        "{found:?}"
    );
}

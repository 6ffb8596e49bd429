//! Secrets that stand where people and models read them. No message repeats what was found, nor a
//! field whose name is what was found.

use super::{
    Findings, Rule,
    walk::{Text, start},
};
use crate::{execute::template::placeholders, tools::ToolInput};

/// A kind of secret: what it is called, how it begins, how many characters follow at least, and
/// which ones besides letters and numbers. Of the vendors' own documentation, as secret scanners
/// look for them.
struct Kind(&'static str, &'static str, usize, &'static str);

const KINDS: [Kind; 38] = [
    Kind("an Anthropic key", "sk-ant-", 32, "-_"),
    Kind("an OpenAI key", "sk-", 32, "-_"),
    Kind("a Stripe key", "sk_live_", 16, ""),
    Kind("a Stripe key", "rk_live_", 16, ""),
    Kind("a Stripe key", "sk_test_", 16, ""),
    Kind("a GitHub token", "ghp_", 36, ""),
    Kind("a GitHub token", "gho_", 36, ""),
    Kind("a GitHub token", "ghu_", 36, ""),
    Kind("a GitHub token", "ghs_", 36, ""),
    Kind("a GitHub token", "ghr_", 36, ""),
    Kind("a GitHub token", "github_pat_", 40, "_"),
    Kind("a GitLab token", "glpat-", 20, "-_"),
    Kind("an AWS key", "AKIA", 16, ""),
    Kind("an AWS key", "ASIA", 16, ""),
    Kind("a Google key", "AIza", 35, "-_"),
    Kind("a Google token", "ya29.", 40, "-_"),
    Kind("a Slack token", "xoxb-", 20, "-"),
    Kind("a Slack token", "xoxp-", 20, "-"),
    Kind("a Slack token", "xapp-", 20, "-"),
    Kind("a Slack webhook", "hooks.slack.com/services/", 30, "/"),
    Kind("an npm token", "npm_", 36, ""),
    Kind("a PyPI token", "pypi-AgE", 50, "-_"),
    Kind("a SendGrid key", "SG.", 40, "-_."),
    Kind("a Hugging Face token", "hf_", 30, ""),
    Kind("a DigitalOcean token", "dop_v1_", 60, ""),
    Kind("a Shopify token", "shpat_", 32, ""),
    Kind("a HubSpot token", "pat-na1-", 36, "-"),
    Kind("a HubSpot token", "pat-eu1-", 36, "-"),
    Kind("a Notion token", "ntn_", 40, ""),
    Kind("a Linear key", "lin_api_", 36, ""),
    Kind("a Databricks token", "dapi", 32, ""),
    Kind("a webhook key", "whsec_", 24, "+/"),
    Kind("a Mailgun key", "key-", 32, ""),
    Kind("a JSON Web Token", "eyJ", 60, "-_."),
    Kind("an API key of TengineAI", "tng_key_", 40, "-_"),
    Kind("a client secret of TengineAI", "tng_cs_", 40, "-_"),
    Kind("a refresh token of TengineAI", "tng_rt_", 40, "-_"),
    Kind("a code of TengineAI", "tng_ac_", 40, "-_"),
];

/// Bytes of a secret that are looked at.
const LONGEST: usize = 200;
/// Bytes of a text that are looked at; no valid one has more.
const MOST_BYTES: usize = 131_072;
/// Characters that differ in what was drawn at random.
const FEWEST_DIFFERENT: usize = 8;
const PLACEHOLDERS: [&str; 7] = [
    "example",
    "xxxx",
    "your",
    "placeholder",
    "1234567890",
    "abcdef",
    "redacted",
];

/// Headers and parameters that hold a credential: lower case, without separators and `x` before.
const CREDENTIALS: [&str; 29] = [
    "accesskey",
    "accesstoken",
    "apikey",
    "apisecret",
    "apitoken",
    "appkey",
    "appsecret",
    "authkey",
    "authorization",
    "authtoken",
    "bearertoken",
    "clientsecret",
    "gitlabtoken",
    "githubtoken",
    "idtoken",
    "ocpapimsubscriptionkey",
    "privatekey",
    "privatetoken",
    "refreshtoken",
    "secretaccesskey",
    "secretkey",
    "servicekey",
    "sessiontoken",
    "sharedsecret",
    "signingkey",
    "subscriptionkey",
    "usertoken",
    "vaulttoken",
    "webhooksecret",
];

pub(super) fn check(input: &ToolInput, texts: &[Text<'_>], findings: &mut Findings) {
    for text in texts {
        if let Some(kind) = kind_in(text.text) {
            findings.error(
                Rule::SecretPasted,
                &text.field,
                format!(
                    "It holds what looks like {kind}{}. Take it out and replace it at its vendor: \
                     what stands here is stored in the clear and sent to clients and logs. Secrets \
                     belong into auth_secret.",
                    if text.is_name { ", as a name" } else { "" },
                ),
            );
        }
    }
    for (field, templates, is_header) in [
        ("headers_template", &input.headers_template, true),
        ("query_template", &input.query_template, false),
    ] {
        for (name, template) in templates {
            if is_credential(name) {
                check_template(&format!("{field}.{name}"), template, is_header, findings);
            }
        }
    }
}

/// A header or parameter that holds a credential is set by an auth_strategy.
fn check_template(field: &str, template: &str, is_header: bool, findings: &mut Findings) {
    let strategy = match (
        is_header,
        field.to_ascii_lowercase().contains("authorization"),
    ) {
        (true, true) => "static_bearer or basic",
        (true, false) => "api_key_header",
        (false, _) => "api_key_query",
    };
    match placeholders(template) {
        Ok(arguments) if arguments.is_empty() && !template.trim().is_empty() => findings.error(
            Rule::SecretInTemplate,
            field,
            format!(
                "By its name this is a credential, and it stands here in the clear for everyone who \
                 may see the tool. Choose the auth_strategy {strategy} and put it into auth_secret."
            ),
        ),
        // An argument of such a name is told where it is declared.
        Ok(arguments) if arguments.iter().any(|argument| !is_credential(argument)) => findings.warning(
            Rule::ArgumentCredential,
            field,
            format!(
                "The model has to bring this credential, so that it passes through every \
                 conversation. Choose the auth_strategy {strategy} and put it into auth_secret."
            ),
        ),
        // Broken braces are validation's to tell.
        _ => {}
    }
}

/// Whether a name is that of a credential.
pub(super) fn is_credential(name: &str) -> bool {
    let letters: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let without_x = letters.strip_prefix('x').unwrap_or(&letters);
    CREDENTIALS.contains(&letters.as_str()) || CREDENTIALS.contains(&without_x)
}

/// What kind of secret a text holds.
pub(super) fn kind_in(text: &str) -> Option<&'static str> {
    let text = start(text, MOST_BYTES);
    let known = KINDS
        .iter()
        .find(|kind| holds(text, kind))
        .map(|kind| kind.0);
    known.or_else(|| {
        if holds_private_key(text) {
            Some("a private key")
        } else if holds_password(text) {
            Some("a password in an address")
        } else {
            None
        }
    })
}

fn holds(text: &str, Kind(_, prefix, least, others): &Kind) -> bool {
    text.match_indices(prefix).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let is_inside_word = before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        let rest = start(&text[at + prefix.len()..], LONGEST);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !others.contains(c));
        let secret = &rest[..end.unwrap_or(rest.len())];
        // A token begins with two objects in base64.
        let is_whole = *prefix != "eyJ" || secret.contains(".eyJ");
        !is_inside_word && secret.len() >= *least && is_whole && is_random(secret)
    })
}

/// Whether this was drawn and not written: a number among many different characters, and no word
/// of those that stand for a secret.
fn is_random(secret: &str) -> bool {
    let different: std::collections::HashSet<u8> = secret.bytes().collect();
    let lower = secret.to_ascii_lowercase();
    different.len() >= FEWEST_DIFFERENT
        && secret.bytes().any(|byte| byte.is_ascii_digit())
        && !PLACEHOLDERS.iter().any(|word| lower.contains(word))
}

/// A private key in PEM (RFC 7468) with something in it.
fn holds_private_key(text: &str) -> bool {
    text.split("-----BEGIN ").skip(1).any(|rest| {
        rest.split_once("PRIVATE KEY-----")
            .is_some_and(|(kind, body)| {
                let is_key = |c: &char| {
                    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '\n' | '\r' | '\\')
                };
                kind.len() < 20 && body.chars().take_while(is_key).count() >= 64
            })
    })
}

/// `https://name:password@host` (RFC 3986 §3.2.1).
fn holds_password(text: &str) -> bool {
    text.match_indices("://").any(|(at, _)| {
        let rest = &text[at + 3..];
        let end = rest.find(|c: char| c.is_whitespace() || "/?#\"'`)]".contains(c));
        let authority = &rest[..end.unwrap_or(rest.len())];
        let password = authority
            .rsplit_once('@')
            .and_then(|(user, _)| user.split_once(':'));
        password.is_some_and(|(_, password)| {
            let lower = password.to_ascii_lowercase();
            let stands_for_one = lower.contains(['{', '<', '[', '*', '$', '%', '.'])
                || ["pass", "pw", "secret", "token", "key", "user"]
                    .iter()
                    .any(|word| lower.contains(word));
            password.len() >= 6 && !stands_for_one
        })
    })
}

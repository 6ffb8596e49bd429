//! What a secret of the vault may be.

use std::collections::BTreeSet;

use url::Url;

use super::{ClientAuth, OAuthClient, VaultSecret, VaultSecretInput};
use crate::{
    Core, FieldError, Result,
    clock::Timestamp,
    crypto::equal_in_constant_time,
    error::Rules,
    execute::Network,
    ids::VaultSecretId,
    tools::{AuthConfig, AuthStrategy, ToolInput, auth},
};

/// Secrets of one project.
pub(super) const MOST: i64 = 500;
const MOST_ORIGINS: usize = 20;
const MOST_SCOPES: usize = 100;
const LONGEST_NAME: usize = 64;
const LONGEST_VALUE: usize = 4_096;
const LONGEST_TEXT: usize = 2_000;

/// Whether a secret can have this name: `^[a-zA-Z][a-zA-Z0-9_-]{0,63}$`.
pub(crate) fn is_name(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// The secret that an input describes, in the place of an old one where there is one.
///
/// # Errors
/// [`Error::Invalid`](crate::Error::Invalid) with every rule that it breaks.
pub(super) fn checked(
    core: &Core,
    network: &Network,
    input: &VaultSecretInput,
    id: VaultSecretId,
    old: Option<&VaultSecret>,
) -> Result<VaultSecret> {
    let mut broken = Rules::default();
    broken.check(
        is_name(&input.name),
        "name",
        format!(
            "Use a letter, and then up to {} of the characters a-z A-Z 0-9 _ and -.",
            LONGEST_NAME - 1
        ),
    );
    let origins = origins(network, &input.origins, &mut broken);
    if let Some(client) = &input.oauth2 {
        check_client(network, client, &mut broken);
    }
    check_sending(input, &mut broken);
    let sealed = sealed(core, input, &origins, &id, old, &mut broken);
    broken.finish()?;
    let now = core.now();
    Ok(VaultSecret {
        id,
        name: input.name.clone(),
        origins,
        auth_strategy: input.auth_strategy,
        auth_config: auth::settled(&input.auth_config),
        oauth2: input.oauth2.clone(),
        sealed,
        created_at: old.map_or(now, |old| old.created_at),
        updated_at: old.map_or(now, |old| now.max(Timestamp(old.updated_at.0 + 1))),
    })
}

/// How tools send it: by the rules of a tool's own strategy.
fn check_sending(input: &VaultSecretInput, broken: &mut Rules) {
    if input.oauth2.is_some() {
        let is_left_out =
            input.auth_strategy == AuthStrategy::None && input.auth_config == AuthConfig::default();
        broken.check(
            is_left_out,
            "auth_strategy",
            "Leave it out: a client's tools choose between the oauth2 strategies.",
        );
        return;
    }
    if input.auth_strategy == AuthStrategy::None || input.auth_strategy.is_oauth() {
        broken.check(
            false,
            "auth_strategy",
            "Say how tools send it, like static_bearer or api_key_header: that is not theirs to choose.",
        );
        return;
    }
    let stand_in = serde_json::from_value::<ToolInput>(serde_json::json!({
        "name": "", "base_url": "", "endpoint_path": "",
        "auth_strategy": input.auth_strategy, "auth_config": input.auth_config,
        "auth_secret": input.value,
    }));
    let errors = stand_in.map(|tool| auth::check(&tool)).unwrap_or_default();
    broken.extend(errors.into_iter().map(renamed).collect());
}

/// A tool's secret is a value here.
fn renamed(error: FieldError) -> FieldError {
    match error.field.as_str() {
        "auth_secret" => FieldError {
            field: "value".to_owned(),
            ..error
        },
        _ => error,
    }
}

fn origins(network: &Network, given: &[String], broken: &mut Rules) -> Vec<String> {
    broken.check(
        !given.is_empty(),
        "origins",
        "Say where it may be sent, like https://api.example.com: tools with another base_url cannot use it.",
    );
    broken.check(
        given.len() <= MOST_ORIGINS,
        "origins",
        format!("Use at most {MOST_ORIGINS}."),
    );
    let mut origins = BTreeSet::new();
    for (index, origin) in given.iter().take(MOST_ORIGINS).enumerate() {
        match network.checked_base_url(origin) {
            Ok(origin) => {
                origins.insert(origin);
            }
            Err(why) => broken.check(false, &format!("origins[{index}]"), why),
        }
    }
    origins.into_iter().collect()
}

fn check_client(network: &Network, client: &OAuthClient, broken: &mut Rules) {
    let fits = |text: &str| text.len() <= LONGEST_TEXT && !text.chars().any(char::is_control);
    broken.check(
        !client.client_id.is_empty() && fits(&client.client_id),
        "oauth2.client_id",
        "Give the client id that the other server knows us by.",
    );
    for (field, url) in [
        ("oauth2.token_url", Some(&client.token_url)),
        (
            "oauth2.authorization_url",
            client.authorization_url.as_ref(),
        ),
    ] {
        if let Some(Err(why)) = url.map(|url| endpoint(network, url)) {
            broken.check(false, field, why);
        }
    }
    broken.check(
        client.scopes.len() <= MOST_SCOPES,
        "oauth2.scopes",
        format!("Use at most {MOST_SCOPES}."),
    );
    // RFC 6749 §3.3: scope-token
    let is_scope = |scope: &String| {
        let fits = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        !scope.is_empty() && scope.len() <= 500 && scope.bytes().all(fits)
    };
    broken.check(
        client.scopes.iter().all(is_scope),
        "oauth2.scopes",
        "A scope is a word without spaces, quotes or backslashes.",
    );
    broken.check(
        client
            .audience
            .as_deref()
            .is_none_or(|text| !text.is_empty() && fits(text)),
        "oauth2.audience",
        "Leave it out, or give the name that the other server knows the API by.",
    );
}

/// # Errors
/// A sentence where this is no endpoint of an authorization server (RFC 6749 §3.1 and §3.2) that we
/// may speak to.
fn endpoint(network: &Network, text: &str) -> Result<(), String> {
    const EXAMPLE: &str = "Enter a URL like https://login.example.com/oauth/token.";
    let url = Url::parse(text).map_err(|_| EXAMPLE.to_owned())?;
    if text.len() > LONGEST_TEXT || url.fragment().is_some() || text != text.trim() {
        return Err(EXAMPLE.to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("Leave out user name and password: they are client_id and value.".to_owned());
    }
    let origin = url.origin().ascii_serialization();
    network.checked_base_url(&origin).map(|_| ())
}

/// The value under the master key: the new one, or the old one where it stays.
fn sealed(
    core: &Core,
    input: &VaultSecretInput,
    origins: &[String],
    id: &VaultSecretId,
    old: Option<&VaultSecret>,
    broken: &mut Rules,
) -> Option<Vec<u8>> {
    let given = input.value.as_deref().filter(|value| !value.is_empty());
    let is_public =
        (input.oauth2.as_ref()).is_some_and(|client| client.client_auth == ClientAuth::None);
    if is_public {
        broken.check(
            given.is_none(),
            "value",
            "A public client has no secret: leave it out, or choose another client_auth.",
        );
        return None;
    }
    let stored = old.and_then(|old| old.sealed.as_ref());
    let Some(value) = given else {
        let kept = stored.filter(|_| old.is_some_and(|old| goes_no_further(old, input, origins)));
        broken.check(
            kept.is_some(),
            "value",
            if stored.is_some() {
                "Enter the secret again: it stays only with the same origins or fewer of them, and \
                 sent in the same way, and with the same oauth2 endpoints and client_auth."
            } else {
                "Enter the secret."
            },
        );
        return kept.cloned();
    };
    broken.check(
        value.len() <= LONGEST_VALUE && !value.chars().any(char::is_control),
        "value",
        format!("Use at most {LONGEST_VALUE} bytes on one line."),
    );
    // The same again is no change.
    let is_same = |sealed: &&Vec<u8>| {
        let opened = core.sealer.open(id.as_str(), sealed);
        opened.is_ok_and(|opened| equal_in_constant_time(&opened, value.as_bytes()))
    };
    let kept = stored.filter(is_same).cloned();
    Some(kept.unwrap_or_else(|| {
        core.sealer
            .seal(&*core.random, id.as_str(), value.as_bytes())
    }))
}

/// Whether who does not know the value could not learn it by this change.
fn goes_no_further(old: &VaultSecret, input: &VaultSecretInput, origins: &[String]) -> bool {
    let is_sent_the_same = match (&old.oauth2, &input.oauth2) {
        (None, None) => {
            old.auth_strategy == input.auth_strategy
                && old.auth_config == auth::settled(&input.auth_config)
        }
        (Some(old), Some(new)) => {
            old.token_url == new.token_url && old.client_auth == new.client_auth
        }
        _ => false,
    };
    is_sent_the_same && origins.iter().all(|origin| old.may_go_to(origin))
}

/// A broken rule of the field by which a tool names a secret.
pub(crate) fn no_such(name: &str) -> FieldError {
    FieldError {
        field: "auth_secret_name".to_owned(),
        message: format!("The project's vault has no secret named {name:?}."),
    }
}

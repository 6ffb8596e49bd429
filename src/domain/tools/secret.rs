//! What a tool's strategy works with: a secret of its own, or one of the project's vault.

use zeroize::Zeroizing;

use super::{AuthStrategy, Tool, ToolInput, auth, rules::Identity};
use crate::{
    Core, Error, Result,
    crypto::equal_in_constant_time,
    error::Rules,
    vault::{VaultSecret, no_such},
};

const LONGEST: usize = 4_096;

/// A tool's secret, as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub enum ToolSecret {
    /// Sealed under the master key, with the tool's id as its context.
    Own(Vec<u8>),
    /// One of the project's vault.
    Named(Box<VaultSecret>),
}

impl std::fmt::Debug for ToolSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Own(_) => f.write_str("sealed"),
            Self::Named(secret) => secret.fmt(f),
        }
    }
}

impl Tool {
    /// Its own secret, sealed; the name of one in the vault is a field like others.
    pub(super) const fn own_secret(&self) -> Option<&Vec<u8>> {
        match &self.auth_secret {
            Some(ToolSecret::Own(sealed)) => Some(sealed),
            Some(ToolSecret::Named(_)) | None => None,
        }
    }

    /// The secret itself, for a request to the tool's endpoint.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where there is none, it was sealed under another master key, or it must not
    /// go to this endpoint.
    pub(crate) fn open_secret(&self, core: &Core) -> Result<Zeroizing<Vec<u8>>> {
        let corrupt = |why: &str| Error::corrupt("tool", why);
        match &self.auth_secret {
            None => Err(corrupt("its secret is missing")),
            Some(ToolSecret::Own(sealed)) => core.sealer.open(self.id.as_str(), sealed),
            // Both were checked when they were saved; a secret is worth looking twice.
            Some(ToolSecret::Named(secret)) if !secret.may_go_to(&self.base_url) => {
                Err(corrupt("its secret is not for this base_url"))
            }
            Some(ToolSecret::Named(secret)) => secret
                .open(core)?
                .ok_or_else(|| corrupt("its secret is missing")),
        }
    }
}

/// The secret that an input gives, names or keeps; every rule that it breaks is noted.
pub(super) fn checked(
    core: &Core,
    input: &ToolInput,
    identity: &Identity<'_>,
    base_url: &str,
    broken: &mut Rules,
) -> Option<ToolSecret> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let (secret, name) = (given(&input.auth_secret), given(&input.auth_secret_name));
    if input.auth_strategy == AuthStrategy::None {
        for (field, given) in [("auth_secret", &secret), ("auth_secret_name", &name)] {
            broken.check(
                given.is_none(),
                field,
                "Choose an auth_strategy that uses it.",
            );
        }
        return None;
    }
    match (secret, name) {
        (Some(_), Some(_)) => {
            broken.check(
                false,
                "auth_secret_name",
                "Give a secret, or the name of one in the vault, and not both: set the other to null.",
            );
            None
        }
        (Some(secret), None) => Some(ToolSecret::Own(own(core, &secret, identity, broken))),
        (None, Some(name)) => named(input, &name, identity, base_url, broken),
        (None, None) => kept(input, identity, base_url, broken),
    }
}

fn own(core: &Core, secret: &str, identity: &Identity<'_>, broken: &mut Rules) -> Vec<u8> {
    broken.check(
        secret.len() <= LONGEST && !secret.chars().any(char::is_control),
        "auth_secret",
        format!("Use at most {LONGEST} bytes on one line."),
    );
    let context = identity.id.as_str();
    // The same again is no change.
    if let Some(ToolSecret::Own(sealed)) =
        identity.previous.and_then(|tool| tool.auth_secret.as_ref())
        && let Ok(opened) = core.sealer.open(context, sealed)
        && equal_in_constant_time(&opened, secret.as_bytes())
    {
        return sealed.clone();
    }
    core.sealer.seal(&*core.random, context, secret.as_bytes())
}

fn named(
    input: &ToolInput,
    name: &str,
    identity: &Identity<'_>,
    base_url: &str,
    broken: &mut Rules,
) -> Option<ToolSecret> {
    const FIELD: &str = "auth_secret_name";
    let Some(secret) = identity.vault.iter().find(|secret| secret.name == name) else {
        broken.extend(vec![no_such(name)]);
        return None;
    };
    broken.check(
        secret.may_go_to(base_url),
        FIELD,
        format!(
            "The secret {name:?} is for {} and not for this base_url: an admin can add it to the secret's origins.",
            secret.origins.join(", ")
        ),
    );
    if let Some(why) = unfit(input, secret) {
        broken.check(false, FIELD, why);
    }
    Some(ToolSecret::Named(Box::new(secret.clone())))
}

/// Why a tool cannot use a secret of the vault, if it cannot.
fn unfit(input: &ToolInput, secret: &VaultSecret) -> Option<String> {
    let (name, strategy) = (&secret.name, input.auth_strategy);
    let Some(client) = &secret.oauth2 else {
        let same = strategy == secret.auth_strategy
            && auth::settled(&input.auth_config) == secret.auth_config;
        return (!same).then(|| {
            format!(
                "The secret {name:?} is sent as {}, and no other way: choose that. An admin can \
                 change it.",
                secret.sent_as()
            )
        });
    };
    if !strategy.is_oauth() {
        return Some(format!(
            "The secret {name:?} belongs to an OAuth 2 client: choose one of the oauth2 strategies."
        ));
    }
    let is_for_people = strategy == AuthStrategy::OAuth2AuthorizationCode;
    (is_for_people && client.authorization_url.is_none()).then(|| {
        format!(
            "The client {name:?} has no authorization_url, where people give leave: an admin can \
             make one that has."
        )
    })
}

fn kept(
    input: &ToolInput,
    identity: &Identity<'_>,
    base_url: &str,
    broken: &mut Rules,
) -> Option<ToolSecret> {
    if input.auth_strategy.is_oauth() {
        broken.check(
            false,
            "auth_secret_name",
            format!(
                "{} needs an OAuth 2 client of the project's vault: name it.",
                input.auth_strategy
            ),
        );
        return None;
    }
    let is_own = |tool: &&Tool| matches!(tool.auth_secret, Some(ToolSecret::Own(_)));
    let stored = identity.previous.filter(is_own);
    // Who may change a tool may not know its secret: it must not follow to another host, nor be
    // sent as it is where it only signed before.
    let kept = stored
        .filter(|tool| tool.base_url == base_url)
        .filter(|tool| tool.auth_strategy == input.auth_strategy)
        .filter(|tool| tool.auth_config == auth::settled(&input.auth_config));
    broken.check(
        kept.is_some(),
        "auth_secret",
        if stored.is_some() {
            "Enter the secret again: it stays only with the same base_url, auth_strategy and \
             auth_config."
                .to_owned()
        } else {
            format!(
                "{} needs a secret, or the name of one in the vault.",
                input.auth_strategy
            )
        },
    );
    kept.and_then(|tool| tool.auth_secret.clone())
}

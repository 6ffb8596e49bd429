//! The rules of what an owner of the instance fills in.

use url::Url;

use super::{Provider, ProviderInput, ProviderKind};
use crate::{
    Core, Result,
    error::{Rules, checked_name},
    ids::ProviderId,
    instance::checked_domain,
    public_url::is_loopback_host,
};

/// Providers of an instance: each is a button on the sign-in page.
pub(super) const MOST_PROVIDERS: usize = 20;
const LONGEST_NAME: usize = 60;
const MOST_DOMAINS: usize = 100;
const LONGEST_CLIENT_ID: usize = 255;
const LONGEST_SECRET: usize = 2_000;
const LONGEST_ISSUER: usize = 500;

/// Google's issuer, of which there is one.
const GOOGLE: &str = "https://accounts.google.com";
/// Where GitHub is, unless it is a company's own.
const GITHUB: &str = "https://github.com";

/// The provider that an input makes out of `old`, or out of nothing.
///
/// # Errors
/// [`crate::Error::Invalid`] with every broken rule.
pub(super) fn checked(
    core: &Core,
    input: &ProviderInput,
    id: ProviderId,
    old: Option<&Provider>,
) -> Result<Provider> {
    let mut rules = Rules::default();
    let name = checked_name("name", &input.name, LONGEST_NAME).unwrap_or_else(|error| {
        if let crate::Error::Invalid(fields) = error {
            rules.extend(fields);
        }
        String::new()
    });
    let issuer = issuer(input, &mut rules);
    if let Some(old) = old {
        rules.check(
            input.kind == old.kind,
            "kind",
            "A provider stays of its kind. Add another one instead.",
        );
        // Who people are is said by the issuer: another one could say that they are somebody else.
        rules.check(
            input.issuer.is_none() || issuer == old.issuer,
            "issuer",
            "A provider stays with its issuer. Add another one instead.",
        );
    }
    let client_id = input.client_id.trim();
    rules.check(
        (1..=LONGEST_CLIENT_ID).contains(&client_id.len())
            && client_id.bytes().all(|byte| byte.is_ascii_graphic()),
        "client_id",
        "Enter the client ID that the provider gave you.",
    );
    let secret = input.client_secret.as_deref().map(str::trim);
    rules.check(
        secret.is_none_or(|secret| {
            secret.len() <= LONGEST_SECRET && secret.bytes().all(|byte| byte.is_ascii_graphic())
        }),
        "client_secret",
        "Enter the client secret as the provider gave it to you.",
    );
    let sealed = match secret {
        None => old.and_then(|old| old.sealed.clone()),
        Some("") => None,
        Some(secret) => {
            let sealer = &core.sealer;
            Some(sealer.seal(&*core.random, id.as_str(), secret.as_bytes()))
        }
    };
    rules.check(
        sealed.is_some() || input.kind == ProviderKind::Oidc,
        "client_secret",
        "Enter the client secret: Google and GitHub ask for one.",
    );
    let allowed_domains = domains(&input.allowed_domains, &mut rules);
    rules.finish()?;
    let now = core.now();
    Ok(Provider {
        id,
        kind: input.kind,
        name,
        issuer: old.map_or(issuer, |old| old.issuer.clone()),
        client_id: client_id.to_owned(),
        sealed,
        allowed_domains,
        may_sign_up: input.may_sign_up,
        is_enabled: input.is_enabled,
        created_at: old.map_or(now, |old| old.created_at),
        updated_at: now,
    })
}

fn issuer(input: &ProviderInput, rules: &mut Rules) -> String {
    let given = input.issuer.as_deref().map(str::trim).unwrap_or_default();
    match input.kind {
        ProviderKind::Google => {
            rules.check(
                given.is_empty() || given == GOOGLE,
                "issuer",
                format!("Google's issuer is {GOOGLE}; leave it out."),
            );
            GOOGLE.to_owned()
        }
        ProviderKind::GitHub if given.is_empty() => GITHUB.to_owned(),
        ProviderKind::GitHub => {
            let base = given.trim_end_matches('/');
            let has_no_path = Url::parse(base).is_ok_and(|url| url.path() == "/");
            rules.check(
                is_address(base) && has_no_path,
                "issuer",
                "Enter the address of your GitHub Enterprise, like https://github.example.com, or \
                 leave it out for github.com.",
            );
            base.to_owned()
        }
        ProviderKind::Oidc => {
            // Many copy the address of the document.
            let issuer = given
                .strip_suffix("/.well-known/openid-configuration")
                .unwrap_or(given);
            // Google says of some addresses that they are confirmed and does not answer for them.
            rules.check(
                issuer.trim_end_matches('/') != GOOGLE,
                "kind",
                "This is Google: choose the kind google.",
            );
            rules.check(
                is_address(issuer),
                "issuer",
                "Enter the provider's issuer: an https URL like https://login.example.com, without \
                 a query or a fragment.",
            );
            issuer.to_owned()
        }
    }
}

/// https, or http on this machine, where the guard decides.
fn is_address(text: &str) -> bool {
    text.len() <= LONGEST_ISSUER
        && Url::parse(text).is_ok_and(|url| {
            let on_this_machine = url.host().is_some_and(|host| match host {
                url::Host::Domain(name) => is_loopback_host(&url::Host::Domain(name)),
                url::Host::Ipv4(ip) => ip.is_loopback(),
                url::Host::Ipv6(ip) => ip.is_loopback(),
            });
            (url.scheme() == "https" || (url.scheme() == "http" && on_this_machine))
                && url.username().is_empty()
                && url.password().is_none()
                && url.query().is_none()
                && url.fragment().is_none()
                && !text.contains(char::is_whitespace)
        })
}

fn domains(given: &[String], rules: &mut Rules) -> Vec<String> {
    rules.check(
        given.len() <= MOST_DOMAINS,
        "allowed_domains",
        format!("Use at most {MOST_DOMAINS} domains."),
    );
    let mut checked: Vec<String> = Vec::new();
    for (index, domain) in given.iter().enumerate() {
        match checked_domain(domain) {
            Ok(domain) if checked.contains(&domain) => {}
            Ok(domain) => checked.push(domain),
            Err(message) => rules.check(false, &format!("allowed_domains[{index}]"), message),
        }
    }
    checked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_https_or_on_this_machine() {
        for good in [
            "https://login.example",
            "https://login.example/tenant/v2.0/",
            "http://127.0.0.1:9000",
            "http://localhost:9000/realms/a",
            "http://[::1]:9000",
        ] {
            assert!(is_address(good), "{good}");
        }
        for wrong in [
            "",
            "login.example",
            "http://login.example",
            "http://localhost.evil.example",
            "https://a:b@login.example",
            "https://login.example?x=1",
            "https://login.example#x",
            "javascript:alert(1)",
            "https://login.example/a b",
        ] {
            assert!(!is_address(wrong), "{wrong}");
        }
    }
}

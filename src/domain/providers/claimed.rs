//! What a provider says of a person, and what of it is believed.

use super::{Provider, ProviderKind, Refusal};
use crate::accounts;

/// Characters of a subject (OpenID Connect Core §2).
const LONGEST_SUBJECT: usize = 255;
/// Whose addresses are Google's own to give.
const GOOGLE_MAIL: [&str; 2] = ["gmail.com", "googlemail.com"];

/// A person as a provider describes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claimed {
    /// Who they are there, and for good: an address may change hands.
    pub(super) subject: String,
    /// Lower-cased.
    pub(super) email: Option<String>,
    email_is_verified: bool,
    /// The Google Workspace that they belong to.
    hosted_domain: Option<String>,
    /// When they signed in there, in seconds since the Unix epoch.
    pub(super) signed_in_at: Option<i64>,
}

impl Claimed {
    /// `None` for a subject that is none.
    pub(super) fn new(subject: &str, email: Option<&str>, email_is_verified: bool) -> Option<Self> {
        let is_subject = (1..=LONGEST_SUBJECT).contains(&subject.len())
            && !subject.chars().any(char::is_control);
        is_subject.then(|| Self {
            subject: subject.to_owned(),
            email: email.and_then(|email| accounts::checked_email(email).ok()),
            email_is_verified,
            hosted_domain: None,
            signed_in_at: None,
        })
    }

    /// The same with what Google says of the Workspace. Google answers for an address only where it
    /// is its own or the Workspace's: with any other it was confirmed once, and may be somebody
    /// else's by now.
    pub(super) fn of_google(mut self, hosted_domain: Option<&str>) -> Self {
        self.hosted_domain = hosted_domain.map(str::to_lowercase);
        let answers_for_it = self.is_google_mail() || self.hosted_domain.is_some();
        self.email_is_verified &= answers_for_it;
        self
    }

    pub(super) fn verified_email(&self) -> Option<&str> {
        self.email.as_deref().filter(|_| self.email_is_verified)
    }

    /// Whether the provider's `allowed_domains` let them in.
    ///
    /// # Errors
    /// An address that was not confirmed is of no domain.
    pub(super) fn may_come_by(&self, provider: &Provider) -> Result<(), Refusal> {
        let allowed = &provider.allowed_domains;
        if allowed.is_empty() {
            return Ok(());
        }
        let email = self.verified_email().ok_or(Refusal::NoVerifiedEmail)?;
        let is_allowed = |domain: &str| allowed.iter().any(|one| one == domain);
        let in_workspace = provider.kind != ProviderKind::Google
            || self.is_google_mail()
            || self.hosted_domain.as_deref().is_some_and(is_allowed);
        if is_allowed(domain(email)) && in_workspace {
            Ok(())
        } else {
            Err(Refusal::DomainNotAllowed)
        }
    }

    fn is_google_mail(&self) -> bool {
        let email = self.email.as_deref().unwrap_or_default();
        GOOGLE_MAIL.contains(&domain(email))
    }
}

fn domain(email: &str) -> &str {
    email.rsplit_once('@').map_or("", |(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(kind: ProviderKind, domains: &[&str]) -> Provider {
        Provider {
            kind,
            allowed_domains: domains.iter().map(ToString::to_string).collect(),
            ..Provider::example()
        }
    }

    fn ada(email: &str, is_verified: bool) -> Claimed {
        Claimed::new("1", Some(email), is_verified).unwrap()
    }

    #[test]
    fn an_address_that_was_not_confirmed_is_of_no_domain() {
        let oidc = provider(ProviderKind::Oidc, &["example.com"]);
        assert_eq!(ada("Ada@Example.com", true).may_come_by(&oidc), Ok(()));
        for (claimed, refusal) in [
            (ada("ada@example.com", false), Refusal::NoVerifiedEmail),
            (
                ada("not an address@example.com", true),
                Refusal::NoVerifiedEmail,
            ),
            (ada("ada@sub.example.com", true), Refusal::DomainNotAllowed),
            (
                ada("ada@example.com.evil.example", true),
                Refusal::DomainNotAllowed,
            ),
        ] {
            assert_eq!(claimed.may_come_by(&oidc), Err(refusal), "{claimed:?}");
        }
        let anyone = provider(ProviderKind::Oidc, &[]);
        assert_eq!(ada("ada@example.com", false).may_come_by(&anyone), Ok(()));
    }

    #[test]
    fn google_answers_for_its_own_addresses_and_those_of_a_workspace() {
        let of = |email, hd| ada(email, true).of_google(hd);
        assert!(of("ada@gmail.com", None).verified_email().is_some());
        assert!(
            of("ada@example.com", Some("example.com"))
                .verified_email()
                .is_some()
        );
        // Of somebody who left: the address was confirmed once.
        assert!(of("ada@example.com", None).verified_email().is_none());
        assert!(
            ada("ada@gmail.com", false)
                .of_google(None)
                .verified_email()
                .is_none()
        );

        let google = provider(ProviderKind::Google, &["example.com"]);
        assert_eq!(
            of("ada@example.com", Some("Example.com")).may_come_by(&google),
            Ok(())
        );
        for (email, hd, refusal) in [
            ("ada@example.com", None, Refusal::NoVerifiedEmail),
            (
                "ada@example.com",
                Some("evil.example"),
                Refusal::DomainNotAllowed,
            ),
            (
                "ada@evil.example",
                Some("example.com"),
                Refusal::DomainNotAllowed,
            ),
            ("ada@gmail.com", None, Refusal::DomainNotAllowed),
        ] {
            assert_eq!(
                of(email, hd).may_come_by(&google),
                Err(refusal),
                "{email} {hd:?}"
            );
        }
    }

    #[test]
    fn a_subject_is_short_and_readable() {
        for wrong in ["", "a\0b", "a\nb", &"x".repeat(256)] {
            assert_eq!(Claimed::new(wrong, None, false), None, "{wrong:?}");
        }
        assert!(Claimed::new("auth0|5f7c", None, false).is_some());
    }
}

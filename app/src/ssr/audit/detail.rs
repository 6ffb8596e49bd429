//! What a row of the audit log says besides, in words for people. What is stored is for programs too: it
//! names things by their ids, and ways to sign in as the database does.

use domain::{
    audit::Act,
    sessions::{SecondFactor, SessionEnd, SignInMethod},
};

use crate::ssr::sessions::how;

/// `None` where it says nothing that the act does not.
pub(super) fn in_words(act: Act, detail: &str) -> Option<String> {
    let words = match act {
        Act::SignedIn => signed_in(detail)?,
        Act::SessionEnded => session_end(detail)?.to_owned(),
        Act::SessionsEnded => match detail {
            "1" => "1 session".to_owned(),
            count => format!("{count} sessions"),
        },
        Act::SettingChanged => setting(detail),
        Act::KeptDetailsChanged => kept(detail).to_owned(),
        // The prefix is told from the id by brackets.
        Act::ApiKeyMade => without_id(detail).replace(['(', ')'], ""),
        Act::IntegrationSecretMade => without_id(&in_hours(detail)).to_owned(),
        _ => without_id(detail).to_owned(),
    };
    Some(words).filter(|words| !words.is_empty())
}

/// `password and recovery_code`
fn signed_in(detail: &str) -> Option<String> {
    let (method, second) = match detail.split_once(" and ") {
        Some((method, second)) => (method, Some(second.parse::<SecondFactor>().ok()?)),
        None => (detail, None),
    };
    Some(how(method.parse::<SignInMethod>().ok()?, second))
}

fn session_end(detail: &str) -> Option<&'static str> {
    match detail.parse::<SessionEnd>().ok()? {
        SessionEnd::SignedOut => None,
        SessionEnd::EndedElsewhere => Some("from another session"),
        SessionEnd::ByOwner => Some("by an owner of the instance"),
        SessionEnd::PasswordChanged => Some("the password was changed"),
        SessionEnd::Recovered => Some("the account was recovered"),
        SessionEnd::PasskeySuspended => Some("a passkey was suspended"),
        SessionEnd::AccountDisabled => Some("the account was disabled"),
        SessionEnd::AccountDeleted => Some("the account was deleted"),
        SessionEnd::ProviderGone => Some("the sign-in provider is gone"),
        SessionEnd::TooMany => Some("there were too many"),
    }
}

/// `dynamic_registration: true`
fn setting(detail: &str) -> String {
    let Some((name, value)) = detail.split_once(": ") else {
        return detail.to_owned();
    };
    let title = match name {
        "sign_up" => "who may make an account",
        "sign_up_domains" => "mail domains of new accounts",
        "require_second_factor" => "second factor required",
        "dynamic_registration" => "dynamic registration",
        "client_metadata_documents" => "client ID metadata documents",
        other => other,
    };
    let value = match value {
        "true" => "on",
        "false" => "off",
        "\"first\"" => "nobody new",
        "\"invite\"" => "whoever has an invitation",
        "\"open\"" => "anybody",
        "[]" => "any",
        other => other,
    };
    format!("{title}: {value}")
}

fn kept(detail: &str) -> &str {
    match detail {
        "all" => "details of all calls",
        "failures" => "details of failed calls",
        "none" => "no details",
        other => other,
    }
}

/// `works 86400 s more`
fn in_hours(detail: &str) -> String {
    const AFTER: &str = " s more";
    let found = detail.strip_suffix(AFTER).and_then(|rest| {
        let (before, seconds) = rest.rsplit_once(' ')?;
        Some((before, seconds.parse::<u64>().ok()?))
    });
    match found {
        Some((before, 0)) => format!("{before} no longer"),
        Some((before, seconds)) if seconds % 86_400 == 0 => match seconds / 86_400 {
            1 => format!("{before} a day more"),
            days => format!("{before} {days} days more"),
        },
        Some((before, seconds)) if seconds % 3_600 == 0 => match seconds / 3_600 {
            1 => format!("{before} an hour more"),
            hours => format!("{before} {hours} hours more"),
        },
        _ => detail.to_owned(),
    }
}

/// What follows the id that it begins with.
fn without_id(detail: &str) -> &str {
    let end = detail
        .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .unwrap_or(detail.len());
    match is_id(&detail[..end]) {
        true => detail[end..].trim_start_matches([',', ':', ' ']),
        false => detail,
    }
}

/// As `domain::ids` makes them.
fn is_id(word: &str) -> bool {
    let Some((kind, rest)) = word.split_once('_') else {
        return false;
    };
    let is_hexadecimal = rest.bytes().all(|byte| byte.is_ascii_hexdigit());
    !kind.is_empty() && rest.len() == 32 && is_hexadecimal
}

#[cfg(test)]
mod tests {
    use domain::{
        clock::{SystemClock, SystemRandom},
        ids::PasskeyId,
    };

    use super::*;

    const ID: &str = "int_01a2161a0a147002a48e72303904592c";

    #[test]
    fn nothing_of_the_database_is_read_by_people() {
        for (act, detail, words) in [
            (Act::SignedIn, "password", Some("with a password")),
            (
                Act::SignedIn,
                "password and recovery_code",
                Some("with a password and a recovery code"),
            ),
            (Act::SessionEnded, "signed_out", None),
            (
                Act::SessionEnded,
                "ended_elsewhere",
                Some("from another session"),
            ),
            (Act::SessionsEnded, "1", Some("1 session")),
            (
                Act::SettingChanged,
                "dynamic_registration: false",
                Some("dynamic registration: off"),
            ),
            (Act::VaultSecretMade, "stripe_live", Some("stripe_live")),
            (Act::RoleChanged, "viewer → admin", Some("viewer → admin")),
        ] {
            assert_eq!(in_words(act, detail).as_deref(), words, "{detail}");
        }
    }

    #[test]
    fn an_id_says_nothing_to_people() {
        for (act, after, words) in [
            (Act::PasskeyAdded, "", None),
            (
                Act::IntegrationMade,
                ", Client ID tng_ci_a",
                Some("Client ID tng_ci_a"),
            ),
            (
                Act::Invited,
                ": developer, for 1 person, 7 days",
                Some("developer, for 1 person, 7 days"),
            ),
            (
                Act::ApiKeyMade,
                " (tng_key_0PQS…), owner",
                Some("tng_key_0PQS…, owner"),
            ),
            (
                Act::IntegrationSecretMade,
                ", tng_cs_uIow…; the one before works 86400 s more",
                Some("tng_cs_uIow…; the one before works a day more"),
            ),
        ] {
            let detail = format!("{ID}{after}");
            assert_eq!(in_words(act, &detail).as_deref(), words, "{detail}");
        }
    }

    #[test]
    fn an_id_is_as_the_domain_makes_one() {
        let id = PasskeyId::new(&SystemClock, &SystemRandom);
        assert!(is_id(id.as_str()), "{id}");
        for other in ["stripe_live", "tng_key_0PQS", "a", "_", ""] {
            assert!(!is_id(other), "{other}");
        }
    }
}

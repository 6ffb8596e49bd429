//! Email addresses, as far as they can be judged without sending a mail.

use crate::{Error, Result, clients::is_invisible};

/// Trimmed and lower-cased: people type their address in more than one way and mean one account.
pub(crate) fn checked(text: &str) -> Result<String> {
    let email = text.trim().to_lowercase();
    let well_formed = email.len() <= 254
        && !email
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || is_invisible(c))
        && email
            .split_once('@')
            .is_some_and(|(local, host)| !local.is_empty() && is_host(host));
    if well_formed {
        Ok(email)
    } else {
        Err(Error::invalid(
            "email",
            "Enter an email address, like ada@example.com.",
        ))
    }
}

/// As much of an address as says whose it is to who knows it: `a…@example.com`.
pub(crate) fn masked(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{domain}")
}

fn is_host(host: &str) -> bool {
    !host.is_empty()
        && !host.contains('@')
        && host.split('.').all(|label| !label.is_empty())
        && !host.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_address_keeps_one_letter_and_the_domain() {
        assert_eq!(masked("ada@example.com"), "a…@example.com");
        assert_eq!(masked("élan@example.com"), "é…@example.com");
    }

    #[test]
    fn an_address_is_lowercased_and_a_wrong_one_names_the_field() {
        assert_eq!(checked(" Ada@Example.com ").unwrap(), "ada@example.com");
        for wrong in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "a b@example.com",
            "a@b@c",
            "a@b..c",
            "a\n@b.c",
            // Would look like somebody else's.
            "ada\u{200b}@example.com",
            "moc.elpmaxe@\u{202e}ada",
        ] {
            let Err(Error::Invalid(fields)) = checked(wrong) else {
                panic!("{wrong:?} passed");
            };
            assert_eq!(fields[0].field, "email");
        }
    }
}

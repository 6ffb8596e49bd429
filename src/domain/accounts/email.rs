//! Email addresses, as far as they can be judged without sending a mail.

use crate::{Error, Result};

/// Trimmed and lower-cased: people type their address in more than one way and mean one account.
pub(crate) fn checked(text: &str) -> Result<String> {
    let email = text.trim().to_lowercase();
    let well_formed = email.len() <= 254
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
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
        ] {
            let Err(Error::Invalid(fields)) = checked(wrong) else {
                panic!("{wrong:?} passed");
            };
            assert_eq!(fields[0].field, "email");
        }
    }
}

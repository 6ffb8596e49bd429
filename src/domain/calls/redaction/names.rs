//! Names that say that a secret follows.

use std::borrow::Cow;

/// What a name says of the value that it stands before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    Nothing,
    Secret,
    /// A secret, unless it is a number: models count what they call tokens.
    Token,
}

/// Parts of names; letters and digits alone, in small letters.
const PARTS: [&str; 25] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "secret",
    "apikey",
    "appkey",
    "authkey",
    "accesskey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "credential",
    "authorization",
    "clientassertion",
    "cookie",
    "sessionid",
    "sessid",
    "signature",
    "bearer",
    "otpcode",
    "xtenginemember",
    "securitycode",
    "cardnumber",
    "recoverycode",
];
const ENDS: [&str; 5] = ["pwd", "auth", "passwort", "motdepasse", "hmac"];
const WHOLE: [&str; 11] = [
    "pass",
    "pin",
    "otp",
    "totp",
    "cvv",
    "cvc",
    "ssn",
    "jwt",
    "sig",
    "dpop",
    "codeverifier",
];
/// Ends of names that tell of tokens which say nothing but where a list goes on.
const PAGES: [&str; 5] = [
    "pagetoken",
    "nexttoken",
    "continuationtoken",
    "synctoken",
    "cursortoken",
];

/// Bytes of a name that is looked at; whoever writes longer ones hides something.
pub(super) const LONGEST: usize = 256;

/// A name without what it is written with: case, dashes, underscores, brackets and the like.
pub(super) fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

pub(super) fn says(plain: &str) -> Says {
    let is_secret = PARTS.iter().any(|part| plain.contains(part))
        || ENDS.iter().any(|end| plain.ends_with(end))
        || WHOLE.contains(&plain);
    if is_secret {
        return Says::Secret;
    }
    let is_token = plain.ends_with("token") || plain.ends_with("tokens");
    if is_token && !PAGES.iter().any(|end| plain.ends_with(end)) {
        return Says::Token;
    }
    Says::Nothing
}

/// A JSON string's text without its escapes, as far as a name needs it: what they stand for where they
/// are letters, and nothing of the rest.
pub(super) fn unescaped(name: &str) -> Cow<'_, str> {
    if !name.contains('\\') {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let after = after.trim_start_matches('\\');
        let code = after
            .strip_prefix('u')
            .and_then(|hex| hex.get(..4))
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32);
        rest = match code {
            Some(c) => {
                out.push(c);
                &after[5..]
            }
            None => after,
        };
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_hold_however_they_are_written() {
        for name in [
            "password",
            "Pass-Word",
            "user[password]",
            "new_password",
            "PASSWD",
            "api_key",
            "apiKey",
            "X-API-Key",
            "client_secret",
            "secretAccessKey",
            "Authorization",
            "proxy-authorization",
            "Set-Cookie",
            "PHPSESSID",
            "x-amz-signature",
            "sig",
            "pin",
            "oauth",
            "db_pwd",
            "x-tengine-member-email",
            "JSESSIONID",
        ] {
            assert_eq!(says(&plain(name)), Says::Secret, "{name}");
        }
        for name in [
            "token",
            "access_token",
            "refreshToken",
            "X-Auth-Token",
            "csrf-token",
            "tokens",
        ] {
            assert_eq!(says(&plain(name)), Says::Token, "{name}");
        }
        for name in [
            "",
            "id",
            "name",
            "key",
            "pages",
            "next_page_token",
            "pageToken",
            "spin",
            "author",
            "passenger",
            "token_type",
            "compass",
            "code",
            "signal",
            "design",
        ] {
            assert_eq!(says(&plain(name)), Says::Nothing, "{name}");
        }
    }

    #[test]
    fn escapes_hide_no_name() {
        for (name, expected) in [
            ("password", "password"),
            ("pass\\u0077ord", "password"),
            ("\\u0070assword", "password"),
            ("pass\\\\u0077ord", "password"),
            ("a\\nb\\", "anb"),
            ("a\\u00", "au00"),
            ("a\\u00é", "au00é"),
        ] {
            assert_eq!(unescaped(name), expected, "{name}");
        }
    }
}

//! What looks like the id of one thing rather than the name of a kind of things.

/// Whether a segment of a path is an id: a number, a UUID, a key like `cus_4fdAW5ftNQow1a`, a place,
/// an address.
pub(super) fn is_id(segment: &str) -> bool {
    is_number(segment)
        || is_uuid(segment)
        || is_hex(segment)
        || is_key(segment)
        || is_issue(segment)
        || is_place(segment)
        || is_email(segment)
}

/// Whether it may be a secret: long, and of letters and digits as nobody would name a thing.
pub(super) fn is_token(segment: &str) -> bool {
    segment.len() >= 16 && !is_number(segment) && (is_uuid(segment) || is_mixed(segment))
}

/// Whether it names a version of an API: `v1`, `v2.1`, `2024-01-31`.
pub(super) fn is_version(segment: &str) -> bool {
    let digits = segment.strip_prefix(['v', 'V']).unwrap_or(segment);
    let is_part = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    let is_date = digits.len() >= 7 && digits.as_bytes()[4] == b'-';
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(is_part)
        && (digits.len() < segment.len() || is_date)
}

/// A short number where versions stand.
pub(super) fn is_bare_version(segment: &str) -> bool {
    segment.len() <= 3
        && segment.starts_with(|c: char| c.is_ascii_digit())
        && segment
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
}

pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// RFC 9562 §4.
fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    text.len() == 36
        && lengths.eq([8, 4, 4, 4, 12])
        && text
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn is_hex(text: &str) -> bool {
    text.len() >= 12 && has_both(text) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Letters and digits after a prefix of letters, or many of them.
fn is_key(text: &str) -> bool {
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if let Some((prefix, rest)) = text.rsplit_once('_')
        && (1..=12).contains(&prefix.len())
        && prefix
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && rest.len() >= 8
        && is_plain(rest)
    {
        return rest.bytes().any(|byte| byte.is_ascii_digit());
    }
    (text.len() >= 16 && has_both(text) && is_plain(text)) || (text.len() >= 30 && is_mixed(text))
}

/// `PROJ-123`.
fn is_issue(text: &str) -> bool {
    text.split_once('-').is_some_and(|(project, number)| {
        (2..=10).contains(&project.len())
            && project.bytes().all(|byte| byte.is_ascii_uppercase())
            && is_number(number)
    })
}

/// `52.52,13.405`.
fn is_place(text: &str) -> bool {
    let is_coordinate = |text: &str| {
        let text = text.trim_start_matches('-');
        text.starts_with(|c: char| c.is_ascii_digit())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    text.split_once(',')
        .is_some_and(|(north, east)| is_coordinate(north) && is_coordinate(east))
}

fn is_email(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

fn has_both(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Upper and lower case and digits, as no name has them.
fn is_mixed(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':');
    has_both(text)
        && text.bytes().all(is_part)
        && (is_hex(text) || text.bytes().any(|byte| byte.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_from_names() {
        for id in [
            "42",
            "00000000-0000-4000-8000-000000000000",
            "507f1f77bcf86cd799439011",
            "cus_4fdAW5ftNQow1a",
            "4Z8W4fKeB5YxbusRsdQVPb",
            "PROJ-123",
            "52.52,-13.4",
            "ada@example.com",
            "AC0123456789abcdef0123456789abcdef",
            "1a2B3c-4d5E6f_7g8H9i-0j1K2l3M4n5O6",
        ] {
            assert!(is_id(id), "{id}");
        }
        for name in [
            "",
            "users",
            "v1",
            "2010-04-01",
            "chat.postMessage",
            "access_tokens",
            "hello-world-2",
            "user_profiles",
            "generateContent",
            "oauth2",
            "internationalization",
            "deadbeef",
            "@me",
            "a,b",
        ] {
            assert!(!is_id(name), "{name}");
        }
        for version in ["v1", "v2.1", "V3", "2010-04-01", "2024-01"] {
            assert!(is_version(version), "{version}");
        }
        for other in ["", "v", "42", "users", "va", "1.0"] {
            assert!(!is_version(other), "{other}");
        }
    }
}

//! The path: each argument is one part of one segment (RFC 3986 §3.3).

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::{Arguments, RenderError, Room, Template, scalar};

/// All but the unreserved characters of RFC 3986 §2.3.
const NOT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The path with its arguments, percent-encoded.
pub(in crate::execute) fn render(
    template: &Template,
    arguments: &Arguments,
    room: &mut Room<'_>,
) -> Result<String, RenderError> {
    let all = *room;
    let path = template
        .fill(room, |name| {
            segment(name, arguments.get(name), all).map(Some)
        })?
        .unwrap_or_default();
    // Two arguments beside each other could still make a `..` between them.
    if let Some(name) = template.arguments().last()
        && path.split('/').any(is_dots)
    {
        return Err(RenderError::argument(
            name,
            "makes a path segment of dots only.",
        ));
    }
    if path.starts_with('/') && !path.starts_with("//") {
        Ok(path)
    } else {
        Err(RenderError::Template(
            "the path does not start with one slash".to_owned(),
        ))
    }
}

/// One argument as (a part of) one segment.
fn segment<'v>(
    name: &str,
    value: Option<&'v Value>,
    mut room: Room<'_>,
) -> Result<Cow<'v, str>, RenderError> {
    let wrong = |why| RenderError::argument(name, why);
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Err(wrong("is a part of the URL's path and is missing."));
    };
    let Some(text) = scalar(value) else {
        return Err(wrong(
            "is a part of the URL's path and has to be a string, a number or a boolean.",
        ));
    };
    if text.is_empty() {
        return Err(wrong("is a part of the URL's path and must not be empty."));
    }
    // Encoded it is no shorter.
    room.take(text.len())?;
    // Encoded they would stay in their segment, but there are servers and proxies that decode
    // %2F before they resolve dots.
    if text.split(['/', '\\']).any(is_dots) {
        return Err(wrong(
            "is a part of the URL's path and must not hold \".\" or \"..\" as a segment.",
        ));
    }
    if text.chars().any(char::is_control) {
        return Err(wrong(
            "is a part of the URL's path and must not hold control characters.",
        ));
    }
    let encoded = utf8_percent_encode(&text, NOT_UNRESERVED).to_string();
    Ok(encoded.into())
}

/// Whether a segment means "here" or "up" (RFC 3986 §5.2.4), also where its dots are encoded.
pub(super) fn is_dots(segment: &str) -> bool {
    matches!(
        segment.to_ascii_lowercase().replace("%2e", ".").as_str(),
        "." | ".."
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::Place, *};

    fn of(template: &str, arguments: &Arguments) -> Result<String, RenderError> {
        let mut room = Room::new(Place::Url, 100);
        render(&Template::stored(template)?, arguments, &mut room)
    }

    fn rendered(template: &str, value: Value) -> Result<String, RenderError> {
        let arguments = json!({ "id": value });
        of(template, arguments.as_object().unwrap())
    }

    #[test]
    fn hostile_arguments_stay_in_their_segment() {
        for (hostile, expected) in [
            ("a/b", "/users/a%2Fb/x"),
            ("a?admin=1", "/users/a%3Fadmin%3D1/x"),
            ("a#b", "/users/a%23b/x"),
            ("a b+c&d;e", "/users/a%20b%2Bc%26d%3Be/x"),
            ("%2f", "/users/%252f/x"),
            ("@evil.example:80", "/users/%40evil.example%3A80/x"),
            ("{id}", "/users/%7Bid%7D/x"),
            ("...", "/users/.../x"),
            ("ä\u{202e}", "/users/%C3%A4%E2%80%AE/x"),
        ] {
            assert_eq!(rendered("/users/{id}/x", json!(hostile)).unwrap(), expected);
        }
    }

    #[test]
    fn what_could_climb_or_vanish_is_refused_and_says_so() {
        let refused = [
            json!(""),
            json!("."),
            json!(".."),
            json!("../admin"),
            json!("a/../b"),
            json!("..\\b"),
            json!("%2e%2E"),
            json!("%2E/x"),
            json!("x\r\nHost: evil"),
            json!("x\0"),
            json!(null),
            json!([1]),
            json!({}),
        ];
        for value in refused {
            let Err(RenderError::Argument(why)) = rendered("/users/{id}", value.clone()) else {
                panic!("{value} passed");
            };
            assert!(why.starts_with("The argument \"id\" "), "{why}");
        }
        assert!(of("/users/{id}", &Arguments::new()).is_err());
    }

    #[test]
    fn two_arguments_cannot_make_a_dot_segment_together() {
        let arguments = json!({ "a": "-", "b": "x" });
        assert_eq!(
            of("/{a}{b}", arguments.as_object().unwrap()).unwrap(),
            "/-x"
        );
        let arguments = json!({ "a": "%2e" });
        assert!(of("/.{a}", arguments.as_object().unwrap()).is_err());
        assert!(of("x/{a}", arguments.as_object().unwrap()).is_err());
    }

    #[test]
    fn numbers_and_booleans_are_segments_too() {
        assert_eq!(rendered("/n/{id}", json!(7)).unwrap(), "/n/7");
        assert_eq!(rendered("/n/{id}", json!(true)).unwrap(), "/n/true");
    }
}

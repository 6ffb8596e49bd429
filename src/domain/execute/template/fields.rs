//! Headers and query parameters.

use std::{borrow::Cow, collections::BTreeMap};

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::{Arguments, Place, RenderError, Room, Template, pairs::Pairs, scalar, text};

/// Headers that are added to those of the templates, more or less.
const OURS: usize = 16;
/// Bytes of one header's value; what common servers accept of all headers together.
const LONGEST_HEADER: usize = 8_192;

/// Headers with their templates, as they are stored.
pub(in crate::execute) fn parse_headers(
    templates: &BTreeMap<String, String>,
) -> Result<Vec<(HeaderName, Template)>, RenderError> {
    let parsed = templates.iter().map(|(name, template)| {
        let header = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| RenderError::Template(format!("{name:?} is not a header's name")))?;
        Ok((header, Template::stored(template)?))
    });
    parsed.collect()
}

/// Query parameters with their templates, as they are stored.
pub(in crate::execute) fn parse_query(
    templates: &BTreeMap<String, String>,
) -> Result<Vec<(String, Template)>, RenderError> {
    let parsed = templates
        .iter()
        .map(|(name, template)| Ok((name.clone(), Template::stored(template)?)));
    parsed.collect()
}

/// The headers of their templates. One that uses an absent argument is left out.
pub(in crate::execute) fn headers(
    templates: &[(HeaderName, Template)],
    arguments: &Arguments,
) -> Result<HeaderMap, RenderError> {
    let mut headers = HeaderMap::with_capacity(templates.len() + OURS);
    for (name, template) in templates {
        let mut room = Room::new(Place::Header(name), LONGEST_HEADER);
        let text_of = |argument: &str| header_text(argument, arguments.get(argument));
        let filled = template.fill(&mut room, text_of)?;
        let Some(filled) = filled else { continue };
        let value = HeaderValue::from_str(&filled)
            .map_err(|_| RenderError::Template(format!("{name} has a value that is no header")))?;
        headers.insert(name, value);
    }
    Ok(headers)
}

/// One argument inside a header: visible ASCII and spaces (RFC 9110 §5.5).
fn header_text<'v>(
    name: &str,
    value: Option<&'v Value>,
) -> Result<Option<Cow<'v, str>>, RenderError> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let text = scalar(value).ok_or_else(|| {
        RenderError::argument(
            name,
            "goes into a header and has to be a string, a number or a boolean.",
        )
    })?;
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        Ok(Some(text))
    } else {
        Err(RenderError::argument(
            name,
            "goes into a header and may hold only visible ASCII characters and spaces: no line \
             breaks, no control characters, no letters beyond ASCII.",
        ))
    }
}

/// Adds the query's pairs. A parameter that uses an absent argument is left out; an array that is all
/// of a parameter repeats it.
pub(in crate::execute) fn query(
    templates: &[(String, Template)],
    arguments: &Arguments,
    pairs: &mut Pairs<'_>,
) -> Result<(), RenderError> {
    for (name, template) in templates {
        if let Some(argument) = template.only_argument() {
            pairs.repeat(name, arguments.get(argument))?;
            continue;
        }
        let text_of = |argument: &str| Ok(arguments.get(argument).and_then(text));
        if let Some(filled) = template.fill(&mut pairs.room(), text_of)? {
            pairs.add(name, &filled)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn one(name: &str, template: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(name.to_owned(), template.to_owned())])
    }

    fn headers(
        templates: &BTreeMap<String, String>,
        arguments: &Arguments,
    ) -> Result<HeaderMap, RenderError> {
        super::headers(&parse_headers(templates)?, arguments)
    }

    fn query(
        templates: &BTreeMap<String, String>,
        arguments: &Arguments,
    ) -> Result<String, RenderError> {
        let mut pairs = Pairs::new(Room::new(Place::Url, 100));
        super::query(&parse_query(templates)?, arguments, &mut pairs)?;
        Ok(pairs.finish())
    }

    #[test]
    fn a_header_takes_no_line_break_and_no_invisible_character() {
        let templates = one("x-note", "note {a}");
        for hostile in [
            "x\r\nHost: evil",
            "x\ny",
            "x\0",
            "x\ty",
            "x\u{7f}",
            "Jürgen",
            "\u{2028}",
        ] {
            let arguments = json!({ "a": hostile });
            assert!(
                matches!(
                    headers(&templates, arguments.as_object().unwrap()),
                    Err(RenderError::Argument(_))
                ),
                "{hostile:?} passed"
            );
        }
        let arguments = json!({ "a": "x: y, {a} \"z\"" });
        let made = headers(&templates, arguments.as_object().unwrap()).unwrap();
        assert_eq!(made["x-note"], "note x: y, {a} \"z\"");
        assert_eq!(made.len(), 1);
        assert!(headers(&templates, json!({ "a": [1] }).as_object().unwrap()).is_err());
        assert!(
            headers(
                &templates,
                json!({ "a": "x".repeat(9000) }).as_object().unwrap()
            )
            .is_err()
        );
        assert!(headers(&templates, &Arguments::new()).unwrap().is_empty());
    }

    #[test]
    fn a_query_argument_adds_no_parameter() {
        let arguments =
            json!({ "a": "1&admin=true#x=%26 +", "b": null, "list": [1, "x&y", null, {"k": 2}] });
        let arguments = arguments.as_object().unwrap();
        let query = |name, template| query(&one(name, template), arguments).unwrap();
        assert_eq!(query("q", "{a}"), "q=1%26admin%3Dtrue%23x%3D%2526+%2B");
        assert_eq!(
            query("tag", "{list}"),
            "tag=1&tag=x%26y&tag=%7B%22k%22%3A2%7D"
        );
        for absent in ["{b}", "is {b}", "{gone}"] {
            assert_eq!(query("q", absent), "");
        }
        assert_eq!(
            query("q", "v1:{list}"),
            "q=v1%3A%5B1%2C%22x%26y%22%2Cnull%2C%7B%22k%22%3A2%7D%5D"
        );
    }
}

//! What has to hold of forms and Basic headers whatever a stranger sends.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
    response::IntoResponse,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::{collection::vec, prelude::*, sample::select};

use super::{
    client::{Method, Request, basic},
    parameters::{Duplicate, Parameters},
};

const FORM: &str = "application/x-www-form-urlencoded";

/// What our client ids and secrets are made of.
const PLAIN: &str = "[A-Za-z0-9_-]{1,60}";

/// A text of ours, and one of the ways to percent-encode it.
fn encoded() -> impl Strategy<Value = (String, String)> {
    let how = vec(select(vec!["as it is", "%41", "%4a"]), 60);
    (PLAIN, how).prop_map(|(plain, how)| {
        let encoded = plain.bytes().zip(how).map(|(byte, how)| match how {
            "as it is" => char::from(byte).to_string(),
            "%41" => format!("%{byte:02X}"),
            _ => format!("%{byte:02x}"),
        });
        let encoded = encoded.collect();
        (plain, encoded)
    })
}

/// A form by pieces that mean something in one, or any bytes.
fn any_form() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        select(vec![
            "&",
            "=",
            "+",
            "%",
            "%0",
            "%00",
            "%26",
            "%3D",
            "%ff",
            "%c3%a9",
            ";",
            "[]",
            "client_id",
            "client_secret",
            "grant_type",
            "code",
            "a",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
        vec(any::<u8>(), 0..3),
    ];
    vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

/// A header's value, most often something like Basic.
fn any_authorization() -> impl Strategy<Value = Vec<u8>> {
    let credentials = prop_oneof![
        vec(any::<u8>(), 0..40),
        "([a-z:+%]|%2B|%3a|%C3%A9|\\PC){0,20}".prop_map(String::into_bytes),
    ];
    prop_oneof![
        (select(vec!["Basic ", "basic  ", "Bearer "]), credentials)
            .prop_map(|(scheme, text)| format!("{scheme}{}", STANDARD.encode(text)).into_bytes()),
        "(Basic|bASIC)[ \\t]{0,2}[A-Za-z0-9+/=_-]{0,20}".prop_map(String::into_bytes),
        vec(any::<u8>(), 0..40),
    ]
}

/// The bytes of `%`-escapes and `+` undone, in the plainest way there is (URL Standard §5.1).
fn unescaped(text: &[u8]) -> String {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = tail;
        let hex = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let hex = hex.filter(|two| two.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match (first, hex.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Names and values of a form, read in the plainest way there is.
fn pairs(form: &[u8]) -> Vec<(String, String)> {
    form.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let mut half = || unescaped(halves.next().unwrap_or_default());
            (half(), half())
        })
        .collect()
}

fn headers(kind: &[u8], authorization: &[Vec<u8>]) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_bytes(kind).ok()?);
    for value in authorization {
        headers.append(header::AUTHORIZATION, HeaderValue::from_bytes(value).ok()?);
    }
    Some(headers)
}

proptest! {
    #[test]
    fn a_form_is_taken_where_each_name_comes_once(form in any_form()) {
        let pairs = pairs(&form);
        let mut times = BTreeMap::new();
        for (name, _) in pairs.iter().filter(|(name, _)| !name.is_empty()) {
            *times.entry(name.as_str()).or_insert(0) += 1;
        }
        match Parameters::parse(&form, "") {
            Ok(parameters) => {
                prop_assert!(times.values().all(|times| *times == 1));
                for (name, value) in pairs.iter().filter(|(name, _)| !name.is_empty()) {
                    let value = Some(value.as_str()).filter(|value| !value.is_empty());
                    prop_assert_eq!(parameters.get(name), value);
                }
            }
            Err(Duplicate(name)) => prop_assert!(times[name.as_str()] > 1),
        }
    }

    #[test]
    fn a_form_is_read_as_it_was_written(written in prop::collection::btree_map("\\PC{1,9}", any::<String>(), 0..6)) {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&written)
            .finish();
        let read = Parameters::parse(form.as_bytes(), "").unwrap();
        for (name, value) in &written {
            prop_assert_eq!(read.owned(name).unwrap_or_default(), value.as_str());
        }
    }

    #[test]
    fn a_repeated_name_is_refused_wherever_it_stands(
        name in "[a-z_]{1,9}",
        others in prop::collection::btree_set("[A-Z]{1,4}", 0..6),
        places in any::<[prop::sample::Index; 2]>(),
    ) {
        let mut pairs: Vec<String> = others.iter().map(|other| format!("{other}=1")).collect();
        for place in places {
            pairs.insert(place.index(pairs.len() + 1), format!("{name}=2"));
        }
        let form = pairs.join("&");
        prop_assert_eq!(Parameters::parse(form.as_bytes(), ""), Err(Duplicate(name.clone())));
        prop_assert!(Parameters::parse(form.as_bytes(), &name).is_ok());
    }

    /// Clients disagree whether to encode what needs no encoding (RFC 6749 §2.3.1).
    #[test]
    fn a_client_is_the_same_one_however_it_encodes_itself(
        (id, encoded_id) in encoded(),
        (secret, encoded_secret) in encoded(),
        scheme in "[Bb][Aa][Ss][Ii][Cc] {1,2}",
    ) {
        let credentials = STANDARD.encode(format!("{encoded_id}:{encoded_secret}"));
        let header = format!("{scheme}{credentials}");
        prop_assert_eq!(basic(header.as_bytes()), Some((id.clone(), secret.clone())));

        let form = format!("client_secret={encoded_secret}&client_id={encoded_id}");
        let form = Parameters::parse(form.as_bytes(), "").unwrap();
        prop_assert_eq!(form.get("client_id"), Some(id.as_str()));
        prop_assert_eq!(form.get("client_secret"), Some(secret.as_str()));
    }

    #[test]
    fn whatever_basic_is_taken_says_its_pair(value in any_authorization()) {
        let Some((id, secret)) = basic(&value) else {
            return Ok(());
        };
        let (scheme, rest) = value.split_at(5);
        prop_assert!(scheme.eq_ignore_ascii_case(b"basic"));
        let decoded = STANDARD.decode(rest.trim_ascii()).unwrap();
        let mut halves = decoded.splitn(2, |byte| *byte == b':');
        prop_assert_eq!(unescaped(halves.next().unwrap()), id);
        prop_assert_eq!(unescaped(halves.next().unwrap()), secret);
    }

    #[test]
    fn a_request_is_read_or_it_is_the_clients_fault(
        kind in prop_oneof![
            3 => Just(FORM.to_owned()),
            1 => "(application/)?x-www-form-urlencoded(; ?charset=[a-z]{0,3})?|[!-~]{0,9}",
        ],
        authorization in vec(any_authorization(), 0..3),
        form in any_form(),
    ) {
        let Some(headers) = headers(kind.as_bytes(), &authorization) else {
            return Ok(());
        };
        match Request::read(&headers, Ok(Bytes::from(form.clone()))) {
            Ok(request) => {
                prop_assert!(kind.starts_with(FORM) && authorization.len() <= 1);
                let pair = authorization.first().and_then(|value| basic(value));
                prop_assert_eq!(request.method() == Method::Basic, pair.is_some());
                let in_form = Parameters::parse(&form, "").unwrap().owned("client_id");
                let says = pair.map(|(id, _)| id).or(in_form);
                prop_assert_eq!(request.client_id(), says.as_deref());
            }
            Err(refusal) => {
                let response = refusal.into_response();
                // Who tried the header is answered about the header.
                let is_challenged = response.headers().contains_key("www-authenticate");
                let expected = if is_challenged { 401 } else { 400 };
                prop_assert_eq!(response.status().as_u16(), expected);
                prop_assert!(!is_challenged || authorization.len() == 1);
            }
        }
    }
}

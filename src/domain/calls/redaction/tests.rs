use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn secrets(values: &[&str]) -> Secrets {
    let mut secrets = Secrets::default();
    for value in values {
        secrets.hide(value.as_bytes());
    }
    secrets
}

/// What is kept of a body.
fn kept_of(body: &str, hidden: &[&str]) -> String {
    let (secrets, names) = (secrets(hidden), SecretNames::default());
    let redaction = Redaction {
        secrets: &secrets,
        names: &names,
    };
    match redaction.body(body.as_bytes(), body.len(), true) {
        Body::Text(part) => part.text,
        Body::Binary(_) => "binary".to_owned(),
    }
}

#[test]
fn members_whose_names_say_secret_go_and_json_stays_json() {
    let body = json!({
        "password": "hunter2", "user": { "API-Key": ["a", { "b": 1 }], "name": "Ada" },
        "access_token": "abc", "max_tokens": 100, "pin": 1234, "has_password": true,
        "secret": null, "note": "a \"quoted\" {brace", "client_secret": { "x": "}]\"" }, "id": 7,
    });
    let kept: Value = serde_json::from_str(&kept_of(&body.to_string(), &[])).unwrap();
    assert_eq!(
        kept,
        json!({
            "password": REDACTED, "user": { "API-Key": REDACTED, "name": "Ada" },
            "access_token": REDACTED, "max_tokens": 100, "pin": REDACTED, "has_password": true,
            "secret": null, "note": "a \"quoted\" {brace", "client_secret": REDACTED, "id": 7,
        })
    );
    let pretty = serde_json::to_string_pretty(&body).unwrap();
    let kept_pretty: Value = serde_json::from_str(&kept_of(&pretty, &[])).unwrap();
    assert_eq!(kept_pretty, kept);
}

#[test]
fn names_are_heard_in_whatever_they_stand() {
    for (body, expected) in [
        // JSON that is cut off, or stands within something else.
        (
            r#"{"a":1,"password":"hunt"#,
            r#"{"a":1,"password":"[redacted]"#,
        ),
        (r#"{"secret":{"a":"b","#, r#"{"secret":"[redacted]""#),
        (
            r#"it said "no: {"password":"y"}"#,
            r#"it said "no: {"password":"[redacted]"}"#,
        ),
        (r#"data: {"token":"y"}"#, r#"data: {"token":"[redacted]"}"#),
        (
            r#"{"password" : "a\"b\\"}"#,
            r#"{"password" : "[redacted]"}"#,
        ),
        (
            r#"{"pass\u0077ord":"y"}"#,
            r#"{"pass\u0077ord":"[redacted]"}"#,
        ),
        (
            "{'password': 'y', 'a': 'b'}",
            "{'password': '[redacted]', 'a': 'b'}",
        ),
        // JSON in a string of JSON, and in a string of that.
        (
            r#"{"a":"{\"password\":\"y\",\"b\":1}"}"#,
            r#"{"a":"{\"password\":\"[redacted]\",\"b\":1}"}"#,
        ),
        (
            r#"{"a":"{\"password\":\"y\\\"z\"}","b":2}"#,
            r#"{"a":"{\"password\":\"[redacted]\"}","b":2}"#,
        ),
        (
            r#"{"a":"{\"pin\": [1, \"]\"]}","b":2}"#,
            r#"{"a":"{\"pin\": [redacted]}","b":2}"#,
        ),
        (
            r#""{\"a\":\"{\\\"password\\\":\\\"y\\\"}\"}""#,
            r#""{\"a\":\"{\\\"password\\\":\\\"[redacted]\\\"}\"}""#,
        ),
        // Parameters.
        ("a=1&password=x%20y&b=2", "a=1&password=[redacted]&b=2"),
        (
            "user%5Bpassword%5D=x&b=2",
            "user%5Bpassword%5D=[redacted]&b=2",
        ),
        (
            "see https://a.example/?api_key=x,y&b=2 for more",
            "see https://a.example/?api_key=[redacted]&b=2 for more",
        ),
        (
            r#"{"url":"https://a.example/#access_token=abc"}"#,
            r#"{"url":"https://a.example/#access_token=[redacted]"}"#,
        ),
        (
            "password = 'a b' and more",
            "password = '[redacted]' and more",
        ),
        ("next_page_token=abc&page=2", "next_page_token=abc&page=2"),
        // Who asks.
        (
            "postgres://ada:word@db.example/x",
            "postgres://[redacted]@db.example/x",
        ),
        (
            "mail ada@example.com at https://a.example/",
            "mail ada@example.com at https://a.example/",
        ),
        // A request as it came.
        (
            "POST / HTTP/1.1\nAuthorization: Basic abc\nAccept: */*",
            "POST / HTTP/1.1\nAuthorization: [redacted]\nAccept: */*",
        ),
        // Nothing is a secret of these.
        ("", ""),
        (":::===://", ":::===://"),
        (
            r#"{"monkey":"a","key":"b","time":"12:30"}"#,
            r#"{"monkey":"a","key":"b","time":"12:30"}"#,
        ),
    ] {
        assert_eq!(kept_of(body, &[]), expected, "{body}");
    }
}

#[test]
fn values_go_in_each_form() {
    let secret = "s3cr\"et/+é key";
    let json = serde_json::to_string(secret).unwrap();
    let encoded = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    for form in [
        secret.to_owned(),
        json.trim_matches('"').to_owned(),
        json.trim_matches('"').replace('/', "\\/"),
        serde_json::to_string(&json).unwrap(),
        secret
            .chars()
            .map(|c| format!("\\u{:04x}", u32::from(c)))
            .collect(),
        encoded.clone(),
        encoded.to_lowercase(),
        encoded.replace('%', "%25"),
        encoded.replace('%', "\\u0025"),
        url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        STANDARD.encode(secret),
        STANDARD_NO_PAD.encode(secret),
        URL_SAFE.encode(secret),
        utf8_percent_encode(&STANDARD.encode(secret), NON_ALPHANUMERIC).to_string(),
        secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
        secret.bytes().map(|byte| format!("{byte:02X}")).collect(),
    ] {
        let kept = kept_of(&format!("it is {form}, you see"), &[secret]);
        assert!(
            kept.starts_with("it is ") && kept.ends_with(", you see"),
            "{form}: {kept}"
        );
        assert!(
            kept.contains(REDACTED) && kept.len() < 6 + 9 + 10 + 8,
            "{form}: {kept}"
        );
    }
    // With whatever stands before it in what was encoded.
    for before in ["", "u:", "us:", "user:"] {
        let whole = STANDARD.encode(format!("{before}{secret}!"));
        let kept = kept_of(&whole, &[secret]);
        let longest = |text: &str| text.split(REDACTED).map(str::len).max();
        assert!(
            longest(&kept) <= Some(before.len() * 2 + 6),
            "{before}: {kept}"
        );
    }
}

#[test]
fn a_part_ends_at_a_character_and_says_how_much_there_was() {
    let (secrets, names) = (secrets(&["a-secret"]), SecretNames::default());
    let redaction = Redaction {
        secrets: &secrets,
        names: &names,
    };
    let whole = "é".repeat(10_000);
    let body = &whole.as_bytes()[..secrets.enough() + 1];
    let Body::Text(part) = redaction.body(body, whole.len(), true) else {
        panic!()
    };
    assert_eq!(
        (part.text.len(), part.is_cut, part.bytes),
        (MOST_OF_PART, true, 20_000)
    );
    let odd = format!("x{whole}");
    let part = redaction.text(&odd, odd.len());
    assert_eq!((part.text.len(), part.is_cut), (MOST_OF_PART - 1, true));
    let part = redaction.text("short", 5);
    assert_eq!(
        (part.text.as_str(), part.is_cut, part.bytes),
        ("short", false, 5)
    );
    // What stands over the end goes as a whole.
    let over = format!("{}a-secret and more", "x".repeat(MOST_OF_PART - 3));
    let part = redaction.text(&over, over.len());
    assert!(
        part.text.ends_with("xxx[redacted]"),
        "{}",
        &part.text[MOST_OF_PART - 10..]
    );
    // And what may have begun where nobody read on.
    let Body::Text(part) = redaction.body(b"0123456789 and then a-secre", 27, false) else {
        panic!()
    };
    assert!(part.is_cut && !part.text.contains("a-s"));
    // Cut within a character, by us or by who stopped to read.
    for (body, bytes, is_whole) in [(&b"ab\xc3"[..], 4, true), (b"ab\xc3", 3, false)] {
        assert!(matches!(
            redaction.body(body, bytes, is_whole),
            Body::Text(_)
        ));
    }
}

#[test]
fn what_is_no_text_is_not_kept() {
    let hidden: Vec<u8> = "a-secret".bytes().flat_map(|byte| [byte, 0]).collect();
    let (secrets, names) = (secrets(&["a-secret"]), SecretNames::default());
    let redaction = Redaction {
        secrets: &secrets,
        names: &names,
    };
    for body in [&hidden[..], b"\xff\xfe", b"\x89PNG\r\n", b"ab\xc3"] {
        assert_eq!(
            redaction.body(body, body.len(), true),
            Body::Binary(body.len() as i64)
        );
    }
}

#[test]
fn headers_and_urls_show_no_proof_and_no_person() {
    let (secrets, mut names) = (secrets(&["k3y-of-tool", "1"]), SecretNames::default());
    names.add("x-mine");
    let redaction = Redaction {
        secrets: &secrets,
        names: &names,
    };
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("accept", "a/b"),
        ("authorization", "Bearer k"),
        ("set-cookie", "a=b"),
        ("x-tengine-member-email", "ada@example.com"),
        ("x-mine", "v"),
        (
            "location",
            "https://ada:w@a.example/?code_verifier=x&token=y&b=1",
        ),
        ("x-echo", "is k3y-of-tool"),
        ("x-k3y-of-tool", "v"),
    ] {
        headers.append(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    let mut sensitive = HeaderValue::from_static("v");
    sensitive.set_sensitive(true);
    headers.insert("x-custom", sensitive);
    headers.insert("x-bytes", HeaderValue::from_bytes(b"\xff\xe9").unwrap());
    let shown = redaction.headers(&headers);
    let value = |name: &str| {
        let mut found = shown.iter().filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    };
    for name in [
        "authorization",
        "set-cookie",
        "x-tengine-member-email",
        "x-mine",
        "x-custom",
    ] {
        assert_eq!(value(name), Some(REDACTED), "{name}");
    }
    assert_eq!(value("accept"), Some("a/b"));
    assert_eq!(value("x-echo"), Some("is [redacted]"));
    assert_eq!(value("x-[redacted]"), Some("v"));
    assert_eq!(
        value("location"),
        Some("https://[redacted]@a.example/?code_verifier=[redacted]&token=[redacted]&b=1")
    );
    let url = "https://api1.example/v1/k3y-of-tool?a=1&password=x&c=k3y%2Dof%2dtool";
    assert_eq!(
        redaction.url(url, "https://api1.example".len()),
        "https://api1.example/v[redacted]/[redacted]?a=[redacted]&password=[redacted]&c=[redacted]"
    );
    // However many and long they are.
    let long = HeaderValue::try_from("v".repeat(5_000)).unwrap();
    for number in 0..50 {
        let name = HeaderName::try_from(format!("x-{number}")).unwrap();
        headers.insert(name, long.clone());
    }
    let shown = redaction.headers(&headers);
    let bytes: usize = shown
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    assert!(bytes < MOST_OF_HEADERS + 100, "{bytes}");
    assert_eq!(shown.last().unwrap().1, "More headers were left out.");
}

#[test]
fn with_more_secrets_than_are_looked_for_nothing_is_shown() {
    let mut many = Secrets::default();
    for number in 0..100 {
        many.hide(format!("secret {number}").as_bytes());
    }
    let mut long = Secrets::default();
    long.hide("s".repeat(10_000).as_bytes());
    for secrets in [many, long] {
        let redaction = Redaction {
            secrets: &secrets,
            names: &SecretNames::default(),
        };
        assert_eq!(redaction.text("anything", 8).text, REDACTED);
    }
}

/// Each would take minutes if a byte of it were looked at for each of the others.
#[test]
fn hostile_texts_cost_no_more_than_their_length() {
    let most = ENOUGH;
    for text in [
        "\\".repeat(most),
        "\"".repeat(most),
        "\":".repeat(most / 2),
        "\"password\":".repeat(most / 11),
        "password=".repeat(most / 9),
        "://".repeat(most / 3),
        "[{".repeat(most / 2),
        format!("\"password\":{}", "[".repeat(most)),
        format!("\"password\":\"{}", "\\".repeat(most)),
        " ".repeat(most - 1) + ":",
        "%".repeat(most),
        "\\u".repeat(most / 2),
    ] {
        kept_of(&text, &["a-secret"]);
    }
}

/// Where a secret comes to stand, and as what.
fn forms(secret: &str) -> Vec<String> {
    let json = Value::from(secret).to_string();
    vec![
        secret.to_owned(),
        json.clone(),
        Value::from(json).to_string(),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        STANDARD.encode(secret),
        STANDARD.encode(format!("ada:{secret}")),
        URL_SAFE_NO_PAD.encode(secret),
        secret.bytes().map(|byte| format!("%{byte:02x}")).collect(),
        secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
    ]
}

/// Whether a text tells a secret to whoever undoes what was done to it.
fn tells(text: &str, secret: &str) -> bool {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    let spaced = text.replace('+', " ");
    let form = percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy();
    let strings = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let strings: Vec<String> = strings
        .filter_map(Result::ok)
        .map(|value| value.as_str().unwrap_or_default().to_owned())
        .collect();
    let encoded = STANDARD_NO_PAD.encode(secret);
    [text, &decoded, &form]
        .into_iter()
        .chain(strings.iter().map(String::as_str))
        .any(|text| text.contains(secret) || text.contains(&encoded))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever it is and wherever it stands.
    #[test]
    fn no_secret_is_kept(
        secret in "[!-~é ]{4,40}",
        before in "[ -~\\n]{0,60}",
        after in "[ -~\\n]{0,60}",
        padding in prop_oneof![Just(0_usize), 8_100..8_200_usize],
        at in 0..10_usize,
        is_whole in any::<bool>(),
    ) {
        prop_assume!(!REDACTED.contains(&secret) && !secret.contains("[redacted]"));
        // What is around it must not happen to be it.
        let padding = ".".repeat(padding);
        prop_assume!(!before.contains(&secret) && !after.contains(&secret) && !padding.contains(&secret));
        let form = &forms(&secret)[at];
        let secrets = secrets(&[&secret]);
        let names = SecretNames::default();
        let redaction = Redaction { secrets: &secrets, names: &names };
        let text = format!("{padding}{before}{form}{after}");
        let Body::Text(part) = redaction.body(text.as_bytes(), text.len(), is_whole) else {
            panic!("{text}");
        };
        prop_assert!(!tells(&part.text, &secret), "{}", part.text);
        // Nor where it is cut within.
        for end in padding.len() + before.len()..text.len() {
            if text.is_char_boundary(end) {
                let Body::Text(part) = redaction.body(&text.as_bytes()[..end], end, false) else {
                    panic!("{text}");
                };
                let begun = &secret[..secret.chars().next().unwrap().len_utf8()];
                let tail = part.text.strip_prefix(padding.as_str()).unwrap_or_default();
                let tail = tail.strip_prefix(before.as_str()).unwrap_or_default();
                prop_assert!(at != 0 || !tail.starts_with(begun) || before.is_empty(), "{}", tail);
            }
        }
        let url = redaction.url(&format!("https://a.example/{form}?q={form}"), 17);
        prop_assert!(!tells(&url, &secret), "{url}");
        if let Ok(value) = HeaderValue::from_bytes(format!("{before}{form}").as_bytes()) {
            let headers = HeaderMap::from_iter([(HeaderName::from_static("x-a"), value)]);
            let shown = &redaction.headers(&headers)[0].1;
            prop_assert!(!tells(shown, &secret), "{shown}");
        }
    }

    /// A value behind a name that says secret, in any JSON around it and however it is cut.
    #[test]
    fn no_value_of_a_secret_name_is_kept(
        value in "[A-Z]{4}[!-~]{2,26}",
        around in proptest::collection::vec(("[a-z]{1,5}", "[ -~]{0,20}"), 0..4),
        name in prop_oneof![Just("password"), Just("Access-Token"), Just("api_key"), Just("client secret")],
        nested in 0..3_usize,
        cut in 0..200_usize,
    ) {
        let mut body = serde_json::Map::new();
        for (name, text) in &around {
            prop_assume!(!text.contains(&value));
            body.insert(name.clone(), json!([text, { "more": text }]));
        }
        prop_assume!(!REDACTED.contains(&value));
        body.insert(name.to_owned(), Value::from(value.clone()));
        body.insert("z".to_owned(), json!("end"));
        let mut text = Value::Object(body).to_string();
        for _ in 0..nested {
            text = json!({ "text": text, "n": 1 }).to_string();
        }
        let escaped = |mut text: String| {
            for _ in 0..=nested {
                text = Value::from(text).to_string();
                text = text[1..text.len() - 1].to_owned();
            }
            text
        };
        let told = escaped(value.clone());
        prop_assert!(text.contains(&told));
        let kept = kept_of(&text, &[]);
        prop_assert!(!kept.contains(&told), "{kept}");
        prop_assert!(kept.contains("end"), "{kept}");
        // Behind the cut nothing is known.
        let end = text.len().saturating_sub(cut);
        let begun = text[..end].find(&told[..4]);
        let kept = kept_of(&text[..end], &[]);
        prop_assert!(begun.is_none() || !kept.contains(&told[..4]) || text.matches(&told[..4]).count() > 1, "{kept}");
    }

    /// Every text is read to its end, and what says nothing of secrets stays as it is.
    #[test]
    fn every_text_has_an_end(text in "(\\PC|[\\\\\":={}\\[\\]'%&/@ ]|password|token){0,200}") {
        kept_of(&text, &["a-secret"]);
    }

    #[test]
    fn plain_texts_stay_as_they_are(text in "[a-f0-9 ,;!?]{0,200}") {
        prop_assert_eq!(kept_of(&text, &["a-secret-value"]), text);
    }
}

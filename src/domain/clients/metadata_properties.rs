//! What has to hold of a client's metadata whatever a stranger sends.

use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};
use serde_json::{Map, Value, json};
use url::{Position, Url};

use super::{ClientMetadata, is_document_url, metadata_document};
use crate::integrations::{
    redirect_uri,
    redirect_uri_properties::{edit, registered_and_hostile, registrable},
};

const ID: &str = "https://client.example/oauth/metadata.json";

/// Any JSON value, nested a little.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        select(vec!["none", "code", "authorization_code", ID]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((any::<String>(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A name as an impostor would choose it.
fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "\\PC{0,100}",
        "[\\p{Cf}\\p{Default_Ignorable_Code_Point}\\sab]{0,100}",
    ]
}

/// A list of redirect URIs, most of which may be registered.
fn any_redirect_uris() -> impl Strategy<Value = Vec<String>> {
    let any_uri = prop_oneof![
        9 => registrable(),
        1 => registered_and_hostile().prop_map(|(_, hostile)| hostile),
    ]
    .boxed();
    // Few, most often: they take the time.
    prop_oneof![9 => vec(any_uri.clone(), 0..4), 1 => vec(any_uri, 17..23)]
}

/// An object that looks like metadata, with members that are right, wrong, absent or unknown.
fn any_metadata() -> impl Strategy<Value = Map<String, Value>> {
    let right = (any_redirect_uris(), any_name()).prop_map(|(uris, name)| {
        json!({
            "client_id": ID, "client_name": name, "redirect_uris": uris,
            "grant_types": ["authorization_code"], "response_types": ["code"],
            "token_endpoint_auth_method": "none",
        })
    });
    let member = prop_oneof![
        select(vec![
            "client_id",
            "client_name",
            "redirect_uris",
            "grant_types",
            "response_types",
            "token_endpoint_auth_method",
            "token_endpoint_auth_methods_supported",
            "client_secret",
            "client_secret_expires_at",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    let change = (member, prop::option::of(any_json()));
    (right, vec(change, 0..3)).prop_map(|(right, changes)| {
        let Value::Object(mut metadata) = right else {
            unreachable!("it is an object");
        };
        for (name, value) in changes {
            match value {
                Some(value) => drop(metadata.insert(name, value)),
                None => drop(metadata.shift_remove(&name)),
            }
        }
        metadata
    })
}

fn keeps_every_rule(metadata: &ClientMetadata) -> Result<(), TestCaseError> {
    let uris = &metadata.redirect_uris;
    prop_assert!((1..=20).contains(&uris.len()));
    for uri in uris {
        prop_assert_eq!(redirect_uri::check(uri), Ok(()));
    }
    let name = &metadata.name;
    prop_assert!((1..=80).contains(&name.chars().count()) && name.trim() == name);
    prop_assert!(!name.chars().any(char::is_control), "{name:?}");
    prop_assert!(name.chars().any(|c| !c.is_whitespace()));
    Ok(())
}

proptest! {
    #[test]
    fn metadata_that_is_accepted_keeps_every_rule(metadata in any_metadata()) {
        if let Ok(metadata) = ClientMetadata::parse(&metadata) {
            keeps_every_rule(&metadata)?;
        }
    }

    #[test]
    fn one_to_twenty_good_redirect_uris_are_accepted_under_any_name(
        uris in prop_oneof![9 => vec(registrable(), 1..4), 1 => vec(registrable(), 17..=20)],
        name in any_name(),
    ) {
        let metadata = json!({ "redirect_uris": uris, "client_name": name });
        let metadata = ClientMetadata::parse(metadata.as_object().unwrap()).unwrap();
        keeps_every_rule(&metadata)?;
        prop_assert!(uris.iter().all(|uri| metadata.redirect_uris.contains(uri)));
    }

    /// By Unicode's own list of what has no shape, and the blank pattern of Braille.
    #[test]
    fn a_name_that_nobody_would_see_is_none(
        name in "[\\p{Default_Ignorable_Code_Point}\\p{Cc}\\s\u{2800}]{0,100}",
    ) {
        let metadata = json!({ "redirect_uris": ["https://a.example/cb"], "client_name": name });
        let metadata = ClientMetadata::parse(metadata.as_object().unwrap()).unwrap();
        prop_assert_eq!(metadata.name, "A client without a name");
    }

    #[test]
    fn nothing_invisible_stays_in_a_name(
        name in "[a-c]{1,9}[\\p{Default_Ignorable_Code_Point}\\p{Cc}\u{2800}][a-c]{1,9}",
    ) {
        let metadata = json!({ "redirect_uris": ["https://a.example/cb"], "client_name": name });
        let metadata = ClientMetadata::parse(metadata.as_object().unwrap()).unwrap();
        prop_assert!(metadata.name.chars().all(|c| matches!(c, 'a'..='c' | ' ')));
    }

    #[test]
    fn a_document_that_is_accepted_names_its_own_url_and_no_secret(metadata in any_metadata()) {
        let body = Value::Object(metadata.clone()).to_string();
        if let Ok(accepted) = metadata_document::parse(ID, body.as_bytes()) {
            keeps_every_rule(&accepted)?;
            prop_assert_eq!(&metadata["client_id"], ID);
            prop_assert!(!metadata.contains_key("client_secret"));
            prop_assert_eq!(ClientMetadata::parse(&metadata), Ok(accepted));
        }
    }

    #[test]
    fn a_document_that_was_damaged_is_refused_or_keeps_every_rule(
        metadata in any_metadata(),
        edits in vec(edit(), 0..4),
        noise in vec((any::<Index>(), any::<u8>()), 0..4),
        length in any::<Index>(),
    ) {
        let body = Value::Object(metadata).to_string();
        let mut body = edits.iter().fold(body, |body, edit| edit.apply(&body)).into_bytes();
        for (at, byte) in noise {
            *at.get_mut(&mut body) = byte;
        }
        for body in [&body[..], &body[..length.index(body.len())]] {
            if let Ok(accepted) = metadata_document::parse(ID, body) {
                keeps_every_rule(&accepted)?;
            }
        }
    }

    #[test]
    fn a_client_id_that_is_a_url_is_written_one_way(edits in vec(edit(), 0..4)) {
        let id = edits.iter().fold(ID.to_owned(), |id, edit| edit.apply(&id));
        if !is_document_url(&id) {
            prop_assert_ne!(id, ID);
            return Ok(());
        }
        let url = Url::parse(&id).unwrap();
        prop_assert!(id.starts_with("https://") && !id.contains(['#', '?', '\\']));
        let read = id.split('/').nth(2).unwrap();
        prop_assert_eq!(read, &url[Position::BeforeHost..Position::AfterPort]);
        prop_assert!(url.path_segments().unwrap().all(|part| part != "." && part != ".."));
    }
}

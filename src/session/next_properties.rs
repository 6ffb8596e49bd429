//! Where to go after signing in is a place of ours, whatever the query says.

use domain::public_url::PublicUrl;
use proptest::{collection::vec, prelude::*, sample::select};
use url::Url;

use super::next::checked;

/// A path by pieces that browsers and servers are known to disagree about, or any text.
fn any_next() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => select(vec!["/", "//", "\\", ".", "..", "%2e"]).prop_map(str::to_owned),
        3 => select(vec![
            "%2f", "%5c", "@", ":", "?", "#", "\t", "\n", "\r", " ", "\0", "%0d%0a", ";", "a",
            "evil.example", "https:", "javascript:", "localhost", ":3000", "projects", "\u{ff0f}",
            "\u{2028}", "é",
        ])
        .prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    let pieces = vec(piece, 0..9).prop_map(|pieces| pieces.concat());
    prop_oneof![
        4 => pieces.clone().prop_map(|tail| format!("/{tail}")),
        1 => pieces,
        1 => any::<String>(),
    ]
}

fn public_url() -> impl Strategy<Value = PublicUrl> {
    select(vec!["https://tools.example.com", "http://localhost:3000"])
        .prop_map(|text| text.parse().unwrap())
}

proptest! {
    #[test]
    fn next_is_a_path_of_this_origin(public in public_url(), next in any_next()) {
        let to = checked(&public, Some(&next));
        prop_assert!(to.bytes().all(|byte| byte.is_ascii_graphic()), "{to:?}");
        prop_assert!(to.starts_with('/') && !to[1..].starts_with(['/', '\\']), "{to:?}");
        // As a browser reads the Location header.
        let page = Url::parse(public.origin()).unwrap().join("/sign-in?next=x").unwrap();
        let gone = page.join(&to).unwrap();
        prop_assert_eq!(gone.origin().ascii_serialization(), public.origin());
        prop_assert!(gone.username().is_empty() && gone.password().is_none());
        prop_assert_eq!(checked(&public, Some(&to)), to);
    }

    #[test]
    fn a_plain_path_and_its_query_stay_as_they_are(
        path in "(/[a-zA-Z0-9_-]{1,9}){1,4}",
        query in "(\\?[a-z0-9=&%.-]{0,20})?",
    ) {
        let public = "https://tools.example.com".parse().unwrap();
        let next = format!("{path}{query}");
        prop_assert_eq!(checked(&public, Some(&next)), next);
    }
}

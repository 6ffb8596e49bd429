//! What has to hold of resources and scopes whatever a client asks for.

use proptest::{prelude::*, sample::select};
use url::Url;

use super::{ResourceUrl, Scopes};
use crate::public_url::PublicUrl;

fn public_url() -> impl Strategy<Value = PublicUrl> {
    select(vec![
        "https://tools.example.com",
        "https://tools.example.com:8443",
        "http://localhost:3000",
        "http://[::1]:3000",
    ])
    .prop_map(|text| text.parse().unwrap())
}

fn scopes() -> impl Strategy<Value = Scopes> {
    any::<(bool, bool)>().prop_map(|(tools, offline_access)| Scopes {
        tools,
        offline_access,
    })
}

proptest! {
    #[test]
    fn an_integrations_url_is_read_back_in_either_slash_form(
        public in public_url(),
        slug in "[a-zA-Z0-9-]{1,40}",
    ) {
        for ours in [ResourceUrl::shared(&public), ResourceUrl::of_slug(&public, &slug)] {
            let bare = ours.as_str().strip_suffix('/').unwrap();
            prop_assert_eq!(ResourceUrl::parse(&public, ours.as_str()), Some(ours.clone()));
            prop_assert_eq!(ResourceUrl::parse(&public, bare), Some(ours.clone()));
        }
    }

    #[test]
    fn a_resource_that_is_ours_is_where_a_client_would_send_its_token(
        public in public_url(),
        tail in "(/|\\\\|@|:|\\.|mcp|%2f|\\?|#|crm-1f|[ -~]|\\PC){0,8}",
        is_hostile_start in any::<bool>(),
    ) {
        let start = if is_hostile_start { "" } else { "/mcp" };
        let text = format!("{}{start}{tail}", public.origin());
        if let Some(resource) = ResourceUrl::parse(&public, &text) {
            let (asked, ours) = (Url::parse(&text).unwrap(), Url::parse(resource.as_str()).unwrap());
            prop_assert_eq!(asked.origin().ascii_serialization(), public.origin());
            prop_assert_eq!(asked.as_str().trim_end_matches('/'), ours.as_str().trim_end_matches('/'));
            prop_assert_eq!(ours.as_str(), resource.as_str());
        }
    }

    #[test]
    fn scopes_are_read_back_as_they_were_written(scopes in scopes()) {
        prop_assert_eq!(Scopes::parse(&scopes.to_string()), scopes);
    }

    #[test]
    fn a_request_for_scopes_gets_what_it_names_and_always_the_tools(
        words in prop::collection::vec("mcp:tools|offline_access|mcp:\\PC|[!-~]{1,9}", 0..6),
    ) {
        let text = words.join(" ");
        let named = |name: &str| words.iter().any(|word| word == name);
        let read = Scopes::parse(&text);
        prop_assert_eq!(read.tools, named("mcp:tools"));
        prop_assert_eq!(read.offline_access, named("offline_access"));
        let requested = Scopes::requested(Some(&text));
        prop_assert!(requested.tools && read.within(requested));
        prop_assert_eq!(requested.offline_access, read.offline_access);
    }

    #[test]
    fn any_text_is_some_set_of_scopes(text in any::<String>()) {
        let scopes = Scopes::parse(&text);
        prop_assert!(scopes.within(scopes) && Scopes::default().within(scopes));
        prop_assert!(Scopes::requested(Some(&text)).tools);
    }
}

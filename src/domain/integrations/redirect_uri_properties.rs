//! What has to hold of redirect URIs whatever is registered and whatever is presented. A stranger
//! chooses both, and the browser takes a code there.

use proptest::{prelude::*, sample::Index};
use url::{Position, Url};

use super::redirect_uri::{check, matches, shown_host};

/// A URI that may be registered.
pub(crate) fn registrable() -> impl Strategy<Value = String> {
    let start = prop_oneof![
        Just("https://claude.ai".to_owned()),
        Just("cursor://anysphere.cursor-mcp".to_owned()),
        loopback(),
        "https://[a-z]{1,6}\\.example(:[1-9][0-9]{0,3})?",
        "(com|org)\\.[a-z]{1,6}:(/|//[a-z]{1,6}\\.example(:[1-9][0-9]{0,3})?)?",
    ];
    let path = "(/([a-zA-Z0-9._~-]|%[0-9A-F]{2}){0,5}){0,3}";
    let query = prop_oneof![4 => Just(String::new()), 1 => "\\?[a-z0-9=&/@:%]{0,8}"];
    (start, path, query)
        .prop_map(|(start, path, query)| format!("{start}{path}{query}"))
        .prop_filter("may be registered", |uri| check(uri).is_ok())
}

fn loopback() -> impl Strategy<Value = String> {
    let host = prop::sample::select(vec!["localhost", "127.0.0.1", "[::1]", "127.0.0.2"]);
    let port = prop::option::of(1_u16..);
    (host, port).prop_map(|(host, port)| match port {
        Some(port) => format!("http://{host}:{port}"),
        None => format!("http://{host}"),
    })
}

/// One thing that an attacker does to a URI.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    Insert(Index, String),
    Replace(Index, String),
    Delete(Index),
    /// Percent-encodes a character.
    Encode(Index),
    /// Turns a letter's case.
    Case(Index),
    /// Puts something before the host.
    BeforeHost(String),
    /// Puts something behind the host.
    BehindHost(String),
}

pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    let before = prop::sample::select(vec!["a@", "a:b@", "@", "evil.example\\@", "/", "\\", "\t"]);
    let behind = prop_oneof![
        any::<u16>().prop_map(|port| format!(":{port}")),
        ":0{1,3}[0-9]{1,4}",
        prop::sample::select(vec![
            ":",
            ":+1",
            ":-1",
            ":99999",
            ":1@evil.example",
            ".evil.example",
            "@evil.example",
            ".",
            "\\",
            "%2f",
            "%00",
            "?",
            "#"
        ])
        .prop_map(str::to_owned),
    ];
    prop_oneof![
        (any::<Index>(), piece()).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        (any::<Index>(), piece()).prop_map(|(at, piece)| Edit::Replace(at, piece)),
        any::<Index>().prop_map(Edit::Delete),
        any::<Index>().prop_map(Edit::Encode),
        any::<Index>().prop_map(Edit::Case),
        before.prop_map(|piece| Edit::BeforeHost(piece.to_owned())),
        behind.prop_map(Edit::BehindHost),
    ]
}

/// What parsers of URLs are known to disagree about, and any character.
fn piece() -> impl Strategy<Value = String> {
    let hostile = prop::sample::select(vec![
        "/",
        "\\",
        "//",
        "?state=x",
        "&st%61te=x",
        "/../",
        "/./",
        "/%2e%2e/",
        "@",
        ":",
        "?",
        "#",
        "*",
        "%",
        "%2f",
        "%5c",
        "%40",
        "%00",
        "\0",
        "\t",
        "\n",
        "\r",
        " ",
        "\u{ad}",
        "\u{200b}",
        "\u{3002}",
        "\u{ff0f}",
        "\u{ff20}",
        "\u{212a}",
        "localhost",
        "[::1]",
        "0x7f.1",
        "https:",
        ":443",
    ]);
    prop_oneof![3 => hostile.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)]
}

impl Edit {
    pub(crate) fn apply(&self, uri: &str) -> String {
        // Where the host begins and ends, as the eye sees it.
        let begin = uri.find("://").map_or(0, |at| at + 3);
        let end = uri[begin..].find('/').map_or(uri.len(), |at| begin + at);
        let mut parts: Vec<String> = uri.chars().map(String::from).collect();
        // So that there is always one to edit.
        parts.push(String::new());
        match self {
            Self::BeforeHost(piece) => return format!("{}{piece}{}", &uri[..begin], &uri[begin..]),
            Self::BehindHost(piece) => return format!("{}{piece}{}", &uri[..end], &uri[end..]),
            Self::Insert(at, piece) => at.get_mut(&mut parts).insert_str(0, piece),
            Self::Replace(at, piece) => at.get_mut(&mut parts).clone_from(piece),
            Self::Delete(at) => at.get_mut(&mut parts).clear(),
            Self::Encode(at) => {
                let part = at.get_mut(&mut parts);
                *part = part.bytes().map(|byte| format!("%{byte:02x}")).collect();
            }
            Self::Case(at) => {
                let part = at.get_mut(&mut parts);
                let upper = part.to_uppercase();
                *part = if upper == *part {
                    part.to_lowercase()
                } else {
                    upper
                };
            }
        }
        parts.concat()
    }
}

/// A registrable URI, and what an attacker made of it.
pub(crate) fn registered_and_hostile() -> impl Strategy<Value = (String, String)> {
    (registrable(), prop::collection::vec(edit(), 0..4)).prop_map(|(uri, edits)| {
        let hostile = edits.iter().fold(uri.clone(), |uri, edit| edit.apply(&uri));
        (uri, hostile)
    })
}

/// Text that may be a URI or not.
fn any_uri() -> impl Strategy<Value = String> {
    prop_oneof![
        registered_and_hostile().prop_map(|(_, hostile)| hostile),
        "(https?|HTTP|cursor|file|data|javascript|[a-z.]{1,6}):[/\\\\]{0,3}[!-~]{0,20}",
        any::<String>(),
    ]
}

/// All that decides where a browser goes, but for the port.
fn destination(url: &Url) -> impl PartialEq + std::fmt::Debug {
    let owned = |text: Option<&str>| text.map(ToOwned::to_owned);
    (
        (url.scheme().to_owned(), owned(url.host_str())),
        (url.username().to_owned(), owned(url.password())),
        url.path().to_owned(),
        (owned(url.query()), owned(url.fragment())),
    )
}

/// Whether the client may choose its port when it runs (RFC 8252 §7.3).
fn may_choose_its_port(url: &Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

proptest! {
    #[test]
    fn what_may_be_registered_keeps_every_rule(uri in any_uri()) {
        if check(&uri).is_err() {
            return Ok(());
        }
        let url = Url::parse(&uri).unwrap();
        prop_assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()) && uri.len() <= 2_000);
        prop_assert!(!uri.contains(['#', '*']));
        prop_assert!(url.username().is_empty() && url.password().is_none());
        match url.scheme() {
            "https" => {}
            "http" => prop_assert!(
                may_choose_its_port(&url) || url.host_str().unwrap().starts_with("127.")
            ),
            scheme => prop_assert!(scheme == "cursor" || scheme.contains('.')),
        }
    }

    /// People decide by the host that they read.
    #[test]
    fn the_host_that_is_read_is_where_the_browser_goes(uri in any_uri()) {
        if check(&uri).is_err() || !(uri.starts_with("http:") || uri.starts_with("https:")) {
            return Ok(());
        }
        let url = Url::parse(&uri).unwrap();
        let rest = uri.strip_prefix(&url[..Position::BeforePath]);
        prop_assert!(rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
        let read = uri.split('/').nth(2).unwrap();
        prop_assert_eq!(read, &url[Position::BeforeHost..Position::AfterPort]);
    }

    /// Any app can take a scheme of its own, and call its host as it likes.
    #[test]
    fn only_of_a_web_address_a_host_is_shown(uri in any_uri()) {
        if check(&uri).is_err() {
            return Ok(());
        }
        let shown = shown_host(&uri);
        match uri.split_once("://") {
            Some(("http" | "https", rest)) => prop_assert_eq!(Some(shown.as_str()), rest.split('/').next()),
            _ => prop_assert!(shown.starts_with("the app for ") && shown.ends_with(':'), "{shown}"),
        }
    }

    #[test]
    fn what_matches_goes_where_the_registered_one_goes(
        (registered, presented) in registered_and_hostile(),
    ) {
        prop_assert_eq!(matches(&registered, &presented), matches(&presented, &registered));
        if !matches(&registered, &presented) {
            prop_assert_ne!(registered, presented);
            return Ok(());
        }
        let (known, asked) = (Url::parse(&registered).unwrap(), Url::parse(&presented).unwrap());
        prop_assert_eq!(destination(&known), destination(&asked));
        prop_assert!(known.port() == asked.port() || may_choose_its_port(&known));
    }

    #[test]
    fn a_program_on_this_machine_may_come_from_any_port(uri in registrable(), port in 1_u16..) {
        let url = Url::parse(&uri).unwrap();
        let tail = &url[Position::BeforePath..];
        let from = format!("{}://{}:{port}{tail}", url.scheme(), url.host_str().unwrap_or_default());
        prop_assert_eq!(matches(&uri, &from), may_choose_its_port(&url) || uri == from);
    }

    /// As the authorization server does it with the code.
    #[test]
    fn an_answer_that_is_appended_is_the_only_one_and_changes_nothing_else(
        uri in any_uri(),
        answer in any::<String>(),
    ) {
        if check(&uri).is_err() {
            return Ok(());
        }
        let before = Url::parse(&uri).unwrap();
        let mut after = before.clone();
        after.query_pairs_mut().append_pair("state", &answer);
        prop_assert!(http::HeaderValue::from_str(after.as_str()).is_ok());
        let after = Url::parse(after.as_str()).unwrap();
        prop_assert_eq!(&before[..Position::AfterPath], &after[..Position::AfterPath]);
        let states: Vec<_> = after.query_pairs().filter(|(name, _)| name == "state").collect();
        prop_assert_eq!(states.len(), 1);
        prop_assert_eq!(&states[0].1, answer.as_str());
    }
}

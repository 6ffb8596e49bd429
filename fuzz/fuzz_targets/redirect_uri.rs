//! A registered redirect URI and a presented one, on a line each: what may be registered keeps the
//! rules, and what matches goes where the registered one goes.

#![no_main]

use domain::integrations::redirect_uri::{check, matches};
use libfuzzer_sys::fuzz_target;
use url::{Position, Url};

fuzz_target!(|input: &str| {
    let (registered, presented) = input.split_once('\n').unwrap_or((input, input));
    for uri in [registered, presented] {
        if check(uri).is_ok() {
            keeps_every_rule(uri);
        }
    }
    if check(registered).is_ok() && matches(registered, presented) {
        let (known, asked) = (parsed(registered), parsed(presented));
        assert_eq!(destination(&known), destination(&asked));
        assert!(known.port() == asked.port() || may_choose_its_port(&known));
    }
});

fn parsed(uri: &str) -> Url {
    Url::parse(uri).expect("a redirect URI that was accepted is a URL")
}

fn keeps_every_rule(uri: &str) {
    let url = parsed(uri);
    assert!(matches(uri, uri));
    assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()) && !uri.contains(['#', '*']));
    assert!(url.username().is_empty() && url.password().is_none());
    match url.scheme() {
        "http" | "https" => {
            let read = uri.split('/').nth(2).expect("a host");
            assert_eq!(read, &url[Position::BeforeHost..Position::AfterPort]);
            assert!(url.scheme() == "https" || is_loopback(&url));
        }
        scheme => assert!(scheme == "cursor" || scheme.contains('.')),
    }
    let mut answered = url.clone();
    answered.query_pairs_mut().append_pair("code", "a&b");
    let answered = parsed(answered.as_str());
    assert_eq!(answered[..Position::AfterPath], url[..Position::AfterPath]);
    assert_eq!(
        answered
            .query_pairs()
            .filter(|(name, _)| name == "code")
            .count(),
        1
    );
}

fn destination(url: &Url) -> [Option<&str>; 6] {
    [
        Some(url.scheme()),
        Some(url.username()),
        url.password(),
        url.host_str(),
        Some(&url[Position::BeforePath..Position::AfterQuery]),
        url.fragment(),
    ]
}

fn may_choose_its_port(url: &Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

fn is_loopback(url: &Url) -> bool {
    may_choose_its_port(url) || url.host_str().is_some_and(|host| host.starts_with("127."))
}

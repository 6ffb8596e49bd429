//! Addresses in every notation: as a tool's base URL, as what a tool that passed no validation would
//! send to, as a document to fetch, and before the guard alone.

use std::time::Duration;

use serde_json::json;
use tower_service::Service;

use super::{Row, print, row};
use crate::{
    calls::Outcome,
    execute::{
        Fetcher,
        network::{ConnectError, GuardedConnector},
        tests::{
            raw::{Canary, Names},
            *,
        },
    },
};

/// The authority of a URL, with `PORT` for that of the server nobody is to reach.
const ADDRESSES: &[(&str, &str)] = &[
    ("loopback", "127.0.0.1:PORT"),
    ("all of 127/8", "127.255.255.254:PORT"),
    ("decimal", "2130706433:PORT"),
    ("hexadecimal", "0x7f000001:PORT"),
    ("octal", "017700000001:PORT"),
    ("dotted octal", "0177.0.0.01:PORT"),
    ("short", "127.1:PORT"),
    ("short and hexadecimal", "0x7f.1:PORT"),
    ("three parts", "127.0.1:PORT"),
    ("octal with zeros before it", "0000177.0.0.1:PORT"),
    ("unspecified", "0.0.0.0:PORT"),
    ("unspecified, short", "0:PORT"),
    ("dot at the end", "127.0.0.1.:PORT"),
    ("dots at the end", "127.0.0.1..:PORT"),
    ("fullwidth digits", "\u{ff11}\u{ff12}\u{ff17}.0.0.1:PORT"),
    ("circled digits", "\u{2460}\u{2461}\u{2466}.0.0.1:PORT"),
    (
        "ideographic full stops",
        "127\u{3002}0\u{3002}0\u{3002}1:PORT",
    ),
    ("percent-encoded", "%31%32%37.0.0.1:PORT"),
    ("soft hyphen", "127.0\u{ad}.0.1:PORT"),
    ("IPv6 loopback", "[::1]:PORT"),
    ("IPv6 unspecified", "[::]:PORT"),
    ("IPv4-mapped", "[::ffff:127.0.0.1]:PORT"),
    ("IPv4-mapped, hexadecimal", "[::ffff:7f00:1]:PORT"),
    ("IPv4-compatible", "[::127.0.0.1]:PORT"),
    ("IPv4-translated", "[::ffff:0:127.0.0.1]:PORT"),
    ("NAT64", "[64:ff9b::127.0.0.1]:PORT"),
    ("NAT64, local use", "[64:ff9b:1::127.0.0.1]:PORT"),
    ("6to4", "[2002:7f00:1::]:PORT"),
    ("Teredo", "[2001:0:53aa:64c:0:0:80ff:fffe]:PORT"),
    ("ISATAP", "[2606:4700::5efe:127.0.0.1]:PORT"),
    ("zone id", "[fe80::1%25lo]:PORT"),
    ("zone id, bare", "[fe80::1%lo]:PORT"),
    ("zone id on loopback", "[::1%25lo]:PORT"),
    ("site-local", "[fec0::1]:PORT"),
    ("link-local", "[fe80::1]:PORT"),
    ("unique local", "[fd12:3456::1]:PORT"),
    ("private, 10/8", "10.0.0.1:PORT"),
    ("private, 172.16/12", "172.31.255.254:PORT"),
    ("private, 192.168/16", "192.168.1.1:PORT"),
    ("carrier-grade NAT", "100.64.0.1:PORT"),
    ("multicast", "224.0.0.1:PORT"),
    ("multicast, IPv6", "[ff02::1]:PORT"),
    ("broadcast", "255.255.255.255:PORT"),
    ("metadata, AWS and most", "169.254.169.254"),
    ("metadata, decimal", "2852039166"),
    ("metadata, IPv4-mapped", "[::ffff:a9fe:a9fe]"),
    ("metadata, NAT64", "[64:ff9b::a9fe:a9fe]"),
    ("metadata, AWS IPv6", "[fd00:ec2::254]"),
    ("metadata, AWS ECS", "169.254.170.2"),
    ("metadata, Alibaba", "100.100.100.200"),
    ("metadata, Azure platform", "168.63.129.16"),
    ("metadata, Oracle", "192.0.0.192"),
    ("localhost", "localhost:PORT"),
    ("localhost, mixed case", "LocalHost:PORT"),
    ("localhost, dot at the end", "localhost.:PORT"),
    ("below localhost", "any.localhost:PORT"),
    ("port 0", "127.0.0.1:0"),
    ("port 0, public host", "8.8.8.8:0"),
    ("port that wraps around", "127.0.0.1:65616"),
    ("user name", "good.example@127.0.0.1:PORT"),
    ("user name and password", "good.example:443@127.0.0.1:PORT"),
    ("two at signs", "a@good.example@127.0.0.1:PORT"),
    ("fragment", "127.0.0.1:PORT#@good.example"),
    ("query", "127.0.0.1:PORT?@good.example"),
    ("backslash", "127.0.0.1:PORT\\@good.example"),
    ("backslash before it", "good.example\\@127.0.0.1:PORT"),
    ("encoded at sign", "good.example%40127.0.0.1:PORT"),
    ("tab", "127.0\t.0.1:PORT"),
    ("line break", "127.0.0.1:PORT\r\nHost: good.example"),
    ("NUL", "127.0.0.1\0.good.example:PORT"),
    ("samples, other port", "samples.tengine.internal:PORT"),
    ("reserved name", "anything.tengine.internal:PORT"),
];

#[tokio::test]
async fn no_notation_of_an_address_leads_inside() {
    let canary = Canary::new().await;
    let names = Names::default();
    for name in ["localhost", "any.localhost"] {
        names.lead(name, &[&["127.0.0.1", "::1"]]);
    }
    let network = Network::with_resolver(Allowlist::default(), Vec::new(), None, names);
    let stage = Stage::with(network.clone()).await;
    let fetcher = Fetcher::new(network.clone());
    let mut guard = GuardedConnector::new(network.clone(), Duration::from_secs(5));
    let caller = member();
    let mut rows: Vec<Row> = Vec::new();
    for (attack, authority) in ADDRESSES {
        let authority = authority.replace("PORT", &canary.port.to_string());
        for scheme in ["https", "http"] {
            let url = format!("{scheme}://{authority}");
            let checked = network.checked_base_url(&url);
            assert!(checked.is_err(), "{attack}: {url:?} is {checked:?}");

            let mut tool = tool(HttpMethod::Get, "127.0.0.1:1".parse().unwrap(), "/");
            tool.base_url.clone_from(&url);
            let called = stage.execute.call(&caller, &tool, Map::new(), None);
            let mut end = match called.await {
                Ok(result) => {
                    let told = text(&result);
                    // Before the guard is asked, some are no name for TLS.
                    let is_refused = match result.outcome {
                        Outcome::Refused => true,
                        Outcome::Unreachable => told.contains("certificate can have"),
                        _ => false,
                    };
                    assert!(is_refused && !result.was_sent, "{attack}: {told}");
                    told.to_owned()
                }
                // It is no URL, and a stored tool with it is broken.
                Err(error) => {
                    assert!(
                        matches!(error, crate::Error::Corrupt { .. }),
                        "{attack}: {error}"
                    );
                    "No request can be made of it.".to_owned()
                }
            };
            // The guard alone, with nothing before it.
            if let Ok(uri) = url.parse() {
                let Err(ConnectError::Refused(refusal)) = guard.call(uri).await else {
                    panic!("{attack}: {url:?} is not refused");
                };
                end = refusal.to_string();
            }
            if scheme == "https" {
                rows.push(row(attack, format!("{url:?}"), end));
            }
            let fetched = fetcher.get(&url, Duration::from_secs(5), 1_000).await;
            let why = fetched.unwrap_err();
            let is_refused = [
                "may connect to",
                "can be connected to",
                "certificate can have",
            ];
            let is_refused = is_refused.iter().any(|words| why.contains(words));
            assert!(is_refused, "{attack}: {why}");
        }
    }
    print(
        "Addresses, over https (over http all are refused as well)",
        &rows,
    );
    assert_eq!(canary.visits().await, 0);
}

#[tokio::test]
async fn no_scheme_but_http_leaves() {
    let network = Network::new("127.0.0.1".parse().unwrap(), Vec::new(), None);
    let stage = Stage::with(network.clone()).await;
    let canary = Canary::new().await;
    let mut rows = Vec::new();
    for scheme in ["file", "ftp", "gopher", "ws", "unix", "dict", "HTTPX"] {
        let url = format!("{scheme}://127.0.0.1:{}", canary.port);
        assert!(network.checked_base_url(&url).is_err(), "{url}");
        let mut tool = tool(HttpMethod::Get, "127.0.0.1:1".parse().unwrap(), "/");
        tool.base_url.clone_from(&url);
        let result = stage.call(&tool, json!({})).await;
        assert!(
            result.is_error() && !result.was_sent,
            "{url}: {}",
            text(&result)
        );
        rows.push(row("another scheme", url, text(&result)));
    }
    print("Schemes", &rows);
    assert_eq!(canary.visits().await, 0);
}

#[tokio::test]
async fn the_instance_itself_is_out_of_reach_whatever_is_listed() {
    let canary = Canary::new().await;
    let names = Names::default();
    names.lead("localhost", &[&["127.0.0.1"]]);
    names.lead("listed.example", &[&["127.0.0.1"]]);
    let allow = "localhost listed.example 0.0.0.0/0 ::/0".parse().unwrap();
    let own = SocketAddr::from(([0, 0, 0, 0], canary.port));
    let stage = Stage::with(Network::with_resolver(allow, vec![own], None, names)).await;
    let mut rows = Vec::new();
    for host in [
        "127.0.0.1",
        "127.0.0.2",
        "2130706433",
        "0x7f.1",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
        "[::]",
        "localhost",
        "listed.example",
    ] {
        let mut tool = tool(HttpMethod::Get, "127.0.0.1:1".parse().unwrap(), "/");
        tool.base_url = format!("http://{host}:{}", canary.port);
        let result = stage.call(&tool, json!({})).await;
        assert_eq!(
            result.outcome,
            Outcome::Refused,
            "{host}: {}",
            text(&result)
        );
        rows.push(row(
            "own listener, all listed",
            &tool.base_url,
            text(&result),
        ));
    }
    print("This instance", &rows);
    assert_eq!(canary.visits().await, 0);
}

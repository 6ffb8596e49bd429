//! Names that lead inside, at once or the second time.

use serde_json::json;

use super::{print, row};
use crate::{
    calls::Outcome,
    execute::tests::{
        raw::{Canary, Names},
        *,
    },
};

/// A server that hangs up on whoever connects.
async fn hanging_up() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    address
}

/// More than are tried, all of them public but the last.
const MANY: [&str; 9] = [
    "8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "8.8.8.8", "8.8.4.4", "1.1.1.1",
    "10.0.0.1",
];

#[tokio::test]
async fn no_answer_of_a_name_server_leads_inside() {
    let canary = Canary::new().await;
    let names = Names::default();
    let network = Network::with_resolver(Allowlist::default(), Vec::new(), None, names.clone());
    let stage = Stage::with(network).await;
    let mut rows = Vec::new();
    for (attack, answer) in [
        ("loopback", ["127.0.0.1"].as_slice()),
        ("IPv6 loopback", &["::1"]),
        ("private", &["192.168.1.1"]),
        ("metadata", &["169.254.169.254"]),
        ("metadata, AWS IPv6", &["fd00:ec2::254"]),
        ("IPv4-mapped", &["::ffff:127.0.0.1"]),
        ("NAT64", &["64:ff9b::7f00:1"]),
        ("6to4", &["2002:7f00:1::"]),
        ("unspecified", &["0.0.0.0"]),
        ("mixed, public first", &["8.8.8.8", "127.0.0.1"]),
        ("mixed, private first", &["127.0.0.1", "8.8.8.8"]),
        ("mixed, by family", &["8.8.8.8", "::1"]),
        ("private behind eight public ones", &MANY),
    ] {
        names.lead("evil.example", &[answer]);
        let mut tool = tool(HttpMethod::Get, "127.0.0.1:1".parse().unwrap(), "/");
        tool.base_url = format!("https://evil.example:{}", canary.port);
        let result = stage.call(&tool, json!({})).await;
        assert_eq!(
            result.outcome,
            Outcome::Refused,
            "{attack}: {}",
            text(&result)
        );
        assert_eq!(names.asked(), 1);
        rows.push(row(attack, answer.join(", "), text(&result)));
    }
    print("Answers of a name server", &rows);
    assert_eq!(canary.visits().await, 0);
}

/// Of what is checked nothing is looked up again: the second answer of the name comes with the
/// second connection, and is checked as well.
#[tokio::test]
async fn a_name_that_leads_elsewhere_the_second_time_is_checked_the_second_time() {
    // A public server stands in for it: the address is listed, the name is not.
    let public = hanging_up().await;
    let names = Names::default();
    let allow = public.to_string().parse().unwrap();
    let network = Network::with_resolver(allow, Vec::new(), None, names.clone());
    let stage = Stage::with(network).await;
    let mut rows = Vec::new();
    for (attack, second) in [
        ("rebinding to metadata", "169.254.169.254"),
        ("rebinding to a private address", "10.0.0.1"),
        ("rebinding to IPv6 loopback", "::1"),
    ] {
        names.lead("rebind.example", &[&["127.0.0.1"], &[second]]);
        let mut tool = tool(HttpMethod::Get, public, "/");
        tool.base_url = format!("https://rebind.example:{}", public.port());
        let result = stage.call(&tool, json!({})).await;
        assert_eq!(result.outcome, Outcome::Unreachable, "{}", text(&result));
        assert!(
            text(&result).contains("TLS handshake"),
            "it was connected to"
        );
        assert_eq!(names.asked(), 1, "one look-up for one connection");
        let result = stage.call(&tool, json!({})).await;
        assert_eq!((result.outcome, names.asked()), (Outcome::Refused, 1));
        rows.push(row(
            attack,
            format!("first public, then {second}"),
            text(&result),
        ));
    }
    print("Rebinding", &rows);
}

/// The connection stays with the address that was checked, whatever the name says meanwhile.
#[tokio::test]
async fn a_pooled_connection_asks_no_name_server_again() {
    let at = serve(axum::Router::new().fallback(async || "hello")).await;
    let names = Names::default();
    names.lead("listed.example", &[&["127.0.0.1"], &["10.0.0.1"]]);
    let allow = "listed.example".parse().unwrap();
    let network = Network::with_resolver(allow, Vec::new(), None, names.clone());
    let stage = Stage::with(network).await;
    let mut tool = tool(HttpMethod::Get, at, "/");
    tool.base_url = format!("http://listed.example:{}", at.port());
    for _ in 0..5 {
        assert_eq!(text(&stage.call(&tool, json!({})).await), "hello");
    }
    assert_eq!(names.asked(), 1);
}

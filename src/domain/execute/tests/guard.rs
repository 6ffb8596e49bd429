//! Where a tool may not go.

use axum::{Router, routing::get};
use serde_json::json;
use tower_service::Service;

use super::*;
use crate::{
    calls::Outcome,
    execute::{
        SAMPLES_BASE_URL,
        network::{ConnectError, GuardedConnector},
    },
};

fn network(allow: &str, own: &[SocketAddr], samples: Option<SocketAddr>) -> Network {
    Network::new(allow.parse::<Allowlist>().unwrap(), own.to_vec(), samples)
}

async fn hello() -> SocketAddr {
    serve(Router::new().fallback(get(|| async { "hello" }))).await
}

async fn outcome(stage: &Stage, base_url: &str) -> Outcome {
    let mut tool = tool(HttpMethod::Get, "127.0.0.1:1".parse().unwrap(), "/");
    tool.base_url = base_url.to_owned();
    stage.call(&tool, json!({})).await.outcome
}

#[tokio::test]
async fn every_class_is_refused_however_it_is_written() {
    const FORBIDDEN: &str = "127.0.0.1 127.9.9.9 127.1 0x7f.1 0x7f000001 2130706433 0177.0.0.1 \
        [::1] [::ffff:127.0.0.1] [::ffff:7f00:1] localhost LOCALHOST 0.0.0.0 0 [::] \
        10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 2852039166 [::ffff:169.254.169.254] \
        100.64.0.1 100.100.100.200 [fd00::1] [fd00:ec2::254] [fe80::1] 224.0.0.1 [ff02::1] \
        255.255.255.255 198.51.100.1 198.18.0.1 240.0.0.1 [64:ff9b::a00:1] [2002:a00:1::] \
        168.63.129.16 metadata.tengine.internal tengine.internal samples.tengine.internal";
    let limit = std::time::Duration::from_secs(5);
    let mut connector = GuardedConnector::new(network("", &[], None), limit);
    for host in FORBIDDEN.split_whitespace() {
        for port in ["", ":8080"] {
            let url = format!("https://{host}{port}");
            let Err(error) = connector.call(url.parse().unwrap()).await else {
                panic!("connected to {url}");
            };
            assert!(matches!(error, ConnectError::Refused(_)), "{url}: {error}");
        }
    }
}

#[tokio::test]
async fn a_refused_call_says_so_and_is_logged() {
    let stage = Stage::with(network("", &[], None)).await;
    let refused = [
        "https://localhost:8443",
        "https://169.254.169.254",
        "https://[::ffff:10.0.0.1]",
        "http://127.0.0.1",
        "http://example.com",
        "http://0x7f.1",
        SAMPLES_BASE_URL,
    ];
    for url in refused {
        assert_eq!(outcome(&stage, url).await, Outcome::Refused, "{url}");
    }
    let rows = stage.rows().await;
    assert_eq!(rows.len(), refused.len());
    for row in rows {
        assert_eq!((row.outcome.as_str(), row.http_status), ("refused", None));
        assert!(row.error.is_some_and(|error| !error.contains("127.0.0.1")));
    }
}

#[tokio::test]
async fn what_the_owner_lists_is_reached_and_nothing_beside_it() {
    let (listed, other) = (hello().await, hello().await);
    let by_name = format!("http://localhost:{}", listed.port());
    let other_by_name = format!("http://localhost:{}", other.port());

    let stage = Stage::with(network(&format!("localhost:{}", listed.port()), &[], None)).await;
    assert_eq!(outcome(&stage, &by_name).await, Outcome::Ok);
    assert_eq!(outcome(&stage, &other_by_name).await, Outcome::Refused);
    assert_eq!(
        outcome(&stage, &format!("http://{listed}")).await,
        Outcome::Refused
    );

    let stage = Stage::with(network(
        &format!("127.0.0.0/16 10.0.0.0/8 {listed}"),
        &[],
        None,
    ))
    .await;
    assert_eq!(
        outcome(&stage, &format!("http://{listed}")).await,
        Outcome::Ok
    );
    assert_eq!(
        outcome(
            &stage,
            &format!("http://[::ffff:127.0.0.1]:{}", listed.port())
        )
        .await,
        Outcome::Ok
    );
    assert_eq!(
        outcome(&stage, &format!("http://127.1.0.1:{}", listed.port())).await,
        Outcome::Refused
    );
    // The network is listed and the name is not: plain http needs the host.
    assert_eq!(outcome(&stage, &by_name).await, Outcome::Refused);
}

#[tokio::test]
async fn the_instance_itself_is_refused_whatever_the_list_says() {
    let own = hello().await;
    let port = own.port();
    let everything = "localhost 127.0.0.0/8 ::1 0.0.0.0/0 ::/0";
    for bound in [
        own,
        SocketAddr::from(([0, 0, 0, 0], port)),
        format!("[::]:{port}").parse().unwrap(),
    ] {
        let stage = Stage::with(network(everything, &[bound], None)).await;
        for host in [
            "127.0.0.1",
            "localhost",
            "0.0.0.0",
            "[::ffff:127.0.0.1]",
            "[::]",
        ] {
            let url = format!("http://{host}:{port}");
            assert_eq!(
                outcome(&stage, &url).await,
                Outcome::Refused,
                "{url} on {bound}"
            );
        }
        assert_eq!(
            outcome(&stage, &format!("http://{}", hello().await)).await,
            Outcome::Ok
        );
    }
    let stage = Stage::with(network(
        everything,
        &[SocketAddr::from(([0, 0, 0, 0], port))],
        None,
    ))
    .await;
    assert_eq!(
        outcome(&stage, &format!("http://127.0.0.2:{port}")).await,
        Outcome::Refused
    );
}

#[tokio::test]
async fn the_reserved_url_leads_to_the_samples_and_nothing_else_does() {
    let samples = hello().await;
    let stage = Stage::with(network("127.0.0.1", &[samples], Some(samples))).await;
    assert_eq!(outcome(&stage, SAMPLES_BASE_URL).await, Outcome::Ok);
    for other in [
        format!("http://{samples}"),
        format!("http://samples.tengine.internal:{}", samples.port()),
        "https://samples.tengine.internal".to_owned(),
        "http://samples.tengine.internal.".to_owned(),
        "http://a.samples.tengine.internal".to_owned(),
    ] {
        assert_eq!(outcome(&stage, &other).await, Outcome::Refused, "{other}");
    }
}

#[test]
fn a_base_url_is_an_origin_that_tools_may_reach() {
    let own: SocketAddr = "127.0.0.1:3000".parse().unwrap();
    let network = network("api.corp:8080, 127.0.0.1 10.0.0.0/8", &[own], None);
    for (text, origin) in [
        ("https://API.example.com", "https://api.example.com"),
        (" https://api.example.com:443/ ", "https://api.example.com"),
        (
            "https://api.example.com:8443",
            "https://api.example.com:8443",
        ),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://api.corp:8080", "http://api.corp:8080"),
        ("http://0x7f.1:4000/", "http://127.0.0.1:4000"),
        ("https://[2606:4700::1111]", "https://[2606:4700::1111]"),
        ("http://10.1.2.3", "http://10.1.2.3"),
        ("http://samples.tengine.internal", SAMPLES_BASE_URL),
        ("http://samples.tengine.internal:80/", SAMPLES_BASE_URL),
    ] {
        assert_eq!(
            network.checked_base_url(text).as_deref(),
            Ok(origin),
            "{text}"
        );
    }
    for wrong in [
        "",
        "api.example.com",
        "ftp://api.example.com",
        "file:///etc/passwd",
        "https://",
        "https://user@api.example.com",
        "https://u:p@api.example.com",
        "https://a.example/v1",
        "https://a.example/?q",
        "https://a.example/#f",
        "http://api.example.com",
        "http://api.corp",
        "https://a.example:0",
        "https://a.example.",
        "https://192.168.0.1",
        "https://[::1]",
        "https://[::ffff:192.168.0.1]",
        "https://2852039166",
        "https://localhost",
        "https://x.localhost",
        "http://127.0.0.1:3000",
        "https://127.0.0.1:3000",
        "https://samples.tengine.internal",
        "http://samples.tengine.internal:8080",
        "http://other.tengine.internal",
        "https://tengine.internal",
        "https://100.64.0.1",
    ] {
        let refusal = network.checked_base_url(wrong).unwrap_err();
        assert!(refusal.ends_with('.'), "{wrong}: {refusal}");
    }
}

//! In which phase a call's time ran out.

use std::time::Duration;

use hyper_rustls::HttpsConnectorBuilder;
use serde_json::json;

use super::{raw::Names, *};
use crate::{calls::Outcome, execute::client::HttpClient};

/// A server that takes connections and says nothing, not even of TLS.
async fn silent() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    address
}

/// An instance that gives up connecting after a while.
async fn giving_up_after(limit: Duration) -> Stage {
    let allow = "127.0.0.1 never.example".parse().unwrap();
    let names = Names::default();
    let network = Network::with_resolver(allow, Vec::new(), None, names);
    let mut stage = Stage::with(network.clone()).await;
    let tls = super::certificate::trusting(&[]);
    let tls = HttpsConnectorBuilder::new().with_tls_config(tls);
    stage.execute.client = HttpClient::with(network, tls, limit);
    stage
}

#[tokio::test]
async fn connecting_has_a_limit_of_its_own_from_the_name_to_tls() {
    let stage = giving_up_after(Duration::from_millis(150)).await;
    for base_url in [
        format!("https://{}", silent().await),
        "https://never.example".to_owned(),
        "http://never.example:8080".to_owned(),
    ] {
        let mut tool = tool(HttpMethod::Post, silent().await, "/");
        tool.base_url.clone_from(&base_url);
        let result = stage.call(&tool, json!({})).await;
        assert_eq!(
            (result.outcome, result.was_sent),
            (Outcome::Unreachable, false)
        );
        assert_eq!(
            text(&result),
            "The endpoint could not be connected to within 150 ms.",
            "{base_url}"
        );
    }
}

#[tokio::test]
async fn the_tools_own_limit_counts_while_it_connects() {
    let stage = giving_up_after(Duration::from_secs(60)).await;
    let mut tool = tool(HttpMethod::Post, silent().await, "/");
    tool.timeout_ms = 120;
    tool.base_url = tool.base_url.replace("http", "https");
    let result = stage.call(&tool, json!({})).await;
    assert_eq!(
        (result.outcome, result.was_sent),
        (Outcome::Unreachable, false)
    );
    assert!(text(&result).contains("could not be connected to within 120 ms"));

    // Over http the connection stands, and what was sent may have been acted on.
    tool.base_url = tool.base_url.replace("https", "http");
    tool.id = ToolId::from("tool_over_http");
    let result = stage.call(&tool, json!({})).await;
    assert_eq!((result.outcome, result.was_sent), (Outcome::Timeout, true));
    assert!(text(&result).contains("accepted the connection but did not answer"));
    let rows = stage.rows().await;
    assert_eq!(
        [&*rows[0].outcome, &*rows[1].outcome],
        ["unreachable", "timeout"]
    );
}

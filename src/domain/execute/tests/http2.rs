//! HTTP/2 where the server offers it, and servers that misbehave in it.

use std::{
    convert::Infallible,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use bytes::Bytes;
use h2::{Reason, server::SendResponse};
use http::{Request, Response};
use http_body_util::Full;
use hyper::{body::Incoming, service::service_fn};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use rustls::{ServerConfig, pki_types::CertificateDer};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{certificate, raw::Names, *};
use crate::{calls::Outcome, execute::client::HttpClient};

type Connection = h2::server::Connection<TlsStream<TcpStream>, Bytes>;

/// A server over TLS that does the same with every connection; its certificate, and how many
/// connections it had.
async fn tls_server<F>(
    protocols: &[&str],
    with: impl Fn(TlsStream<TcpStream>) -> F + Send + 'static,
) -> (SocketAddr, CertificateDer<'static>, Arc<AtomicUsize>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let (config, certificate): (ServerConfig, _) = certificate::serving(protocols);
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let connections = Arc::<AtomicUsize>::default();
    let counted = connections.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            if let Ok(stream) = acceptor.accept(stream).await {
                tokio::spawn(with(stream));
            }
        }
    });
    (at, certificate, connections)
}

/// One that tells each request its version of HTTP.
async fn telling(protocols: &[&str]) -> (SocketAddr, CertificateDer<'static>, Arc<AtomicUsize>) {
    tls_server(protocols, |stream| async move {
        let service = service_fn(|request: Request<Incoming>| async move {
            let version = format!("{:?}", request.version());
            Ok::<_, Infallible>(Response::new(Full::<Bytes>::from(version)))
        });
        let server = auto::Builder::new(TokioExecutor::new());
        let _ = server.serve_connection(TokioIo::new(stream), service).await;
    })
    .await
}

/// One that speaks HTTP/2 and does something with each request.
async fn misbehaving(
    with: impl Fn(&mut Connection, SendResponse<Bytes>) + Clone + Send + 'static,
) -> (SocketAddr, CertificateDer<'static>, Arc<AtomicUsize>) {
    tls_server(&["h2"], move |stream| {
        let with = with.clone();
        async move {
            let Ok(mut connection) = h2::server::handshake(stream).await else {
                return;
            };
            while let Some(Ok((_, respond))) = connection.accept().await {
                with(&mut connection, respond);
            }
        }
    })
    .await
}

/// An instance that trusts the certificate, and a tool at the server.
async fn stage(at: SocketAddr, certificate: CertificateDer<'static>) -> (Stage, Tool) {
    let names = Names::default();
    names.lead("localhost", &[&["127.0.0.1"]]);
    let allow = "localhost".parse().unwrap();
    let network = Network::with_resolver(allow, Vec::new(), None, names);
    let mut stage = Stage::with(network.clone()).await;
    let tls = HttpsConnectorBuilder::new().with_tls_config(certificate::trusting(&[certificate]));
    stage.execute.client = HttpClient::with(network, tls, Duration::from_secs(10));
    let mut tool = tool(HttpMethod::Get, at, "/");
    tool.base_url = format!("https://localhost:{}", at.port());
    (stage, tool)
}

#[tokio::test]
async fn a_server_that_offers_http_2_gets_it_and_one_connection_carries_every_call() {
    let (at, certificate, connections) = telling(&["h2", "http/1.1"]).await;
    let (stage, tool) = stage(at, certificate).await;
    assert_eq!(text(&stage.call(&tool, json!({})).await), "HTTP/2.0");
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (execute, tool) = (stage.execute.clone(), tool.clone());
        running.spawn(async move { execute.call(&member(), &tool, Map::new(), None).await });
    }
    for result in running.join_all().await {
        assert_eq!(text(&result.unwrap()), "HTTP/2.0");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn another_server_gets_http_1_1_over_connections_that_are_kept() {
    for protocols in [&["http/1.1"][..], &[]] {
        let (at, certificate, connections) = telling(protocols).await;
        let (stage, tool) = stage(at, certificate).await;
        for _ in 0..10 {
            assert_eq!(text(&stage.call(&tool, json!({})).await), "HTTP/1.1");
        }
        assert_eq!(connections.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn a_certificate_of_nobody_known_is_refused_before_anything_is_sent() {
    let (at, _, _) = telling(&["h2"]).await;
    let (_, other, _) = telling(&["h2"]).await;
    let (stage, tool) = stage(at, other).await;
    let result = stage.call(&tool, json!({})).await;
    assert_eq!(
        (result.outcome, result.was_sent),
        (Outcome::Unreachable, false)
    );
    assert!(
        text(&result).contains("TLS certificate is not"),
        "{}",
        text(&result)
    );
}

async fn ends(
    name: &str,
    outcome: Outcome,
    told: &str,
    with: impl Fn(&mut Connection, SendResponse<Bytes>) + Clone + Send + 'static,
) {
    let (at, certificate, _) = misbehaving(with).await;
    let (stage, mut tool) = stage(at, certificate).await;
    tool.timeout_ms = if outcome == Outcome::Timeout {
        300
    } else {
        20_000
    };
    tool.max_response_bytes = 65_536;
    let result = stage.call(&tool, json!({})).await;
    println!("| {name:<34} | {} |", text(&result));
    assert_eq!(result.outcome, outcome, "{name}: {}", text(&result));
    assert!(text(&result).contains(told), "{name}: {}", text(&result));
    assert!(result.was_sent, "{name}");
}

fn ok() -> Response<()> {
    Response::new(())
}

#[tokio::test]
async fn servers_that_misbehave_in_http_2_are_named() {
    const CLOSED: &str = "closed the connection without an answer";
    println!("\nHTTP/2");
    ends(
        "resets the stream",
        Outcome::Unreachable,
        CLOSED,
        |_, mut respond| {
            respond.send_reset(Reason::INTERNAL_ERROR);
        },
    )
    .await;
    ends(
        "goes away",
        Outcome::Unreachable,
        CLOSED,
        |connection, _| {
            connection.abrupt_shutdown(Reason::ENHANCE_YOUR_CALM);
        },
    )
    .await;
    ends(
        "resets within its body",
        Outcome::BadAnswer,
        "broke off after 4 bytes",
        |_, mut respond| {
            let mut body = respond.send_response(ok(), false).unwrap();
            body.send_data(Bytes::from_static(b"half"), false).unwrap();
            // After the frame before it, and not instead of it.
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(50)).await;
                body.send_reset(Reason::CANCEL);
            });
        },
    )
    .await;
    ends(
        "says a length that is too long",
        Outcome::BadAnswer,
        "broke off",
        |_, mut respond| {
            let mut head = ok();
            head.headers_mut().insert("content-length", 9.into());
            let mut body = respond.send_response(head, false).unwrap();
            body.send_data(Bytes::from_static(b"half"), true).unwrap();
        },
    )
    .await;
    ends(
        "200 KB of headers",
        Outcome::Unreachable,
        CLOSED,
        |_, mut respond| {
            let mut head = ok();
            for number in 0..200 {
                let name: http::HeaderName = format!("x-{number}").parse().unwrap();
                head.headers_mut()
                    .insert(name, "a".repeat(1_000).parse().unwrap());
            }
            drop(respond.send_response(head, true));
        },
    )
    .await;
    ends(
        "hangs before its answer",
        Outcome::Timeout,
        "accepted the connection but did not answer",
        |_, respond| {
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_secs(20)).await;
                drop(respond);
            });
        },
    )
    .await;
    ends(
        "hangs within its body",
        Outcome::Timeout,
        "did not finish",
        |_, mut respond| {
            let mut body = respond.send_response(ok(), false).unwrap();
            body.send_data(Bytes::from_static(b"half"), false).unwrap();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_secs(20)).await;
                drop(body);
            });
        },
    )
    .await;
}

#[tokio::test]
async fn of_a_gigabyte_over_http_2_no_more_is_read_than_the_tools_limit() {
    let (told, mut was_told) = tokio::sync::mpsc::unbounded_channel();
    ends(
        "a gigabyte",
        Outcome::BadAnswer,
        "larger than the tool's limit",
        move |_, mut respond| {
            let mut body = respond.send_response(ok(), false).unwrap();
            // All of it shares one piece of memory; what goes out is what the other side lets.
            let piece = Bytes::from(vec![b'x'; 1 << 20]);
            for _ in 0..1_024 {
                body.send_data(piece.clone(), false).unwrap();
            }
            let told = told.clone();
            tokio::spawn(async move {
                let reset = std::future::poll_fn(|context| body.poll_reset(context)).await;
                told.send(reset.unwrap())
            });
        },
    )
    .await;
    let reset = tokio::time::timeout(Duration::from_secs(20), was_told.recv()).await;
    assert_eq!(reset.unwrap(), Some(Reason::CANCEL), "it was told to stop");
}

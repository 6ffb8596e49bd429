//! Sends one request and reads its answer within the tool's limits.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, builderstates::WantsSchemes};
use hyper_util::{
    client::legacy::{Client, connect::capture_connection},
    rt::{TokioExecutor, TokioTimer},
};
use rustls::crypto::aws_lc_rs;
use tokio::time::{Instant, timeout_at};

use super::{
    Network,
    failure::Failure,
    mask::Mask,
    micros_since,
    network::{GuardedConnector, InTime},
    progress::{ProgressSender, Stream, Streamed},
    redirect::NotFollowed,
};
use crate::calls::Phases;

/// From the look-up of the name to the end of the TLS handshake.
const CONNECT: Duration = Duration::from_secs(10);
const IDLE_CONNECTION: Duration = Duration::from_secs(60);
const IDLE_CONNECTIONS_PER_HOST: usize = 128;
/// Bytes of an answer's head, and of what is read of a body at once. A head has at most 100 headers
/// (hyper's own limit).
pub(super) const LARGEST_HEAD: usize = 65_536;
/// Bytes of an answer's head over HTTP/2, its names and values with 32 each (RFC 9113 §6.5.2).
const LARGEST_HEADER_LIST: u32 = 65_536;
/// How long an HTTP/2 connection with requests on it may be silent before it is asked for a sign of
/// life, and then: one that is dead must not take every call with it.
const PING_AFTER: Duration = Duration::from_secs(15);
const PING_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of an answer for which room is made before they come.
const USUAL_BYTES: usize = 65_536;

/// One pool of connections for every tool: HTTP/2 where the server offers it (ALPN, RFC 7301), else
/// HTTP/1.1. No proxies, no cookies, no redirects.
///
/// A request is sent again only where the pool's connection was closed before anything of it went
/// out.
#[derive(Clone)]
pub(super) struct HttpClient(Client<Connector, Full<Bytes>>);

type Connector = InTime<HttpsConnector<GuardedConnector>>;

/// What one exchange may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// For all of it: the wait for its turn, connecting, sending, and the answer to its last byte,
    /// each attempt and each redirect included. Connecting has a limit of its own besides; the
    /// answer's first byte has not, as an endpoint that thinks for long is told from one that hangs
    /// by nothing but its tool's own limit.
    pub(super) timeout: Duration,
    /// Bytes of the answer's body.
    pub(super) max_bytes: usize,
}

/// What the endpoint answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// Whether all of the body is here: it was within the limit.
    pub(super) is_whole: bool,
    /// What an answer that came bit by bit says in the end.
    pub(super) streamed: Option<Streamed>,
    /// Why it is shown, where it points elsewhere.
    pub(super) not_followed: Option<NotFollowed>,
}

/// Who follows an answer while it comes.
#[derive(Clone, Copy)]
pub(super) struct Watch<'a> {
    pub(super) mask: &'a Mask,
    pub(super) progress: Option<&'a ProgressSender>,
}

impl HttpClient {
    pub(super) fn new(network: Network) -> Self {
        // Named, because a process-wide default provider may or may not be installed.
        let provider = Arc::new(aws_lc_rs::default_provider());
        let tls = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(provider)
            .expect("the provider has the default protocol versions");
        Self::with(network, tls, CONNECT)
    }

    /// `connect` is what connecting may take.
    pub(super) fn with(
        network: Network,
        tls: HttpsConnectorBuilder<WantsSchemes>,
        connect: Duration,
    ) -> Self {
        let connector = tls
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(GuardedConnector::new(network, connect));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_CONNECTION)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_PER_HOST)
            .http1_max_buf_size(LARGEST_HEAD)
            .http2_max_header_list_size(LARGEST_HEADER_LIST)
            .http2_keep_alive_interval(PING_AFTER)
            .http2_keep_alive_timeout(PING_TIMEOUT)
            .build(InTime::new(connector, connect));
        Self(client)
    }

    /// # Errors
    /// [`Failure`] where there is no answer that could be shown.
    pub(super) async fn exchange(
        &self,
        mut request: Request<Full<Bytes>>,
        deadline: Instant,
        limits: Limits,
        watch: Option<Watch<'_>>,
        phases: &mut Phases,
    ) -> Result<Answer, Failure> {
        let start = std::time::Instant::now();
        let connection = capture_connection(&mut request);
        let head = timeout_at(deadline, self.0.request(request)).await;
        phases.wait_us += micros_since(start);
        let response = match head {
            Err(_) if connection.connection_metadata().is_none() => {
                return Err(Failure::NoTimeToConnect);
            }
            Err(_) => return Err(Failure::NoAnswerInTime),
            Ok(Err(error)) => return Err(Failure::of_request(&error)),
            Ok(Ok(response)) => response,
        };
        let start = std::time::Instant::now();
        let status = response.status();
        let mut body = Vec::new();
        let reading = read(response, limits.max_bytes, &mut body, watch);
        let read = timeout_at(deadline, reading).await;
        phases.read_us += micros_since(start);
        let bytes = body.len();
        match read {
            Err(_) => Err(Failure::NotFinishedInTime { status, bytes }),
            Ok(Err(BrokenOff { was_told })) => Err(Failure::BrokeOff {
                status,
                bytes,
                was_told,
            }),
            Ok(Ok((headers, is_whole, streamed))) => Ok(Answer {
                status,
                headers,
                body,
                is_whole,
                streamed,
                not_followed: None,
            }),
        }
    }
}

/// The rest of an answer does not come.
struct BrokenOff {
    /// Whether somebody was told of its beginning.
    was_told: bool,
}

/// Reads up to `most` bytes. The connection of an answer that is longer is closed.
async fn read(
    response: Response<Incoming>,
    most: usize,
    into: &mut Vec<u8>,
    watch: Option<Watch<'_>>,
) -> Result<(HeaderMap, bool, Option<Streamed>), BrokenOff> {
    let (head, mut body) = response.into_parts();
    let mut stream = watch
        .filter(|_| head.status.is_success())
        .and_then(|watch| Some((Stream::of(&head.headers)?, watch)));
    // What the endpoint says of its answer's size is a hint, and no reason to set memory aside.
    if let Some(bytes) = body.size_hint().exact() {
        into.reserve(
            usize::try_from(bytes)
                .unwrap_or(most)
                .min(most)
                .min(USUAL_BYTES),
        );
    }
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| BrokenOff {
            was_told: stream.is_some(),
        })?;
        // Trailers carry nothing that a tool shows.
        let Ok(data) = frame.into_data() else {
            continue;
        };
        let room = most - into.len();
        into.extend_from_slice(&data[..data.len().min(room)]);
        if data.len() > room {
            return Ok((head.headers, false, None));
        }
        if let Some((stream, watch)) = &mut stream {
            stream.read(&data, watch.mask, watch.progress);
        }
    }
    let streamed = stream.map(|(stream, watch)| stream.end(watch.mask, watch.progress));
    Ok((head.headers, true, streamed))
}

//! Sends one request and reads its answer within the tool's limits.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioTimer},
};
use rustls::crypto::aws_lc_rs;
use tokio::time::{Instant, timeout_at};

use super::{
    Network,
    failure::Failure,
    mask::Mask,
    micros_since,
    network::GuardedConnector,
    progress::{ProgressSender, Stream, Streamed},
};
use crate::calls::Phases;

const IDLE_CONNECTION: Duration = Duration::from_secs(60);
const IDLE_CONNECTIONS_PER_HOST: usize = 128;
/// Bytes of an answer for which room is made before they come.
const USUAL_BYTES: usize = 65_536;

/// One pool of connections for every tool. No proxies, no cookies, no redirects.
#[derive(Clone)]
pub(super) struct HttpClient(Client<HttpsConnector<GuardedConnector>, Full<Bytes>>);

/// What one exchange may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// For all of it: the wait for its turn, connecting, sending, and the answer to its last byte.
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
}

/// Who follows an answer while it comes.
#[derive(Clone, Copy)]
pub(super) struct Watch<'a> {
    pub(super) mask: &'a Mask,
    pub(super) progress: Option<&'a ProgressSender>,
}

impl HttpClient {
    pub(super) fn new(network: Network) -> Self {
        let connector = HttpsConnectorBuilder::new()
            // Named, because a process-wide default provider may or may not be installed.
            .with_provider_and_webpki_roots(Arc::new(aws_lc_rs::default_provider()))
            .expect("the provider has the default protocol versions")
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(GuardedConnector::new(network));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_CONNECTION)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_PER_HOST)
            .build(connector);
        Self(client)
    }

    /// # Errors
    /// [`Failure`] where there is no answer that could be shown.
    pub(super) async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
        deadline: Instant,
        limits: Limits,
        watch: Option<Watch<'_>>,
        phases: &mut Phases,
    ) -> Result<Answer, Failure> {
        let start = std::time::Instant::now();
        let head = timeout_at(deadline, self.0.request(request)).await;
        phases.wait_us = micros_since(start);
        let response = match head {
            Err(_) => return Err(Failure::NoAnswerInTime),
            Ok(Err(error)) => return Err(Failure::of_request(&error)),
            Ok(Ok(response)) => response,
        };
        let start = std::time::Instant::now();
        let status = response.status();
        let mut body = Vec::new();
        let reading = read(response, limits.max_bytes, &mut body, watch);
        let read = timeout_at(deadline, reading).await;
        phases.read_us = micros_since(start);
        let bytes = body.len();
        match read {
            Err(_) => Err(Failure::NotFinishedInTime { status, bytes }),
            Ok(Err(_)) => Err(Failure::BrokeOff { status, bytes }),
            Ok(Ok((headers, is_whole, streamed))) => Ok(Answer {
                status,
                headers,
                body,
                is_whole,
                streamed,
            }),
        }
    }
}

/// Reads up to `most` bytes. The connection of an answer that is longer is closed.
async fn read(
    response: Response<Incoming>,
    most: usize,
    into: &mut Vec<u8>,
    watch: Option<Watch<'_>>,
) -> Result<(HeaderMap, bool, Option<Streamed>), hyper::Error> {
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
        // Trailers carry nothing that a tool shows.
        let Ok(data) = frame?.into_data() else {
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

//! The accept loop. A stranger who opens connections and never ends a request must not keep others
//! out: each waits for a limited time only, and their number is bounded.

mod activity;
mod peers;

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use activity::{Activity, Running, Watched};
use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{rt::TokioIo, server::graceful::GracefulShutdown};
use peers::Peers;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tower::Service;

use crate::state::TrustedProxies;

/// How long a connection is kept on which nothing happens: it is closed after this time at the
/// earliest and after twice this time at the latest. A request whose head does not end is nothing.
const IDLE: Duration = Duration::from_secs(60);
/// What the requests in flight get when the server is told to stop.
const FAREWELL: Duration = Duration::from_secs(10);
const MOST_CONNECTIONS: usize = 10_000;
/// Bytes that a connection may hold of what was not understood yet: a head, most of all.
const BUFFER: usize = 64 * 1024;

/// Serves until `stop`, then lets the requests in flight end.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    TrustedProxies(trusted): TrustedProxies,
    stop: impl Future<Output = ()>,
) {
    let peers = Peers::new(trusted);
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            () = &mut stop => break,
        };
        let (stream, peer, permit) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: those that time out give some back.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        // Without a word: an answer would cost more than the connection.
        let Some(place) = peers.admit(peer.ip()) else {
            continue;
        };
        let activity = Arc::<Activity>::default();
        let connection = connection(stream, peer, app.clone(), activity.clone());
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            let mut connection = pin!(connection);
            // An error here is the client's: it went away, or sent what is not HTTP.
            while tokio::time::timeout(IDLE, connection.as_mut())
                .await
                .is_err()
            {
                if !activity.was_there() {
                    break;
                }
            }
            drop((permit, place));
        });
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests were still running");
    }
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let permit = room
        .clone()
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    // An answer goes out when it is written, not when more has gathered.
    stream.set_nodelay(true)?;
    Ok((stream, peer, permit))
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    activity: Arc<Activity>,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    let io = Watched {
        stream,
        activity: activity.clone(),
    };
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let running = Running::begin(activity.clone());
        let response = app.clone().call(request);
        async move {
            let _running = running;
            response.await
        }
    });
    http1::Builder::new()
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(io), service)
}

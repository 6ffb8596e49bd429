//! The connection below TLS. Everything that goes out goes through here and nowhere else: what tools
//! send, documents to import, and the metadata of clients.

use std::{
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tower_service::Service;
use url::Host;

use super::{Network, Refusal, Target};

/// Addresses of one name that are tried. All of them are checked.
const MOST_TRIED: usize = 8;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(in crate::execute) enum ConnectError {
    #[error("{0}")]
    Refused(Refusal),
    #[error("the name does not resolve")]
    NotFound,
    #[error("connecting: {0}")]
    Failed(io::ErrorKind),
    #[error("connecting took too long")]
    TooSlow(Duration),
}

impl From<Refusal> for ConnectError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Resolves, checks and connects.
#[derive(Debug, Clone)]
pub(in crate::execute) struct GuardedConnector {
    network: Network,
    /// From the look-up to the open connection, TLS not included.
    limit: Duration,
}

impl GuardedConnector {
    pub(in crate::execute) const fn new(network: Network, limit: Duration) -> Self {
        Self { network, limit }
    }
}

impl Service<Uri> for GuardedConnector {
    type Response = TokioIo<TcpStream>;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (network, limit) = (self.network.clone(), self.limit);
        Box::pin(async move {
            let deadline = Instant::now() + limit;
            let addresses = timeout_at(deadline, checked_addresses(&network, &uri))
                .await
                .map_err(|_| ConnectError::TooSlow(limit))??;
            let stream = connect(&addresses, deadline, limit).await?;
            // Requests are small and whole; nothing is won by waiting for more.
            let _ = stream.set_nodelay(true);
            Ok(TokioIo::new(stream))
        })
    }
}

/// Every address of the URI's host, if each one of them passes: a name that leads both to a public
/// and to a private address is not to be trusted with either.
async fn checked_addresses(network: &Network, uri: &Uri) -> Result<Vec<SocketAddr>, ConnectError> {
    let is_https = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => false,
        _ => return Err(Refusal::NotAnAddress.into()),
    };
    let authority = uri.authority().ok_or(Refusal::NotAnAddress)?;
    if authority.as_str().contains('@') {
        return Err(Refusal::NotAnAddress.into());
    }
    let host = authority.host();
    let host = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host);
    let port = uri.port_u16().unwrap_or(if is_https { 443 } else { 80 });
    let (name, is_listed) = match network.target(is_https, host, port)? {
        Target::Samples(address) => return Ok(vec![address]),
        Target::Host { name, is_listed } => (name, is_listed),
    };
    let addresses: Vec<SocketAddr> = match literal(name) {
        Some(ip) => vec![SocketAddr::new(ip, port)],
        None => network
            .look_up(name, port)
            .await
            .map_err(|_| ConnectError::NotFound)?,
    };
    if addresses.is_empty() {
        return Err(ConnectError::NotFound);
    }
    for address in &addresses {
        network.check(*address, is_listed)?;
    }
    Ok(addresses)
}

/// The address that a host is instead of a name, in any notation that browsers take (WHATWG URL
/// §3.5): whether the system's resolver reads `0x7f.1` as 127.0.0.1 differs.
pub(super) fn literal(host: &str) -> Option<IpAddr> {
    if let Ok(ip) = host.parse() {
        return Some(ip);
    }
    match Host::parse(host).ok()? {
        Host::Ipv4(ip) => Some(ip.into()),
        Host::Ipv6(ip) => Some(ip.into()),
        Host::Domain(_) => None,
    }
}

/// The first address that answers; each has its share of the time that is left.
async fn connect(
    addresses: &[SocketAddr],
    deadline: Instant,
    limit: Duration,
) -> Result<TcpStream, ConnectError> {
    let addresses = &addresses[..addresses.len().min(MOST_TRIED)];
    let mut failure = ConnectError::TooSlow(limit);
    for (index, address) in addresses.iter().enumerate() {
        let others = u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
        let now = Instant::now();
        let share = deadline.saturating_duration_since(now) / others;
        match timeout_at(now + share, TcpStream::connect(*address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failure = ConnectError::Failed(error.kind()),
            Err(_) => failure = ConnectError::TooSlow(limit),
        }
    }
    Err(failure)
}

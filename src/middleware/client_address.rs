//! Who a request comes from: the TCP peer, and behind a trusted proxy the rightmost hop that is
//! not one.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;

use crate::state::TrustedProxies;

/// The caller's address, in the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

pub async fn client_address(
    State(TrustedProxies(trusted)): State<TrustedProxies>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
    let address = caller(peer.to_canonical(), request.headers(), &trusted);
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

fn caller(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(&peer) {
        return peer;
    }
    let hops: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        // A hop that is no address ends the chain of those we can believe.
        .map(|hop| hop.trim().parse::<IpAddr>().unwrap_or(peer).to_canonical())
        .collect();
    hops.into_iter()
        .rev()
        .find(|hop| !is_trusted(hop))
        .unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwarded_headers_count_only_from_a_trusted_proxy_and_from_the_right() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            "1.1.1.1, 203.0.113.9, 10.0.0.2".parse().unwrap(),
        );
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        assert_eq!(caller(proxy, &headers, &trusted).to_string(), "203.0.113.9");
        assert_eq!(caller(proxy, &headers, &[]), proxy);
        let stranger: IpAddr = "198.51.100.7".parse().unwrap();
        assert_eq!(caller(stranger, &headers, &trusted), stranger);
    }
}

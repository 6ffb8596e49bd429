//! Who a request comes from: the TCP peer, and behind a trusted proxy the rightmost hop that is
//! not one.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

pub use app::ssr::ClientAddress;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;

use crate::state::TrustedProxies;

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
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let hops = lines.flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
    let mut last_good = peer;
    for hop in hops {
        // What is left of a hop that nobody can read is the sender's own text.
        let Some(address) = address(hop.trim()) else {
            return last_good;
        };
        if !is_trusted(&address) {
            return address;
        }
        last_good = address;
    }
    last_good
}

/// An address, as proxies write it: bare, in brackets, or with a port.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(hop);
    let with_port = || hop.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.parse()
        .ok()
        .or_else(with_port)
        .map(|address: IpAddr| address.to_canonical())
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
        for (forged, expected) in [
            ("9.9.9.9, 203.0.113.8:5555", "203.0.113.8"),
            ("9.9.9.9, [2001:db8::1]:5555", "2001:db8::1"),
            ("9.9.9.9, unknown, 10.0.0.3", "10.0.0.3"),
            ("9.9.9.9, unknown", "10.0.0.1"),
        ] {
            headers.insert("x-forwarded-for", forged.parse().unwrap());
            assert_eq!(
                caller(proxy, &headers, &trusted).to_string(),
                expected,
                "{forged}"
            );
        }
        let stranger: IpAddr = "198.51.100.7".parse().unwrap();
        assert_eq!(caller(stranger, &headers, &trusted), stranger);
    }
}

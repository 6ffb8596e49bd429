//! `TENGINE_TOOLS_ALLOW`: what the instance's owner lets tools reach beyond the public internet.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use ipnet::IpNet;
use url::Host;

/// Hosts and networks, separated by commas or spaces: `host`, `host:port`, `10.0.0.0/8`,
/// `127.0.0.1`, `[::1]:8080`. A host stands for whatever it resolves to; without a port, for every
/// port. An address is matched after resolving, like a network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowlist(Vec<Item>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    Host { name: String, port: Option<u16> },
    Network { network: IpNet, port: Option<u16> },
}

impl Allowlist {
    /// `name` is lower case and has no dot at its end.
    pub(super) fn has_host(&self, name: &str, port: u16) -> bool {
        self.0.iter().any(|item| match item {
            Item::Host {
                name: listed,
                port: only,
            } => listed == name && fits(*only, port),
            Item::Network { .. } => false,
        })
    }

    pub(super) fn has_address(&self, address: SocketAddr) -> bool {
        // `::ffff:10.0.0.1` reaches 10.0.0.1, so the one is listed where the other is.
        let ip = address.ip().to_canonical();
        self.0.iter().any(|item| match item {
            Item::Network {
                network,
                port: only,
            } => network.contains(&ip) && fits(*only, address.port()),
            Item::Host { .. } => false,
        })
    }
}

fn fits(only: Option<u16>, port: u16) -> bool {
    only.is_none_or(|only| only == port)
}

impl FromStr for Allowlist {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split([',', ' ', '\t', '\n', '\r'])
            .filter(|item| !item.is_empty())
            .map(|item| {
                parsed(item).ok_or_else(|| {
                    format!("{item:?} is not a host, host:port, address or network like 10.0.0.0/8")
                })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn parsed(item: &str) -> Option<Item> {
    if item.contains('/') {
        let network = item.parse::<IpNet>().ok()?.trunc();
        return Some(Item::Network {
            network,
            port: None,
        });
    }
    if let Ok(address) = item.parse::<SocketAddr>() {
        return listed_address(address.ip(), Some(address.port()));
    }
    let bare = item
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    if let Ok(ip) = bare.unwrap_or(item).parse::<IpAddr>() {
        return listed_address(ip, None);
    }
    let (name, port) = match item.split_once(':') {
        Some((name, port)) => (name, Some(port.parse().ok()?)),
        None => (item, None),
    };
    match Host::parse(name.trim_end_matches('.')).ok()? {
        Host::Domain(name) if is_plain(&name) && port != Some(0) => Some(Item::Host { name, port }),
        // An address in another notation, such as 0x7f.1.
        Host::Ipv4(ip) => listed_address(ip.into(), port),
        _ => None,
    }
}

fn listed_address(ip: IpAddr, port: Option<u16>) -> Option<Item> {
    (port != Some(0)).then(|| Item::Network {
        network: IpNet::from(ip.to_canonical()),
        port,
    })
}

/// No wildcards: what looks like one would never match.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(list: &Allowlist, address: &str) -> bool {
        list.has_address(address.parse().unwrap())
    }

    #[test]
    fn hosts_addresses_and_networks_are_listed_with_or_without_a_port() {
        let list: Allowlist =
            "API.corp, api2.corp:8443 10.0.0.0/8,127.0.0.1:9000\n[::1]:8080, fd00::/8 192.168.1.1 [fe80::1]"
                .parse()
                .unwrap();
        assert!(list.has_host("api.corp", 1) && list.has_host("api2.corp", 8443));
        assert!(!list.has_host("api2.corp", 443) && !list.has_host("x.api.corp", 443));
        for listed in [
            "10.9.9.9:1",
            "127.0.0.1:9000",
            "[::1]:8080",
            "[fd12::1]:5",
            "192.168.1.1:7",
            "[fe80::1]:1",
            "[::ffff:10.1.1.1]:80",
        ] {
            assert!(has(&list, listed), "{listed}");
        }
        for other in [
            "127.0.0.1:9001",
            "[::1]:8081",
            "11.0.0.1:1",
            "192.168.1.2:7",
        ] {
            assert!(!has(&list, other), "{other}");
        }
        assert_eq!("".parse(), Ok(Allowlist::default()));
    }

    #[test]
    fn a_bad_item_is_named() {
        for bad in [
            "*.corp",
            "http://x",
            "10.0.0.0/33",
            "host:",
            "host:0",
            "host:99999",
            "[::1",
            "::1:x",
            "a b@c",
            "127.0.0.1:0",
        ] {
            let error = format!("ok.example,{bad}")
                .parse::<Allowlist>()
                .unwrap_err();
            assert!(error.contains("is not a host"), "{error}");
        }
        assert!(
            "fine,b@d"
                .parse::<Allowlist>()
                .unwrap_err()
                .contains("\"b@d\"")
        );
    }
}

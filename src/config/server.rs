//! Where the server listens and what the world calls it.

use std::net::SocketAddr;

use domain::public_url::PublicUrl;
use ipnet::IpNet;

use super::{ConfigError, Sources};

#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// `TENGINE_LISTEN`
    pub listen: SocketAddr,
    /// `TENGINE_PUBLIC_URL`
    pub public_url: PublicUrl,
    /// `TENGINE_TRUSTED_PROXIES`: networks whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<IpNet>,
    /// `TENGINE_LIMITS`
    pub limits: bool,
}

impl ServerConfig {
    /// Whether others than this machine's user can reach the instance.
    #[must_use]
    pub fn is_exposed(&self) -> bool {
        is_exposed(&self.public_url, self.listen)
    }

    pub(super) fn from(sources: &Sources) -> Result<Self, ConfigError> {
        let listen = sources.parsed(
            "listen",
            |text| {
                text.parse()
                    .map_err(|_| "use ADDRESS:PORT, like 127.0.0.1:3000".to_owned())
            },
            || SocketAddr::from(([127, 0, 0, 1], 3000)),
        )?;
        let public_url = sources.parsed("public_url", str::parse::<PublicUrl>, || {
            format!("http://localhost:{}", listen.port())
                .parse()
                .expect("localhost with a port is an origin")
        })?;
        let trusted_proxies = sources.parsed("trusted_proxies", networks, Vec::new)?;
        let limits = sources.parsed(
            "limits",
            |text| match text {
                "on" => Ok(true),
                "off" if !is_exposed(&public_url, listen) => Ok(false),
                "off" => {
                    Err("off is for tests, where public URL and address are loopback".to_owned())
                }
                _ => Err("use on or off".to_owned()),
            },
            || true,
        )?;
        Ok(Self {
            listen,
            public_url,
            trusted_proxies,
            limits,
        })
    }
}

fn is_exposed(public_url: &PublicUrl, listen: SocketAddr) -> bool {
    !public_url.is_loopback() || !listen.ip().is_loopback()
}

fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    text.split([',', ' '])
        .filter(|item| !item.is_empty())
        .map(|item| {
            item.parse::<IpNet>()
                .or_else(|_| item.parse::<std::net::IpAddr>().map(IpNet::from))
                .map_err(|_| format!("{item:?} is no address or network, like 10.0.0.0/8"))
        })
        .collect()
}

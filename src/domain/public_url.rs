//! The origin that the world calls this instance by. It, and never a Host header, is what every
//! URL in metadata, tokens and pages is made from.

use std::{fmt, str::FromStr};

use url::{Host, Url};

/// An http or https origin without a slash at the end: the OAuth issuer (RFC 8414 §2) and the
/// start of every Server URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    is_https: bool,
    is_loopback: bool,
    authority: String,
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|why| format!("not a URL: {why}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("use http:// or https://".to_owned());
        }
        let only_origin = matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !only_origin {
            return Err(
                "use an origin only, like https://tools.example.com, without a path".into(),
            );
        }
        let host = url.host().ok_or("the URL has no host")?;
        let is_loopback = is_loopback_host(&host);
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            is_https: url.scheme() == "https",
            is_loopback,
            authority,
        })
    }
}

/// `localhost` and the loopback networks (RFC 8252 §7.3).
pub(crate) fn is_loopback_host(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

impl PublicUrl {
    /// `https://tools.example.com`
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Host, with the port where it is not the scheme's own.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether only this machine reaches it.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// The Server URL that all integrations share.
    #[must_use]
    pub fn server_url(&self) -> String {
        format!("{}/mcp/", self.origin)
    }

    /// The Server URL of one integration.
    #[must_use]
    pub fn integration_url(&self, slug: &str) -> String {
        format!("{}/mcp/{slug}/", self.origin)
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_origin_is_a_public_url() {
        let url: PublicUrl = "https://Tools.Example.com:443/".parse().unwrap();
        assert_eq!(url.origin(), "https://tools.example.com");
        assert_eq!(url.server_url(), "https://tools.example.com/mcp/");
        assert!(url.is_https() && !url.is_loopback());
        assert!(
            "http://localhost:3000"
                .parse::<PublicUrl>()
                .unwrap()
                .is_loopback()
        );
        assert!(
            "http://[::1]:3000"
                .parse::<PublicUrl>()
                .unwrap()
                .is_loopback()
        );
        for wrong in [
            "",
            "tools.example.com",
            "ftp://a",
            "https://a/b",
            "https://u@a",
            "https://a?b",
        ] {
            assert!(wrong.parse::<PublicUrl>().is_err(), "{wrong}");
        }
    }
}

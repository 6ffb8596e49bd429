//! A tool's base URL, as it is checked when the tool is registered.

use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

use super::{Network, Refusal, Target};
use crate::execute::SAMPLES_BASE_URL;

impl Network {
    /// The normalized origin of a base URL: scheme, host and port only, without a slash at the end.
    /// Names are not resolved here; each call does that, and is refused where they lead astray.
    ///
    /// # Errors
    /// A sentence for the field where it is not an origin, or not one that tools may reach.
    pub fn checked_base_url(&self, text: &str) -> Result<String, String> {
        let url = Url::parse(text.trim())
            .map_err(|_| "Enter a URL like https://api.example.com.".to_owned())?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err("Use https.".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("Leave out user name and password: use an auth_strategy.".to_owned());
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(
                "Enter the origin only, like https://api.example.com; the path goes into \
                 endpoint_path and the query into query_template."
                    .to_owned(),
            );
        }
        self.check_origin(&url)
            .map_err(|refusal| refusal.to_string())?;
        Ok(url.origin().ascii_serialization())
    }

    fn check_origin(&self, url: &Url) -> Result<(), Refusal> {
        let port = url.port_or_known_default().filter(|port| *port != 0);
        let (Some(host), Some(port)) = (url.host(), port) else {
            return Err(Refusal::NotAnAddress);
        };
        // The samples' name is known to every instance, whether it serves them or not.
        if url.origin().ascii_serialization() == SAMPLES_BASE_URL {
            return Ok(());
        }
        let ip: Option<IpAddr> = match host {
            Host::Ipv4(ip) => Some(ip.into()),
            Host::Ipv6(ip) => Some(ip.into()),
            Host::Domain(_) => None,
        };
        let name = match (ip, host) {
            (None, Host::Domain(name)) => name.to_owned(),
            (ip, _) => ip.map(|ip| ip.to_string()).unwrap_or_default(),
        };
        if name.ends_with('.') {
            return Err(Refusal::NotAnAddress);
        }
        let Target::Host { is_listed, .. } = self.target(url.scheme() == "https", &name, port)?
        else {
            return Ok(());
        };
        match ip {
            Some(ip) => self.check(SocketAddr::new(ip, port), is_listed),
            // Known without asking anybody (RFC 6761 §6.3).
            None if (name == "localhost" || name.ends_with(".localhost")) && !is_listed => {
                Err(Refusal::Address(super::Class::Loopback))
            }
            None => Ok(()),
        }
    }
}

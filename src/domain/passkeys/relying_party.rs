//! The relying party: what browsers bind passkeys to, a host name (WebAuthn Level 3 §5.1.2).

use std::fmt;

use url::{Host, Url};
use webauthn_rs::prelude::{Webauthn, WebauthnBuilder};

use crate::public_url::PublicUrl;

/// What browsers show when they ask.
const NAME: &str = "TengineAI";

/// Why an instance has no passkeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unavailable {
    /// It is reached by an IP address, and browsers bind passkeys to names.
    NoHostName,
    /// It is reached over http, which browsers take passkeys over from this machine alone.
    NoHttps,
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoHostName => {
                "Passkeys need a host name, and this instance is reached by an IP address."
            }
            Self::NoHttps => "Passkeys need https, and this instance is reached over http.",
        })
    }
}

/// The relying party of an instance: its host name, and its origin alone.
pub(super) fn relying_party(public_url: &PublicUrl) -> Result<Webauthn, Unavailable> {
    let origin = Url::parse(public_url.origin()).map_err(|_| Unavailable::NoHostName)?;
    let Some(Host::Domain(name)) = origin.host() else {
        return Err(Unavailable::NoHostName);
    };
    if !public_url.is_https() && !public_url.is_loopback() {
        return Err(Unavailable::NoHttps);
    }
    WebauthnBuilder::new(name, &origin)
        .and_then(|builder| builder.rp_name(NAME).build())
        .map_err(|_| Unavailable::NoHostName)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> Result<(), Unavailable> {
        relying_party(&url.parse().unwrap()).map(|_| ())
    }

    #[test]
    fn passkeys_need_a_name_and_https_or_this_machine() {
        for url in [
            "https://tools.example.com",
            "https://tools.example.com:8443",
            "http://localhost:3000",
            "https://intranet",
        ] {
            assert_eq!(of(url), Ok(()), "{url}");
        }
        for url in [
            "http://127.0.0.1:3000",
            "https://192.0.2.1",
            "https://[2001:db8::1]",
        ] {
            assert_eq!(of(url), Err(Unavailable::NoHostName), "{url}");
        }
        assert_eq!(of("http://tools.example.com"), Err(Unavailable::NoHttps));
    }
}

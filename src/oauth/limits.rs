//! How often strangers may ask. In memory: each replica counts for itself.

use std::net::IpAddr;

use domain::{
    Result,
    clock::Timestamp,
    limits::{Limiter, Quota, network},
};

/// Browsers that are sent to authorize, from one address: an office behind one is many people.
const AUTHORIZE: Quota = Quota::new(120, 1_000);
/// Failures at the token endpoint, of one client from one address. All users of Claude share a few
/// addresses, so what succeeds is not counted, and another client's failures count for themselves.
const FAILURES: Quota = Quota::new(30, 2_000);
/// Failures from one address, whatever they call themselves.
const STRANGER: Quota = Quota::new(600, 100);

/// The limits per address of the authorization server.
pub struct Limits {
    on: bool,
    authorize: Limiter<IpAddr>,
    failures: Limiter<(String, IpAddr)>,
    strangers: Limiter<IpAddr>,
}

impl Limits {
    #[must_use]
    pub fn new(on: bool) -> Self {
        Self {
            on,
            authorize: Limiter::new(AUTHORIZE),
            failures: Limiter::new(FAILURES),
            strangers: Limiter::new(STRANGER),
        }
    }

    /// # Errors
    /// [`Error::Throttled`](domain::Error::Throttled).
    pub fn authorize(&self, from: IpAddr, now: Timestamp) -> Result<()> {
        if self.on {
            self.authorize.take(&network(from), now)
        } else {
            Ok(())
        }
    }

    /// Whether a client may ask at the token endpoint after its failures of before.
    ///
    /// # Errors
    /// [`Error::Throttled`](domain::Error::Throttled).
    pub fn token(&self, client_id: &str, from: IpAddr, now: Timestamp) -> Result<()> {
        if !self.on {
            return Ok(());
        }
        let from = network(from);
        self.strangers.check(&from, now)?;
        self.failures.check(&(short(client_id), from), now)
    }

    pub fn token_failed(&self, client_id: &str, from: IpAddr, now: Timestamp) {
        let from = network(from);
        self.strangers.count(&from, now);
        self.failures.count(&(short(client_id), from), now);
    }
}

/// A stranger's text, short enough to be remembered.
fn short(client_id: &str) -> String {
    client_id.chars().take(100).collect()
}

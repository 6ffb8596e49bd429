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

    /// Counts a failure at the token endpoint. What succeeds is never held up by it, whoever else
    /// fails at the same address under the same id.
    ///
    /// # Errors
    /// [`Error::Throttled`](domain::Error::Throttled) where there were too many: then this is the
    /// answer, and nothing is written down of it.
    pub fn failed(&self, client_id: &str, from: IpAddr, now: Timestamp) -> Result<()> {
        if !self.on {
            return Ok(());
        }
        let from = network(from);
        self.strangers.take(&from, now)?;
        self.failures.take(&(short(client_id), from), now)
    }
}

/// A stranger's text, short enough to be remembered.
fn short(client_id: &str) -> String {
    client_id.chars().take(100).collect()
}

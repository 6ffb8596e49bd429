//! Slows down guessing, per account and per address. In memory: each replica counts for itself.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use crate::{Error, Result};

/// Tries at once, then one more each so often.
/// For one account from one network: what a person who forgot their password needs.
const GUESSER: (u32, Duration) = (10, Duration::from_secs(6));
/// For one account from everywhere: so wide that a stranger cannot keep its owner out for long.
const ACCOUNT: (u32, Duration) = (100, Duration::from_secs(1));
const ADDRESS: (u32, Duration) = (60, Duration::from_secs(1));
/// Keys remembered before the idle ones are dropped.
const MOST_KEYS: usize = 10_000;

pub(super) struct Throttle {
    on: bool,
    clock: DefaultClock,
    guessers: DefaultKeyedRateLimiter<(String, IpAddr)>,
    accounts: DefaultKeyedRateLimiter<String>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
}

fn limiter<K: std::hash::Hash + Eq + Clone>(
    (burst, each): (u32, Duration),
) -> DefaultKeyedRateLimiter<K> {
    let quota = Quota::with_period(each)
        .expect("a period above zero")
        .allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN));
    RateLimiter::keyed(quota)
}

impl Throttle {
    pub(super) fn new(on: bool) -> Self {
        Self {
            on,
            clock: DefaultClock::default(),
            guessers: limiter(GUESSER),
            accounts: limiter(ACCOUNT),
            addresses: limiter(ADDRESS),
        }
    }

    /// `email` is a checked one: its length is bounded.
    pub(super) fn account(&self, email: &str, from: IpAddr) -> Result<()> {
        self.check(&self.guessers, &(email.to_owned(), network(from)))?;
        self.check(&self.accounts, &email.to_owned())
    }

    pub(super) fn address(&self, from: IpAddr) -> Result<()> {
        self.check(&self.addresses, &network(from))
    }

    fn check<K: std::hash::Hash + Eq + Clone>(
        &self,
        limiter: &DefaultKeyedRateLimiter<K>,
        key: &K,
    ) -> Result<()> {
        if !self.on {
            return Ok(());
        }
        if limiter.len() > MOST_KEYS {
            limiter.retain_recent();
        }
        limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            Error::Throttled {
                retry_after_seconds: wait.as_secs() + 1,
            }
        })
    }
}

/// Whoever has an IPv6 address usually has its whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_slowed_down_and_the_owner_elsewhere_is_not() {
        let throttle = Throttle::new(true);
        let [here, there] = ["192.0.2.1", "198.51.100.1"].map(|text| text.parse().unwrap());
        for _ in 0..GUESSER.0 {
            throttle.account("ada@example.com", here).unwrap();
        }
        assert!(matches!(
            throttle.account("ada@example.com", here),
            Err(Error::Throttled {
                retry_after_seconds: 1..=7
            })
        ));
        throttle.account("ada@example.com", there).unwrap();
        throttle.account("bob@example.com", here).unwrap();
    }

    #[test]
    fn guessing_from_many_networks_is_slowed_down_too() {
        let throttle = Throttle::new(true);
        let refused = (0..=200_u8).any(|last| {
            throttle
                .account("ada@example.com", IpAddr::from([192, 0, 2, last]))
                .is_err()
        });
        assert!(refused);
    }
}

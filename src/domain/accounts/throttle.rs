//! Slows down guessing, per account and per address. In memory: each replica counts for itself.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use crate::{Error, Result};

/// Tries at once, then one more each so often.
const ACCOUNT: (u32, Duration) = (10, Duration::from_secs(6));
const ADDRESS: (u32, Duration) = (60, Duration::from_secs(1));
/// Keys remembered before the idle ones are dropped.
const MOST_KEYS: usize = 10_000;

pub(super) struct Throttle {
    on: bool,
    clock: DefaultClock,
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
            accounts: limiter(ACCOUNT),
            addresses: limiter(ADDRESS),
        }
    }

    pub(super) fn account(&self, email: &str) -> Result<()> {
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
    fn an_account_is_slowed_down_wherever_the_guesses_come_from() {
        let throttle = Throttle::new(true);
        for _ in 0..ACCOUNT.0 {
            throttle.account("ada@example.com").unwrap();
        }
        assert!(matches!(
            throttle.account("ada@example.com"),
            Err(Error::Throttled {
                retry_after_seconds: 1..=7
            })
        ));
        throttle.account("bob@example.com").unwrap();
    }
}

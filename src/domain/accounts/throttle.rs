//! Slows down guessing, per account and per address.

use std::net::IpAddr;

use crate::{
    Result,
    clock::Timestamp,
    limits::{Limiter, Quota, network},
};

/// For one account from one network: what a person who forgot their password needs.
const GUESSER: Quota = Quota::new(10, 6_000);
/// For one account from everywhere: so wide that a stranger cannot keep its owner out for long.
const ACCOUNT: Quota = Quota::new(100, 1_000);
const ADDRESS: Quota = Quota::new(60, 1_000);

pub(super) struct Throttle {
    by_address: bool,
    guessers: Limiter<(String, IpAddr)>,
    accounts: Limiter<String>,
    addresses: Limiter<IpAddr>,
}

impl Throttle {
    /// `by_address` can be switched off, for tests; the limits on an account never.
    pub(super) fn new(by_address: bool) -> Self {
        Self {
            by_address,
            guessers: Limiter::new(GUESSER),
            accounts: Limiter::new(ACCOUNT),
            addresses: Limiter::new(ADDRESS),
        }
    }

    /// Counts a try. `email` is a checked one: its length is bounded.
    pub(super) fn account(&self, email: &str, from: IpAddr, now: Timestamp) -> Result<()> {
        self.guessers
            .take(&(email.to_owned(), network(from)), now)?;
        self.accounts.take(&email.to_owned(), now)
    }

    /// The try was the owner's: only failures count.
    pub(super) fn was_right(&self, email: &str, from: IpAddr) {
        self.guessers.give_back(&(email.to_owned(), network(from)));
        self.accounts.give_back(&email.to_owned());
    }

    pub(super) fn address(&self, from: IpAddr, now: Timestamp) -> Result<()> {
        if self.by_address {
            self.addresses.take(&network(from), now)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    #[test]
    fn guessing_is_slowed_down_and_the_owner_elsewhere_is_not() {
        let throttle = Throttle::new(false);
        let [here, there] = ["192.0.2.1", "198.51.100.1"].map(|text| text.parse().unwrap());
        for _ in 0..GUESSER.burst {
            throttle.account("ada@example.com", here, NOW).unwrap();
        }
        assert!(matches!(
            throttle.account("ada@example.com", here, NOW),
            Err(Error::Throttled {
                retry_after_seconds: 1..=7
            })
        ));
        throttle.account("ada@example.com", there, NOW).unwrap();
        throttle.account("bob@example.com", here, NOW).unwrap();
    }

    #[test]
    fn who_signs_in_again_and_again_is_not_slowed_down() {
        let throttle = Throttle::new(true);
        let here = "192.0.2.1".parse().unwrap();
        for _ in 0..50 {
            throttle.account("ada@example.com", here, NOW).unwrap();
            throttle.was_right("ada@example.com", here);
        }
    }

    #[test]
    fn guessing_from_many_networks_is_slowed_down_too() {
        let throttle = Throttle::new(true);
        let refused = (0..=200_u8).any(|last| {
            throttle
                .account("ada@example.com", IpAddr::from([192, 0, 2, last]), NOW)
                .is_err()
        });
        assert!(refused);
    }
}

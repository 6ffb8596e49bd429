//! How often a thing may happen: a bucket per key that refills steadily (the generic cell rate
//! algorithm), in memory; each replica counts for itself. Looking and counting are two calls, for
//! limits that count failures only.

mod open;

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

pub use open::{Counter, Open};

use crate::{Error, Result, clock::Timestamp};

/// Keys remembered before those that say least are dropped.
const MOST_KEYS: usize = 10_000;
/// Keys that are left then: dropping looks at all of them, and is not to be done for each new one.
const KEPT_KEYS: usize = MOST_KEYS - MOST_KEYS / 10;

/// So many at once, then one more each so often.
#[derive(Debug, Clone, Copy)]
pub struct Quota {
    pub burst: u32,
    /// Milliseconds.
    pub each_ms: i64,
}

impl Quota {
    #[must_use]
    pub const fn new(burst: u32, each_ms: i64) -> Self {
        Self { burst, each_ms }
    }
}

/// A limit on each key of a kind.
#[derive(Debug)]
pub struct Limiter<K> {
    quota: Quota,
    /// When each key's bucket is full again, in milliseconds since the Unix epoch.
    full_at: Mutex<HashMap<K, i64>>,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    #[must_use]
    pub fn new(quota: Quota) -> Self {
        Self {
            quota,
            full_at: Mutex::default(),
        }
    }

    /// Whether it may happen once more. Counts nothing.
    ///
    /// # Errors
    /// [`Error::Throttled`].
    pub fn check(&self, key: &K, now: Timestamp) -> Result<()> {
        let known = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        self.allows(known.get(key).copied(), now)
    }

    /// Counts one.
    pub fn count(&self, key: &K, now: Timestamp) {
        let mut known = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        self.add(&mut known, key, now);
    }

    /// Counts one, if it may happen once more.
    ///
    /// # Errors
    /// [`Error::Throttled`]; then nothing was counted.
    pub fn take(&self, key: &K, now: Timestamp) -> Result<()> {
        let mut known = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        self.allows(known.get(key).copied(), now)?;
        self.add(&mut known, key, now);
        Ok(())
    }

    /// Gives one back that [`Limiter::take`] counted.
    pub fn give_back(&self, key: &K) {
        let mut known = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(full_at) = known.get_mut(key) {
            *full_at -= self.quota.each_ms;
        }
    }

    fn allows(&self, full_at: Option<i64>, now: Timestamp) -> Result<()> {
        let room = i64::from(self.quota.burst.max(1) - 1) * self.quota.each_ms;
        let wait = full_at.map_or(0, |full_at| full_at - room - now.0);
        if wait <= 0 {
            return Ok(());
        }
        Err(Error::Throttled {
            retry_after_seconds: u64::try_from(wait).unwrap_or_default().div_ceil(1000),
        })
    }

    fn add(&self, known: &mut HashMap<K, i64>, key: &K, now: Timestamp) {
        if known.len() >= MOST_KEYS && !known.contains_key(key) {
            known.retain(|_, full_at| *full_at > now.0);
            if known.len() >= MOST_KEYS {
                drop_smallest(known);
            }
        }
        let full_at = known.entry(key.clone()).or_insert(now.0);
        *full_at = (*full_at).max(now.0) + self.quota.each_ms;
    }
}

/// Drops the keys that are to wait the least: strangers who come once each make nobody forgotten who
/// came often.
fn drop_smallest<K: Hash + Eq + Clone>(known: &mut HashMap<K, i64>) {
    let mut all: Vec<(i64, K)> = known.drain().map(|(key, at)| (at, key)).collect();
    let dropped = all.len() - KEPT_KEYS;
    all.select_nth_unstable_by_key(dropped, |(full_at, _)| *full_at);
    known.extend(all.drain(dropped..).map(|(full_at, key)| (key, full_at)));
}

/// Whoever has an IPv6 address usually has its whole /64.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    #[test]
    fn a_burst_passes_and_then_one_each_so_often() {
        let limiter = Limiter::new(Quota::new(3, 2_000));
        for _ in 0..3 {
            limiter.take(&"a", NOW).unwrap();
        }
        assert!(matches!(
            limiter.take(&"a", NOW),
            Err(Error::Throttled {
                retry_after_seconds: 1..=3
            })
        ));
        limiter.take(&"b", NOW).unwrap();
        limiter.take(&"a", NOW.plus_seconds(2)).unwrap();
        assert!(limiter.take(&"a", NOW.plus_seconds(2)).is_err());
        limiter.give_back(&"a");
        limiter.take(&"a", NOW.plus_seconds(2)).unwrap();
    }

    #[test]
    fn looking_counts_nothing() {
        let limiter = Limiter::new(Quota::new(1, 1_000));
        for _ in 0..5 {
            limiter.check(&1, NOW).unwrap();
        }
        limiter.count(&1, NOW);
        assert!(limiter.check(&1, NOW).is_err());
        limiter.check(&1, NOW.plus_seconds(1)).unwrap();
    }

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let limiter = Limiter::new(Quota::new(2, 1_000));
        for key in 0..50_000 {
            limiter.count(&key, NOW);
        }
        assert!(limiter.full_at.lock().unwrap().len() <= MOST_KEYS);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// However many come, and however they are spread over time.
        #[test]
        fn strangers_make_nobody_forgotten_who_came_more_often(
            came in proptest::collection::vec(2_u32..40, 1..300),
            strangers in 0_u64..30_000,
            each_ms in 1_i64..5_000,
            spread_ms in 0_i64..20_000,
        ) {
            let limiter = Limiter::new(Quota::new(2, each_ms));
            for (guesser, times) in came.iter().enumerate() {
                for _ in 0..*times {
                    limiter.count(&(true, guesser as u64), NOW);
                }
            }
            let mut now = NOW;
            for stranger in 0..strangers {
                let passed = spread_ms * i64::try_from(stranger).unwrap() / 30_000;
                now = Timestamp(NOW.0 + passed);
                limiter.count(&(false, stranger), now);
            }
            let known = limiter.full_at.lock().unwrap();
            prop_assert!(known.len() <= MOST_KEYS);
            for (guesser, times) in came.iter().enumerate() {
                let full_at = NOW.0 + i64::from(*times) * each_ms;
                if full_at > now.0 + each_ms {
                    prop_assert_eq!(known.get(&(true, guesser as u64)), Some(&full_at));
                }
            }
        }
    }
}

//! Time and randomness are passed in, so that a test can hold both still.

use std::{
    cell::RefCell,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

/// Milliseconds since the Unix epoch, UTC. The only form in which a time is stored.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type,
)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This time, `seconds` later.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1000)
    }

    /// Whole seconds since the Unix epoch: the JWT `NumericDate` (RFC 7519 §2).
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }
}

/// Where the time comes from.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

#[expect(
    clippy::disallowed_methods,
    reason = "here is where the time comes from"
)]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Where unpredictable bytes come from.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes` with bytes that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // An id takes a few bytes, and a request several ids: what they cost is the asking.
        if bytes.len() > SMALL {
            return from_system(bytes);
        }
        POOL.with_borrow_mut(|pool| {
            if pool.left < bytes.len() {
                from_system(&mut pool.bytes);
                pool.left = pool.bytes.len();
            }
            let end = pool.left;
            pool.left -= bytes.len();
            let taken = &mut pool.bytes[pool.left..end];
            bytes.copy_from_slice(taken);
            // Nobody is to find in memory what somebody was given.
            taken.fill(0);
        });
    }
}

/// Bytes of an id; a secret has more.
const SMALL: usize = 16;

/// Random bytes that a thread has in hand.
struct Pool {
    bytes: [u8; 512],
    left: usize,
}

thread_local! {
    static POOL: RefCell<Pool> = const { RefCell::new(Pool { bytes: [0; 512], left: 0 }) };
}

#[expect(
    clippy::disallowed_methods,
    reason = "here is where randomness comes from"
)]
fn from_system(bytes: &mut [u8]) {
    aws_lc_rs::rand::fill(bytes).expect("the operating system's random generator answers");
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_bytes_are_given_out_twice() {
        let take = || {
            let mut bytes = [0; 10];
            SystemRandom.fill(&mut bytes);
            bytes
        };
        let there = std::thread::spawn(move || (0..1_000).map(|_| take()).collect::<Vec<_>>());
        let here: HashSet<_> = (0..1_000).map(|_| take()).collect();
        let there: HashSet<_> = there.join().unwrap().into_iter().collect();
        assert_eq!(here.union(&there).count(), 2_000);
        let mut large = [0; 600];
        SystemRandom.fill(&mut large);
        assert!(large.iter().filter(|byte| **byte == 0).count() < 100);
    }
}

/// A clock that stands still until a test moves it.
#[cfg(any(test, feature = "test-support"))]
#[derive(Debug)]
pub struct ManualClock(std::sync::atomic::AtomicI64);

#[cfg(any(test, feature = "test-support"))]
impl ManualClock {
    #[must_use]
    pub const fn at(start: Timestamp) -> Self {
        Self(std::sync::atomic::AtomicI64::new(start.0))
    }

    pub fn advance_seconds(&self, seconds: i64) {
        self.0
            .fetch_add(seconds * 1000, std::sync::atomic::Ordering::SeqCst);
    }
}

#[cfg(any(test, feature = "test-support"))]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

//! Where the caches and streams of this process hear of changes.

use std::{
    fmt,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::broadcast;

use super::ChangeKind;

/// Changes that a slow stream may be behind before it has to look at everything.
const BACKLOG: usize = 256;
/// How long a cache may be believed while nothing is heard of other processes.
const BELIEVED: Duration = Duration::from_secs(5);

/// Something that may have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Of(ChangeKind, Arc<str>),
    /// Notices were missed: whatever is remembered has to be looked up again.
    Anything,
}

type Listener = Box<dyn Fn(&Change) + Send + Sync>;

/// The changes of this process's database, as they are committed. Cheap to clone.
#[derive(Clone)]
pub struct Feed(Arc<Parts>);

struct Parts {
    listeners: RwLock<Vec<Listener>>,
    streams: broadcast::Sender<Change>,
    began: Instant,
    /// Milliseconds after `began` at which the other processes were last heard of, or expected, plus
    /// one; 0 where nobody follows them.
    heard: AtomicU64,
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed").finish_non_exhaustive()
    }
}

impl Default for Feed {
    fn default() -> Self {
        Self(Arc::new(Parts {
            listeners: RwLock::default(),
            streams: broadcast::channel(BACKLOG).0,
            began: Instant::now(),
            heard: AtomicU64::new(0),
        }))
    }
}

impl Feed {
    /// Calls `listener` with each change before whoever made it is answered. It has to be quick, and
    /// may be told of a change more than once.
    pub(crate) fn on_change(&self, listener: impl Fn(&Change) + Send + Sync + 'static) {
        self.0
            .listeners
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Box::new(listener));
    }

    /// The changes from now on, after the listeners have heard of them.
    #[must_use]
    pub fn stream(&self) -> broadcast::Receiver<Change> {
        self.0.streams.subscribe()
    }

    /// Whether what is remembered may be believed: false while other processes might have changed
    /// something unheard.
    #[must_use]
    pub fn is_current(&self) -> bool {
        match self.0.heard.load(Ordering::Acquire) {
            0 => true,
            heard => self.elapsed().saturating_sub(heard) <= BELIEVED.as_millis() as u64,
        }
    }

    /// Makes everyone who listens look again.
    pub fn wake(&self) {
        self.publish(&Change::Anything);
    }

    pub(crate) fn publish(&self, change: &Change) {
        let listeners = self
            .0
            .listeners
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        for listener in listeners.iter() {
            listener(change);
        }
        // Nobody may be listening.
        let _ = self.0.streams.send(change.clone());
    }

    /// Notes that other processes may change something from now on.
    pub(super) fn expect_others(&self) {
        let now = self.elapsed();
        let _known = (self.0.heard).compare_exchange(0, now, Ordering::AcqRel, Ordering::Acquire);
    }

    /// Notes that every change up to now was published.
    pub(super) fn heard(&self) {
        self.heard_at(self.elapsed());
    }

    /// Notes that every change up to a moment was published. After a silence they may not have been.
    pub(super) fn heard_at(&self, moment: u64) {
        if !self.is_current() {
            self.publish(&Change::Anything);
        }
        self.0.heard.store(moment, Ordering::Release);
    }

    /// This moment: milliseconds, and never 0.
    pub(super) fn elapsed(&self) -> u64 {
        u64::try_from(self.0.began.elapsed().as_millis()).unwrap_or(u64::MAX - 1) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silence_makes_everything_doubtful_until_it_was_looked_up_again() {
        let feed = Feed::default();
        assert!(feed.is_current(), "nobody else can change anything");
        let mut stream = feed.stream();
        feed.expect_others();
        assert!(feed.is_current());
        feed.heard();
        assert!(feed.is_current());
        assert!(stream.try_recv().is_err());
        // As if they had been expected from the beginning, and that were long ago.
        let long_ago = Feed(Arc::new(Parts {
            listeners: RwLock::default(),
            streams: broadcast::channel(BACKLOG).0,
            began: Instant::now().checked_sub(BELIEVED * 2).unwrap(),
            heard: AtomicU64::new(1),
        }));
        let mut stream = long_ago.stream();
        assert!(!long_ago.is_current());
        long_ago.heard();
        assert!(long_ago.is_current());
        assert_eq!(stream.try_recv(), Ok(Change::Anything));
    }
}

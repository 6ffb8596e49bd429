//! A cache of what was looked up in the database, that forgets what changed before whoever changed
//! it is answered.

use std::{
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use quick_cache::{Equivalent, OptionsBuilder, UnitWeighter, Weighter, sync::Cache};

use super::{Change, Feed};

/// Values by key, bounded: what is not in use makes room.
pub(crate) struct Remembered<K, V, W = UnitWeighter> {
    feed: Feed,
    values: Cache<K, V, W>,
    /// Counts changes: what was looked up across one is used once and not remembered.
    changes: Mutex<u64>,
}

/// The moment at which something began to be looked up.
#[derive(Clone, Copy)]
pub(crate) struct Since(u64);

impl<K: Eq + Hash + Clone, V: Clone> Remembered<K, V> {
    pub(crate) fn new(feed: &Feed, most: usize) -> Self {
        Self {
            feed: feed.clone(),
            values: Cache::new(most),
            changes: Mutex::default(),
        }
    }
}

impl<K: Eq + Hash + Clone, V: Clone, W: Weighter<K, V> + Clone> Remembered<K, V, W> {
    /// One whose values differ so much in weight that any of them may take most of the room.
    pub(crate) fn weighed(feed: &Feed, usual: usize, most_weight: u64, weighter: W) -> Self {
        let options = OptionsBuilder::new()
            .estimated_items_capacity(usual)
            .weight_capacity(most_weight)
            // A shard would hold its share only.
            .shards(1)
            .build()
            .expect("both capacities are given");
        Self {
            feed: feed.clone(),
            values: Cache::with_options(options, weighter, Default::default(), Default::default()),
            changes: Mutex::default(),
        }
    }

    /// What is remembered, if it may be believed.
    pub(crate) fn get<Q: Hash + Equivalent<K> + ?Sized>(&self, key: &Q) -> Option<V> {
        self.feed
            .is_current()
            .then(|| self.values.get(key))
            .flatten()
    }

    /// To be asked before something is looked up that is to be kept.
    pub(crate) fn since(&self) -> Since {
        Since(*self.changes())
    }

    pub(crate) fn keep(&self, since: Since, key: K, value: V) {
        let changes = self.changes();
        if *changes == since.0 {
            self.values.insert(key, value);
        }
    }

    pub(crate) fn forget<Q: Hash + Equivalent<K> + ?Sized>(&self, key: &Q) {
        *self.changes() += 1;
        self.values.remove(key);
    }

    pub(crate) fn forget_where(&self, is_meant: impl Fn(&V) -> bool) {
        *self.changes() += 1;
        self.values.retain(|_, value| !is_meant(value));
    }

    pub(crate) fn forget_all(&self) {
        *self.changes() += 1;
        self.values.clear();
    }

    fn changes(&self) -> MutexGuard<'_, u64> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells a listener of each change for as long as it lives.
pub(crate) fn heard_by<T: Send + Sync + 'static>(
    feed: &Feed,
    listener: &Arc<T>,
    hear: impl Fn(&T, &Change) + Send + Sync + 'static,
) {
    let listener = Arc::downgrade(listener);
    feed.on_change(move |change| {
        if let Some(listener) = listener.upgrade() {
            hear(&listener, change);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_up_across_a_change_is_not_kept() {
        let remembered: Remembered<&str, u8> = Remembered::new(&Feed::default(), 10);
        let since = remembered.since();
        remembered.forget("b");
        remembered.keep(since, "a", 1);
        assert_eq!(remembered.get("a"), None);
        let since = remembered.since();
        remembered.keep(since, "a", 1);
        remembered.keep(since, "b", 2);
        assert_eq!(remembered.get("a"), Some(1));
        remembered.forget_where(|value| *value == 1);
        assert_eq!((remembered.get("a"), remembered.get("b")), (None, Some(2)));
        remembered.forget_all();
        assert_eq!(remembered.get("b"), None);
    }
}

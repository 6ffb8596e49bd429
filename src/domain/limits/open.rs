//! How much of something each may have open at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{Error, Result};

/// How many of a thing each of those that are counted has open.
#[derive(Debug)]
pub struct Counter {
    most: u32,
    open: Mutex<HashMap<String, u32>>,
}

/// One of them; it leaves with this.
#[derive(Debug)]
pub struct Open {
    counter: Arc<Counter>,
    whose: String,
}

impl Counter {
    #[must_use]
    pub fn new(most: u32) -> Self {
        Self {
            most,
            open: Mutex::default(),
        }
    }

    /// # Errors
    /// [`Error::Throttled`] where they have as many as they may.
    pub fn open(self: &Arc<Self>, whose: String) -> Result<Open> {
        let mut all = self.all();
        let open = all.entry(whose.clone()).or_default();
        if *open >= self.most {
            return Err(Error::Throttled {
                retry_after_seconds: 5,
            });
        }
        *open += 1;
        Ok(Open {
            counter: self.clone(),
            whose,
        })
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, u32>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut all = self.counter.all();
        if let Some(open) = all.get_mut(&self.whose) {
            *open -= 1;
            if *open == 0 {
                all.remove(&self.whose);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_counted_for_each_and_leaves_nothing_behind() {
        let counter = Arc::new(Counter::new(2));
        let open = |whose: &str| counter.open(whose.to_owned());
        let first = open("ada").unwrap();
        let second = open("ada").unwrap();
        assert!(open("ada").is_err());
        drop(open("bob").unwrap());
        drop(first);
        let third = open("ada").unwrap();
        drop((second, third));
        assert!(counter.all().is_empty());
    }
}

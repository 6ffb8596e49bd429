//! How often a connection may ask, and how much of it may be open at once. In memory: each replica
//! counts for itself.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{
    Error, Result,
    clock::Timestamp,
    grants::Bearer,
    ids::{GrantId, IntegrationId},
    limits::{Limiter, Quota},
};

/// Requests of one person, or of one connection that nobody approved: a model at work.
const PERSON: Quota = Quota::new(200, 20);
/// Requests of one integration, whoever makes them: a team at work.
const INTEGRATION: Quota = Quota::new(1_000, 2);
/// Calls that one connection may have running. They may take minutes, and what asks is a model.
const RUNNING_CALLS: u32 = 100;
/// Streams of changes that one connection may hold open. A client has one.
const OPEN_STREAMS: u32 = 32;

pub struct Limits {
    on: bool,
    people: Limiter<String>,
    integrations: Limiter<IntegrationId>,
    calls: Arc<Counter>,
    streams: Arc<Counter>,
}

impl Limits {
    pub fn new(on: bool) -> Self {
        Self {
            on,
            people: Limiter::new(PERSON),
            integrations: Limiter::new(INTEGRATION),
            calls: Arc::new(Counter::new(RUNNING_CALLS)),
            streams: Arc::new(Counter::new(OPEN_STREAMS)),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// [`Error::Throttled`].
    pub fn take(&self, bearer: &Bearer, now: Timestamp) -> Result<()> {
        if !self.on {
            return Ok(());
        }
        let person = bearer
            .user_id()
            .map_or(bearer.grant_id().as_str(), |user| user.as_str());
        let person = format!("{} {person}", bearer.integration().id);
        self.people.take(&person, now)?;
        self.integrations.take(&bearer.integration().id, now)
    }

    /// Counts a call for as long as what is given back lives.
    ///
    /// # Errors
    /// [`Error::Throttled`].
    pub fn call(&self, bearer: &Bearer) -> Result<Option<Open>> {
        self.open(&self.calls, bearer)
    }

    /// Counts a stream for as long as what is given back lives.
    ///
    /// # Errors
    /// [`Error::Throttled`].
    pub fn stream(&self, bearer: &Bearer) -> Result<Option<Open>> {
        self.open(&self.streams, bearer)
    }

    fn open(&self, counter: &Arc<Counter>, bearer: &Bearer) -> Result<Option<Open>> {
        let open = || counter.open(bearer.grant_id());
        self.on.then(open).transpose()
    }
}

/// How many of a thing each connection has open.
struct Counter {
    most: u32,
    open: Mutex<HashMap<GrantId, u32>>,
}

/// One of them; it leaves with this.
pub struct Open {
    counter: Arc<Counter>,
    grant: GrantId,
}

impl Counter {
    fn new(most: u32) -> Self {
        Self {
            most,
            open: Mutex::default(),
        }
    }

    fn open(self: &Arc<Self>, grant: &GrantId) -> Result<Open> {
        let mut all = self.all();
        let open = all.entry(grant.clone()).or_default();
        if *open >= self.most {
            return Err(Error::Throttled {
                retry_after_seconds: 5,
            });
        }
        *open += 1;
        Ok(Open {
            counter: self.clone(),
            grant: grant.clone(),
        })
    }

    fn all(&self) -> MutexGuard<'_, HashMap<GrantId, u32>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut all = self.counter.all();
        if let Some(open) = all.get_mut(&self.grant) {
            *open -= 1;
            if *open == 0 {
                all.remove(&self.grant);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_counted_for_each_connection_and_leaves_nothing_behind() {
        let counter = Arc::new(Counter::new(2));
        let (ada, bob) = (GrantId::from("grt_a"), GrantId::from("grt_b"));
        let first = counter.open(&ada).unwrap();
        let second = counter.open(&ada).unwrap();
        assert!(counter.open(&ada).is_err());
        drop(counter.open(&bob).unwrap());
        drop(first);
        let third = counter.open(&ada).unwrap();
        drop((second, third));
        assert!(counter.all().is_empty());
    }
}

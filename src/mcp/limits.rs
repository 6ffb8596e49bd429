//! How often a connection may ask, and how much of it may be open at once. In memory: each replica
//! counts for itself.

use std::sync::Arc;

pub use domain::limits::Open;
use domain::{
    Result,
    clock::Timestamp,
    grants::Bearer,
    ids::IntegrationId,
    limits::{Counter, Limiter, Quota},
};

/// Requests of one person, or of one connection that nobody approved: a model at work.
const PERSON: Quota = Quota::new(200, 20);
/// Requests of one integration, whoever makes them: a team at work.
const INTEGRATION: Quota = Quota::new(1_000, 2);
/// Calls that one person, or one connection that nobody approved, may have running. They may take
/// minutes, and what asks is a model.
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
        self.people.take(&person(bearer), now)?;
        self.integrations.take(&bearer.integration().id, now)
    }

    /// Counts a call for as long as what is given back lives.
    ///
    /// # Errors
    /// [`Error::Throttled`].
    pub fn call(&self, bearer: &Bearer) -> Result<Option<Open>> {
        self.on.then(|| self.calls.open(person(bearer))).transpose()
    }

    /// Counts a stream for as long as what is given back lives.
    ///
    /// # Errors
    /// [`Error::Throttled`].
    pub fn stream(&self, bearer: &Bearer) -> Result<Option<Open>> {
        let open = || self.streams.open(bearer.grant_id().to_string());
        self.on.then(open).transpose()
    }
}

/// Who is counted as one, at one integration.
fn person(bearer: &Bearer) -> String {
    let person = bearer
        .user_id()
        .map_or(bearer.grant_id().as_str(), |user| user.as_str());
    format!("{} {person}", bearer.integration().id)
}

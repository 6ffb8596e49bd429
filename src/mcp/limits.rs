//! How often a connection may ask. In memory: each replica counts for itself.

use domain::{
    Result,
    clock::Timestamp,
    grants::Bearer,
    ids::IntegrationId,
    limits::{Limiter, Quota},
};

/// Requests of one person, or of one connection that nobody approved: a model at work.
const PERSON: Quota = Quota::new(200, 20);
/// Requests of one integration, whoever makes them: a team at work.
const INTEGRATION: Quota = Quota::new(1_000, 2);

pub struct Limits {
    on: bool,
    people: Limiter<String>,
    integrations: Limiter<IntegrationId>,
}

impl Limits {
    pub fn new(on: bool) -> Self {
        Self {
            on,
            people: Limiter::new(PERSON),
            integrations: Limiter::new(INTEGRATION),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// [`Error::Throttled`](domain::Error::Throttled).
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
}

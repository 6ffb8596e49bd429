//! What happened on the way to a connection, for people to read.

mod cause;
mod damper;
mod event;
mod store;

use std::sync::Arc;

pub use cause::Cause;
pub use event::{Event, EventKind, NewEvent, Trail, Visit, attempt_of};

use crate::{
    Core, Result,
    clock::Timestamp,
    db::DbError,
    ids::{EventId, IntegrationId, UserId},
    integrations::Integrations,
    members::{Access, Viewer},
};
use damper::Damper;

/// Takes out of a person's rows where they were.
pub(crate) async fn forget_person(core: &Core, user: &UserId) -> Result<()> {
    Ok(store::forget_person(&core.db, user).await?)
}

/// The newest refusals of an integration, `most` of each of these causes, newest first.
pub(crate) async fn newest_refused(
    core: &Core,
    integration: &IntegrationId,
    causes: &[Cause],
    most: i64,
) -> Result<Vec<Event>> {
    store::newest_refused(&core.db, integration, causes, most).await
}

/// The newest steps of an integration that went well, `most` of each of these kinds, newest first.
pub(crate) async fn newest_passed(
    core: &Core,
    integration: &IntegrationId,
    kinds: &[EventKind],
    most: i64,
) -> Result<Vec<Event>> {
    store::newest_passed(&core.db, integration, kinds, most).await
}

/// The newest steps of one attempt to connect to an integration, newest first.
pub(crate) async fn of_attempt(
    core: &Core,
    integration: &IntegrationId,
    attempt: &str,
    most: i64,
) -> Result<Vec<Event>> {
    store::of_attempt(&core.db, integration, attempt, most).await
}

/// When anybody last fetched a metadata document in a time, both ends included.
pub(crate) async fn last_discovery(
    core: &Core,
    since: Timestamp,
    until: Timestamp,
) -> Result<Option<Timestamp>> {
    Ok(store::last_discovery(&core.db, since, until).await?)
}

/// The room's service.
#[derive(Clone)]
pub struct Events {
    core: Core,
    damper: Arc<Damper>,
}

impl Events {
    pub(crate) fn new(core: Core) -> Self {
        Self {
            core,
            damper: Arc::default(),
        }
    }

    /// Stores what happened. What belongs to no integration can be sent by anyone, so of it only
    /// some rows a minute are stored, each with how often it happened. A failure is logged and
    /// fails nothing: the step itself happened.
    pub async fn record(&self, visit: &Visit, new: NewEvent) {
        let event = self.event(visit, new);
        let stored = if event.trail.integration_id.is_some() {
            Some(event)
        } else {
            self.damper.pass(event)
        };
        if let Some(event) = stored {
            self.store(&event).await;
        }
    }

    /// Stores what the damper counted since; called now and then.
    pub async fn settle(&self) {
        for event in self.damper.settled(self.core.now()) {
            self.store(&event).await;
        }
    }

    async fn store(&self, event: &Event) {
        if let Err(error) = self
            .core
            .db
            .insert_in_log(std::slice::from_ref(event))
            .await
        {
            tracing::error!(%error, kind = event.kind.as_str(), "an event could not be stored");
        }
    }

    fn event(&self, visit: &Visit, new: NewEvent) -> Event {
        Event {
            id: EventId::new(&*self.core.clock, &*self.core.random),
            at: self.core.now(),
            kind: new.kind,
            cause: new.cause,
            trail: new.trail,
            visit: visit.clone(),
            detail: new.detail.map(|text| event::readable(&text, 500)),
            count: 1,
        }
    }

    /// The newest events of an integration, newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) where the project has no such integration.
    pub async fn of_integration(
        &self,
        access: &Access<Viewer>,
        integration: &IntegrationId,
        most: i64,
    ) -> Result<Vec<Event>> {
        Integrations::new(self.core.clone())
            .get(access, integration)
            .await?;
        store::of_integration(&self.core.db, integration, most).await
    }

    /// The newest events that belong to no integration, such as discovery.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn of_strangers(&self, most: i64) -> Result<Vec<Event>> {
        store::of_strangers(&self.core.db, most).await
    }

    /// Deletes a batch of what is older than it is kept. Tells how many rows went.
    pub(crate) async fn expire(&self, now: Timestamp, batch: i64) -> Result<u64, DbError> {
        store::expire(&self.core.db, now, batch).await
    }
}

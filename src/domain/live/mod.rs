//! What somebody who has a page of a project open hears of: that what it shows is not so any more. The page
//! is then asked for again, with all that a request passes through, so that nothing is told here but that.

mod store;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep_until},
};

use crate::{
    Core, Error, Result,
    changes::{Change, ChangeKind},
    ids::{CallId, EventId, IntegrationId},
    limits::{Counter, Open},
    members::{Access, Viewer},
};

/// Between looks at what is no change of authority and so in no feed: calls, and steps of connections.
/// Also the least time between two news, however much happens.
const LOOK: Duration = Duration::from_secs(1);

/// Pages that one person may have open on one process, in all of their browsers.
const MOST_PAGES: u32 = 32;

/// The room's service.
#[derive(Clone)]
pub struct Live {
    core: Core,
    open: Arc<Counter>,
}

/// What a page shows beside what a project consists of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    pub calls: bool,
    /// The steps by which clients connect to it.
    pub integration: Option<IntegrationId>,
}

/// What is new since a moment, by the last row of each log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Newest {
    call: Option<CallId>,
    event: Option<EventId>,
}

impl Live {
    pub(crate) fn new(core: Core) -> Self {
        Self {
            core,
            open: Arc::new(Counter::new(MOST_PAGES)),
        }
    }

    /// Begins to watch a project, from now on.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an integration that is not the project's; [`Error::Throttled`] for who has
    /// very many pages open.
    pub async fn watch(&self, access: &Access<Viewer>, shown: Shown) -> Result<Watch> {
        if let Some(id) = &shown.integration {
            let of = store::project_of_integration(&self.core.db, id.as_str()).await?;
            if of.as_ref() != Some(access.project_id()) {
                return Err(Error::NotFound("integration"));
            }
        }
        let open = self.open.open(access.user_id().to_string())?;
        // Before it is looked at: what changes in between is not missed.
        let changes = self.core.db.feed().stream();
        let mut watch = Watch {
            core: self.core.clone(),
            access: access.clone(),
            shown,
            changes,
            newest: Newest::default(),
            told_at: Instant::now(),
            look_at: Instant::now() + LOOK,
            heard: None,
            is_due: false,
            _open: open,
        };
        watch.newest = watch.look().await?;
        Ok(watch)
    }
}

/// A project that is watched.
pub struct Watch {
    core: Core,
    access: Access<Viewer>,
    shown: Shown,
    changes: Receiver<Change>,
    newest: Newest,
    told_at: Instant,
    look_at: Instant,
    /// Heard of, and not known yet whether it is of this project.
    heard: Option<Change>,
    /// Something is new that was not told yet.
    is_due: bool,
    _open: Open,
}

impl Watch {
    /// Returns when something is new, at most once a second. Dropped before, it misses nothing: the next
    /// tells it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn changed(&mut self) -> Result<()> {
        if !self.is_due {
            self.something_new().await?;
            self.is_due = true;
        }
        sleep_until(self.told_at + LOOK).await;
        // All of it up to now is told by this.
        self.changes = self.changes.resubscribe();
        self.newest = self.look().await?;
        self.told_at = Instant::now();
        self.is_due = false;
        Ok(())
    }

    async fn something_new(&mut self) -> Result<()> {
        loop {
            if let Some(change) = &self.heard {
                let is_ours = self.concerns(change).await?;
                self.heard = None;
                if is_ours {
                    return Ok(());
                }
            }
            tokio::select! {
                change = self.changes.recv() => match change {
                    Ok(change) => self.heard = Some(change),
                    Err(RecvError::Lagged(_)) => return Ok(()),
                    // The program ends; whoever asked hears so from it.
                    Err(RecvError::Closed) => std::future::pending().await,
                },
                () = sleep_until(self.look_at), if self.shown != Shown::default() => {
                    let newest = self.look().await?;
                    self.look_at = Instant::now() + LOOK;
                    if newest != self.newest {
                        return Ok(());
                    }
                }
            }
        }
    }

    async fn look(&self) -> Result<Newest> {
        let call = match self.shown.calls {
            true => store::newest_call(&self.core.db, self.access.project_id()).await?,
            false => None,
        };
        let event = match &self.shown.integration {
            Some(id) => store::newest_event(&self.core.db, id).await?,
            None => None,
        };
        Ok(Newest { call, event })
    }

    /// Whether a change is one of this project, or may be.
    async fn concerns(&self, change: &Change) -> Result<bool> {
        let Change::Of(kind, subject) = change else {
            return Ok(true);
        };
        let project = self.access.project_id();
        Ok(match kind {
            ChangeKind::Project | ChangeKind::Tools => **subject == *project.as_str(),
            ChangeKind::Integration => {
                let of = store::project_of_integration(&self.core.db, subject).await?;
                // Of one that is gone nobody knows.
                of.is_none_or(|of| of == *project)
            }
            ChangeKind::Grant => {
                let of = store::project_of_grant(&self.core.db, subject).await?;
                of.is_none_or(|of| of == *project)
            }
            // Of people it says who and not where; they are few.
            ChangeKind::Member => true,
            ChangeKind::Account => **subject == *self.access.user_id().as_str(),
            ChangeKind::ApiKey
            | ChangeKind::Client
            | ChangeKind::MasterKey
            | ChangeKind::Provider
            | ChangeKind::Session
            | ChangeKind::Setting
            | ChangeKind::SigningKey => false,
        })
    }
}

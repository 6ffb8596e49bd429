//! What somebody who has a page of a project open hears of: that what it shows is not so any more. The page
//! is then asked for again, with all that a request passes through, so that nothing is told here but that.
//!
//! Pages that show the same share one look at the database (`watcher.rs`).

mod cursor;
mod store;
mod watcher;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{
        broadcast::{self, error::RecvError},
        watch,
    },
    time::{Instant, sleep_until},
};

use crate::{
    Core, Error, Result,
    changes::{Change, ChangeKind},
    ids::{IntegrationId, ProjectId, UserId},
    limits::{Counter, Open},
    members::{Access, Viewer},
};
pub use cursor::Cursor;
use cursor::Newest;

/// The least time between two news, however much happens.
const PAUSE: Duration = Duration::from_secs(1);

/// Pages that one person may have open on one process, in all of their browsers.
const MOST_PAGES: u32 = 32;

/// What a page shows beside what a project consists of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Shown {
    pub calls: bool,
    /// The steps by which clients connect to it, and what they do first.
    pub integration: Option<IntegrationId>,
}

/// What pages are about that hear of the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Place {
    project: ProjectId,
    shown: Shown,
}

/// The watchers of this process, by what they watch. Each goes when nobody listens to it any more.
type Watchers = Arc<Mutex<HashMap<Place, watch::Sender<()>>>>;

/// The room's service.
#[derive(Clone)]
pub struct Live {
    core: Core,
    open: Arc<Counter>,
    watchers: Watchers,
}

impl Live {
    pub(crate) fn new(core: Core) -> Self {
        Self {
            core,
            open: Arc::new(Counter::new(MOST_PAGES)),
            watchers: Watchers::default(),
        }
    }

    /// Where a page is that begins to be made now, for [`Live::watch`].
    ///
    /// # Errors
    /// [`Error::NotFound`] for an integration that is not the project's.
    pub async fn cursor(&self, access: &Access<Viewer>, shown: Shown) -> Result<Cursor> {
        let place = self.place(access, shown).await?;
        Cursor::now(&self.core.db, &place).await
    }

    /// Begins to watch a project, from `since` on; from now on where that is not given.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an integration that is not the project's; [`Error::Throttled`] for who has
    /// very many pages open.
    pub async fn watch(
        &self,
        access: &Access<Viewer>,
        shown: Shown,
        since: Option<&Cursor>,
    ) -> Result<Watch> {
        let place = self.place(access, shown).await?;
        let open = self.open.open(access.user_id().to_string())?;
        // Before it is looked at: what changes in between is not missed.
        let own = self.core.db.feed().stream();
        let news = self.listen(&place).await?;
        let is_due = match since {
            Some(since) => since.is_past(&self.core.db, &place).await?,
            None => false,
        };
        let now = Instant::now();
        Ok(Watch {
            person: access.user_id().clone(),
            news,
            own,
            // What was missed is told at once.
            told_at: now.checked_sub(PAUSE).filter(|_| is_due).unwrap_or(now),
            is_due,
            _open: open,
        })
    }

    /// The news of what a place is about, by the watcher that is there or by a new one.
    async fn listen(&self, place: &Place) -> Result<watch::Receiver<()>> {
        let known = |watchers: &HashMap<Place, watch::Sender<()>>| {
            watchers.get(place).map(watch::Sender::subscribe)
        };
        if let Some(news) = known(&self.lock()) {
            return Ok(news);
        }
        let mut watcher = watcher::Watcher::new(self.core.clone(), place.clone()).await?;
        let mut watchers = self.lock();
        if let Some(news) = known(&watchers) {
            return Ok(news);
        }
        let (sender, news) = watch::channel(());
        watchers.insert(place.clone(), sender.clone());
        drop(watchers);
        let (watchers, place) = (self.watchers.clone(), place.clone());
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    seen = watcher.something_new() => match seen {
                        Ok(()) => _ = sender.send(()),
                        Err(error) => {
                            tracing::warn!(%error, "a page that listens cannot be told");
                            // Who listens hears that it is over, and asks anew.
                            lock(&watchers).remove(&place);
                            return;
                        }
                    },
                    () = sender.closed() => {
                        let mut watchers = lock(&watchers);
                        // Nobody comes while this is held.
                        if sender.receiver_count() == 0 {
                            watchers.remove(&place);
                            return;
                        }
                        // Somebody came in between: what was just heard is not lost for them.
                        _ = sender.send(());
                    }
                }
            }
        });
        Ok(news)
    }

    async fn place(&self, access: &Access<Viewer>, shown: Shown) -> Result<Place> {
        if let Some(id) = &shown.integration {
            let of = store::project_of_integration(&self.core.db, id.as_str()).await?;
            if of.as_ref() != Some(access.project_id()) {
                return Err(Error::NotFound("integration"));
            }
        }
        Ok(Place {
            project: access.project_id().clone(),
            shown,
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Place, watch::Sender<()>>> {
        lock(&self.watchers)
    }
}

fn lock(watchers: &Watchers) -> std::sync::MutexGuard<'_, HashMap<Place, watch::Sender<()>>> {
    watchers.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A page that listens.
pub struct Watch {
    person: UserId,
    news: watch::Receiver<()>,
    /// For what concerns the person and no place.
    own: broadcast::Receiver<Change>,
    told_at: Instant,
    /// Something is new that was not told yet.
    is_due: bool,
    _open: Open,
}

impl Watch {
    /// Returns when something is new, at most once a second: true. False where nothing can be heard any more.
    /// Dropped before, it misses nothing: the next tells it.
    pub async fn changed(&mut self) -> bool {
        if !self.is_due {
            if !self.something_new().await {
                return false;
            }
            self.is_due = true;
        }
        sleep_until(self.told_at + PAUSE).await;
        // All of it up to now is told by this.
        self.news.mark_unchanged();
        self.own = self.own.resubscribe();
        self.told_at = Instant::now();
        self.is_due = false;
        true
    }

    async fn something_new(&mut self) -> bool {
        loop {
            tokio::select! {
                news = self.news.changed() => return news.is_ok(),
                change = self.own.recv() => match change {
                    Ok(Change::Of(ChangeKind::Account, who)) if *who == *self.person.as_str() => {
                        return true;
                    }
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    // The program ends; whoever asked hears so from it.
                    Err(RecvError::Closed) => std::future::pending().await,
                },
            }
        }
    }
}

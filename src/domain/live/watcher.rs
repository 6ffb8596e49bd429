//! One look at the database for all pages of this process that show the same.

use std::{collections::HashSet, time::Duration};

use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep_until},
};

use super::{Newest, Place, Shown, store};
use crate::{
    Core, Result,
    changes::{Change, ChangeKind},
    ids::UserId,
};

/// Between looks at what is no change of authority and so in no feed: calls, and steps of connections. Also
/// the least time between two news, however much happens.
const LOOK: Duration = Duration::from_secs(1);

pub(super) struct Watcher {
    core: Core,
    place: Place,
    changes: Receiver<Change>,
    newest: Newest,
    look_at: Instant,
    /// A change of people says who, and not where: who was a member is known here.
    members: HashSet<UserId>,
}

impl Watcher {
    /// Watches from now on.
    pub(super) async fn new(core: Core, place: Place) -> Result<Self> {
        // Before it is looked at: what changes in between is not missed.
        let changes = core.db.feed().stream();
        Ok(Self {
            changes,
            newest: Newest::of(&core.db, &place).await?,
            look_at: Instant::now() + LOOK,
            members: store::members(&core.db, &place.project).await?,
            core,
            place,
        })
    }

    /// Returns when something is new. Not to be dropped before, but for good.
    pub(super) async fn something_new(&mut self) -> Result<()> {
        loop {
            tokio::select! {
                change = self.changes.recv() => match change {
                    Ok(change) => if self.concerns(&change).await? {
                        return Ok(());
                    },
                    Err(RecvError::Lagged(_)) => return Ok(()),
                    // The program ends; whoever asked hears so from it.
                    Err(RecvError::Closed) => std::future::pending().await,
                },
                () = sleep_until(self.look_at), if self.place.shown != Shown::default() => {
                    let newest = Newest::of(&self.core.db, &self.place).await?;
                    self.look_at = Instant::now() + LOOK;
                    if newest != self.newest {
                        self.newest = newest;
                        return Ok(());
                    }
                }
            }
        }
    }

    async fn concerns(&mut self, change: &Change) -> Result<bool> {
        if let Change::Of(ChangeKind::Member, who) = change {
            let before = self.members.contains(&UserId::from(&**who));
            self.members = store::members(&self.core.db, &self.place.project).await?;
            return Ok(before || self.members.contains(&UserId::from(&**who)));
        }
        store::concerns(&self.core.db, change, &self.place).await
    }
}

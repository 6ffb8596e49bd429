//! Commits rows of the call log together: while one commit runs, the rows that come meanwhile wait
//! for the next. At one call at a time each has a commit of its own, at many they share one.

use std::sync::{Arc, OnceLock};

use tokio::sync::{mpsc, oneshot};

use super::{Call, store};
use crate::{
    Core,
    db::{Db, DbError},
};

/// Rows of one commit.
const MOST_ROWS: usize = 256;

/// A row, and who waits for its commit.
struct Entry {
    call: Call,
    committed: Option<oneshot::Sender<Committed>>,
}

/// The one writer of the log's rows of calls.
pub(super) struct Recorder {
    core: Core,
    /// The task that writes begins with the first row: only then is a runtime there for sure.
    entries: OnceLock<mpsc::UnboundedSender<Entry>>,
}

impl Recorder {
    pub(super) const fn new(core: Core) -> Self {
        Self {
            core,
            entries: OnceLock::new(),
        }
    }

    /// Returns when the row is committed. It will be, even if this is dropped once it was polled.
    ///
    /// # Errors
    /// Where it cannot be.
    pub(super) async fn commit(&self, call: Call) -> Result<(), Arc<DbError>> {
        let (committed, done) = oneshot::channel();
        self.send(Entry {
            call,
            committed: Some(committed),
        });
        match done.await {
            Ok(committed) => committed,
            // The runtime is shutting down, and this future with it.
            Err(_) => std::future::pending().await,
        }
    }

    /// Commits the row without anybody waiting for it.
    pub(super) fn commit_later(&self, call: Call) {
        self.send(Entry {
            call,
            committed: None,
        });
    }

    fn send(&self, entry: Entry) {
        let entries = self.entries.get_or_init(|| {
            let (entries, coming) = mpsc::unbounded_channel();
            tokio::spawn(write(self.core.db.clone(), coming));
            entries
        });
        // It fails only when the runtime shuts down.
        let _ = entries.send(entry);
    }
}

async fn write(db: Db, mut coming: mpsc::UnboundedReceiver<Entry>) {
    let mut entries = Vec::with_capacity(MOST_ROWS);
    while coming.recv_many(&mut entries, MOST_ROWS).await > 0 {
        let (calls, waiting): (Vec<_>, Vec<_>) = entries
            .drain(..)
            .map(|entry| (entry.call, entry.committed))
            .unzip();
        match store::insert(&db, &calls).await {
            Ok(()) => tell(waiting, &Ok(())),
            // It may be one row's fault, and the others are not to pay for it.
            Err(_) if calls.len() > 1 => {
                for (call, waiting) in calls.iter().zip(waiting) {
                    let one = std::slice::from_ref(call);
                    tell([waiting], &logged(store::insert(&db, one).await));
                }
            }
            Err(error) => tell(waiting, &logged(Err(error))),
        }
    }
}

type Committed = Result<(), Arc<DbError>>;

fn logged(written: Result<(), DbError>) -> Committed {
    written.map_err(|error| {
        tracing::error!(%error, "a call could not be logged");
        Arc::new(error)
    })
}

fn tell(
    waiting: impl IntoIterator<Item = Option<oneshot::Sender<Committed>>>,
    committed: &Committed,
) {
    for one in waiting.into_iter().flatten() {
        // Whoever waited may have gone away.
        let _ = one.send(committed.clone());
    }
}

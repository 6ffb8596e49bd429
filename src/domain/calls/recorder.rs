//! Commits rows of the call log together. One task writes at a time, and rows that come meanwhile
//! wait for its next commit. At one call at a time each has a commit of its own, at many they share
//! one.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use tokio::{runtime::Handle, sync::oneshot};

use super::Logged;
use crate::{
    Core,
    db::{Db, DbError},
};

/// Rows of one commit, so that the first does not wait long for the last.
const MOST_ROWS: usize = 64;

/// A row, and who waits for its commit.
struct Entry {
    row: Logged,
    committed: Option<oneshot::Sender<Committed>>,
}

type Committed = Result<(), Arc<DbError>>;

/// The one writer of the log's rows of calls.
pub(super) struct Recorder {
    core: Core,
    queue: Arc<Queue>,
    /// Of the first row: only then is there a runtime for sure, and a row may come from outside it.
    runtime: OnceLock<Handle>,
}

/// Rows that wait, and whether somebody writes them.
#[derive(Default)]
struct Queue(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    entries: VecDeque<Entry>,
    has_writer: bool,
}

impl Recorder {
    pub(super) fn new(core: Core) -> Self {
        Self {
            core,
            queue: Arc::default(),
            runtime: OnceLock::new(),
        }
    }

    /// Returns when the row is committed. It will be, even if this is dropped once it was polled.
    ///
    /// # Errors
    /// Where it cannot be.
    pub(super) async fn commit(&self, row: Logged) -> Committed {
        let (committed, done) = oneshot::channel();
        self.add(Entry {
            row,
            committed: Some(committed),
        });
        // The writer ends before its answer only where the program does, or it broke.
        let gone = || Err(Arc::new(sqlx::Error::WorkerCrashed.into()));
        done.await.unwrap_or_else(|_| gone())
    }

    /// Commits the row without anybody waiting for it.
    pub(super) fn commit_later(&self, row: Logged) {
        self.add(Entry {
            row,
            committed: None,
        });
    }

    /// Returns when no row waits.
    pub(super) async fn is_idle(&self) {
        // Once, when the program stops.
        while self.queue.waiting().has_writer {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn add(&self, entry: Entry) {
        if self.queue.add(entry) {
            let writer = Writer {
                queue: self.queue.clone(),
                is_done: false,
            };
            self.runtime
                .get_or_init(Handle::current)
                .spawn(writer.write(self.core.db.clone()));
        }
    }
}

impl Queue {
    /// Whether there has to be a writer now.
    fn add(&self, entry: Entry) -> bool {
        let mut waiting = self.waiting();
        waiting.entries.push_back(entry);
        !std::mem::replace(&mut waiting.has_writer, true)
    }

    /// The next rows to commit together; none where the writer is done.
    fn take(&self) -> Vec<Entry> {
        let mut waiting = self.waiting();
        let rows = waiting.entries.len().min(MOST_ROWS);
        waiting.has_writer = rows > 0;
        waiting.entries.drain(..rows).collect()
    }

    /// The writer broke, or the program ends: whoever waits is told, and the next row gets another.
    fn give_up(&self) {
        let mut waiting = self.waiting();
        waiting.has_writer = false;
        let rows = waiting.entries.len();
        waiting.entries.clear();
        if rows > 0 {
            tracing::error!(rows, "calls were not logged");
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Whole after every step, so that a panic in between leaves nothing half-done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes until no row waits.
struct Writer {
    queue: Arc<Queue>,
    is_done: bool,
}

impl Writer {
    async fn write(mut self, db: Db) {
        loop {
            // Calls that are about to end do so first, and share the commit.
            tokio::task::yield_now().await;
            let entries = self.queue.take();
            if entries.is_empty() {
                self.is_done = true;
                return;
            }
            let (rows, waiting): (Vec<_>, Vec<_>) = entries
                .into_iter()
                .map(|entry| (entry.row, entry.committed))
                .unzip();
            let committed = commit(&db, &rows).await;
            for (one, committed) in waiting.into_iter().zip(committed) {
                // Whoever waited may have gone away.
                let _ = one.map(|one| one.send(committed));
            }
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.is_done {
            self.queue.give_up();
        }
    }
}

/// What became of each row.
async fn commit(db: &Db, rows: &[Logged]) -> Vec<Committed> {
    let together = db.insert_in_log(rows).await;
    if rows.len() == 1 || !together.as_ref().is_err_and(DbError::is_of_one_row) {
        return vec![logged(together); rows.len()];
    }
    // The others are not to pay for it.
    let mut committed = Vec::with_capacity(rows.len());
    for row in rows {
        let alone = db.insert_in_log(std::slice::from_ref(row)).await;
        committed.push(logged(alone));
    }
    committed
}

fn logged(written: Result<(), DbError>) -> Committed {
    written.map_err(|error| {
        tracing::error!(%error, "a call could not be logged");
        Arc::new(error)
    })
}

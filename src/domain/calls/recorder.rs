//! Commits rows of the call log together: while one commit runs, the rows that come meanwhile wait
//! for the next. At one call at a time each has a commit of its own, at many they share one.

use std::{
    sync::{Arc, OnceLock, mpsc},
    thread,
    time::Duration,
};

use tokio::{runtime::Handle, sync::oneshot};

use super::{
    Call,
    store::{self, MOST_ROWS},
};
use crate::{
    Core,
    db::{Db, DbError},
};

/// How long rows are gathered while they come close together. What a commit costs is the way to the
/// database and back, and hardly depends on its rows. The system adds some 50 µs to it.
const GATHERING: Duration = Duration::from_micros(40);
/// Rows after which SQLite's log is brought up to date.
const CHECKPOINT_ROWS: usize = 2_000;

/// A row, and who waits for its commit.
struct Entry {
    call: Call,
    committed: Option<oneshot::Sender<Committed>>,
}

type Committed = Result<(), Arc<DbError>>;

/// The one writer of the log's rows of calls.
pub(super) struct Recorder {
    core: Core,
    /// The thread that writes begins with the first row: only then is a runtime there for sure.
    entries: OnceLock<mpsc::Sender<Entry>>,
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
    pub(super) async fn commit(&self, call: Call) -> Committed {
        let (committed, done) = oneshot::channel();
        self.send(Entry {
            call,
            committed: Some(committed),
        });
        // The thread ends before its answer only where the program does, or it broke.
        let gone = || Err(Arc::new(sqlx::Error::WorkerCrashed.into()));
        done.await.unwrap_or_else(|_| gone())
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
            let (entries, coming) = mpsc::channel();
            let (db, runtime) = (self.core.db.clone(), Handle::current());
            // A thread, because a task can wait for no less than a millisecond.
            thread::Builder::new()
                .name("call-log".to_owned())
                .spawn(move || write(&db, &runtime, &coming))
                .expect("the system has room for a thread");
            entries
        });
        // It fails only when the program stops.
        let _ = entries.send(entry);
    }
}

/// Writes until nobody can send any more.
fn write(db: &Db, runtime: &Handle, coming: &mpsc::Receiver<Entry>) {
    let mut rows_before = 0;
    let mut since_checkpoint = 0;
    while let Ok(first) = coming.recv() {
        if rows_before > 1 {
            thread::sleep(GATHERING);
        }
        let rest = coming.try_iter().take(MOST_ROWS - 1);
        let (calls, waiting): (Vec<_>, Vec<_>) = std::iter::once(first)
            .chain(rest)
            .map(|entry| (entry.call, entry.committed))
            .unzip();
        let committed = runtime.block_on(commit(db, &calls));
        rows_before = calls.len();
        if waiting.len() > 1 {
            // Woken from inside the runtime: each from here would be a wake of a thread of it.
            runtime.spawn(async move { tell(waiting, committed) });
        } else {
            tell(waiting, committed);
        }
        since_checkpoint += calls.len();
        if since_checkpoint >= CHECKPOINT_ROWS {
            since_checkpoint = 0;
            let db = db.clone();
            // Beside the next commits, which do not wait for it.
            runtime.spawn(async move { db.checkpoint_log().await });
        }
    }
}

/// What became of each row.
async fn commit(db: &Db, calls: &[Call]) -> Vec<Committed> {
    let together = store::insert(db, calls).await;
    if together.is_ok() || calls.len() == 1 {
        return vec![logged(together); calls.len()];
    }
    // It may be one row's fault, and the others are not to pay for it.
    let mut committed = Vec::with_capacity(calls.len());
    for call in calls {
        let alone = store::insert(db, std::slice::from_ref(call)).await;
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

fn tell(waiting: Vec<Option<oneshot::Sender<Committed>>>, committed: Vec<Committed>) {
    for (one, committed) in waiting.into_iter().zip(committed) {
        // Whoever waited may have gone away.
        let _ = one.map(|one| one.send(committed));
    }
}

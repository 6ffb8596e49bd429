//! SQLite's file of the log, written on the thread at hand: a commit there takes some 15 µs, as it
//! waits for no disk. The way to sqlx's own thread and back takes several times that.

use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, TryLockError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use rusqlite::{
    Connection, Error, ErrorCode, OpenFlags, ToSql, TransactionBehavior, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};

use super::{LogRow, Value, insert_sql};
use crate::db::DbError;

/// How long somebody else may be writing: the command line, or what deletes old rows.
const PATIENCE: Duration = Duration::from_secs(10);
/// Commits after which the journal should be moved into the file.
const CHECKPOINT_COMMITS: u32 = 2_000;

/// Bytes to which the journal is cut where it has grown.
const MOST_JOURNAL: i64 = 64 * 1024 * 1024;

/// The one connection that adds rows, and one beside it for checkpoints.
#[derive(Debug, Clone)]
pub(crate) struct LogFile {
    rows: Arc<Mutex<Rows>>,
    checkpoints: Arc<Mutex<Connection>>,
    commits: Arc<AtomicU32>,
}

#[derive(Debug)]
struct Rows {
    connection: Connection,
    /// The statement of each table, which is asked for at each call.
    statements: HashMap<&'static str, String>,
}

impl LogFile {
    /// Opens a file that exists.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub(in crate::db) fn open(path: &Path) -> Result<Self, DbError> {
        Ok(Self {
            rows: Arc::new(Mutex::new(Rows {
                connection: open(path)?,
                statements: HashMap::new(),
            })),
            checkpoints: Arc::new(Mutex::new(open(path)?)),
            commits: Arc::default(),
        })
    }

    /// Commits rows together: all of them or none. Where somebody else is writing, they wait on a
    /// thread that may wait.
    ///
    /// # Errors
    /// Where they cannot be committed.
    pub(super) async fn insert<R: LogRow>(&self, rows: &[R]) -> Result<(), DbError> {
        if let Some(inserted) = self.insert_at_once(rows) {
            return Ok(inserted?);
        }
        let (log, rows) = (self.rows.clone(), rows.to_vec());
        let waiting = move || locked(&log).insert(PATIENCE, &rows);
        match tokio::task::spawn_blocking(waiting).await {
            Ok(inserted) => Ok(inserted?),
            Err(_) => Err(sqlx::Error::WorkerCrashed.into()),
        }
    }

    /// `None` where somebody else is writing.
    fn insert_at_once<R: LogRow>(&self, rows: &[R]) -> Option<Result<(), Error>> {
        let mut log = match self.rows.try_lock() {
            Ok(log) => log,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        match log.insert(Duration::ZERO, rows) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => None,
            inserted => Some(inserted),
        }
    }

    /// Moves what was committed from the journal into the file: most of it beside the commits, and then
    /// what came meanwhile while they wait. Only where all of it was moved the journal begins anew.
    pub(super) async fn checkpoint(&self) -> Result<(), DbError> {
        let log = self.clone();
        let moving = move || {
            // One is enough.
            let Ok(beside) = log.checkpoints.try_lock() else {
                return Ok(());
            };
            checkpoint(&beside)?;
            checkpoint(&locked(&log.rows).connection)
        };
        match tokio::task::spawn_blocking(moving).await {
            Ok(moved) => Ok(moved?),
            Err(_) => Err(sqlx::Error::WorkerCrashed.into()),
        }
    }

    /// Asked once after each commit.
    pub(super) fn is_checkpoint_due(&self) -> bool {
        let before = self.commits.fetch_add(1, Ordering::Relaxed);
        before % CHECKPOINT_COMMITS == CHECKPOINT_COMMITS - 1
    }
}

fn open(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "journal_size_limit", MOST_JOURNAL)?;
    Ok(connection)
}

fn locked(rows: &Mutex<Rows>) -> MutexGuard<'_, Rows> {
    // What a panic left half-done was rolled back.
    rows.lock().unwrap_or_else(PoisonError::into_inner)
}

fn checkpoint(connection: &Connection) -> Result<(), Error> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

impl Rows {
    fn insert<R: LogRow>(&mut self, patience: Duration, rows: &[R]) -> Result<(), Error> {
        self.connection.busy_timeout(patience)?;
        let behavior = TransactionBehavior::Immediate;
        let transaction = self.connection.transaction_with_behavior(behavior)?;
        {
            let sql = self
                .statements
                .entry(R::TABLE)
                .or_insert_with(|| insert_sql::<R>(1));
            let mut statement = transaction.prepare_cached(sql)?;
            for row in rows {
                statement.execute(params_from_iter(row.values()))?;
            }
            for beside in R::beside(rows) {
                let sql = self
                    .statements
                    .entry(beside.table)
                    .or_insert_with(|| beside.insert_sql());
                let mut statement = transaction.prepare_cached(sql)?;
                for row in &beside.rows {
                    statement.execute(params_from_iter(row))?;
                }
            }
        }
        transaction.commit()
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>, Error> {
        let value = match self {
            Self::Text(None) | Self::Integer(None) => ValueRef::Null,
            Self::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Self::Integer(Some(number)) => ValueRef::Integer(*number),
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

//! SQLite's transactions share commits. A commit waits for the disk, and there is one writer: were
//! each transaction to commit alone, all would queue for the disk. So a transaction that ends is
//! released into the one that is open, and acknowledged when that commits: as soon as those who
//! waited to write have had their turn.
//!
//! Each is a savepoint, so that one that is given up takes nothing of the others with it. Where
//! SQLite itself gave the open one up (a full disk), nobody in it is told of a success. A transaction
//! sees what those before it wrote, and others see it once it is committed: what is decided upon what
//! one saw is decided inside it.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
    time::Duration,
};

use sqlx::{Sqlite, SqliteConnection, SqlitePool, pool::PoolConnection};
use tokio::{
    runtime::Handle,
    sync::{Mutex, OwnedMutexGuard, oneshot},
    time::timeout,
};

use super::DbError;
use crate::changes::{Change, Feed};

/// How long a transaction waits for its turn.
const PATIENCE: Duration = Duration::from_secs(30);

// IMMEDIATE: a transaction that reads first must not find itself unable to write.
const BEGIN: &str = "BEGIN IMMEDIATE; SAVEPOINT one";
const JOIN: &str = "SAVEPOINT one";
const RELEASE: &str = "RELEASE one";
const GIVE_UP: &str = "ROLLBACK TO one; RELEASE one";
const COMMIT: &str = "COMMIT";

/// The one writer. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    /// Of one connection, through which sessions are written as well.
    pool: SqlitePool,
    turn: Arc<Mutex<Option<Group>>>,
    feed: Feed,
}

type Turn = OwnedMutexGuard<Option<Group>>;

/// A transaction that has its turn.
#[derive(Debug)]
pub(crate) struct SqliteTx {
    /// Some until it ends.
    turn: Option<Turn>,
    writer: Writer,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing is written: there is nothing to give up.
    Beginning,
    Open,
    /// Whatever becomes of who waits for it, the group's commit has it.
    Released,
}

/// Transactions that are committed together.
#[derive(Debug)]
struct Group {
    /// Some until it is committed.
    connection: Option<PoolConnection<Sqlite>>,
    released: Vec<Released>,
    /// Whether somebody is queueing to commit it.
    has_closer: bool,
    feed: Feed,
}

/// A transaction that is done but for the commit.
#[derive(Debug)]
struct Released {
    changes: Vec<Change>,
    committed: oneshot::Sender<Result<(), DbError>>,
}

impl Writer {
    pub(super) fn new(pool: SqlitePool, feed: Feed) -> Self {
        Self {
            pool,
            turn: Arc::default(),
            feed,
        }
    }

    /// # Errors
    /// Where its turn does not come in time, or the database fails.
    pub(super) async fn begin(&self) -> Result<SqliteTx, DbError> {
        let turn = timeout(PATIENCE, self.turn.clone().lock_owned()).await;
        let mut tx = SqliteTx {
            turn: Some(turn.map_err(|_| sqlx::Error::PoolTimedOut)?),
            writer: self.clone(),
            state: State::Beginning,
        };
        let turn = tx.turn.as_mut().expect("it was set above");
        let begin = if turn.is_some() { JOIN } else { BEGIN };
        let group = match &mut **turn {
            Some(group) => group,
            none => none.insert(Group {
                connection: Some(self.pool.acquire().await?),
                released: Vec::new(),
                has_closer: false,
                feed: self.feed.clone(),
            }),
        };
        group.run(begin).await?;
        tx.state = State::Open;
        Ok(tx)
    }

    /// Commits what is open, when those who wait for their turn now have had it.
    fn close_later(&self) {
        let writer = self.clone();
        tokio::spawn(async move {
            let open = writer.turn.lock().await.take();
            if let Some(group) = open {
                group.commit().await;
            }
        });
    }
}

impl SqliteTx {
    /// Returns when it is committed, and its changes are published.
    ///
    /// # Errors
    /// Where the commit fails; then nothing of it happened.
    pub(super) async fn commit(mut self, changes: Vec<Change>) -> Result<(), DbError> {
        let (committed, done) = oneshot::channel();
        let group = self.group();
        group.released.push(Released { changes, committed });
        self.state = State::Released;
        if let Err(error) = self.group().run(RELEASE).await {
            self.break_off();
            return Err(error);
        }
        drop(self);
        // Dropped where another one broke it.
        done.await.unwrap_or(Err(DbError::GivenUp))
    }

    fn group(&mut self) -> &mut Group {
        self.turn
            .as_deref_mut()
            .and_then(Option::as_mut)
            .expect(HELD)
    }

    /// Nobody knows what the database has of the group: whoever is in it is told of a failure.
    fn break_off(&mut self) {
        if let Some(mut turn) = self.turn.take() {
            *turn = None;
        }
    }
}

const HELD: &str = "a transaction has its turn, and the group is open, until it ends";

impl Deref for SqliteTx {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        let group = self.turn.as_deref().and_then(Option::as_ref);
        group
            .and_then(|group| group.connection.as_ref())
            .expect(HELD)
    }
}

impl DerefMut for SqliteTx {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.group().connection.as_mut().expect(HELD)
    }
}

impl Drop for SqliteTx {
    fn drop(&mut self) {
        let Some(mut turn) = self.turn.take() else {
            return;
        };
        let Some(group) = turn.as_mut() else {
            return;
        };
        let is_new = !std::mem::replace(&mut group.has_closer, true);
        match self.state {
            State::Beginning if is_new => *turn = None,
            State::Beginning => {}
            State::Released => {
                if is_new {
                    self.writer.close_later();
                }
            }
            State::Open => {
                let undone = Undone(Some(turn));
                // Without a runtime the program ends.
                if let Ok(runtime) = Handle::try_current() {
                    let writer = self.writer.clone();
                    runtime.spawn(async move {
                        if undone.give_up().await && is_new {
                            writer.close_later();
                        }
                    });
                }
            }
        }
    }
}

/// The turn of a transaction that is to be given up. Dropped before it was, it takes the group with
/// it: what nobody took back must not be committed.
struct Undone(Option<Turn>);

impl Undone {
    /// Whether the rest of its group is as if it had never been.
    async fn give_up(mut self) -> bool {
        let group = self.0.as_deref_mut().and_then(Option::as_mut);
        let is_undone = match group {
            Some(group) => group.run(GIVE_UP).await.is_ok(),
            None => false,
        };
        if is_undone {
            self.0 = None;
        }
        is_undone
    }
}

impl Drop for Undone {
    fn drop(&mut self) {
        if let Some(turn) = &mut self.0 {
            **turn = None;
        }
    }
}

impl Group {
    async fn run(&mut self, sql: &'static str) -> Result<(), DbError> {
        let connection = self.connection.as_deref_mut().expect(HELD);
        sqlx::query(sql).execute(connection).await?;
        Ok(())
    }

    async fn commit(mut self) {
        let committed = self.run(COMMIT).await.map_err(Arc::new);
        if committed.is_ok() {
            // Back to the pool, before those who waited write again.
            self.connection = None;
        }
        for released in std::mem::take(&mut self.released) {
            released.publish(&self.feed);
            let told = committed.clone().map_err(DbError::Commit);
            // Whoever waited may have gone away.
            let _ = released.committed.send(told);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            // It is in the middle of a transaction: with it that ends.
            drop(connection.detach());
        }
        // The database may have committed it all the same.
        for released in self.released.drain(..) {
            released.publish(&self.feed);
        }
    }
}

impl Released {
    fn publish(&self, feed: &Feed) {
        for change in &self.changes {
            feed.publish(change);
        }
    }
}

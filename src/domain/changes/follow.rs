//! Hearing of what other processes change: the command line beside an SQLite server, the replicas of
//! a PostgreSQL database.

use std::time::Duration;

use sqlx::{
    PgPool,
    postgres::{PgListener, PgNotification},
};
use tokio::time::{sleep, timeout};

use super::{Change, store};
use crate::db::{Db, DbError};

/// How often SQLite is looked at. Its processes share a file and nothing that would wake one.
const LOOK: Duration = Duration::from_millis(100);
/// How long PostgreSQL may be silent before it is asked whether it is still there, and how long it
/// may take to say so.
const SILENCE: Duration = Duration::from_secs(1);
/// Between attempts, where the database does not answer.
const PAUSE: Duration = Duration::from_millis(500);
const MOST_ROWS: i64 = 500;
/// What the trigger on `changes` notifies (migrations/postgres).
const CHANNEL: &str = "tengine_changes";

/// Publishes the changes of other processes to the feed of this one, for as long as it runs. Those of
/// this one too, a second time: a request that is dropped in the middle of its commit may have
/// committed and published nothing.
pub(crate) async fn follow(db: &Db) {
    loop {
        let ended = match db.postgres() {
            None => look(db).await,
            Some(pool) => listen(db, pool).await,
        };
        if let Err(error) = ended {
            tracing::warn!(%error, "changes of other processes cannot be followed; trying again");
        }
        sleep(PAUSE).await;
    }
}

/// SQLite has one writer at a time, so that the rows are committed in the order of their numbers.
async fn look(db: &Db) -> Result<(), DbError> {
    let mut seen = store::newest(db).await?;
    // What was committed before may be in a cache as it was.
    db.feed().publish(&Change::Anything);
    db.feed().heard();
    loop {
        sleep(LOOK).await;
        loop {
            let rows = store::since(db, seen, MOST_ROWS).await?;
            let are_all = rows.len() < usize::try_from(MOST_ROWS).unwrap_or(usize::MAX);
            for row in rows {
                seen = row.seq;
                db.feed().publish(&row.change());
            }
            if are_all {
                break;
            }
        }
        db.feed().heard();
    }
}

/// PostgreSQL notifies when a transaction commits. Rows are not looked at: their numbers say nothing
/// about the order of commits.
async fn listen(db: &Db, pool: &PgPool) -> Result<(), DbError> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    db.feed().publish(&Change::Anything);
    db.feed().heard();
    loop {
        match timeout(SILENCE, listener.try_recv()).await {
            Ok(Ok(Some(notice))) => db.feed().publish(&change(&notice)),
            // It connected again by itself; what came in between is lost.
            Ok(Ok(None)) => db.feed().publish(&Change::Anything),
            Ok(Err(error)) => return Err(error.into()),
            Err(_silence) => {
                let asked = sqlx::query("SELECT 1").execute(&mut listener);
                match timeout(SILENCE, asked).await {
                    Ok(answer) => answer.map(|_| ())?,
                    Err(_) => return Err(sqlx::Error::PoolTimedOut.into()),
                }
            }
        }
        db.feed().heard();
    }
}

fn change(notice: &PgNotification) -> Change {
    let (kind, subject) = notice.payload().split_once(' ').unwrap_or_default();
    store::change(kind, subject)
}

//! Hearing of what other processes change: the command line beside an SQLite server, the replicas of
//! a PostgreSQL database.

use std::time::Duration;

use sqlx::{
    Connection, PgConnection, PgPool,
    postgres::{PgListener, PgNotification},
};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{interval, sleep, timeout},
};

use super::{Change, store};
use crate::{
    Core,
    crypto::base64url,
    db::{Db, DbError},
};

/// How often SQLite is looked at. Its processes share a file and nothing that would wake one.
const LOOK: Duration = Duration::from_millis(100);
/// How often PostgreSQL is asked to notify us of something of ours, and how long it may take to.
const BEAT: Duration = Duration::from_secs(1);
const SILENCE: Duration = Duration::from_secs(3);
/// Between attempts, where the database does not answer.
const PAUSE: Duration = Duration::from_millis(500);
const MOST_ROWS: i64 = 500;
/// What the trigger on `changes` notifies (migrations/postgres).
const CHANNEL: &str = "tengine_changes";

/// Publishes the changes of other processes to the feed of this one, for as long as it runs. Those of
/// this one too, a second time: a request that is dropped in the middle of its commit may have
/// committed and published nothing.
pub(crate) async fn follow(core: &Core) {
    let db = &core.db;
    db.feed().expect_others();
    loop {
        let ended = match db.postgres() {
            None => look(db).await,
            Some(pool) => {
                let mut mark = [0; 16];
                core.random.fill(&mut mark);
                listen(db, pool, &format!("beat {}", base64url(&mark))).await
            }
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
///
/// That notices come is known only of one that came: a connection that was lost, or a pooler between
/// that hands each statement to another, looks like a database in which nothing changes. So one of our
/// own is sent now and then, and what is remembered is believed as long as they come back.
async fn listen(db: &Db, pool: &PgPool, own: &str) -> Result<(), DbError> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    let mut sender = PgConnection::connect_with(&pool.connect_options()).await?;
    let (to, mut coming) = mpsc::channel(1);
    let mut receiving = JoinSet::new();
    receiving.spawn(async move {
        // In a task of its own: one that is dropped while it connects again would say so to nobody.
        while to.send(listener.try_recv().await).await.is_ok() {}
    });
    db.feed().publish(&Change::Anything);
    let mut beat = interval(BEAT);
    let mut heard_at = beat.tick().await;
    loop {
        tokio::select! {
            received = coming.recv() => match received {
                Some(Ok(Some(notice))) if notice.payload() == own => {
                    db.feed().heard();
                    heard_at = tokio::time::Instant::now();
                }
                Some(Ok(Some(notice))) if notice.payload().starts_with("beat ") => {}
                Some(Ok(Some(notice))) => db.feed().publish(&change(&notice)),
                // It connected again by itself; what came in between is lost.
                Some(Ok(None)) => db.feed().publish(&Change::Anything),
                Some(Err(error)) => return Err(error.into()),
                None => return Err(sqlx::Error::WorkerCrashed.into()),
            },
            now = beat.tick() => {
                if now.duration_since(heard_at) > SILENCE {
                    return Err(DbError::Silent);
                }
                let sent = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(own);
                match timeout(SILENCE, sent.execute(&mut sender)).await {
                    Ok(sent) => sent.map(|_| ())?,
                    Err(_) => return Err(DbError::Silent),
                }
            }
        }
    }
}

fn change(notice: &PgNotification) -> Change {
    let (kind, subject) = notice.payload().split_once(' ').unwrap_or_default();
    store::change(kind, subject)
}

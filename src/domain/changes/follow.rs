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
    time::{Instant, interval, sleep, sleep_until, timeout},
};

use super::{Change, Feed, store};
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
/// Of what a process notifies itself of: a mark of its own and a moment follow.
const BEAT_PREFIX: &str = "beat ";
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
                listen(db, pool, &base64url(&mark)).await
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
    let sender = PgConnection::connect_with(&pool.connect_options()).await?;
    let (to, mut coming) = mpsc::channel(1);
    // In tasks of their own, which end with this: a listener that is dropped while it connects again
    // would say so to nobody, and what came is not to wait for what is sent.
    let mut tasks = JoinSet::new();
    tasks.spawn(beats(db.feed().clone(), sender, own.to_owned()));
    tasks.spawn(async move {
        while to.send(listener.try_recv().await).await.is_ok() {}
        Ok(())
    });
    db.feed().publish(&Change::Anything);
    let mut silent_at = Instant::now() + SILENCE;
    loop {
        tokio::select! {
            received = coming.recv() => match received {
                Some(Ok(Some(notice))) => match notice.payload().strip_prefix(BEAT_PREFIX) {
                    None => db.feed().publish(&change(&notice)),
                    Some(beat) => {
                        // Notices come in the order of commits: those before it were published.
                        if let Some(sent_at) = beat.strip_prefix(own).and_then(moment) {
                            db.feed().heard_at(sent_at);
                            silent_at = Instant::now() + SILENCE;
                        }
                    }
                },
                // It connected again by itself; what came in between is lost.
                Some(Ok(None)) => db.feed().publish(&Change::Anything),
                Some(Err(error)) => return Err(error.into()),
                None => return Err(sqlx::Error::WorkerCrashed.into()),
            },
            Some(ended) = tasks.join_next() => {
                return ended.unwrap_or_else(|_| Err(sqlx::Error::WorkerCrashed.into()));
            }
            () = sleep_until(silent_at) => return Err(DbError::Silent),
        }
    }
}

/// Notifies this process, again and again, of the moment at which it does.
async fn beats(feed: Feed, mut sender: PgConnection, own: String) -> Result<(), DbError> {
    let mut beat = interval(BEAT);
    loop {
        beat.tick().await;
        let payload = format!("{BEAT_PREFIX}{own} {}", feed.elapsed());
        let sent = sqlx::query("SELECT pg_notify($1, $2)")
            .bind(CHANNEL)
            .bind(payload)
            .execute(&mut sender);
        match timeout(SILENCE, sent).await {
            Ok(sent) => sent.map(|_| ())?,
            Err(_) => return Err(DbError::Silent),
        }
    }
}

fn moment(rest: &str) -> Option<u64> {
    rest.strip_prefix(' ')?.parse().ok()
}

fn change(notice: &PgNotification) -> Change {
    let (kind, subject) = notice.payload().split_once(' ').unwrap_or_default();
    store::change(kind, subject)
}

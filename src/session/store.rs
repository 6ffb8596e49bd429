//! The session store of whichever database there is.

use app::ssr::SESSION_ID;
use async_trait::async_trait;
use domain::{
    Core,
    crypto::sha256,
    db::{Db, SessionPool},
};
use tower_sessions::{
    SessionStore,
    cookie::time::{Duration, OffsetDateTime},
    session::{Id, Record},
    session_store::Result,
};
use tower_sessions_sqlx_store::{PostgresStore, SqliteStore, sqlx};

/// Seconds that the record of a browser is kept by which nobody is signed in: as long as somebody is on
/// the way in. Anybody can have any number of them made.
const ANONYMOUS: i64 = 3_600;

#[derive(Debug, Clone)]
pub struct Store {
    rows: Rows,
    /// By how much sooner than others a record ends by which nobody is signed in.
    sooner: Duration,
}

#[derive(Debug, Clone)]
enum Rows {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

impl Store {
    /// `idle`: seconds for which the layer keeps a record.
    pub(super) fn new(db: &Db, idle: i64) -> Self {
        Self {
            rows: match db.session_pool() {
                SessionPool::Sqlite(pool) => Rows::Sqlite(SqliteStore::new(pool)),
                SessionPool::Postgres(pool) => Rows::Postgres(PostgresStore::new(pool)),
            },
            sooner: Duration::seconds((idle - ANONYMOUS).max(0)),
        }
    }

    async fn put(&self, record: &Record) -> Result<()> {
        let mut stored = record_at_rest(record);
        if !record.data.contains_key(SESSION_ID) {
            stored.expiry_date -= self.sooner;
        }
        match &self.rows {
            Rows::Sqlite(store) => store.save(&stored).await,
            Rows::Postgres(store) => store.save(&stored).await,
        }
    }
}

/// Makes the store's table, which is its own to know.
pub async fn migrate(db: &Db) -> std::result::Result<(), tower_sessions_sqlx_store::sqlx::Error> {
    match Store::new(db, ANONYMOUS).rows {
        Rows::Sqlite(store) => store.migrate().await?,
        Rows::Postgres(store) => store.migrate().await?,
    }
    Ok(())
}

/// Deletes the sessions that have ended, a bounded batch at a time.
///
/// # Errors
/// Where the database fails.
pub async fn expire(
    core: &Core,
) -> std::result::Result<(), tower_sessions_sqlx_store::sqlx::Error> {
    const BATCH: i64 = 500;
    const MOST_BATCHES: usize = 20;
    // The store's own tables and columns, as its version in Cargo.lock makes them.
    const SQLITE: &str = "DELETE FROM tower_sessions WHERE id IN (SELECT id FROM tower_sessions \
         WHERE expiry_date < ? LIMIT ?)";
    const POSTGRES: &str = "DELETE FROM tower_sessions.session WHERE id IN (SELECT id \
         FROM tower_sessions.session WHERE expiry_date < $1 LIMIT $2)";
    let now = OffsetDateTime::from_unix_timestamp(core.now().seconds())
        .unwrap_or(OffsetDateTime::UNIX_EPOCH);
    for _ in 0..MOST_BATCHES {
        let rows = match core.db.session_pool() {
            SessionPool::Sqlite(pool) => {
                let delete = sqlx::query(SQLITE).bind(now).bind(BATCH);
                delete.execute(&pool).await?.rows_affected()
            }
            SessionPool::Postgres(pool) => {
                let delete = sqlx::query(POSTGRES).bind(now).bind(BATCH);
                delete.execute(&pool).await?.rows_affected()
            }
        };
        if rows < BATCH.unsigned_abs() {
            break;
        }
    }
    Ok(())
}

/// What is stored in an id's place: whoever reads the database finds no cookie in it.
fn at_rest(id: &Id) -> Id {
    let mut half = [0; 16];
    half.copy_from_slice(&sha256(&id.0.to_be_bytes())[..16]);
    Id(i128::from_be_bytes(half))
}

fn record_at_rest(record: &Record) -> Record {
    Record {
        id: at_rest(&record.id),
        ..record.clone()
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // The stores would choose another id if this one were taken; of 122 random bits none is.
        self.put(record).await
    }

    /// What was deleted meanwhile stays so: a request that began before its cookie got another id, or
    /// before its person signed out, does not bring the old one back.
    async fn save(&self, record: &Record) -> Result<()> {
        match self.load(&record.id).await? {
            Some(_) => self.put(record).await,
            None => Ok(()),
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = match &self.rows {
            Rows::Sqlite(store) => store.load(&at_rest(id)).await,
            Rows::Postgres(store) => store.load(&at_rest(id)).await,
        }?;
        Ok(found.map(|record| Record { id: *id, ..record }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        match &self.rows {
            Rows::Sqlite(store) => store.delete(&at_rest(id)).await,
            Rows::Postgres(store) => store.delete(&at_rest(id)).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::db::testing::TestDatabase;
    use tower_sessions::{Expiry, Session};

    use super::*;

    /// Whoever loads a page without signing in leaves a row for an hour, not for two weeks.
    #[tokio::test]
    async fn a_record_by_which_nobody_is_signed_in_ends_soon() {
        const IDLE: i64 = 14 * 86_400;
        let database = TestDatabase::sqlite().await;
        migrate(&database.db).await.unwrap();
        let store = Arc::new(Store::new(&database.db, IDLE));
        let expiry = Some(Expiry::OnInactivity(Duration::seconds(IDLE)));
        let session = Session::new(None, store.clone(), expiry);
        session.insert("csrf", "x").await.unwrap();
        session.save().await.unwrap();
        let ends = async |session: &Session| {
            let record = store.load(&session.id().unwrap()).await.unwrap();
            session.expiry_date() - record.unwrap().expiry_date
        };
        // What passes between the two looks at the clock is less than a minute.
        let sooner = Duration::seconds(IDLE - ANONYMOUS);
        assert!((ends(&session).await - sooner).abs() < Duration::MINUTE);
        session.insert(SESSION_ID, "ses_1").await.unwrap();
        session.save().await.unwrap();
        assert!(ends(&session).await.abs() < Duration::MINUTE);
    }

    #[tokio::test]
    async fn a_request_of_before_does_not_bring_a_cookies_old_id_back() {
        let database = TestDatabase::sqlite().await;
        migrate(&database.db).await.unwrap();
        let store = Arc::new(Store::new(&database.db, ANONYMOUS));
        let session = Session::new(None, store.clone(), None);
        session.insert("session_id", "ses_1").await.unwrap();
        session.save().await.unwrap();
        let old = session.id().unwrap();
        // A request with it, by whoever copied it, that takes longer than what follows.
        let slow = Session::new(Some(old), store.clone(), None);
        slow.insert("challenge", "x").await.unwrap();
        session.cycle_id().await.unwrap();
        session.save().await.unwrap();
        slow.save().await.unwrap();
        assert!(store.load(&old).await.unwrap().is_none());
        let new = session.id().unwrap();
        assert!(store.load(&new).await.unwrap().is_some());
    }
}

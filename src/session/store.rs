//! The session store of whichever database there is.

use async_trait::async_trait;
use domain::db::{Db, SessionPool};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::Result,
};
use tower_sessions_sqlx_store::{PostgresStore, SqliteStore};

#[derive(Debug, Clone)]
pub enum Store {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

impl Store {
    pub(super) fn new(db: &Db) -> Self {
        match db.session_pool() {
            SessionPool::Sqlite(pool) => Self::Sqlite(SqliteStore::new(pool)),
            SessionPool::Postgres(pool) => Self::Postgres(PostgresStore::new(pool)),
        }
    }
}

/// Makes the store's table, which is its own to know.
pub async fn migrate(db: &Db) -> std::result::Result<(), tower_sessions_sqlx_store::sqlx::Error> {
    match Store::new(db) {
        Store::Sqlite(store) => store.migrate().await?,
        Store::Postgres(store) => store.migrate().await?,
    }
    Ok(())
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        match self {
            Self::Sqlite(store) => store.create(record).await,
            Self::Postgres(store) => store.create(record).await,
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        match self {
            Self::Sqlite(store) => store.save(record).await,
            Self::Postgres(store) => store.save(record).await,
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        match self {
            Self::Sqlite(store) => store.load(id).await,
            Self::Postgres(store) => store.load(id).await,
        }
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        match self {
            Self::Sqlite(store) => store.delete(id).await,
            Self::Postgres(store) => store.delete(id).await,
        }
    }
}

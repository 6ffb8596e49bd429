//! Databases for tests: each test gets its own, of each kind.

use std::str::FromStr;

use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use tempfile::TempDir;

use super::{Db, Location};
use crate::{
    clock::{SystemClock, SystemRandom},
    ids::uuid_v7,
};

/// A migrated database that is empty, and gone with the value where it is a file.
pub struct TestDatabase {
    pub db: Db,
    pub location: Location,
    _folder: Option<TempDir>,
}

impl TestDatabase {
    /// # Panics
    /// Where the temporary folder cannot be used.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let location = Location::Sqlite(folder.path().join("tengine.db"));
        Self::migrated(location, Some(folder)).await
    }

    /// # Panics
    /// Where `TENGINE_TEST_POSTGRES_URL` names no server that lets us make databases: a test that
    /// skipped PostgreSQL in silence would prove nothing.
    pub async fn postgres() -> Self {
        let url = std::env::var("TENGINE_TEST_POSTGRES_URL").expect(
            "TENGINE_TEST_POSTGRES_URL is not set: run `make test`, or \
             `scripts/with-postgres cargo test -p PACKAGE`",
        );
        let server = PgConnectOptions::from_str(&url).expect("a PostgreSQL URL");
        let name = format!("test_{}", uuid_v7(&SystemClock, &SystemRandom).simple());
        let mut connection = PgConnection::connect_with(&server)
            .await
            .expect("the test PostgreSQL answers");
        sqlx::query(&format!("CREATE DATABASE {name}"))
            .execute(&mut connection)
            .await
            .expect("a database for this test");
        Self::migrated(Location::Postgres(Box::new(server.database(&name))), None).await
    }

    /// The same database, opened once more.
    ///
    /// # Panics
    /// Where it cannot be.
    pub async fn opened_again(&self) -> Self {
        Self::migrated(self.location.clone(), None).await
    }

    async fn migrated(location: Location, folder: Option<TempDir>) -> Self {
        let db = Db::open(&location).await.expect("the test database opens");
        db.migrate().await.expect("the migrations run");
        Self {
            db,
            location,
            _folder: folder,
        }
    }
}

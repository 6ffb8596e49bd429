//! Adding rows to the log (calls and events): tables beside the others on PostgreSQL, a file of its
//! own on SQLite, which may commit without the `fsync` that grants and secrets are worth.

mod file;

use sqlx::{Postgres, postgres::PgArguments, query::Query};

pub(crate) use self::file::LogFile;
use super::{Db, DbError, DbKind};

/// What is stored in a table of the log.
pub(crate) trait LogRow: Clone + Send + Sync + 'static {
    const TABLE: &'static str;
    const COLUMNS: &'static [&'static str];

    /// In the order of the columns.
    fn values(&self) -> Vec<Value<'_>>;
}

/// What a column of the log holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    Text(Option<&'a str>),
    Integer(Option<i64>),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

impl Db {
    /// Commits rows together: all of them or none. PostgreSQL takes 65,535 values at once.
    ///
    /// # Errors
    /// Where they cannot be committed.
    pub(crate) async fn insert_in_log<R: LogRow>(&self, rows: &[R]) -> Result<(), DbError> {
        match &self.kind {
            DbKind::Sqlite(sqlite) => {
                sqlite.log_file.insert(rows).await?;
                if sqlite.log_file.is_checkpoint_due() {
                    // Beside the next commits, which do not wait for it.
                    let db = self.clone();
                    tokio::spawn(async move { db.checkpoint_log().await });
                }
            }
            DbKind::Postgres(pool) => {
                let sql = insert_sql::<R>(rows.len());
                let values = rows.iter().flat_map(R::values);
                let query = values.fold(sqlx::query(&sql), bound);
                query.execute(pool).await?;
            }
        }
        Ok(())
    }

    /// Moves what was committed to SQLite's log from its journal into its file. Without it the journal
    /// would grow; inside a commit it would make that commit wait for the disk.
    pub(crate) async fn checkpoint_log(&self) {
        if let DbKind::Sqlite(db) = &self.kind
            && let Err(error) = db.log_file.checkpoint().await
        {
            tracing::warn!(%error, "the log's journal could not be checkpointed");
        }
    }
}

fn insert_sql<R: LogRow>(rows: usize) -> String {
    let width = R::COLUMNS.len();
    let row = |index: usize| {
        let places: Vec<_> = (1..=width)
            .map(|column| format!("${}", index * width + column))
            .collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<_> = (0..rows).map(row).collect();
    let (table, columns) = (R::TABLE, R::COLUMNS.join(", "));
    format!("INSERT INTO {table} ({columns}) VALUES {}", rows.join(", "))
}

type PgQuery<'q> = Query<'q, Postgres, PgArguments>;

fn bound<'q>(query: PgQuery<'q>, value: Value<'q>) -> PgQuery<'q> {
    match value {
        Value::Text(text) => query.bind(text),
        Value::Integer(number) => query.bind(number),
    }
}

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

    /// What is committed with rows of it in other tables.
    fn beside(_rows: &[Self]) -> Vec<Beside<'_>> {
        Vec::new()
    }
}

/// Rows of another table, committed with those of a [`LogRow`].
pub(crate) struct Beside<'a> {
    pub(crate) table: &'static str,
    pub(crate) columns: &'static [Column],
    /// What is done where such a row is there (`ON CONFLICT …`); empty: it fails.
    pub(crate) conflict: &'static str,
    pub(crate) rows: Vec<Vec<Value<'a>>>,
}

/// A column of rows beside, by its type.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    Text(&'static str),
    Integer(&'static str),
}

impl Column {
    const fn name(self) -> &'static str {
        match self {
            Self::Text(name) | Self::Integer(name) => name,
        }
    }
}

impl Beside<'_> {
    fn columns(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|column| column.name()).collect();
        names.join(", ")
    }

    /// The statement of one row.
    fn insert_sql(&self) -> String {
        let places: Vec<_> = (1..=self.columns.len())
            .map(|at| format!("${at}"))
            .collect();
        format!(
            "INSERT INTO {} ({}) VALUES ({}) {}",
            self.table,
            self.columns(),
            places.join(", "),
            self.conflict
        )
    }

    /// The same of any number of rows for PostgreSQL, each column an array: one text however many
    /// there are. `first` is the number of the first array.
    fn insert_arrays_sql(&self, first: usize) -> String {
        let arrays: Vec<_> = (self.columns.iter().enumerate())
            .map(|(at, column)| {
                let kind = match column {
                    Column::Text(_) => "TEXT",
                    Column::Integer(_) => "BIGINT",
                };
                format!("${}::{kind}[]", first + at)
            })
            .collect();
        format!(
            "INSERT INTO {} ({}) SELECT * FROM UNNEST({}) {}",
            self.table,
            self.columns(),
            arrays.join(", "),
            self.conflict
        )
    }

    /// A column's values.
    fn array(&self, at: usize) -> Array<'_> {
        let values = self.rows.iter().map(|row| row[at]);
        match self.columns[at] {
            Column::Text(_) => Array::Texts(
                values
                    .map(|value| match value {
                        Value::Text(text) => text,
                        Value::Integer(_) => None,
                    })
                    .collect(),
            ),
            Column::Integer(_) => Array::Integers(
                values
                    .map(|value| match value {
                        Value::Integer(number) => number,
                        Value::Text(_) => None,
                    })
                    .collect(),
            ),
        }
    }
}

enum Array<'a> {
    Texts(Vec<Option<&'a str>>),
    Integers(Vec<Option<i64>>),
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
                // One statement, so that they are one commit and one way to the server.
                let beside = R::beside(rows);
                let sql = together_sql::<R>(rows.len(), &beside);
                let values = rows.iter().flat_map(R::values);
                let mut query = values.fold(sqlx::query(&sql), bound);
                for of in &beside {
                    for at in 0..of.columns.len() {
                        query = match of.array(at) {
                            Array::Texts(texts) => query.bind(texts),
                            Array::Integers(numbers) => query.bind(numbers),
                        };
                    }
                }
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

/// PostgreSQL runs what is beside as parts of the statement (data-modifying `WITH`).
fn together_sql<R: LogRow>(rows: usize, beside: &[Beside<'_>]) -> String {
    let mut first = rows * R::COLUMNS.len() + 1;
    let mut parts = Vec::new();
    for (index, of) in beside.iter().enumerate() {
        parts.push(format!(
            "beside_{index} AS ({})",
            of.insert_arrays_sql(first)
        ));
        first += of.columns.len();
    }
    let with = if parts.is_empty() {
        String::new()
    } else {
        format!("WITH {} ", parts.join(", "))
    };
    with + &insert_sql::<R>(rows)
}

type PgQuery<'q> = Query<'q, Postgres, PgArguments>;

fn bound<'q>(query: PgQuery<'q>, value: Value<'q>) -> PgQuery<'q> {
    match value {
        Value::Text(text) => query.bind(text),
        Value::Integer(number) => query.bind(number),
    }
}

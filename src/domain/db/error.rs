//! Classes of database errors, told apart by kind and never by their message.

use std::sync::Arc;

use rusqlite::ErrorCode;
use sqlx::error::ErrorKind;

#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A unique constraint: something else has this value.
    #[error("a unique constraint was violated: {0}")]
    Unique(sqlx::Error),
    /// What the row belongs to is gone.
    #[error("a foreign key was violated: {0}")]
    ForeignKey(sqlx::Error),
    /// A text that PostgreSQL cannot store: one with a NUL (SQLSTATE 22021).
    #[error("a text cannot be stored: {0}")]
    Text(sqlx::Error),
    #[error("database: {0}")]
    Other(sqlx::Error),
    /// Of all that were to be committed together.
    #[error("commit: {0}")]
    Commit(Arc<DbError>),
    #[error("the transaction was given up with others that it was to be committed with")]
    GivenUp,
    /// Of a database that is there and does not notify.
    #[error("the database's notices do not come back; a pooler in between must keep sessions")]
    Silent,
    #[error("the log's file: {0}")]
    Log(#[from] rusqlite::Error),
    #[error("migrations: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else {
            return Self::Other(error);
        };
        match database.kind() {
            ErrorKind::UniqueViolation => Self::Unique(error),
            ErrorKind::ForeignKeyViolation => Self::ForeignKey(error),
            _ if database.code().is_some_and(|code| code == "22021") => Self::Text(error),
            _ => Self::Other(error),
        }
    }
}

impl DbError {
    #[must_use]
    pub const fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Unique(_))
    }

    /// Whether a row is at fault, and not the database.
    pub(crate) fn is_of_one_row(&self) -> bool {
        match self {
            Self::Unique(_) | Self::ForeignKey(_) | Self::Text(_) => true,
            Self::Log(error) => error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation),
            _ => false,
        }
    }
}

//! Classes of database errors, told apart by kind and never by their message.

use sqlx::error::ErrorKind;

#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A unique constraint: something else has this value.
    #[error("a unique constraint was violated: {0}")]
    Unique(sqlx::Error),
    #[error("database: {0}")]
    Other(sqlx::Error),
    #[error("migrations: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error().map(|e| e.kind()) {
            Some(ErrorKind::UniqueViolation) => Self::Unique(error),
            _ => Self::Other(error),
        }
    }
}

impl DbError {
    #[must_use]
    pub const fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Unique(_))
    }
}

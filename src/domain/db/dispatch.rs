//! The one place that knows there are two databases below a query.

/// Runs a query outside a transaction. `c` is an executor of the database at hand:
/// `read!(db, |c| sqlx::query_as("SELECT …").bind(id).fetch_optional(c).await)`.
macro_rules! read {
    ($db:expr, |$c:ident| $query:expr) => {{
        #[cfg(test)]
        $crate::db::work::query();
        match &$db.kind {
            $crate::db::DbKind::Sqlite(db) => {
                let $c = &db.read;
                $query.map_err($crate::db::DbError::from)
            }
            $crate::db::DbKind::Postgres(pool) => {
                let $c = pool;
                $query.map_err($crate::db::DbError::from)
            }
        }
    }};
}

/// Runs a query that returns rows inside a [`Tx`](crate::db::Tx).
macro_rules! write {
    ($tx:expr, |$c:ident| $query:expr) => {{
        #[cfg(test)]
        $crate::db::work::query();
        match &mut $tx.kind {
            $crate::db::TxKind::Sqlite(tx) => {
                let $c = &mut **tx;
                $query.map_err($crate::db::DbError::from)
            }
            $crate::db::TxKind::Postgres(tx) => {
                let $c = &mut **tx;
                $query.map_err($crate::db::DbError::from)
            }
        }
    }};
}

/// Runs a statement inside a [`Tx`](crate::db::Tx) and tells how many rows it touched.
macro_rules! execute {
    ($tx:expr, $query:expr) => {{
        #[cfg(test)]
        $crate::db::work::query();
        match &mut $tx.kind {
            $crate::db::TxKind::Sqlite(tx) => $query
                .execute(&mut **tx)
                .await
                .map(|done| done.rows_affected())
                .map_err($crate::db::DbError::from),
            $crate::db::TxKind::Postgres(tx) => $query
                .execute(&mut **tx)
                .await
                .map(|done| done.rows_affected())
                .map_err($crate::db::DbError::from),
        }
    }};
}

/// Writes to the log (calls and events): a file of its own on SQLite, tables beside the
/// others on PostgreSQL.
macro_rules! in_log {
    ($db:expr, |$c:ident| $query:expr) => {
        match &$db.kind {
            $crate::db::DbKind::Sqlite(db) => {
                let $c = &db.log;
                $query.map_err($crate::db::DbError::from)
            }
            $crate::db::DbKind::Postgres(pool) => {
                let $c = pool;
                $query.map_err($crate::db::DbError::from)
            }
        }
    };
}

/// Reads from the log without waiting for those that write to it.
macro_rules! read_log {
    ($db:expr, |$c:ident| $query:expr) => {
        match &$db.kind {
            $crate::db::DbKind::Sqlite(db) => {
                let $c = &db.log_read;
                $query.map_err($crate::db::DbError::from)
            }
            $crate::db::DbKind::Postgres(pool) => {
                let $c = pool;
                $query.map_err($crate::db::DbError::from)
            }
        }
    };
}

pub(crate) use {execute, in_log, read, read_log, write};

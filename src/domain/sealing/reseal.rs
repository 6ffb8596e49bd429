//! Everything that the database keeps sealed, sealed anew under the first key of the ring.

use std::fmt;

use serde::Serialize;

use crate::{
    Core, Error, Result,
    changes::{ChangeKind, changed},
    crypto::base64url,
    db::{DbError, execute, read},
};

/// Rows that are read at once.
const BATCH: i64 = 200;
/// Passes after which something keeps sealing under an older key.
const MOST_PASSES: usize = 20;
/// Values that are named of those that do not open.
const MOST_NAMED: usize = 20;

/// How many values there are, and how many were found under an older key.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Resealed {
    pub values: u64,
    pub resealed: u64,
}

/// Values that none of the keys opens.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Unopened {
    pub count: usize,
    /// Where the first of them are: table, column and the row's key.
    pub first: Vec<String>,
}

impl Unopened {
    fn note(&mut self, place: String) {
        self.count += 1;
        if self.first.len() < MOST_NAMED {
            self.first.push(place);
        }
    }
}

impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in &self.first {
            write!(f, "\n  {place}")?;
        }
        match self.count - self.first.len() {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

/// Why something may be left under an older key, which has to stay.
#[derive(Debug, thiserror::Error)]
pub enum NotResealed {
    #[error("these stored values open under none of the master keys:{0}")]
    Unopened(Unopened),
    /// A process that has not heard of the newest key.
    #[error("something is still being sealed under an older master key after {MOST_PASSES} passes")]
    NeverSettles,
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<DbError> for NotResealed {
    fn from(error: DbError) -> Self {
        Self::Failed(error.into())
    }
}

/// What a pass over all tables found.
#[derive(Default)]
struct Pass {
    values: u64,
    resealed: u64,
    unopened: Unopened,
}

impl Core {
    /// Tells every process, within a second, to read its keys again.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn announce_keys(&self) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let fingerprint = self.sealer.fingerprint();
        changed(&mut tx, ChangeKind::MasterKey, &fingerprint, self.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Seals what is under an older key anew, in small steps beside a server that runs, and again
    /// after each `pause` until nothing is found: a transaction may seal before its process hears of
    /// the new key, and commit when its table was passed. It may be broken off and run again.
    ///
    /// # Errors
    /// [`NotResealed`]; what could be sealed anew has been.
    pub async fn reseal(
        &self,
        mut pause: impl AsyncFnMut(),
    ) -> std::result::Result<Resealed, NotResealed> {
        let mut resealed = 0;
        for _ in 0..MOST_PASSES {
            let pass = self.reseal_once().await?;
            resealed += pass.resealed;
            match (pass.resealed, pass.unopened) {
                (0, unopened) if unopened.count > 0 => return Err(NotResealed::Unopened(unopened)),
                (0, _) => {
                    let values = pass.values;
                    return Ok(Resealed { values, resealed });
                }
                _ => pause().await,
            }
        }
        Err(NotResealed::NeverSettles)
    }

    async fn reseal_once(&self) -> Result<Pass, DbError> {
        let mut pass = Pass::default();
        tool_secrets(self, &mut pass).await?;
        vault_secrets(self, &mut pass).await?;
        connections(self, &mut pass).await?;
        signing_keys(self, &mut pass).await?;
        refresh_tokens(self, &mut pass).await?;
        answers(self, &mut pass).await?;
        totp_secrets(self, &mut pass).await?;
        client_secrets(self, &mut pass).await?;
        kept_answers(self, &mut pass).await?;
        Ok(pass)
    }
}

/// A part of a row's key, for whoever has to find the row.
trait Named {
    fn named(&self) -> String;
}

impl Named for String {
    fn named(&self) -> String {
        format!("{self:?}")
    }
}

/// Hexadecimal, as both databases read it.
impl Named for Vec<u8> {
    fn named(&self) -> String {
        self.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A function that seals one column anew: where it is, the key of its rows, and the context of a row.
/// A value that changes meanwhile is left to the next pass.
macro_rules! sealed_column {
    (
        $name:ident, $table:literal . $column:literal,
        [$($key:ident: $type:ty = $at:literal / $where:literal),+] = $keys:literal < $binds:literal,
        $limit:literal, $context:expr
    ) => {
        async fn $name(core: &Core, pass: &mut Pass) -> Result<(), DbError> {
            const FIRST: &str = concat!(
                "SELECT ", $keys, ", ", $column, " FROM ", $table, " WHERE ", $column,
                " IS NOT NULL ORDER BY ", $keys, " LIMIT $1"
            );
            const NEXT: &str = concat!(
                "SELECT ", $keys, ", ", $column, " FROM ", $table, " WHERE ", $column,
                " IS NOT NULL AND (", $keys, ") > (", $binds, ") ORDER BY ", $keys, " LIMIT ", $limit
            );
            const SET: &str = concat!(
                "UPDATE ", $table, " SET ", $column, " = $1 WHERE ", $column, " = $2"
                $(, " AND ", $at, " = ", $where)+
            );
            let mut last: Option<($($type,)+)> = None;
            loop {
                let rows: Vec<($($type,)+ Vec<u8>,)> = match &last {
                    None => read!(&core.db, |c| sqlx::query_as(FIRST)
                        .bind(BATCH)
                        .fetch_all(c)
                        .await)?,
                    Some(($($key,)+)) => read!(&core.db, |c| sqlx::query_as(NEXT)
                        $(.bind($key))+
                        .bind(BATCH)
                        .fetch_all(c)
                        .await)?,
                };
                let Some(($($key,)+ _)) = rows.last() else {
                    return Ok(());
                };
                last = Some(($($key.clone(),)+));
                for ($($key,)+ sealed) in rows {
                    // An answer that was not kept.
                    if sealed.is_empty() {
                        continue;
                    }
                    pass.values += 1;
                    let context: String = $context;
                    let new = match core.sealer.resealed(&*core.random, &context, &sealed) {
                        Ok(None) => continue,
                        Ok(Some(new)) => new,
                        Err(_) => {
                            let key = [$(format!("{} {}", $at, $key.named())),+].join(", ");
                            pass.unopened.note(format!("{}.{}, {key}", $table, $column));
                            continue;
                        }
                    };
                    let mut tx = core.db.begin().await?;
                    execute!(
                        &mut tx,
                        sqlx::query(SET).bind(&new).bind(&sealed)$(.bind(&$key))+
                    )?;
                    tx.commit().await?;
                    // Also where it changed meanwhile: the next pass sees under which key.
                    pass.resealed += 1;
                }
            }
        }
    };
}

sealed_column!(
    tool_secrets, "tools"."auth_secret",
    [id: String = "id" / "$3"] = "id" < "$1", "$2",
    id.clone()
);
sealed_column!(
    vault_secrets, "vault_secrets"."sealed",
    [id: String = "id" / "$3"] = "id" < "$1", "$2",
    id.clone()
);
sealed_column!(
    connections, "upstream_connections"."sealed",
    [secret: String = "vault_secret_id" / "$3", person: String = "user_id" / "$4"]
        = "vault_secret_id, user_id" < "$1, $2", "$3",
    format!("upstream {secret} {person}")
);
sealed_column!(
    signing_keys, "signing_keys"."private_key",
    [kid: String = "kid" / "$3"] = "kid" < "$1", "$2",
    kid.clone()
);
sealed_column!(
    refresh_tokens, "refresh_tokens"."sealed",
    [hash: Vec<u8> = "hash" / "$3"] = "hash" < "$1", "$2",
    format!("refresh_token:{}", base64url(&hash))
);
sealed_column!(
    answers, "idempotency_keys"."result",
    [
        grant: String = "grant_id" / "$3",
        tool: String = "tool_id" / "$4",
        key: Vec<u8> = "key_hash" / "$5"
    ] = "grant_id, tool_id, key_hash" < "$1, $2, $3", "$4",
    format!("{grant} {tool}")
);
sealed_column!(
    totp_secrets, "totp"."secret",
    [user: String = "user_id" / "$3"] = "user_id" < "$1", "$2",
    format!("totp {user}")
);
sealed_column!(
    client_secrets, "identity_providers"."client_secret",
    [id: String = "id" / "$3"] = "id" < "$1", "$2",
    id.clone()
);
sealed_column!(
    kept_answers, "idempotent_requests"."answer",
    [hash: Vec<u8> = "hash" / "$3"] = "hash" < "$1", "$2",
    format!("idempotent_request {}", base64url(&hash))
);

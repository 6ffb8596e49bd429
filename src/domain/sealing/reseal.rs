//! Everything that the database keeps sealed, sealed anew under the first key of the ring.

use serde::Serialize;

use crate::{
    Core, Result,
    changes::{ChangeKind, changed},
    crypto::base64url,
    db::{execute, read},
};

/// Rows that are read at once.
const BATCH: i64 = 200;

/// How many values there are of each kind, and how many of them were under an older key.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Resealed {
    pub values: u64,
    pub resealed: u64,
}

impl Core {
    /// Tells every process, within a second, to read its keys again.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn announce_keys(&self) -> Result<()> {
        let mut tx = self.db.begin().await?;
        changed(&mut tx, ChangeKind::MasterKey, "", self.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Seals what is under an older key anew, in small steps beside a server that runs. It may be
    /// broken off and run again.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) for a value that none of the keys opens; where the
    /// database fails.
    pub async fn reseal(&self) -> Result<Resealed> {
        let mut all = Resealed::default();
        for kind in [
            tool_secrets(self).await?,
            vault_secrets(self).await?,
            connections(self).await?,
            signing_keys(self).await?,
            refresh_tokens(self).await?,
            answers(self).await?,
        ] {
            all.values += kind.values;
            all.resealed += kind.resealed;
        }
        Ok(all)
    }
}

/// A function that seals one column anew: where it is, the key of its rows, and the context of a row.
/// A value that changes meanwhile is left alone: whoever changed it sealed it under the new key.
macro_rules! sealed_column {
    (
        $name:ident, $table:literal . $column:literal,
        [$($key:ident: $type:ty = $at:literal / $where:literal),+] = $keys:literal < $binds:literal,
        $limit:literal, $context:expr
    ) => {
        async fn $name(core: &Core) -> Result<Resealed> {
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
            let mut done = Resealed::default();
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
                    return Ok(done);
                };
                last = Some(($($key.clone(),)+));
                for ($($key,)+ sealed) in rows {
                    done.values += 1;
                    // An answer that was not kept.
                    if sealed.is_empty() {
                        continue;
                    }
                    let context: String = $context;
                    let Some(new) = core.sealer.resealed(&*core.random, &context, &sealed)? else {
                        continue;
                    };
                    let mut tx = core.db.begin().await?;
                    execute!(
                        &mut tx,
                        sqlx::query(SET).bind(&new).bind(&sealed)$(.bind(&$key))+
                    )?;
                    tx.commit().await?;
                    done.resealed += 1;
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

//! Tokens for a person: kept in the database, and renewed by one process at a time, since a refresh
//! token often works only once.

use std::time::Duration;

use zeroize::Zeroizing;

use super::{
    Upstream, store,
    token::{Issued, NoToken, Token},
};
use crate::{
    Error,
    clock::Timestamp,
    ids::{UserId, VaultSecretId},
    vault::VaultSecret,
};

/// Seconds before its end from which a token is renewed.
const EARLY: i64 = 30;
/// Seconds that a process has for a renewal before another may try.
const RENEWAL: i64 = 30;
/// How often whoever waits for another's renewal looks, and how many times.
const LOOK: Duration = Duration::from_millis(100);
const LOOKS: usize = 200;

/// What a stored connection is sealed with.
pub(super) fn context(secret: &VaultSecretId, person: &UserId) -> String {
    format!("upstream {secret} {person}")
}

impl Upstream {
    pub(super) async fn person_token(
        &self,
        secret: &VaultSecret,
        person: &UserId,
    ) -> Result<Token, NoToken> {
        for _ in 0..LOOKS {
            let Some(row) = store::find(&self.core.db, &secret.id, person).await? else {
                return Err(NoToken::NotConnected { again: false });
            };
            if row.ended_because.is_some() {
                return Err(NoToken::NotConnected { again: true });
            }
            let now = self.core.now();
            let tokens = self.opened(secret, person, &row.sealed)?;
            let lasts = |seconds| {
                row.expires_at
                    .is_none_or(|end| end > now.plus_seconds(seconds))
            };
            let life = row
                .expires_at
                .map_or(0, |end| end.seconds() - row.updated_at.seconds());
            // A token of a few seconds is used for half of them.
            if lasts(EARLY.min(life / 2)) {
                return Ok(token(tokens, row.updated_at));
            }
            let Some(refresh_token) = tokens.refresh_token.clone() else {
                if lasts(0) {
                    return Ok(token(tokens, row.updated_at));
                }
                self.end(secret, person, row.updated_at, "expired").await?;
                return Err(NoToken::NotConnected { again: true });
            };
            let until = now.plus_seconds(RENEWAL);
            if store::claim(
                &self.core.db,
                &secret.id,
                person,
                row.updated_at,
                now,
                until,
            )
            .await?
            {
                let renewed = self
                    .renewed(secret, person, row.updated_at, refresh_token)
                    .await;
                return match renewed {
                    // It lasts a moment yet, and the next call tries again.
                    Err(NoToken::Unreachable(_)) if lasts(0) => Ok(token(tokens, row.updated_at)),
                    renewed => renewed,
                };
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(NoToken::Unreachable(
            "it takes too long to renew the person's token".to_owned(),
        ))
    }

    /// In a task of its own: a refresh token that was used must not be lost because who called went
    /// away.
    async fn renewed(
        &self,
        secret: &VaultSecret,
        person: &UserId,
        of: Timestamp,
        refresh_token: Zeroizing<String>,
    ) -> Result<Token, NoToken> {
        let (this, secret, person) = (self.clone(), secret.clone(), person.clone());
        let task = async move {
            match this.exchange.refreshed(&secret, &refresh_token).await {
                Ok(issued) => {
                    let (issued_at, kept) = this.kept(&secret, &person, &issued, of);
                    this.keep_renewed(&secret, &person, of, &kept).await?;
                    Ok(token(issued, issued_at))
                }
                Err(NoToken::NotConnected { again }) => {
                    this.end(&secret, &person, of, "refused").await?;
                    Err(NoToken::NotConnected { again })
                }
                Err(other) => {
                    store::release(&this.core.db, &secret.id, &person, of).await?;
                    Err(other)
                }
            }
        };
        crate::execute::to_its_end(task).await
    }

    /// What was just issued may be all that still works, so a database that fails for a moment is
    /// tried again.
    async fn keep_renewed(
        &self,
        secret: &VaultSecret,
        person: &UserId,
        of: Timestamp,
        kept: &store::Kept,
    ) -> Result<(), Error> {
        const TRIES: usize = 5;
        let mut tried = 1;
        loop {
            match store::renew(&self.core.db, &secret.id, person, of, kept).await {
                Ok(()) => return Ok(()),
                Err(why) if tried == TRIES => return Err(why.into()),
                Err(_) => tokio::time::sleep(LOOK * 5).await,
            }
            tried += 1;
        }
    }

    /// The tokens as they are kept, and from when on.
    pub(super) fn kept(
        &self,
        secret: &VaultSecret,
        person: &UserId,
        issued: &Issued,
        after: Timestamp,
    ) -> (Timestamp, store::Kept) {
        let now = self.core.now().max(Timestamp(after.0 + 1));
        let json = Zeroizing::new(serde_json::to_vec(issued).expect("tokens are JSON"));
        let context = context(&secret.id, person);
        let sealed = self.core.sealer.seal(&*self.core.random, &context, &json);
        let expires_at = issued
            .expires_in
            .map(|seconds| now.plus_seconds(seconds.max(0)));
        (
            now,
            store::Kept {
                sealed,
                expires_at,
                updated_at: now,
            },
        )
    }

    fn opened(
        &self,
        secret: &VaultSecret,
        person: &UserId,
        sealed: &[u8],
    ) -> Result<Issued, Error> {
        let opened = self
            .core
            .sealer
            .open(&context(&secret.id, person), sealed)?;
        serde_json::from_slice(&opened).map_err(|_| Error::corrupt("connection", "it is no JSON"))
    }

    pub(super) async fn person_token_refused(
        &self,
        secret: &VaultSecret,
        person: &UserId,
        token: &Token,
    ) -> Result<(), Error> {
        let now = self.core.now();
        Ok(store::run_out(&self.core.db, &secret.id, person, token.issued_at, now).await?)
    }

    async fn end(
        &self,
        secret: &VaultSecret,
        person: &UserId,
        of: Timestamp,
        why: &str,
    ) -> Result<(), Error> {
        Ok(store::end(&self.core.db, &secret.id, person, of, why).await?)
    }
}

fn token(issued: Issued, issued_at: Timestamp) -> Token {
    Token {
        is_renewable: issued.refresh_token.is_some(),
        value: issued.access_token,
        issued_at,
    }
}

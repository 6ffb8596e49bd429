//! Tokens for the client itself: kept in memory until shortly before they end.

use quick_cache::sync::Cache;

use super::{
    Upstream,
    token::{NoToken, Token},
};
use crate::{clock::Timestamp, ids::VaultSecretId, vault::VaultSecret};

/// Tokens that are kept at once.
const MOST: usize = 4_096;
/// Seconds before its end from which a token is renewed, at most half of its life.
const EARLY: i64 = 60;
/// Seconds that a token is kept whose server does not say how long it lives.
const UNSAID: i64 = 3_600;

/// A secret that was changed is another client.
type Key = (VaultSecretId, Timestamp);

pub(super) struct MachineTokens(Cache<Key, (Token, Timestamp)>);

impl Default for MachineTokens {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

fn key(secret: &VaultSecret) -> Key {
    (secret.id.clone(), secret.updated_at)
}

impl MachineTokens {
    pub(super) fn forget(&self, secret: &VaultSecret) {
        self.0.remove(&key(secret));
    }
}

impl Upstream {
    /// Of many calls that need a new one at once, one asks and the others wait for it.
    pub(super) async fn machine_token(&self, secret: &VaultSecret) -> Result<Token, NoToken> {
        let known = &self.machine.0;
        let key = key(secret);
        let now = self.core.now();
        if known.get(&key).is_some_and(|(_, until)| until <= now) {
            known.remove_if(&key, |(_, until)| *until <= now);
        }
        let (token, _) = known
            .get_or_insert_async(&key, async {
                let issued = self.exchange.for_client(secret).await?;
                let life = issued.expires_in.unwrap_or(UNSAID).max(0);
                let issued_at = self.core.now();
                let token = Token {
                    value: issued.access_token,
                    issued_at,
                    is_renewable: true,
                };
                Ok::<_, NoToken>((token, issued_at.plus_seconds(life - EARLY.min(life / 2))))
            })
            .await?;
        Ok(token)
    }
}

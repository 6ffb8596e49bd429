//! Authenticating an OAuth client at the token endpoint (RFC 6749 §2.3).

use super::{ClientKind, Integration, Integrations, SECRET_PREFIX, store};
use crate::{
    Error, Result,
    clock::Timestamp,
    crypto::{self, equal_in_constant_time},
};

/// A client that has proved who it is. Only [`Integrations::authenticate`] makes one.
#[derive(Debug, Clone)]
pub struct Client {
    integration: Integration,
}

impl Client {
    #[must_use]
    pub const fn integration(&self) -> &Integration {
        &self.integration
    }

    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.integration.client_id
    }
}

/// What a client shows of itself.
#[derive(Clone, Copy)]
pub enum ClientProof<'a> {
    /// `none`: the id alone, for public clients.
    Nothing,
    Secret(&'a str),
}

/// Why a client was not believed. The first three are one answer to the outside
/// (`invalid_client`), with a sentence of their own for who asks why.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("The client id or secret is wrong. Copy both again from the integration's page.")]
    Wrong,
    #[error("This client must send its secret.")]
    SecretMissing,
    #[error("This secret was rotated. Paste the integration's new secret.")]
    Rotated { at: Timestamp },
    /// RFC 6749 §5.2 `unauthorized_client`: proved, and switched off.
    #[error("This integration is inactive. Activate it on its page; connections then work again.")]
    Inactive,
    #[error(transparent)]
    Domain(#[from] Error),
}

impl Integrations {
    /// Checks a client, at the same cost whether or not it exists, and marks the secret as used.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn authenticate(
        &self,
        client_id: &str,
        proof: ClientProof<'_>,
    ) -> Result<Client, ClientError> {
        let integration = store::by_client_id(&self.core.db, client_id).await?;
        let now = self.core.now();
        // The secret is looked up even for an unknown client, so that both cost two queries.
        let known = match proof {
            ClientProof::Nothing => None,
            ClientProof::Secret(secret) => {
                let hash = crypto::hash_secret(secret);
                store::secret_by_hash(&self.core.db, &hash)
                    .await?
                    .filter(|row| {
                        crypto::is_well_formed(secret, SECRET_PREFIX)
                            && equal_in_constant_time(&row.hash, &hash)
                    })
            }
        };
        let integration = integration.ok_or(ClientError::Wrong)?;
        match (integration.client_kind, proof, known) {
            (ClientKind::Public, ClientProof::Nothing, _) => {}
            (ClientKind::Public, ClientProof::Secret(_), _) => return Err(ClientError::Wrong),
            (ClientKind::Secret, ClientProof::Nothing, _) => {
                return Err(ClientError::SecretMissing);
            }
            (ClientKind::Secret, ClientProof::Secret(_), Some(row))
                if row.integration_id == integration.id =>
            {
                if let Some(at) = row.ends_at.filter(|at| *at <= now) {
                    return Err(ClientError::Rotated { at });
                }
                self.mark_used(&row).await?;
            }
            (ClientKind::Secret, ClientProof::Secret(_), _) => return Err(ClientError::Wrong),
        }
        if !integration.is_active {
            return Err(ClientError::Inactive);
        }
        Ok(Client { integration })
    }

    /// Written at most once a minute: it is for people to read.
    async fn mark_used(&self, row: &store::SecretRow) -> Result<()> {
        let now = self.core.now();
        if row
            .last_used_at
            .is_none_or(|last| last.plus_seconds(60) <= now)
        {
            let mut tx = self.core.db.begin().await?;
            store::mark_secret_used(&mut tx, &row.id, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

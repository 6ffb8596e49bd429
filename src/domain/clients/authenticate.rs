//! Authenticating a client at the token endpoint (RFC 6749 §2.3).

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use super::{Clients, SelfRegistered, store};
use crate::{
    Core, Error, Result,
    changes::{Change, ChangeKind, Remembered, heard_by},
    clock::Timestamp,
    crypto::{self, equal_in_constant_time},
    db::DbError,
    events::{Cause, Trail},
    integrations::{self, ClientKind, Integration, SECRET_PREFIX},
};

/// A client that has proved who it is, as far as its kind can. Only [`Clients::authenticate`]
/// makes one.
#[derive(Debug, Clone)]
pub struct Client {
    client_id: String,
    kind: ClientKind,
    integration: Option<Integration>,
}

impl Client {
    /// The integration whose own client it is; `None` for one that registered itself.
    #[must_use]
    pub const fn integration(&self) -> Option<&Integration> {
        self.integration.as_ref()
    }

    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Whether its id is all that it can show.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.kind == ClientKind::Public
    }

    #[must_use]
    pub fn trail(&self) -> Trail {
        Trail {
            integration_id: self.integration.as_ref().map(|one| one.id.clone()),
            client_id: Some(self.client_id.clone()),
            ..Trail::default()
        }
    }
}

/// What a client shows of itself.
#[derive(Clone, Copy)]
pub enum ClientProof<'a> {
    /// `none`: the id alone, for public clients.
    Nothing,
    Secret(&'a str),
}

/// Why a client was not believed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("{}", .cause.sentence())]
    Refused {
        cause: Cause,
        trail: Box<Trail>,
        /// The beginning of the secret that was shown, where it is one of ours.
        secret_prefix: Option<String>,
    },
    #[error(transparent)]
    Domain(#[from] Error),
}

impl From<DbError> for ClientError {
    fn from(error: DbError) -> Self {
        Self::Domain(error.into())
    }
}

impl Clients {
    /// Checks a client, and marks the secret as used. For an id of an integration's form that did not
    /// prove itself before, the cost is the same whether or not it exists.
    ///
    /// Whether its integration is active is not asked here.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn authenticate(
        &self,
        client_id: &str,
        proof: ClientProof<'_>,
    ) -> Result<Client, ClientError> {
        let key = match proof {
            ClientProof::Nothing => None,
            ClientProof::Secret(secret) => Some(shown(client_id, secret)),
        };
        if let Some(proved) = key.and_then(|key| self.proved.get(&key)) {
            return self.proved_again(&proved).await;
        }
        let since = self.proved.since();
        let db = &self.core.db;
        let integration = integrations::store::by_client_id(db, client_id).await?;
        // The secret is looked up even for an unknown client, so that both cost two queries.
        let known = match proof {
            ClientProof::Nothing => None,
            ClientProof::Secret(secret) => {
                let hash = crypto::hash_secret(secret);
                integrations::store::secret_by_hash(db, &hash)
                    .await?
                    .filter(|row| {
                        crypto::is_well_formed(secret, SECRET_PREFIX)
                            && equal_in_constant_time(&row.hash, &hash)
                    })
            }
        };
        let Some(integration) = integration else {
            return self.self_registered(client_id, proof).await;
        };
        let refused = |cause| {
            Err(ClientError::Refused {
                cause,
                trail: Box::new(Trail {
                    integration_id: Some(integration.id.clone()),
                    client_id: Some(client_id.to_owned()),
                    ..Trail::default()
                }),
                secret_prefix: known.as_ref().map(|row| row.prefix.clone()),
            })
        };
        match (integration.client_kind, proof, &known) {
            (ClientKind::Public, ClientProof::Nothing, _) => {}
            (ClientKind::Public, ClientProof::Secret(_), _) => {
                return refused(Cause::PublicClient);
            }
            (ClientKind::Secret, ClientProof::Nothing, _) => return refused(Cause::SecretMissing),
            (ClientKind::Secret, ClientProof::Secret(_), Some(row))
                if row.integration_id == integration.id =>
            {
                if row.ends_at.is_some_and(|at| at <= self.core.now()) {
                    return refused(Cause::RotatedSecret);
                }
            }
            (ClientKind::Secret, ClientProof::Secret(_), _) => return refused(Cause::WrongSecret),
        }
        let client = Client {
            client_id: integration.client_id.clone(),
            kind: integration.client_kind,
            integration: Some(integration),
        };
        let (Some(key), Some(row)) = (key, known) else {
            return Ok(client);
        };
        let proved = Arc::new(Proved {
            client,
            used_at: AtomicI64::new(row.last_used_at.map_or(0, |at| at.0)),
            secret: row,
        });
        self.proved.keep(since, key, proved.clone());
        self.proved_again(&proved).await
    }

    /// A client whose secret was checked before, and nothing of it changed since.
    async fn proved_again(&self, proved: &Proved) -> Result<Client, ClientError> {
        let now = self.core.now();
        if proved.secret.ends_at.is_some_and(|at| at <= now) {
            return Err(ClientError::Refused {
                cause: Cause::RotatedSecret,
                trail: Box::new(proved.client.trail()),
                secret_prefix: Some(proved.secret.prefix.clone()),
            });
        }
        self.mark_used(proved, now).await?;
        Ok(proved.client.clone())
    }

    /// A client that introduced itself has nothing but its id to show; its codes and refresh tokens
    /// are bound to it, and the code to the verifier.
    async fn self_registered(
        &self,
        client_id: &str,
        proof: ClientProof<'_>,
    ) -> Result<Client, ClientError> {
        let refused = |cause| ClientError::Refused {
            cause,
            trail: Box::new(Trail::of_client_id(Some(client_id))),
            secret_prefix: None,
        };
        // Nobody registers an id of an integration's form: for it, two queries are enough.
        let found = if client_id.starts_with(integrations::CLIENT_ID_PREFIX) {
            None
        } else {
            store::by_id(&self.core.db, client_id).await?
        };
        let SelfRegistered { client_id, .. } =
            found.ok_or_else(|| refused(Cause::UnknownClient))?;
        match proof {
            ClientProof::Nothing => Ok(Client {
                client_id,
                kind: ClientKind::Public,
                integration: None,
            }),
            ClientProof::Secret(_) => Err(refused(Cause::PublicClient)),
        }
    }

    /// Written at most once a minute: it is for people to read.
    async fn mark_used(&self, proved: &Proved, now: Timestamp) -> Result<()> {
        let last = proved.used_at.load(Ordering::Relaxed);
        let is_due = Timestamp(last).plus_seconds(60) <= now;
        // Of many at once, one writes.
        let exchanged = |to| {
            proved
                .used_at
                .compare_exchange(last, to, Ordering::Relaxed, Ordering::Relaxed)
        };
        if is_due && exchanged(now.0).is_ok() {
            let mut tx = self.core.db.begin().await?;
            integrations::store::mark_secret_used(&mut tx, &proved.secret.id, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// The SHA-256 of an id and the secret that was shown with it.
pub(super) type Shown = [u8; 32];

fn shown(client_id: &str, secret: &str) -> Shown {
    // The length, so that no two pairs are the same text.
    let length = client_id.len().to_string();
    crypto::sha256([&length, " ", client_id, secret].concat().as_bytes())
}

/// A client and the secret that it proved itself with.
pub(super) struct Proved {
    client: Client,
    secret: integrations::store::SecretRow,
    /// When its use was noted; milliseconds since the Unix epoch.
    used_at: AtomicI64,
}

/// What was proved to this process, until something of an integration changes.
pub(super) fn proved(core: &Core) -> Arc<Remembered<Shown, Arc<Proved>>> {
    let feed = core.db.feed();
    let proved = Arc::new(Remembered::new(feed, MOST_PROVED));
    heard_by(feed, &proved, |proved, change| match change {
        Change::Of(ChangeKind::Integration | ChangeKind::Project, _) | Change::Anything => {
            proved.forget_all();
        }
        Change::Of(..) => {}
    });
    proved
}

const MOST_PROVED: usize = 5_000;

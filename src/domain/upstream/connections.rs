//! Which accounts of theirs a person connected.

use std::collections::HashMap;

use super::{Upstream, store};
use crate::{
    Error, Result,
    clock::Timestamp,
    ids::VaultSecretId,
    members::{Access, Viewer},
    vault::{self, VaultSecret},
};

/// How a person stands with one of a project's clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    pub secret: VaultSecret,
    pub state: ConnectionState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionState {
    NotConnected,
    Connected {
        since: Timestamp,
    },
    /// It ran out or the other server ended it: the person has to connect again.
    Ended {
        since: Timestamp,
    },
}

impl Upstream {
    /// The project's clients that people can connect their accounts by, by name, and how the person
    /// who asks stands with each.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn connections(&self, access: &Access<Viewer>) -> Result<Vec<Connection>> {
        let db = &self.core.db;
        let states = store::of_person(db, access.project_id(), access.user_id()).await?;
        let mut states: HashMap<VaultSecretId, store::State> = states
            .into_iter()
            .map(|state| (state.vault_secret_id.clone(), state))
            .collect();
        let secrets = vault::store::of_project(db, access.project_id()).await?;
        let people = |secret: &VaultSecret| {
            (secret.oauth2.as_ref()).is_some_and(|client| client.authorization_url.is_some())
        };
        let mut connections: Vec<_> = secrets
            .into_iter()
            .map(|(secret, _)| secret)
            .filter(people)
            .map(|secret| Connection {
                state: match states.remove(&secret.id) {
                    None => ConnectionState::NotConnected,
                    Some(row) if row.ended_because.is_none() => ConnectionState::Connected {
                        since: row.created_at,
                    },
                    Some(row) => ConnectionState::Ended {
                        since: row.created_at,
                    },
                },
                secret,
            })
            .collect();
        connections.sort_unstable_by(|a, b| a.secret.name.cmp(&b.secret.name));
        Ok(connections)
    }

    /// # Errors
    /// [`Error::NotFound`] where the project has no such client for people.
    pub async fn connection(
        &self,
        access: &Access<Viewer>,
        id: &VaultSecretId,
    ) -> Result<Connection> {
        let mut all = self.connections(access).await?.into_iter();
        all.find(|one| one.secret.id == *id)
            .ok_or(Error::NotFound("account to connect"))
    }

    /// Forgets the person's tokens.
    ///
    /// # Errors
    /// [`Error::NotFound`] where they are not connected.
    pub async fn disconnect(&self, access: &Access<Viewer>, id: &VaultSecretId) -> Result<()> {
        let connection = self.connection(access, id).await?;
        let person = access.user_id();
        if store::disconnect(&self.core.db, &connection.secret.id, person).await? {
            Ok(())
        } else {
            Err(Error::NotFound("connected account"))
        }
    }
}

//! MCP integrations: the Client ID, Client Secret and Server URL that a person pastes into their
//! client.

mod client;
pub mod redirect_uri;
pub(crate) mod store;

pub use client::{Client, ClientError, ClientProof};

use crate::{
    Core, Error, Result,
    clock::Timestamp,
    crypto::{BearerSecret, base64url},
    db::Tx,
    error::checked_name,
    events::{ChangeKind, changed},
    ids::{IntegrationId, ProjectId, SecretId, UserId},
    members::{Access, Admin, Viewer},
    text_enum,
};

/// What a Client Secret begins with.
pub const SECRET_PREFIX: &str = "tng_cs_";
const CLIENT_ID_PREFIX: &str = "tng_ci_";
const MOST_REDIRECT_URIS: usize = 50;

text_enum! {
    /// Whether the client can keep a secret (RFC 6749 §2.1). Fixed at creation.
    pub enum ClientKind {
        Secret = "secret",
        Public = "public",
    }
}

text_enum! {
    /// Who approves a connection.
    pub enum Approval {
        /// A signed-in member, on the consent page.
        Ask = "ask",
        /// The client secret alone authorizes, with no sign-in.
        Automatic = "automatic",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integration {
    pub id: IntegrationId,
    pub project_id: ProjectId,
    /// Unique in the project.
    pub name: String,
    /// Names its URL; minted once, never renamed or reused.
    pub slug: String,
    pub client_id: String,
    pub client_kind: ClientKind,
    pub redirect_uris: Vec<String>,
    pub approval: Approval,
    pub is_active: bool,
    pub created_by: UserId,
    pub created_at: Timestamp,
}

/// A live secret, as far as it can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretInfo {
    pub id: SecretId,
    pub prefix: String,
    pub created_at: Timestamp,
    pub ends_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
}

/// What a new integration is made from.
#[derive(Debug, Clone)]
pub struct NewIntegration {
    pub name: String,
    pub client_kind: ClientKind,
    pub approval: Approval,
    /// None: those of the common clients.
    pub redirect_uris: Option<Vec<String>>,
}

/// What to change; `None` leaves a thing as it is.
#[derive(Debug, Clone, Default)]
pub struct IntegrationChange {
    pub name: Option<String>,
    pub redirect_uris: Option<Vec<String>>,
    pub approval: Option<Approval>,
    pub is_active: Option<bool>,
}

/// The room's service.
#[derive(Clone)]
pub struct Integrations {
    core: Core,
}

impl Integrations {
    pub(crate) const fn new(core: Core) -> Self {
        Self { core }
    }

    /// The project's integrations, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list(&self, access: &Access<Viewer>) -> Result<Vec<Integration>> {
        store::of_project(&self.core.db, access.project_id()).await
    }

    /// # Errors
    /// [`Error::NotFound`] where the project has no such integration.
    pub async fn get(&self, access: &Access<Viewer>, id: &IntegrationId) -> Result<Integration> {
        store::by_id(&self.core.db, id)
            .await?
            .filter(|integration| integration.project_id == *access.project_id())
            .ok_or(Error::NotFound("integration"))
    }

    /// The live secrets of an integration, newest first, without the secrets.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn secrets(
        &self,
        access: &Access<Viewer>,
        id: &IntegrationId,
    ) -> Result<Vec<SecretInfo>> {
        self.get(access, id).await?;
        store::live_secrets(&self.core.db, id, self.core.now()).await
    }

    /// Makes an integration. The secret is shown here once and is not stored; a public client has
    /// none.
    ///
    /// # Errors
    /// [`Error::Invalid`] by field; [`Error::Conflict`] for a name that is taken.
    pub async fn create(
        &self,
        access: &Access<Admin>,
        new: &NewIntegration,
    ) -> Result<(Integration, Option<BearerSecret>)> {
        let mut tx = self.core.db.begin().await?;
        let made = self
            .insert(&mut tx, access.project_id(), access.user_id(), new)
            .await?;
        tx.commit().await?;
        Ok(made)
    }

    pub(crate) async fn insert(
        &self,
        tx: &mut Tx,
        project: &ProjectId,
        by: &UserId,
        new: &NewIntegration,
    ) -> Result<(Integration, Option<BearerSecret>)> {
        let name = checked_name("name", &new.name, 80)?;
        check_approval(new.client_kind, new.approval)?;
        let redirect_uris = match &new.redirect_uris {
            Some(uris) => checked_redirect_uris(uris)?,
            None => redirect_uri::COMMON_CLIENTS
                .iter()
                .map(ToString::to_string)
                .collect(),
        };
        let integration = Integration {
            id: IntegrationId::new(&*self.core.clock, &*self.core.random),
            project_id: project.clone(),
            slug: self.new_slug(&name),
            client_id: format!("{CLIENT_ID_PREFIX}{}", self.random_text::<16>()),
            name,
            client_kind: new.client_kind,
            redirect_uris,
            approval: new.approval,
            is_active: true,
            created_by: by.clone(),
            created_at: self.core.now(),
        };
        store::insert(tx, &integration).await.map_err(name_taken)?;
        let secret = match new.client_kind {
            ClientKind::Public => None,
            ClientKind::Secret => Some(self.insert_secret(tx, &integration.id, by).await?),
        };
        self.changed(tx, &integration.id).await?;
        Ok((integration, secret))
    }

    /// # Errors
    /// As [`Integrations::create`], and [`Error::NotFound`].
    pub async fn update(
        &self,
        access: &Access<Admin>,
        id: &IntegrationId,
        change: &IntegrationChange,
    ) -> Result<Integration> {
        let mut tx = self.core.db.begin().await?;
        let mut integration = Self::locked(&mut tx, access, id).await?;
        let approval_before = integration.approval;
        if let Some(name) = &change.name {
            integration.name = checked_name("name", name, 80)?;
        }
        if let Some(uris) = &change.redirect_uris {
            integration.redirect_uris = checked_redirect_uris(uris)?;
        }
        if let Some(approval) = change.approval {
            check_approval(integration.client_kind, approval)?;
            integration.approval = approval;
        }
        if let Some(is_active) = change.is_active {
            integration.is_active = is_active;
        }
        store::update(&mut tx, &integration)
            .await
            .map_err(name_taken)?;
        if approval_before == Approval::Automatic && integration.approval == Approval::Ask {
            // Nobody approved those connections; from now on somebody must.
            crate::grants::store::end_without_person(&mut tx, id, self.core.now()).await?;
        }
        self.changed(&mut tx, id).await?;
        tx.commit().await?;
        Ok(integration)
    }

    /// A new secret; the old ones stop working with the same commit.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] for a public client, which has no secret.
    pub async fn rotate_secret(
        &self,
        access: &Access<Admin>,
        id: &IntegrationId,
    ) -> Result<(Integration, BearerSecret)> {
        let mut tx = self.core.db.begin().await?;
        // Of two rotations at once the second ends the secret that the first one made.
        let integration = Self::locked(&mut tx, access, id).await?;
        if integration.client_kind == ClientKind::Public {
            return Err(Error::invalid(
                "client_kind",
                "A public client has no secret to rotate.",
            ));
        }
        store::end_secrets(&mut tx, id, self.core.now()).await?;
        let secret = self.insert_secret(&mut tx, id, access.user_id()).await?;
        self.changed(&mut tx, id).await?;
        tx.commit().await?;
        Ok((integration, secret))
    }

    /// Ends an integration with its secrets and connections.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete(&self, access: &Access<Admin>, id: &IntegrationId) -> Result<()> {
        let mut tx = self.core.db.begin().await?;
        Self::locked(&mut tx, access, id).await?;
        store::delete(&mut tx, id).await?;
        self.changed(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn locked(
        tx: &mut Tx,
        access: &Access<Admin>,
        id: &IntegrationId,
    ) -> Result<Integration> {
        store::locked(tx, access.project_id(), id)
            .await?
            .ok_or(Error::NotFound("integration"))
    }

    /// The integration whose client this is: what authorize begins with, before anyone signed in.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn by_client_id(&self, client_id: &str) -> Result<Option<Integration>> {
        store::by_client_id(&self.core.db, client_id).await
    }

    /// Whether there is an integration at this URL; its metadata is public.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn slug_exists(&self, slug: &str) -> Result<bool> {
        Ok(store::by_slug(&self.core.db, slug).await?.is_some())
    }

    async fn insert_secret(
        &self,
        tx: &mut Tx,
        id: &IntegrationId,
        by: &UserId,
    ) -> Result<BearerSecret> {
        let secret = BearerSecret::generate(&*self.core.random, SECRET_PREFIX);
        let secret_id = SecretId::new(&*self.core.clock, &*self.core.random);
        store::insert_secret(
            tx,
            store::NewSecret {
                id: &secret_id,
                integration_id: id,
                prefix: &secret.shown_prefix(SECRET_PREFIX),
                hash: &secret.hash(),
                created_by: by,
                created_at: self.core.now(),
            },
        )
        .await?;
        Ok(secret)
    }

    async fn changed(&self, tx: &mut Tx, id: &IntegrationId) -> Result<()> {
        changed(tx, ChangeKind::Integration, id.as_str(), self.core.now()).await?;
        Ok(())
    }

    fn random_text<const BYTES: usize>(&self) -> String {
        let mut bytes = [0; BYTES];
        self.core.random.fill(&mut bytes);
        base64url(&bytes)
    }

    /// Readable, and with enough chance in it that nobody guesses or reuses one.
    fn new_slug(&self, name: &str) -> String {
        let mut slug = String::new();
        for c in name.to_lowercase().chars() {
            if c.is_ascii_alphanumeric() {
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
            if slug.len() == 24 {
                break;
            }
        }
        let mut bytes = [0_u8; 5];
        self.core.random.fill(&mut bytes);
        let tail: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match slug.trim_end_matches('-') {
            "" => tail,
            readable => format!("{readable}-{tail}"),
        }
    }
}

fn check_approval(kind: ClientKind, approval: Approval) -> Result<()> {
    if kind == ClientKind::Public && approval == Approval::Automatic {
        return Err(Error::invalid(
            "approval",
            "A public client has no secret that could authorize by itself; use ask.",
        ));
    }
    Ok(())
}

fn checked_redirect_uris(uris: &[String]) -> Result<Vec<String>> {
    if uris.is_empty() || uris.len() > MOST_REDIRECT_URIS {
        return Err(Error::invalid(
            "redirect_uris",
            format!("Give 1 to {MOST_REDIRECT_URIS} redirect URIs."),
        ));
    }
    let mut checked: Vec<String> = Vec::new();
    for (index, uri) in uris.iter().enumerate() {
        let uri = uri.trim();
        redirect_uri::check(uri)
            .map_err(|why| Error::invalid(format!("redirect_uris[{index}]"), why))?;
        if !checked.iter().any(|known| known == uri) {
            checked.push(uri.to_owned());
        }
    }
    Ok(checked)
}

fn name_taken(error: crate::db::DbError) -> Error {
    if error.is_unique_violation() {
        Error::conflict(
            "name",
            "The project has an integration with this name already.",
        )
    } else {
        error.into()
    }
}

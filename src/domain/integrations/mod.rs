//! MCP integrations: the Client ID, Client Secret and Server URL that a person pastes into their
//! client.

mod list;
pub mod redirect_uri;
#[cfg(test)]
pub(crate) mod redirect_uri_properties;
mod refusals;
mod secrets;
pub(crate) mod store;

pub use list::{IntegrationFilter, IntegrationOrder, IntegrationSummary};
pub use refusals::{Refusal, RefusalCause, RefusalKind, Rotation};
pub use secrets::{Overlap, SecretInfo};

use std::collections::HashSet;

use crate::{
    Core, Error, Result,
    accounts::{Actor, FreshIdentity},
    audit::{self, Act, Entry},
    changes::{ChangeKind, changed},
    clock::Timestamp,
    crypto::{BearerSecret, base64url},
    db::Tx,
    error::checked_name,
    grants::{ApprovedBy, EndReason},
    ids::{IntegrationId, ProjectId, ToolId, UserId},
    members::{Access, Admin, Viewer},
    text_enum, tools,
};

/// What a Client Secret begins with.
pub const SECRET_PREFIX: &str = "tng_cs_";
/// What the id of an integration's own client begins with.
pub(crate) const CLIENT_ID_PREFIX: &str = "tng_ci_";
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
    /// Whether clients that registered themselves may connect.
    pub self_registered: bool,
    /// Whether its client may get tokens with its own credentials (RFC 6749 §4.4).
    pub client_credentials: bool,
    /// The tools that it offers; `None`: all of the project, those that are added later included.
    pub tool_ids: Option<Vec<ToolId>>,
    pub created_by: UserId,
    pub created_at: Timestamp,
}

impl Integration {
    /// Whether it offers a tool of its project.
    #[must_use]
    pub fn offers(&self, tool: &ToolId) -> bool {
        self.tool_ids.as_ref().is_none_or(|ids| ids.contains(tool))
    }

    /// That it is one of the project that this is access to, for who looked it up before.
    pub(crate) fn check_project(&self, access: &Access<Viewer>) -> Result<()> {
        match self.project_id == *access.project_id() {
            true => Ok(()),
            false => Err(Error::NotFound("integration")),
        }
    }
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

impl NewIntegration {
    /// One with a secret, whose connections a person approves.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            client_kind: ClientKind::Secret,
            approval: Approval::Ask,
            redirect_uris: None,
        }
    }
}

/// What to change; `None` leaves a thing as it is.
#[derive(Debug, Clone, Default)]
pub struct IntegrationChange {
    pub name: Option<String>,
    pub redirect_uris: Option<Vec<String>>,
    /// One more, beside those that there are.
    pub added_redirect_uri: Option<String>,
    pub approval: Option<Approval>,
    pub is_active: Option<bool>,
    pub self_registered: Option<bool>,
    pub client_credentials: Option<bool>,
    /// `Some(None)`: every tool of the project.
    pub tool_ids: Option<Option<Vec<ToolId>>>,
    /// Some of its tools, by the ticks of a part of the list.
    pub ticked_tools: Option<TickedTools>,
}

/// A part of the project's tools as somebody ticked it: what an integration offers besides stays so. One that
/// offers all begins with none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TickedTools {
    /// Those that had a box.
    pub shown: Vec<ToolId>,
    pub ticked: Vec<ToolId>,
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

    /// Makes an integration. The secret is shown here once and is not stored; a public client has
    /// none.
    ///
    /// # Errors
    /// [`Error::Invalid`] by field; [`Error::Conflict`] for a name that is taken.
    pub async fn create(
        &self,
        access: &Access<Admin>,
        new: &NewIntegration,
        proof: Option<&FreshIdentity>,
    ) -> Result<(Integration, Option<BearerSecret>)> {
        check_approval(new.client_kind, new.approval)?;
        if new.approval == Approval::Automatic {
            check_proof(access.actor(), proof)?;
        }
        let mut tx = self.core.db.begin().await?;
        let made = self
            .insert(&mut tx, access.project_id(), access.user_id(), new)
            .await?;
        self.note(&mut tx, Act::IntegrationMade, access, &made.0)
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
            self_registered: false,
            client_credentials: false,
            tool_ids: None,
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

    /// Switching on that the secret alone authorizes takes a fresh proof of identity from a person;
    /// an API key is one with each request.
    ///
    /// # Errors
    /// As [`Integrations::create`], and [`Error::NotFound`].
    pub async fn update(
        &self,
        access: &Access<Admin>,
        id: &IntegrationId,
        change: &IntegrationChange,
        proof: Option<&FreshIdentity>,
    ) -> Result<Integration> {
        let mut tx = self.core.db.begin().await?;
        let mut integration = Self::locked(&mut tx, access, id).await?;
        let before = integration.clone();
        if let Some(name) = &change.name {
            integration.name = checked_name("name", name, 80)?;
        }
        if let Some(uris) = &change.redirect_uris {
            integration.redirect_uris = checked_redirect_uris(uris)?;
        }
        if let Some(uri) = &change.added_redirect_uri {
            redirect_uri::check(uri.trim()).map_err(|why| Error::invalid("redirect_uri", why))?;
            let known = integration.redirect_uris.iter();
            let uris: Vec<String> = known.chain([uri]).cloned().collect();
            integration.redirect_uris = checked_redirect_uris(&uris)?;
        }
        if let Some(approval) = change.approval {
            check_approval(integration.client_kind, approval)?;
            integration.approval = approval;
        }
        if let Some(is_active) = change.is_active {
            integration.is_active = is_active;
        }
        if let Some(self_registered) = change.self_registered {
            integration.self_registered = self_registered;
        }
        if let Some(client_credentials) = change.client_credentials {
            check_client_credentials(integration.client_kind, client_credentials)?;
            integration.client_credentials = client_credentials;
        }
        if let Some(tool_ids) = &change.tool_ids {
            integration.tool_ids = checked_tools(&mut tx, &integration, tool_ids.as_ref()).await?;
        }
        if let Some(ticks) = &change.ticked_tools {
            integration.tool_ids = Some(with_ticks(&mut tx, &integration, ticks).await?);
        }
        let switched_on = |was: bool, is: bool| !was && is;
        if switched_on(
            before.approval == Approval::Automatic,
            integration.approval == Approval::Automatic,
        ) || switched_on(before.client_credentials, integration.client_credentials)
        {
            check_proof(access.actor(), proof)?;
        }
        store::update(&mut tx, &integration)
            .await
            .map_err(name_taken)?;
        self.end_what_is_switched_off(&mut tx, &before, &integration)
            .await?;
        let act = match (before.is_active, integration.is_active) {
            (false, true) => Some(Act::IntegrationActivated),
            (true, false) => Some(Act::IntegrationDeactivated),
            _ => None,
        };
        if let Some(act) = act {
            self.note(&mut tx, act, access, &integration).await?;
        }
        self.changed(&mut tx, id).await?;
        tx.commit().await?;
        Ok(integration)
    }

    /// Nobody approved connections of these kinds; without the switch somebody must.
    async fn end_what_is_switched_off(
        &self,
        tx: &mut Tx,
        before: &Integration,
        after: &Integration,
    ) -> Result<()> {
        let now = self.core.now();
        for (was, is, kind) in [
            (
                before.approval == Approval::Automatic,
                after.approval == Approval::Automatic,
                ApprovedBy::Automatic,
            ),
            (
                before.client_credentials,
                after.client_credentials,
                ApprovedBy::ClientCredentials,
            ),
        ] {
            if was && !is {
                let reason = EndReason::ApprovalChanged;
                crate::grants::store::end_approved_by(tx, &after.id, kind, reason, now).await?;
            }
        }
        Ok(())
    }

    /// Ends an integration with its secrets and connections.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete(
        &self,
        access: &Access<Admin>,
        id: &IntegrationId,
        proof: &FreshIdentity,
    ) -> Result<()> {
        proof.check(access.actor())?;
        let mut tx = self.core.db.begin().await?;
        let integration = Self::locked(&mut tx, access, id).await?;
        store::delete(&mut tx, id).await?;
        self.note(&mut tx, Act::IntegrationDeleted, access, &integration)
            .await?;
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

    /// Not its name, which may be a person's.
    async fn note(
        &self,
        tx: &mut Tx,
        act: Act,
        access: &Access<Admin>,
        integration: &Integration,
    ) -> Result<()> {
        let Integration { id, client_id, .. } = integration;
        let detail = format!("{id}, Client ID {client_id}");
        let entry = Entry::of_access(act, access).with_detail(detail);
        audit::record(&self.core, tx, entry).await?;
        Ok(())
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

fn check_client_credentials(kind: ClientKind, is_on: bool) -> Result<()> {
    if kind == ClientKind::Public && is_on {
        return Err(Error::invalid(
            "client_credentials",
            "A public client has no credentials of its own.",
        ));
    }
    Ok(())
}

/// From then on the secret alone is enough: a stolen session must not be able to switch that on.
fn check_proof(actor: &Actor, proof: Option<&FreshIdentity>) -> Result<()> {
    proof.ok_or(Error::ProofNeeded)?.check(actor)
}

async fn checked_tools(
    tx: &mut Tx,
    integration: &Integration,
    ids: Option<&Vec<ToolId>>,
) -> Result<Option<Vec<ToolId>>> {
    let Some(ids) = ids else {
        return Ok(None);
    };
    if ids.is_empty() {
        return Err(Error::invalid(
            "tool_ids",
            "Choose at least one tool, or null for all of the project.",
        ));
    }
    let known = tools::store::outlines::ids_in(tx, &integration.project_id).await?;
    let known: HashSet<&ToolId> = known.iter().collect();
    let mut seen = HashSet::new();
    let mut checked: Vec<ToolId> = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        if !known.contains(id) {
            return Err(Error::invalid(
                format!("tool_ids[{index}]"),
                "The project has no such tool.",
            ));
        }
        if seen.insert(id) {
            checked.push(id.clone());
        }
    }
    Ok(Some(checked))
}

/// What it offers with the ticks; of what it offered before, what is gone meanwhile is left out.
async fn with_ticks(
    tx: &mut Tx,
    integration: &Integration,
    ticks: &TickedTools,
) -> Result<Vec<ToolId>> {
    let known = tools::store::outlines::ids_in(tx, &integration.project_id).await?;
    let known: HashSet<&ToolId> = known.iter().collect();
    let shown: HashSet<&ToolId> = ticks.shown.iter().collect();
    let before = integration.tool_ids.iter().flatten();
    let kept = before.filter(|id| known.contains(id) && !shown.contains(id));
    let ids: Vec<ToolId> = kept.chain(&ticks.ticked).cloned().collect();
    // Nobody means it: an integration that offers nothing answers nothing.
    if ids.is_empty() {
        return Err(Error::invalid(
            "tool_ids",
            "Tick at least one tool. To offer none, deactivate the integration.",
        ));
    }
    Ok(checked_tools(tx, integration, Some(&ids))
        .await?
        .unwrap_or_default())
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

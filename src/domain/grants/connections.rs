//! Grants as people see them: who connected what, since when, and ending it.

use std::{collections::HashMap, sync::Arc};

use super::{EndReason, Grant, Grants, Offer, coverage::Coverage, store};
use crate::{
    Error, Result,
    accounts::Actor,
    events::{EventKind, NewEvent, Trail, Visit},
    ids::{GrantId, IntegrationId},
    integrations::{self, Integration, Integrations},
    members::{Access, Admin, Viewer},
    tools::Since,
};

/// A live grant with the names that people know things by.
#[derive(Clone)]
pub struct Connection {
    pub grant: Grant,
    /// The email of who connected; `None` where nobody did.
    pub user_email: Option<String>,
    pub integration_name: String,
    pub project_name: String,
    /// The tools that it has now, to compare with those that it fetched ([`Grant::last_list`]).
    pub offer: Arc<Offer>,
}

impl Connection {
    /// Whether the list that it fetched last is the one that it would get now; `None` where it
    /// fetched none.
    #[must_use]
    pub fn has_current_list(&self) -> Option<bool> {
        let list = self.grant.last_list.as_ref()?;
        Some(list.fingerprint == self.offer.fingerprint())
    }

    /// What of its tools is not as it was when somebody decided about it ([`Grant::consented_at`]).
    #[must_use]
    pub fn changed_tools(&self) -> ChangedTools {
        let since = self.grant.consented_at;
        let changed = self
            .offer
            .tools()
            .iter()
            .filter_map(|tool| Some((tool, tool.since(since)?)));
        let named = changed.clone().take(MOST_NAMED);
        ChangedTools {
            named: named
                .map(|(tool, since)| (tool.name.clone(), since))
                .collect(),
            count: changed.count(),
        }
    }
}

/// Of a thousand connections each may have thousands of tools.
const MOST_NAMED: usize = 20;

/// Tools of a connection that were added or changed since it was approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedTools {
    /// The first 20, by name.
    pub named: Vec<(String, Since)>,
    /// How many there are.
    pub count: usize,
}

impl Grants {
    /// The live connections of an integration, newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn connections(
        &self,
        access: &Access<Viewer>,
        integration: &IntegrationId,
    ) -> Result<Vec<Connection>> {
        let integration = Integrations::new(self.core.clone())
            .get(access, integration)
            .await?;
        self.connections_of(access, integration).await
    }

    /// The same, for who has looked the integration up.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an integration of another project.
    pub async fn connections_of(
        &self,
        access: &Access<Viewer>,
        integration: Integration,
    ) -> Result<Vec<Connection>> {
        integration.check_project(access)?;
        let (db, now) = (&self.core.db, self.core.now());
        let found = store::connections_of_integration(db, &integration.id, now).await?;
        let known = HashMap::from([(integration.id.clone(), integration)]);
        self.with_offers(found, known).await
    }

    /// A person's own live connections, in every project, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn connected_apps(&self, actor: &Actor) -> Result<Vec<Connection>> {
        let found =
            store::connections_of_user(&self.core.db, actor.user_id(), self.core.now()).await?;
        self.with_offers(found, HashMap::new()).await
    }

    /// The connections, each with the tools that it has now.
    async fn with_offers(
        &self,
        found: Vec<store::FoundConnection>,
        mut integrations: HashMap<IntegrationId, Integration>,
    ) -> Result<Vec<Connection>> {
        let mut connections = Vec::with_capacity(found.len());
        for one in found {
            let id = &one.grant.integration_id;
            if !integrations.contains_key(id) {
                let Some(integration) = integrations::store::by_id(&self.core.db, id).await? else {
                    // It ended in between, and its connections with it.
                    continue;
                };
                integrations.insert(id.clone(), integration);
            }
            let integration = &integrations[id];
            let toolset = self.toolsets.of(&integration.project_id).await?;
            connections.push(Connection {
                offer: toolset.offer(&Coverage::of(integration, &one.grant).places(&toolset)),
                grant: one.grant,
                user_email: one.user_email,
                integration_name: one.integration_name,
                project_name: one.project_name,
            });
        }
        Ok(connections)
    }

    /// Ends a connection of a project, from the next request on.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the integration has no such live connection.
    pub async fn end_connection(
        &self,
        access: &Access<Admin>,
        integration: &IntegrationId,
        grant: &GrantId,
        visit: &Visit,
    ) -> Result<()> {
        self.integration_of(&access.as_viewer(), integration)
            .await?;
        let found = store::grant_by_id(&self.core.db, grant)
            .await?
            .filter(|found| found.integration_id == *integration);
        self.end(found, EndReason::EndedByAdmin, visit).await
    }

    /// Ends a connection of the person's own.
    ///
    /// # Errors
    /// [`Error::NotFound`] where they have no such live connection.
    pub async fn end_own_connection(
        &self,
        actor: &Actor,
        grant: &GrantId,
        visit: &Visit,
    ) -> Result<()> {
        let found = store::grant_by_id(&self.core.db, grant)
            .await?
            .filter(|found| found.user_id.as_ref() == Some(actor.user_id()));
        self.end(found, EndReason::EndedByPerson, visit).await
    }

    /// Ends every connection of an integration. Tells how many.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn disconnect_everything(
        &self,
        access: &Access<Admin>,
        integration: &IntegrationId,
        visit: &Visit,
    ) -> Result<u64> {
        self.integration_of(&access.as_viewer(), integration)
            .await?;
        let now = self.core.now();
        let mut tx = self.core.db.begin().await?;
        // A code that is being exchanged at this moment comes before or after, never in between.
        integrations::store::locked(&mut tx, access.project_id(), integration).await?;
        let ended = store::end_all(&mut tx, integration, EndReason::EndedByAdmin, now).await?;
        tx.commit().await?;
        let trail = Trail {
            integration_id: Some(integration.clone()),
            ..Trail::default()
        };
        let all = NewEvent::ok(EventKind::GrantEnded, trail);
        let detail = format!("{}, all {ended} connections", EndReason::EndedByAdmin);
        self.events.record(visit, all.with_detail(detail)).await;
        Ok(ended)
    }

    async fn end(&self, grant: Option<Grant>, reason: EndReason, visit: &Visit) -> Result<()> {
        let now = self.core.now();
        let grant = grant
            .filter(|grant| grant.ended_at.is_none())
            .ok_or(Error::NotFound("connection"))?;
        let mut tx = self.core.db.begin().await?;
        let has_ended = store::end_grant(&mut tx, &grant.id, reason, now).await?;
        tx.commit().await?;
        if !has_ended {
            return Err(Error::NotFound("connection"));
        }
        let ended = NewEvent::ok(EventKind::GrantEnded, grant.trail());
        let ended = ended.with_detail(reason.as_str());
        self.events.record(visit, ended).await;
        Ok(())
    }

    async fn integration_of(&self, access: &Access<Viewer>, id: &IntegrationId) -> Result<()> {
        Integrations::new(self.core.clone())
            .get(access, id)
            .await
            .map(|_| ())
    }
}

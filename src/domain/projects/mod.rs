//! Projects: what members, tools and integrations belong to.

pub(crate) mod store;

use crate::{
    Core, Error, Result,
    accounts::{self, Actor, FreshIdentity},
    audit::{self, Act, Entry},
    calls,
    changes::{ChangeKind, changed},
    clock::Timestamp,
    db::Tx,
    error::checked_name,
    ids::{IntegrationId, ProjectId, UserId},
    members::{self, Access, Owner, Role, Viewer},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    pub id: ProjectId,
    /// Unique among the projects of the person who made it.
    pub name: String,
    pub created_by: UserId,
    pub created_at: Timestamp,
}

/// Projects that one account has made and that are still there.
pub const MOST: i64 = 100;

/// A project as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectSummary {
    pub project: Project,
    pub role: Role,
    pub tools: i64,
    pub enabled_tools: i64,
    pub integrations: i64,
}

/// How far a project is on its way to the first call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetUp {
    pub tools: i64,
    pub enabled_tools: i64,
    pub integrations: i64,
    pub newest_integration: Option<IntegrationId>,
    /// A client got a token, or authenticated with a secret.
    pub has_connected: bool,
    /// A client called a tool.
    pub has_called: bool,
}

/// The room's service.
#[derive(Clone)]
pub struct Projects {
    core: Core,
}

impl Projects {
    pub(crate) const fn new(core: Core) -> Self {
        Self { core }
    }

    /// The projects the actor may read, newest first. A key reads its own only.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<ProjectSummary>> {
        let mut all = store::of_member(&self.core.db, actor.user_id()).await?;
        if let Actor::ApiKey {
            project_id, role, ..
        } = actor
        {
            all.retain(|summary| {
                project_id
                    .as_ref()
                    .is_none_or(|one| summary.project.id == *one)
            });
            for summary in &mut all {
                summary.role = summary.role.min(*role);
            }
        }
        Ok(all)
    }

    /// Makes a project, with the actor as its owner.
    ///
    /// # Errors
    /// [`Error::Invalid`] or [`Error::Conflict`] for `name`; [`Error::Forbidden`] for a key that
    /// belongs to one project, or that could not own another; [`Error::Conflict`] for `projects` where
    /// the account has made [`MOST`].
    pub async fn create(&self, actor: &Actor, name: &str) -> Result<Project> {
        if let Actor::ApiKey {
            project_id, role, ..
        } = actor
        {
            if project_id.is_some() {
                return Err(Error::Forbidden(
                    "This key belongs to one project and cannot make another.".to_owned(),
                ));
            }
            if *role < Role::Owner {
                return Err(Error::Forbidden(format!(
                    "Who makes a project owns it, and this key is a {role} at most."
                )));
            }
        }
        let mut tx = self.core.db.begin().await?;
        // Of two at once one sees what the other made.
        accounts::lock_enabled(&mut tx, actor.user_id())
            .await?
            .ok_or(Error::WrongCredentials)?;
        if store::count_made_by(&mut tx, actor.user_id()).await? >= MOST {
            return Err(Error::conflict(
                "projects",
                format!(
                    "Your account has made {MOST} projects, the most that it can. Delete one first."
                ),
            ));
        }
        let project = self.insert(&mut tx, actor.user_id(), name).await?;
        let entry = Entry::by(Act::ProjectMade, actor).in_project(&project.id);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(project)
    }

    pub(crate) async fn insert(&self, tx: &mut Tx, owner: &UserId, name: &str) -> Result<Project> {
        let project = Project {
            id: ProjectId::new(&*self.core.clock, &*self.core.random),
            name: checked_name("name", name, 80)?,
            created_by: owner.clone(),
            created_at: self.core.now(),
        };
        store::insert(tx, &project).await.map_err(name_taken)?;
        members::store::insert(tx, &project.id, owner, Role::Owner, project.created_at).await?;
        changed(
            tx,
            ChangeKind::Project,
            project.id.as_str(),
            project.created_at,
        )
        .await?;
        Ok(project)
    }

    /// # Errors
    /// Where the database fails.
    pub async fn get(&self, access: &Access<Viewer>) -> Result<Project> {
        store::by_id(&self.core.db, access.project_id())
            .await?
            .ok_or(Error::NotFound("project"))
    }

    /// # Errors
    /// Where the database fails.
    pub async fn set_up(&self, access: &Access<Viewer>) -> Result<SetUp> {
        let (db, project) = (&self.core.db, access.project_id());
        let has_called = calls::has_come_by_mcp(db, project).await?;
        Ok(store::set_up(db, project, has_called).await?)
    }

    /// Every project of the instance, for the command line, whose user holds the database anyway.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn all_by_operator(&self) -> Result<Vec<Project>> {
        store::all(&self.core.db).await
    }

    /// Who made a project: whom the command line acts for where it is not told.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn created_by(&self, project: &ProjectId) -> Result<Option<UserId>> {
        let project = store::by_id(&self.core.db, project).await?;
        Ok(project.map(|project| project.created_by))
    }

    /// # Errors
    /// [`Error::Invalid`] or [`Error::Conflict`] for `name`.
    pub async fn rename(&self, access: &Access<Owner>, name: &str) -> Result<Project> {
        let name = checked_name("name", name, 80)?;
        let mut tx = self.core.db.begin().await?;
        store::rename(&mut tx, access.project_id(), &name)
            .await
            .map_err(name_taken)?;
        changed(
            &mut tx,
            ChangeKind::Project,
            access.project_id().as_str(),
            self.core.now(),
        )
        .await?;
        let entry = Entry::of_access(Act::ProjectRenamed, access);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        self.get(&access.as_viewer()).await
    }

    /// Ends a project with its tools, integrations, grants and keys.
    ///
    /// # Errors
    /// [`Error::ProofNeeded`]; where the database fails.
    pub async fn delete(&self, access: &Access<Owner>, proof: &FreshIdentity) -> Result<()> {
        proof.check(access.actor())?;
        let mut tx = self.core.db.begin().await?;
        delete_in(&self.core, &mut tx, access.project_id(), access.actor()).await?;
        tx.commit().await?;
        forget_details(&self.core, access.project_id()).await;
        Ok(())
    }
}

/// Deletes what was asked and answered in a project that is deleted. It is, whatever becomes of this;
/// the rest goes after a while.
pub(crate) async fn forget_details(core: &Core, project: &ProjectId) {
    if let Err(error) = calls::forget_project(core, project).await {
        tracing::error!(%error, %project, "details of calls of a deleted project stay for a while");
    }
}

/// The same in a transaction that ends more.
pub(crate) async fn delete_in(
    core: &Core,
    tx: &mut Tx,
    project: &ProjectId,
    by: &Actor,
) -> Result<()> {
    store::delete(tx, project).await?;
    let entry = Entry::by(Act::ProjectDeleted, by).in_project(project);
    audit::record(core, tx, entry).await?;
    changed(tx, ChangeKind::Project, project.as_str(), core.now()).await?;
    Ok(())
}

fn name_taken(error: crate::db::DbError) -> Error {
    if error.is_unique_violation() {
        Error::conflict("name", "You have a project with this name already.")
    } else {
        error.into()
    }
}

//! Tools: registering, changing, enabling. Running them is the room `execute`.

pub(crate) mod auth;
pub mod definition;
mod described;
mod difference;
mod icons;
mod import;
mod list;
mod outline;
mod rules;
pub mod sample_arguments;
pub mod samples;
pub mod schema;
mod schema_cost;
mod secret;
pub(crate) mod store;
pub(crate) mod toolset;
mod versions;

pub(crate) use auth::webhook_key;
pub use auth::{AuthConfig, AuthStrategy};
pub use definition::{Annotations, AnnotationsInput, HttpMethod, Icon, IconTheme, Tool, ToolInput};
pub use described::Since;
pub use difference::{Changed, Difference, FieldChange};
pub use import::{
    ImportOptions, ImportSecret, MOST_AT_ONCE, Planned, PlannedChange, PlannedTool, calls,
};
pub use list::{ToolFilter, ToolList, ToolName, ToolOrder, ToolSummary};
pub use outline::{ToolCounts, ToolOutline};
pub use secret::ToolSecret;
pub use versions::{MOST_VERSIONS, Version, VersionDetail, VersionKind};

pub use rules::is_name;

use std::time::Duration;

use versions::Made;

use crate::{
    Core, Error, FieldError, Result,
    accounts::Actor,
    changes::{ChangeKind, changed},
    clock::Timestamp,
    db::Tx,
    execute::{Fetcher, Network},
    ids::{ProjectId, ToolId},
    members::{Access, Developer, Viewer},
    openapi,
    vault::{self, VaultSecret},
};

/// How long a document may take to come.
const DOCUMENT_TIME: Duration = Duration::from_secs(30);

/// What a file of tools did to a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    pub created: Vec<String>,
    pub updated: Vec<String>,
    pub unchanged: Vec<String>,
}

/// The room's service.
#[derive(Clone)]
pub struct Tools {
    core: Core,
    network: Network,
}

impl Tools {
    pub(crate) const fn new(core: Core, network: Network) -> Self {
        Self { core, network }
    }

    /// All tools of the project, by name.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list(&self, access: &Access<Viewer>) -> Result<Vec<Tool>> {
        store::of_project(&self.core.db, access.project_id()).await
    }

    /// # Errors
    /// [`Error::NotFound`] where the project has no such tool.
    pub async fn get(&self, access: &Access<Viewer>, id: &ToolId) -> Result<Tool> {
        store::by_id(&self.core.db, access.project_id(), id)
            .await?
            .ok_or(Error::NotFound("tool"))
    }

    /// Whether a tool may be so: the next version of one that there is, or a new one, in a project
    /// with these secrets in its vault.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every broken rule.
    pub fn check(
        &self,
        input: &ToolInput,
        old: Option<&Tool>,
        vault: &[VaultSecret],
    ) -> Result<()> {
        self.made(input, old, vault).map(|_| ())
    }

    fn made(&self, input: &ToolInput, old: Option<&Tool>, vault: &[VaultSecret]) -> Result<Tool> {
        match old {
            Some(old) => self.next_version(old, input, vault),
            None => self.new_tool(&ProjectId::from(""), input, vault),
        }
    }

    /// A tool as it would be saved, to show what it would send: with what stands in for a secret that
    /// is yet to be given.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every broken rule; [`Error::NotFound`] for an `old` that is none.
    pub async fn draft(
        &self,
        access: &Access<Developer>,
        old: Option<&ToolId>,
        input: ToolInput,
    ) -> Result<Tool> {
        let viewer = access.as_viewer();
        let old = match old {
            None => None,
            Some(id) => Some(self.get(&viewer, id).await?),
        };
        let vault = vault::store::of_project(&self.core.db, access.project_id()).await?;
        let vault: Vec<_> = vault.into_iter().map(|(secret, _)| secret).collect();
        let input = import::stood_in(input, old.as_ref());
        self.made(&input, old.as_ref(), &vault)
    }

    /// A document from a URL, and that URL, through the guard that stands before the tools.
    ///
    /// # Errors
    /// A sentence that says why there is none.
    pub async fn fetch_document(&self, url: &str) -> Result<(Vec<u8>, url::Url), String> {
        let parsed = url::Url::parse(url)
            .map_err(|_| "Enter a URL like https://api.example.com/openapi.json.".to_owned())?;
        let fetcher = Fetcher::new(self.network.clone());
        match fetcher.get(url, DOCUMENT_TIME, openapi::LARGEST).await {
            Ok(document) => Ok((document.body, parsed)),
            Err(why) => Err(format!("There is no document: {why}.")),
        }
    }

    /// Registers a tool.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every broken rule; [`Error::Conflict`] for a name that is taken.
    pub async fn create(&self, access: &Access<Developer>, input: &ToolInput) -> Result<Tool> {
        let mut tx = self.core.db.begin().await?;
        let vault = vault::store::held(&mut tx, access.project_id()).await?;
        let tool = self.new_tool(access.project_id(), input, &vault)?;
        let made = Made::by(access.actor(), VersionKind::Created);
        self.insert(&mut tx, &tool, made).await?;
        tx.commit().await?;
        Ok(tool)
    }

    /// Replaces a tool's definition; its secret stays where the input leaves it out. What leaves the
    /// tool as it is does nothing.
    ///
    /// # Errors
    /// As [`Tools::create`], and [`Error::NotFound`].
    pub async fn replace(
        &self,
        access: &Access<Developer>,
        id: &ToolId,
        input: &ToolInput,
    ) -> Result<Tool> {
        let made = Made::by(access.actor(), VersionKind::Changed);
        self.edit(access, id, made, |old, vault| {
            self.next_version(old, input, vault)
        })
        .await
    }

    /// Changes a tool by what it is at that moment: two edits at once both hold.
    ///
    /// # Errors
    /// As [`Tools::replace`], and what `change` refuses.
    pub async fn patch(
        &self,
        access: &Access<Developer>,
        id: &ToolId,
        change: impl FnOnce(ToolInput) -> Result<ToolInput> + Send,
    ) -> Result<Tool> {
        let made = Made::by(access.actor(), VersionKind::Changed);
        self.edit(access, id, made, |old, vault| {
            let input = change(old.as_input())?;
            self.next_version(old, &input, vault)
        })
        .await
    }

    /// Enables or disables a tool, from the next request on.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn set_enabled(
        &self,
        access: &Access<Developer>,
        id: &ToolId,
        is_enabled: bool,
    ) -> Result<Tool> {
        let made = Made::by(access.actor(), VersionKind::Changed);
        self.edit(access, id, made, |old, _| {
            Ok(Tool {
                is_enabled,
                updated_at: self.after(old),
                ..old.clone()
            })
        })
        .await
    }

    /// The same for several, all of them or none. Answers with how many it changed.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the project lacks one of them.
    pub async fn set_all_enabled(
        &self,
        access: &Access<Developer>,
        ids: &[ToolId],
        is_enabled: bool,
    ) -> Result<usize> {
        let mut changed = 0;
        let mut tx = self.core.db.begin().await?;
        // Its turn: two that lock many tools do not wait for each other in a ring.
        vault::store::held(&mut tx, access.project_id()).await?;
        for id in ids {
            let old = store::locked(&mut tx, access.project_id(), id)
                .await?
                .ok_or(Error::NotFound("tool"))?;
            if old.is_enabled == is_enabled {
                continue;
            }
            let tool = Tool {
                is_enabled,
                updated_at: self.after(&old),
                ..old.clone()
            };
            let made = Made::by(access.actor(), VersionKind::Changed);
            self.update(&mut tx, &old, tool, made).await?;
            changed += 1;
        }
        tx.commit().await?;
        Ok(changed)
    }

    async fn edit(
        &self,
        access: &Access<Developer>,
        id: &ToolId,
        made: Made<'_>,
        next: impl FnOnce(&Tool, &[VaultSecret]) -> Result<Tool> + Send,
    ) -> Result<Tool> {
        let mut tx = self.core.db.begin().await?;
        let vault = vault::store::held(&mut tx, access.project_id()).await?;
        let old = store::locked(&mut tx, access.project_id(), id)
            .await?
            .ok_or(Error::NotFound("tool"))?;
        let tool = next(&old, &vault)?;
        if same(&tool, &old) {
            return Ok(old);
        }
        let tool = self.update(&mut tx, &old, tool, made).await?;
        tx.commit().await?;
        Ok(tool)
    }

    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete(&self, access: &Access<Developer>, id: &ToolId) -> Result<()> {
        let mut tx = self.core.db.begin().await?;
        if !store::delete(&mut tx, access.project_id(), id).await? {
            return Err(Error::NotFound("tool"));
        }
        changed(
            &mut tx,
            ChangeKind::Tools,
            access.project_id().as_str(),
            self.core.now(),
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes the project's tools be as a file says, by name; tools that the file does not name
    /// stay as they are. All of it or nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] with fields like `tools[2].input_schema`.
    pub async fn apply(&self, access: &Access<Developer>, inputs: &[ToolInput]) -> Result<Applied> {
        let mut tx = self.core.db.begin().await?;
        let applied = self
            .apply_in(&mut tx, access.actor(), access.project_id(), inputs)
            .await?;
        tx.commit().await?;
        Ok(applied)
    }

    pub(crate) async fn apply_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        project: &ProjectId,
        inputs: &[ToolInput],
    ) -> Result<Applied> {
        let made = Made::by(actor, VersionKind::Applied);
        let vault = vault::store::held(tx, project).await?;
        let existing = store::all_locked(tx, project).await?;
        let mut applied = Applied::default();
        for (tool, old) in self.next_of(project, &existing, inputs, &vault)? {
            match old {
                Some(old) if same(&tool, old) => applied.unchanged.push(tool.name),
                Some(old) => {
                    let tool = self.update(tx, old, tool, made).await?;
                    applied.updated.push(tool.name);
                }
                None => {
                    self.insert(tx, &tool, made).await?;
                    applied.created.push(tool.name);
                }
            }
        }
        Ok(applied)
    }

    /// What a file makes of a project's tools: each tool, with the one that it takes the place of.
    fn next_of<'a>(
        &self,
        project: &ProjectId,
        existing: &'a [Tool],
        inputs: &[ToolInput],
        vault: &[VaultSecret],
    ) -> Result<Vec<(Tool, Option<&'a Tool>)>> {
        let mut next = Vec::new();
        let mut broken = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for (index, input) in inputs.iter().enumerate() {
            if !seen.insert(&input.name) {
                broken.push(FieldError {
                    field: format!("tools[{index}].name"),
                    message: format!("The name {:?} appears twice in the file.", input.name),
                });
                continue;
            }
            let old = existing.iter().find(|tool| tool.name == input.name);
            let made = match old {
                Some(old) => self.next_version(old, input, vault),
                None => self.new_tool(project, input, vault),
            };
            match made {
                Ok(tool) => next.push((tool, old)),
                Err(Error::Invalid(fields)) => {
                    broken.extend(fields.into_iter().map(|error| FieldError {
                        field: format!("tools[{index}].{}", error.field),
                        message: error.message,
                    }));
                }
                Err(other) => return Err(other),
            }
        }
        if broken.is_empty() {
            Ok(next)
        } else {
            Err(Error::Invalid(broken))
        }
    }

    /// Adds the sample tools that the project does not have yet.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_samples(&self, access: &Access<Developer>) -> Result<Applied> {
        self.apply(access, &samples::samples()).await
    }

    fn new_tool(
        &self,
        project: &ProjectId,
        input: &ToolInput,
        vault: &[VaultSecret],
    ) -> Result<Tool> {
        let id = ToolId::new(&*self.core.clock, &*self.core.random);
        let now = self.core.now();
        rules::checked(
            &self.core,
            &self.network,
            input,
            rules::Identity {
                id,
                project_id: project.clone(),
                created_at: now,
                updated_at: now,
                previous: None,
                vault,
            },
        )
    }

    fn next_version(&self, old: &Tool, input: &ToolInput, vault: &[VaultSecret]) -> Result<Tool> {
        rules::checked(
            &self.core,
            &self.network,
            input,
            rules::Identity {
                id: old.id.clone(),
                project_id: old.project_id.clone(),
                created_at: old.created_at,
                updated_at: self.after(old),
                previous: Some(old),
                vault,
            },
        )
    }

    /// The time of a change: now, and never that of the version before, since what is remembered of
    /// a tool is told apart by it.
    fn after(&self, old: &Tool) -> Timestamp {
        self.core.now().max(Timestamp(old.updated_at.0 + 1))
    }

    async fn insert(&self, tx: &mut Tx, tool: &Tool, made: Made<'_>) -> Result<()> {
        store::insert(tx, tool)
            .await
            .map_err(|error| name_taken(error, tool))?;
        versions::note(tx, None, tool, made).await?;
        changed(
            tx,
            ChangeKind::Tools,
            tool.project_id.as_str(),
            tool.updated_at,
        )
        .await?;
        Ok(())
    }

    /// Stores a tool that is another than `old`, as the version after it.
    async fn update(&self, tx: &mut Tx, old: &Tool, tool: Tool, made: Made<'_>) -> Result<Tool> {
        let tool = Tool {
            version: old.version + 1,
            described_at: described::described_at(old, &tool),
            ..tool
        };
        store::update(tx, &tool)
            .await
            .map_err(|error| name_taken(error, &tool))?;
        versions::note(tx, Some(old), &tool, made).await?;
        changed(
            tx,
            ChangeKind::Tools,
            tool.project_id.as_str(),
            tool.updated_at,
        )
        .await?;
        Ok(tool)
    }
}

/// Whether nothing but its time tells the one from the other. The order of a schema's members does:
/// they come back as people wrote them.
fn same(new: &Tool, old: &Tool) -> bool {
    let mut new = new.clone();
    new.updated_at = old.updated_at;
    let text = |tool: &Tool| serde_json::to_string(&tool.as_input()).ok();
    new == *old && text(&new) == text(old)
}

fn name_taken(error: crate::db::DbError, tool: &Tool) -> Error {
    if error.is_unique_violation() {
        Error::conflict(
            "name",
            format!("The project has a tool named {:?} already.", tool.name),
        )
    } else {
        error.into()
    }
}

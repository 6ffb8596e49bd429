//! Reports of projects, kept as long as their tools stay as they are. The tools are those that clients are
//! served: nothing is loaded for a report that was made before.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use quick_cache::sync::Cache;
use tokio::sync::Semaphore;

use super::{ProjectContext, ProjectReport, ToolReport, stored, tokens, tool};
use crate::{
    Result,
    blocking::off_the_workers,
    ids::{ProjectId, ToolId},
    members::{Access, Viewer},
    tools::{Tool, toolset::Toolsets},
};

/// Projects whose reports are kept at once.
const MOST: usize = 64;
/// Reports that are made at once: each takes a processor for as long as its tools are many.
const AT_ONCE: usize = 1;

/// The room's service.
#[derive(Clone)]
pub struct Lints(Arc<Inner>);

struct Inner {
    toolsets: Arc<Toolsets>,
    known: Cache<ProjectId, (u64, Arc<ProjectReport>)>,
    turns: Semaphore,
}

impl Lints {
    pub(crate) fn new(toolsets: Arc<Toolsets>) -> Self {
        Self(Arc::new(Inner {
            toolsets,
            known: Cache::new(MOST),
            turns: Semaphore::new(AT_ONCE),
        }))
    }

    /// What there is to say of a project's tools, if that was found out since they changed.
    #[must_use]
    pub fn known(&self, access: &Access<Viewer>) -> Option<Arc<ProjectReport>> {
        let toolset = self.0.toolsets.known(access.project_id())?;
        self.kept(access.project_id(), fingerprint(toolset.tools()))
    }

    fn kept(&self, project: &ProjectId, fingerprint: u64) -> Option<Arc<ProjectReport>> {
        let (of, report) = self.0.known.get(project)?;
        (of == fingerprint).then_some(report)
    }

    /// What there is to say of a project's tools.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn of_project(&self, access: &Access<Viewer>) -> Result<Arc<ProjectReport>> {
        let project = access.project_id();
        let toolset = self.0.toolsets.of(project).await?;
        let fingerprint = fingerprint(toolset.tools());
        if let Some(report) = self.kept(project, fingerprint) {
            return Ok(report);
        }
        let _turn = self.0.turns.acquire().await;
        // Whoever had the turn before may have asked the same.
        if let Some(report) = self.kept(project, fingerprint) {
            return Ok(report);
        }
        let made = off_the_workers(move || stored(toolset.tools().iter().map(|tool| &**tool)));
        let report = Arc::new(made.await);
        self.0
            .known
            .insert(project.clone(), (fingerprint, report.clone()));
        Ok(report)
    }

    /// What there is to say of one tool among a project's.
    pub async fn of_tool(&self, one: Tool, tools: Vec<Tool>) -> ToolReport {
        let _turn = self.0.turns.acquire().await;
        off_the_workers(move || {
            let context = ProjectContext::without(&tools, Some(&one.id));
            let input = one.as_input();
            ToolReport {
                name: input.name.clone(),
                is_enabled: input.is_enabled,
                findings: tool(&input, &context),
                cost: tokens::of_tool(&input),
            }
        })
        .await
    }
}

/// The same for tools that are the same: every change moves `updated_at`.
fn fingerprint(tools: &[Arc<Tool>]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for tool in tools {
        let key: (&ToolId, i64) = (&tool.id, tool.updated_at.0);
        key.hash(&mut hasher);
    }
    hasher.finish()
}

//! Reports of projects, kept as long as their tools stay as they are.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use quick_cache::sync::Cache;
use tokio::sync::Semaphore;

use super::{ProjectContext, ProjectReport, ToolReport, stored, tokens, tool};
use crate::{
    blocking::off_the_workers,
    ids::{ProjectId, ToolId},
    tools::Tool,
};

/// Projects whose reports are kept at once.
const MOST: usize = 64;
/// Reports that are made at once: each takes a processor for as long as its tools are many.
const AT_ONCE: usize = 1;

/// The room's service.
#[derive(Clone)]
pub struct Lints(Arc<Inner>);

struct Inner {
    known: Cache<ProjectId, (u64, Arc<ProjectReport>)>,
    turns: Semaphore,
}

impl Default for Lints {
    fn default() -> Self {
        Self(Arc::new(Inner {
            known: Cache::new(MOST),
            turns: Semaphore::new(AT_ONCE),
        }))
    }
}

impl Lints {
    /// What there is to say of a project's tools.
    pub async fn of_project(&self, project: &ProjectId, tools: Vec<Tool>) -> Arc<ProjectReport> {
        let fingerprint = fingerprint(&tools);
        let kept = || match self.0.known.get(project) {
            Some((of, report)) if of == fingerprint => Some(report),
            _ => None,
        };
        if let Some(report) = kept() {
            return report;
        }
        let _turn = self.0.turns.acquire().await;
        // Whoever had the turn before may have asked the same.
        if let Some(report) = kept() {
            return report;
        }
        let report = Arc::new(off_the_workers(move || stored(&tools)).await);
        self.0
            .known
            .insert(project.clone(), (fingerprint, report.clone()));
        report
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
fn fingerprint(tools: &[Tool]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for tool in tools {
        let key: (&ToolId, i64) = (&tool.id, tool.updated_at.0);
        key.hash(&mut hasher);
    }
    hasher.finish()
}

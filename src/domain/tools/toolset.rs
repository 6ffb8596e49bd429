//! A project's tools as they are served: loaded once, and again when one of them changed.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use quick_cache::Weighter;

use super::{Tool, store};
use crate::{
    Core, Result,
    changes::{Change, ChangeKind, Remembered, heard_by},
    grants::Offer,
    ids::ProjectId,
};

/// Tools of all projects together that are kept, more or less.
const MOST_TOOLS: u64 = 200_000;
const USUAL_PROJECTS: usize = 1_000;
/// Selections of one project's tools that are kept at once.
const MOST_OFFERS: usize = 256;

/// Every tool of a project at one moment.
pub struct Toolset {
    /// Different for each one that this process loaded.
    pub version: u64,
    /// By name in byte order.
    tools: Vec<Arc<Tool>>,
    /// What connections have of them, by the tools' places.
    offers: Mutex<HashMap<Vec<u32>, Arc<Offer>>>,
}

impl Toolset {
    fn new(tools: Vec<Tool>) -> Self {
        static VERSIONS: AtomicU64 = AtomicU64::new(1);
        Self {
            version: VERSIONS.fetch_add(1, Ordering::Relaxed),
            tools: tools.into_iter().map(Arc::new).collect(),
            offers: Mutex::default(),
        }
    }

    #[must_use]
    pub fn tools(&self) -> &[Arc<Tool>] {
        &self.tools
    }

    /// Some of the tools, by their places; the same for all connections that have the same ones.
    pub(crate) fn offer(&self, places: &[u32]) -> Arc<Offer> {
        let mut offers = self.offers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = offers.get(places) {
            return known.clone();
        }
        if offers.len() >= MOST_OFFERS {
            offers.clear();
        }
        let tools = places
            .iter()
            .filter_map(|place| self.tools.get(usize::try_from(*place).ok()?).cloned())
            .collect();
        let offer = Arc::new(Offer::new(self.version, tools));
        offers.insert(places.to_vec(), offer.clone());
        offer
    }

    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&Arc<Tool>> {
        self.tools
            .binary_search_by(|tool| tool.name.as_str().cmp(name))
            .ok()
            .map(|index| &self.tools[index])
    }
}

#[derive(Clone)]
struct ByTools;

impl Weighter<ProjectId, Arc<Toolset>> for ByTools {
    fn weight(&self, _: &ProjectId, toolset: &Arc<Toolset>) -> u64 {
        1 + u64::try_from(toolset.tools.len()).unwrap_or(u64::MAX - 1)
    }
}

/// The projects' tools, as far as they are in use.
pub struct Toolsets {
    core: Core,
    known: Remembered<ProjectId, Arc<Toolset>, ByTools>,
    /// One at a time: of many requests that miss, one loads and the others find it.
    loading: tokio::sync::Mutex<()>,
}

impl Toolsets {
    pub(crate) fn new(core: Core) -> Arc<Self> {
        let feed = core.db.feed().clone();
        let toolsets = Arc::new(Self {
            known: Remembered::weighed(&feed, USUAL_PROJECTS, MOST_TOOLS, ByTools),
            loading: tokio::sync::Mutex::default(),
            core,
        });
        heard_by(&feed, &toolsets, |toolsets, change| match change {
            Change::Of(ChangeKind::Tools | ChangeKind::Project, project) => {
                toolsets.known.forget(&ProjectId::from(&**project));
            }
            Change::Of(..) => {}
            Change::Anything => toolsets.known.forget_all(),
        });
        toolsets
    }

    /// The tools of a project as they are now.
    ///
    /// # Errors
    /// Where the database fails.
    pub(crate) async fn of(&self, project: &ProjectId) -> Result<Arc<Toolset>> {
        if let Some(known) = self.known.get(project) {
            return Ok(known);
        }
        Box::pin(self.load(project)).await
    }

    async fn load(&self, project: &ProjectId) -> Result<Arc<Toolset>> {
        let _turn = self.loading.lock().await;
        if let Some(known) = self.known.get(project) {
            return Ok(known);
        }
        let since = self.known.since();
        let tools = store::of_project(&self.core.db, project).await?;
        let loaded = Arc::new(Toolset::new(tools));
        self.known.keep(since, project.clone(), loaded.clone());
        Ok(loaded)
    }
}

//! A project's tools as they are served: loaded once, and again when one of them changed.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
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

/// Bytes of text in the tools that are kept, of all projects together. In memory they take some times
/// as much.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
const USUAL_PROJECTS: usize = 1_000;
/// Tools in the selections of one project's tools that are kept at once, each 12 bytes.
const MOST_SELECTED: usize = 1_000_000;
/// As much as what a selection takes besides its tools.
const SELECTION: usize = 16;
/// Of the locks below which projects are loaded.
const LOADING: usize = 64;

/// Every tool of a project at one moment.
pub struct Toolset {
    /// Different for each one that this process loaded.
    pub version: u64,
    /// By name in byte order.
    tools: Vec<Arc<Tool>>,
    bytes: u64,
    offers: Mutex<Offers>,
}

/// What connections have of a project's tools, by the tools' places.
#[derive(Default)]
struct Offers {
    known: HashMap<Vec<u32>, Arc<Offer>>,
    /// Tools in all of them.
    selected: usize,
}

impl Toolset {
    fn new(tools: Vec<Tool>) -> Self {
        static VERSIONS: AtomicU64 = AtomicU64::new(1);
        Self {
            version: VERSIONS.fetch_add(1, Ordering::Relaxed),
            bytes: tools.iter().map(Tool::text_bytes).sum(),
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
        if let Some(known) = offers.known.get(places) {
            return known.clone();
        }
        let selected = places.len() + SELECTION;
        offers.selected += selected;
        if offers.selected > MOST_SELECTED {
            *offers = Offers {
                selected,
                ..Offers::default()
            };
        }
        let tools = places
            .iter()
            .filter_map(|place| self.tools.get(usize::try_from(*place).ok()?).cloned())
            .collect();
        let offer = Arc::new(Offer::new(self.version, tools));
        offers.known.insert(places.to_vec(), offer.clone());
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
struct ByBytes;

impl Weighter<ProjectId, Arc<Toolset>> for ByBytes {
    fn weight(&self, _: &ProjectId, toolset: &Arc<Toolset>) -> u64 {
        1 + toolset.bytes
    }
}

/// The projects' tools, as far as they are in use.
pub struct Toolsets {
    core: Core,
    known: Remembered<ProjectId, Arc<Toolset>, ByBytes>,
    /// One at a time for a project: of many requests that miss, one loads and the others find it.
    loading: [tokio::sync::Mutex<()>; LOADING],
    hasher: RandomState,
}

impl Toolsets {
    pub(crate) fn new(core: Core) -> Arc<Self> {
        let feed = core.db.feed().clone();
        let toolsets = Arc::new(Self {
            known: Remembered::weighed(&feed, USUAL_PROJECTS, MOST_BYTES, ByBytes),
            loading: std::array::from_fn(|_| tokio::sync::Mutex::default()),
            hasher: RandomState::new(),
            core,
        });
        heard_by(&feed, &toolsets, |toolsets, change| match change {
            Change::Of(ChangeKind::Tools | ChangeKind::Project, project) => {
                toolsets.known.forget(&ProjectId::from(&**project));
            }
            // They hold secrets as they were sealed when they were read.
            Change::Of(ChangeKind::MasterKey, _) | Change::Anything => toolsets.known.forget_all(),
            Change::Of(..) => {}
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

    /// The same, if they are loaded.
    pub(crate) fn known(&self, project: &ProjectId) -> Option<Arc<Toolset>> {
        self.known.get(project)
    }

    async fn load(&self, project: &ProjectId) -> Result<Arc<Toolset>> {
        let turn = self.hasher.hash_one(project) % LOADING as u64;
        let _turn = self.loading[turn as usize].lock().await;
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

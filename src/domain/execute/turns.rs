//! How many calls of a tool may run at once, in this process.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::Semaphore;

use crate::{ids::ToolId, tools::Tool};

/// The tools that have a limit and calls that run or wait, each under its limit: one that was changed
/// counts from then on.
#[derive(Default)]
pub(super) struct Turns(Mutex<HashMap<(ToolId, usize), Weak<Semaphore>>>);

impl Turns {
    /// `None` for a tool without a limit.
    pub(super) fn of(&self, tool: &Tool) -> Option<Arc<Semaphore>> {
        let most = usize::try_from(tool.max_concurrency?).ok()?;
        let key = (tool.id.clone(), most);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turns) = known.get(&key).and_then(Weak::upgrade) {
            return Some(turns);
        }
        known.retain(|_, turns| turns.strong_count() > 0);
        let turns = Arc::new(Semaphore::new(most));
        known.insert(key, Arc::downgrade(&turns));
        Some(turns)
    }
}

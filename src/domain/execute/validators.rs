//! Compiled schemas, kept while they are used.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    Error,
    clock::Timestamp,
    ids::ToolId,
    tools::{Tool, schema::Validator},
};

/// Tools whose compiled schemas are kept at once.
const MOST: usize = 1_024;

/// Both schemas of one version of a tool.
pub(super) struct Compiled {
    pub(super) input: Validator,
    pub(super) output: Option<Validator>,
}

/// A bounded cache: one version per tool, and the one unused for longest makes room.
#[derive(Default)]
pub(super) struct Validators(Mutex<Cache>);

#[derive(Default)]
struct Cache {
    entries: HashMap<ToolId, Entry>,
    uses: u64,
}

struct Entry {
    updated_at: Timestamp,
    last_use: u64,
    compiled: Arc<Compiled>,
}

impl Validators {
    /// # Errors
    /// [`Error::Corrupt`] where a stored schema does not compile.
    pub(super) fn of(&self, tool: &Tool) -> Result<Arc<Compiled>, Error> {
        if let Some(compiled) = self.cached(tool) {
            return Ok(compiled);
        }
        let corrupt = |why| Error::corrupt("tool", why);
        // Compiled outside the lock: a large schema must not hold up other tools.
        let compiled = Arc::new(Compiled {
            input: Validator::compile(&tool.input_schema).map_err(corrupt)?,
            output: tool
                .output_schema
                .as_ref()
                .map(Validator::compile)
                .transpose()
                .map_err(corrupt)?,
        });
        self.keep(tool, compiled.clone());
        Ok(compiled)
    }

    fn cached(&self, tool: &Tool) -> Option<Arc<Compiled>> {
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cache.uses += 1;
        let now = cache.uses;
        let entry = cache.entries.get_mut(&tool.id)?;
        if entry.updated_at != tool.updated_at {
            return None;
        }
        entry.last_use = now;
        Some(entry.compiled.clone())
    }

    fn keep(&self, tool: &Tool, compiled: Arc<Compiled>) {
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.entries.len() >= MOST && !cache.entries.contains_key(&tool.id) {
            let oldest = cache.entries.iter().min_by_key(|(_, entry)| entry.last_use);
            if let Some(id) = oldest.map(|(id, _)| id.clone()) {
                cache.entries.remove(&id);
            }
        }
        let entry = Entry {
            updated_at: tool.updated_at,
            last_use: cache.uses,
            compiled,
        };
        cache.entries.insert(tool.id.clone(), entry);
    }
}

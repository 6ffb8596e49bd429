//! What one run measures, and for how long.

use std::{env, path::PathBuf, time::Duration};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

/// Loads of each side, in turn; the middle one counts.
pub const ROUNDS: usize = 3;
/// More where a tenth decides.
pub const ROUNDS_OF_FLATNESS: usize = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Measure {
    List,
    Call,
    Memory,
    Startup,
    Flat,
    Token,
    Pages,
}

#[derive(Debug)]
pub struct Settings {
    /// The server under test.
    pub program: PathBuf,
    /// Whole seconds of one load.
    pub load: Duration,
    only: Vec<Measure>,
}

impl Settings {
    /// # Errors
    /// Where a variable is missing or cannot be used.
    pub fn read(only: Vec<Measure>) -> Result<Self> {
        let program = env::var_os("TENGINE_BIN")
            .context("TENGINE_BIN is not set: run `make bench`, which sets it")?;
        let program = PathBuf::from(program);
        let program = program
            .canonicalize()
            .with_context(|| format!("TENGINE_BIN: {}", program.display()))?;
        let seconds = match env::var("BENCH_SECONDS") {
            Ok(text) => text.parse().unwrap_or_default(),
            Err(_) => 5,
        };
        if !(1..=600).contains(&seconds) {
            bail!("BENCH_SECONDS: use 1 to 600");
        }
        Ok(Self {
            program,
            load: Duration::from_secs(seconds),
            only,
        })
    }

    pub fn asks_for(&self, measure: Measure) -> bool {
        self.only.is_empty() || self.only.contains(&measure)
    }
}

//! One run: what was asked for, in order, and a report at the end.

use std::process::ExitCode;

use anyhow::{Result, bail};
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    measure,
    report::Report,
    settings::{Measure, Settings},
};

/// Success also where a target was missed: how fast a machine is, is no mistake. Not where an
/// answer was wrong.
pub async fn run(settings: Settings) -> Result<ExitCode> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    // What is dropped here ends every process that was started.
    tokio::select! {
        code = measured(&settings) => Ok(code),
        _ = interrupt.recv() => bail!("interrupted"),
        _ = terminate.recv() => bail!("told to stop"),
    }
}

async fn measured(settings: &Settings) -> ExitCode {
    let mut report = Report::default();
    let mut failed = Vec::new();
    for measure in [
        Measure::List,
        Measure::Call,
        Measure::Memory,
        Measure::Startup,
        Measure::Flat,
        Measure::Token,
        Measure::Pages,
    ] {
        if !settings.asks_for(measure) {
            continue;
        }
        let done = match measure {
            Measure::List => measure::list::run(settings, &mut report).await,
            Measure::Call => measure::call::run(settings, &mut report).await,
            Measure::Memory => measure::memory::run(settings, &mut report).await,
            Measure::Startup => measure::startup::run(settings, &mut report).await,
            Measure::Flat => measure::flat::run(settings, &mut report).await,
            Measure::Token => measure::token::run(settings, &mut report).await,
            Measure::Pages => measure::pages::run(settings, &mut report).await,
        };
        if let Err(error) = done {
            eprintln!("{measure:?}: {error:#}");
            failed.push(format!("{measure:?}: {error:#}"));
        }
    }
    report.print();
    for failure in &failed {
        println!("FAILED {failure}");
    }
    if failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

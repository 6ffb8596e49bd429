//! The program.

use std::process::ExitCode;

use clap::Parser;
use tengine::{commands::cli::Cli, telemetry};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Err(error) = telemetry::init() {
        eprintln!("tengine: {error}");
        return ExitCode::from(2);
    }
    match cli.run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tengine: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

//! Logs: to standard error, so that what a command prints stays its own. `RUST_LOG` filters,
//! `TENGINE_LOG=json` makes each line a JSON object.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::{EnvFilter, fmt, prelude::*};

/// rmcp tells of every request and of every unknown tool, which is the client's affair.
const DEFAULT: &str = "info,rmcp=error";

pub fn init() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    let json = std::env::var("TENGINE_LOG").is_ok_and(|form| form == "json");
    let registry = tracing_subscriber::registry().with(filter);
    let done = if json {
        registry
            .with(fmt::layer().json().with_writer(stderr))
            .try_init()
    } else {
        registry
            .with(
                fmt::layer()
                    .with_target(false)
                    .with_ansi(stderr().is_terminal())
                    .with_writer(stderr),
            )
            .try_init()
    };
    // A second call, as in tests, changes nothing.
    let _already = done;
}

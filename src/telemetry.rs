//! Logs: to standard error, so that what a command prints stays its own. `RUST_LOG` filters,
//! `TENGINE_LOG=json` makes each line a JSON object.

use tracing_subscriber::{EnvFilter, fmt, prelude::*};

pub fn init() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let json = std::env::var("TENGINE_LOG").is_ok_and(|form| form == "json");
    let registry = tracing_subscriber::registry().with(filter);
    let done = if json {
        registry
            .with(fmt::layer().json().with_writer(std::io::stderr))
            .try_init()
    } else {
        registry
            .with(fmt::layer().with_target(false).with_writer(std::io::stderr))
            .try_init()
    };
    // A second call, as in tests, changes nothing.
    let _already = done;
}

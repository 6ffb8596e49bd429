//! Logs: to standard error, so that what a command prints stays its own. `RUST_LOG` filters,
//! `TENGINE_LOG=json` makes each line a JSON object.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::{EnvFilter, fmt, prelude::*};

use crate::config::{ConfigError, environment};

/// rmcp tells of every request and of every unknown tool, which is the client's affair; sqlx repeats
/// what PostgreSQL notices while migrations run again.
const DEFAULT: &str = "info,rmcp=error,sqlx=warn";

/// # Errors
/// Where `RUST_LOG` or `TENGINE_LOG` cannot be used.
pub fn init() -> Result<(), ConfigError> {
    let wrong = |name: &str, message: String| ConfigError {
        name: name.to_owned(),
        message,
    };
    let get = |name: &str| environment(name).map_err(|message| wrong(name, message));
    let filter = get("RUST_LOG")?.filter(|text| !text.is_empty());
    let filter = EnvFilter::builder()
        .parse(filter.unwrap_or_else(|| DEFAULT.to_owned()))
        .map_err(|why| wrong("RUST_LOG", why.to_string()))?;
    let json = match get("TENGINE_LOG")?.as_deref() {
        Some("json") => true,
        None | Some("" | "text") => false,
        Some(_) => return Err(wrong("TENGINE_LOG", "use text or json".to_owned())),
    };
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
    Ok(())
}

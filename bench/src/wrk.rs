//! One load by wrk.

use std::{io::Write, net::SocketAddr, process::Stdio, time::Duration};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use tempfile::NamedTempFile;
use tokio::{process::Command, time::timeout};

use crate::{child::PATIENCE, raw::Request};

const SCRIPT: &str = include_str!("load.lua");
/// Of wrk itself, where there are connections for them: with one thread, and so no more than a core,
/// the fastest of the bare servers answers a quarter less than with two, and the limit would be
/// wrk's. A server that is slower is not slowed by the second, which then waits for answers.
const THREADS: u64 = 2;
/// After which wrk counts a request as an error.
const SLOWEST: &str = "10s";

/// What wrk counted.
#[derive(Debug, Deserialize)]
pub struct Counted {
    pub microseconds: u64,
    pub requests: u64,
    pub bytes: u64,
    pub p50: u64,
    pub p99: u64,
    errors: u64,
    refused: u64,
}

/// # Errors
/// Where anything was answered with another status than 2xx, or not at all.
pub async fn run(
    to: SocketAddr,
    request: &Request,
    connections: u64,
    load: Duration,
) -> Result<Counted> {
    let mut script = NamedTempFile::with_suffix(".lua")?;
    script.write_all(SCRIPT.as_bytes())?;
    let headers: Vec<String> = request
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let output = Command::new("wrk")
        .args(["--threads", &THREADS.min(connections).to_string()])
        .args(["--timeout", SLOWEST])
        .args(["--connections", &connections.to_string()])
        .args(["--duration", &format!("{}s", load.as_secs())])
        .arg("--script")
        .arg(script.path())
        .arg(format!("http://{to}{}", request.path))
        .env("BENCH_BODY", &request.body)
        .env("BENCH_HEADERS", headers.join("\n"))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .output();
    let output = timeout(load + PATIENCE, output)
        .await
        .context("wrk did not end")?
        .context("wrk: run `make bench`, which installs it")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let counted = text.lines().rev().find(|line| line.starts_with('{'));
    let counted = counted.with_context(|| format!("wrk counted nothing:\n{text}"))?;
    let counted: Counted = serde_json::from_str(counted)?;
    if counted.errors + counted.refused > 0 {
        let (errors, refused) = (counted.errors, counted.refused);
        bail!("wrk saw {errors} socket errors and {refused} answers that are no 2xx");
    }
    if counted.requests == 0 {
        bail!("wrk got no answer");
    }
    Ok(counted)
}

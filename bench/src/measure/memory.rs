//! Memory: of a server that was just started, and with many open streams.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::{io::AsyncReadExt, net::TcpStream, time::timeout};

use super::{Backend, World, say};
use crate::{
    child::{Child, PATIENCE},
    mcp, raw,
    report::Report,
    settings::Settings,
    tools,
};

const STREAMS: usize = 1_000;
const MOST_IDLE_MB: f64 = 60.0;
const MOST_FOR_STREAMS_MB: f64 = 40.0;
/// What a server does after it says that it is ready.
const SETTLE: Duration = Duration::from_secs(2);
/// JSON-RPC: there is no such method.
const METHOD_NOT_FOUND: i64 = -32_601;
const ACKNOWLEDGED: &[u8] = b"notifications/subscriptions/acknowledged";

pub async fn run(settings: &Settings, report: &mut Report) -> Result<()> {
    say("memory");
    let backend = Backend::start()?;
    let world = World::new(settings, tools::USUAL, backend.address).await?;
    world.server.child.stop().await?;
    // A fresh one, which nobody has asked for anything yet.
    let server = world.installation.start().await?;
    tokio::time::sleep(SETTLE).await;
    let idle = megabytes(&server.child, "VmRSS")?;
    let own = megabytes(&server.child, "RssAnon")?;
    report.finding(
        "memory of an idle server (of that, no file's)",
        format!("{idle:.1} MB ({own:.1} MB)"),
        format!("< {MOST_IDLE_MB} MB"),
        idle < MOST_IDLE_MB,
    );

    let request = mcp::listen(&world.tokens.access);
    let mut streams = Vec::new();
    for _ in 0..STREAMS {
        let stream = raw::open(server.address, &request).await?;
        match timeout(PATIENCE, acknowledged(stream)).await?? {
            Some(stream) => streams.push(stream),
            None => {
                let what = format!("memory that {STREAMS} open streams add");
                report.finding(what, "no subscriptions/listen", target(), false);
                return Ok(());
            }
        }
    }
    tokio::time::sleep(SETTLE).await;
    let added = megabytes(&server.child, "VmRSS")? - idle;
    for stream in &mut streams {
        must_be_open(stream)?;
    }
    report.finding(
        format!("memory that {STREAMS} open streams add"),
        format!("{added:.1} MB"),
        target(),
        added < MOST_FOR_STREAMS_MB,
    );
    Ok(())
}

fn target() -> String {
    format!("< {MOST_FOR_STREAMS_MB} MB")
}

fn megabytes(of: &Child, field: &str) -> Result<f64> {
    Ok(of.memory_kib(field)? as f64 * 1_024.0 / 1e6)
}

/// The stream, once its first message came; `None` where the server has no such method.
async fn acknowledged(mut stream: TcpStream) -> Result<Option<TcpStream>> {
    let mut received = Vec::new();
    let head = raw::read_head(&mut stream, &mut received).await?;
    let media = head.header("content-type").unwrap_or_default();
    if head.status == 200 && media.starts_with("text/event-stream") {
        while !contains(&received, ACKNOWLEDGED) {
            if stream.read_buf(&mut received).await? == 0 {
                bail!("a stream ended before it was acknowledged");
            }
        }
        return Ok(Some(stream));
    }
    let length: usize = head
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .context("an answer that is neither a stream nor has a length")?;
    while received.len() < head.bytes + length {
        if stream.read_buf(&mut received).await? == 0 {
            bail!("the answer broke off");
        }
    }
    let answer: Value = serde_json::from_slice(&received[head.bytes..]).unwrap_or_default();
    if answer["error"]["code"] == METHOD_NOT_FOUND {
        return Ok(None);
    }
    bail!(
        "subscriptions/listen was answered with {} {answer}",
        head.status
    )
}

fn must_be_open(stream: &mut TcpStream) -> Result<()> {
    let mut bytes = [0; 1_024];
    loop {
        match stream.try_read(&mut bytes) {
            Ok(0) => bail!("a stream was closed"),
            // What keeps a stream alive.
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

//! tools/call, against a server that only passes the arguments on.

use anyhow::{Context, Result};

use super::{Backend, CONNECTIONS, World, say, target};
use crate::{
    check,
    child::Child,
    load::Side,
    mcp,
    raw::{self, Request},
    report::Report,
    rounds::compared,
    settings::{ROUNDS, Settings},
    tools,
};

const TARGET: f64 = 0.6;
/// Microseconds that a call may take longer than by the limit.
const MOST_ADDED: f64 = 300.0;

pub async fn run(settings: &Settings, report: &mut Report) -> Result<()> {
    let backend = Backend::start()?;
    let world = World::new(settings, tools::USUAL, backend.address).await?;
    let (child, address) = Child::start_own(&["limit-call", &backend.address.to_string()])?;
    let request = mcp::call(&world.tokens.access, tools::CALLED, &tools::arguments());

    let log = world.installation.call_log();
    let ours = Side::new(
        &world.server.child,
        world.server.address,
        request.clone(),
        check::calls,
    )
    .await?
    .with_log(&log);
    arrived(&backend).await.context("by the server")?;
    let limit = Side::new(&child, address, request, check::calls).await?;
    arrived(&backend).await.context("by the limit")?;
    for connections in CONNECTIONS {
        say(&format!("tools/call at {connections}"));
        ours.warm_up(connections).await?;
        limit.warm_up(connections).await?;
        let compared = compared(
            ROUNDS,
            async || ours.drive(connections, settings.load).await,
            async || limit.drive(connections, settings.load).await,
        )
        .await?;
        report.load(
            "tools/call",
            connections,
            compared,
            target(connections, TARGET),
        );
        if connections == 1 {
            let added = compared.ours.p50 - compared.other.p50;
            report.finding(
                "tools/call at 1: p50 above the limit's",
                format!("{added:.0} µs"),
                format!("≤ {MOST_ADDED:.0} µs"),
                added <= MOST_ADDED,
            );
        }
    }
    Ok(())
}

/// Whether the arguments reached the backend as they were given.
async fn arrived(backend: &Backend) -> Result<()> {
    let last = raw::send(backend.address, &Request::get("/")).await?;
    check::same(&check::json(&last)?, &tools::arguments())
}

//! Whether a call costs the same in a large project, with a long log, as in a small one.

use anyhow::Result;

use super::{Backend, World, say};
use crate::{
    call_log, check,
    load::Side,
    mcp,
    raw::Request,
    report::Report,
    rounds::compared,
    settings::{ROUNDS_OF_FLATNESS, Settings},
    tools,
};

const CONNECTIONS: u64 = 16;
const TOOLS: usize = 10_000;
const ROWS: u64 = 1_000_000;
/// Of the time for one call.
const MOST_MORE: f64 = 0.1;

pub async fn run(settings: &Settings, report: &mut Report) -> Result<()> {
    let backend = Backend::start()?;
    let small = World::new(settings, tools::USUAL, backend.address).await?;
    say(&format!("{TOOLS} tools"));
    let large = World::new(settings, TOOLS, backend.address).await?;
    let large = filled(large).await?;

    say("tools/call in a large project, and in a small one");
    let logs = (large.installation.call_log(), small.installation.call_log());
    let large = side(&large).await?.with_log(&logs.0);
    let small = side(&small).await?.with_log(&logs.1);
    large.warm_up(CONNECTIONS).await?;
    small.warm_up(CONNECTIONS).await?;
    let compared = compared(
        ROUNDS_OF_FLATNESS,
        async || large.drive(CONNECTIONS, settings.load).await,
        async || small.drive(CONNECTIONS, settings.load).await,
    )
    .await?;
    report.load("call, large", CONNECTIONS, compared, None);
    let more = 1.0 / compared.ratio - 1.0;
    report.finding(
        format!("time of a call with {TOOLS} tools and {ROWS} rows"),
        format!("{:+.1} %", more * 100.0),
        format!("< +{:.0} %", MOST_MORE * 100.0),
        more < MOST_MORE,
    );
    Ok(())
}

/// With a long log, which is written while the server is stopped.
async fn filled(world: World) -> Result<World> {
    // The row that the others are made like.
    side(&world).await?;
    world.server.child.stop().await?;
    say(&format!("{ROWS} rows"));
    call_log::fill(&world.installation.call_log(), ROWS).await?;
    let server = world.installation.start().await?;
    Ok(World { server, ..world })
}

async fn side(world: &World) -> Result<Side<'_>> {
    let server = &world.server;
    Side::new(&server.child, server.address, call(world), check::calls).await
}

fn call(world: &World) -> Request {
    mcp::call(&world.tokens.access, tools::CALLED, &tools::arguments())
}

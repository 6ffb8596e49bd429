//! tools/list, against a server that answers with the same bytes.

use std::io::Write;

use anyhow::{Context, Result};
use tempfile::NamedTempFile;

use super::{Backend, CONNECTIONS, World, say, target};
use crate::{
    check,
    child::Child,
    load::Side,
    mcp, raw,
    report::Report,
    rounds::compared,
    settings::{ROUNDS, Settings},
    tools,
};

const TARGET: f64 = 0.7;

pub async fn run(settings: &Settings, report: &mut Report) -> Result<()> {
    let backend = Backend::start()?;
    let world = World::new(settings, tools::USUAL, backend.address).await?;
    let request = mcp::list(&world.tokens.access);
    let mut body = NamedTempFile::new()?;
    let answer = raw::send(world.server.address, &request).await?;
    body.write_all(&answer.body)?;
    let path = body.path().to_str().context("a temporary file's name")?;
    let (child, address) = Child::start_own(&["limit-list", path])?;
    say(&format!(
        "tools/list: {} tools, an answer of {} bytes",
        world.tools.len(),
        answer.body.len()
    ));

    let is_right = |answer: &_| check::lists(answer, &world.tools);
    let ours = Side::new(
        &world.server.child,
        world.server.address,
        request.clone(),
        is_right,
    )
    .await?;
    let limit = Side::new(&child, address, request, is_right).await?;
    for connections in CONNECTIONS {
        say(&format!("tools/list at {connections}"));
        ours.warm_up(connections).await?;
        limit.warm_up(connections).await?;
        let compared = compared(
            ROUNDS,
            async || ours.drive(connections, settings.load).await,
            async || limit.drive(connections, settings.load).await,
        )
        .await?;
        report.load(
            "tools/list",
            connections,
            compared,
            target(connections, TARGET),
        );
    }
    Ok(())
}

//! Refreshes, against a server that signs a token and commits a row.

use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::tempdir;

use super::{Backend, World, say};
use crate::{
    chains::{Chain, Chains},
    check,
    child::Child,
    connect::{Tokens, connect},
    mcp, raw,
    report::Report,
    rounds::compared,
    settings::{ROUNDS, Settings},
    tools,
};

const CHAINS: u64 = 16;
const TARGET: f64 = 0.5;
const WARM_UP: Duration = Duration::from_secs(1);

pub async fn run(settings: &Settings, report: &mut Report) -> Result<()> {
    let backend = Backend::start()?;
    let world = World::new(settings, tools::USUAL, backend.address).await?;
    let folder = tempdir()?;
    let path = folder
        .path()
        .to_str()
        .context("a temporary folder's name")?;
    let (child, address) = Child::start_own(&["limit-token", path])?;

    say(&format!("refreshes in {CHAINS} chains"));
    let mut ours = Chains {
        child: &world.server.child,
        server: world.server.address,
        client_id: &world.installation.client_id,
        client_secret: &world.installation.client_secret,
        chains: Vec::new(),
    };
    let mut limit = Chains {
        child: &child,
        server: address,
        chains: Vec::new(),
        ..ours
    };
    for _ in 0..CHAINS {
        ours.chains
            .push(Chain::new(connect(&world.installation).await?));
        // It takes any token.
        limit.chains.push(Chain::new(Tokens {
            access: String::new(),
            refresh: String::new(),
        }));
    }
    ours.drive(WARM_UP).await?;
    limit.drive(WARM_UP).await?;
    let compared = compared(
        ROUNDS,
        async || ours.drive(settings.load).await,
        async || limit.drive(settings.load).await,
    )
    .await?;
    report.load("refresh", CHAINS, compared, Some(TARGET));

    // What the chains ended with is worth something.
    for chain in &ours.chains {
        let list = mcp::list(&chain.tokens.access);
        let answer = raw::send(world.server.address, &list).await?;
        check::lists(&check::json(&answer)?, &world.tools)?;
    }
    Ok(())
}

//! How long a server takes to be ready, on a database that is there.

use anyhow::Result;

use super::{Backend, World, say};
use crate::{report::Report, rounds::median, settings::Settings, tools};

const STARTS: usize = 5;
const MOST_MS: f64 = 300.0;

pub async fn run(settings: &Settings, report: &mut Report) -> Result<()> {
    say("start-up");
    let backend = Backend::start()?;
    let world = World::new(settings, tools::USUAL, backend.address).await?;
    world.server.child.stop().await?;
    let mut took = Vec::new();
    for _ in 0..STARTS {
        let (server, time) = world.installation.start_timed().await?;
        took.push(time.as_secs_f64() * 1e3);
        server.child.stop().await?;
    }
    let took = median(took);
    report.finding(
        "start-up, until it is ready",
        format!("{took:.0} ms"),
        format!("< {MOST_MS:.0} ms"),
        took < MOST_MS,
    );
    Ok(())
}

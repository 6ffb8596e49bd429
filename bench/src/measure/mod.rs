//! What is measured, one file each.

pub mod call;
pub mod flat;
pub mod list;
pub mod memory;
pub mod pages;
pub mod startup;
pub mod token;

use std::net::SocketAddr;

use anyhow::Result;
use serde_json::Value;

use crate::{
    child::Child,
    connect::{Tokens, connect},
    settings::Settings,
    tengine::{Installation, Tengine},
    tools,
};

/// Of the loads by wrk.
const CONNECTIONS: [u64; 3] = [1, 16, 64];

/// A target is for many connections; with one, the time of the round trip decides.
fn target(connections: u64, ratio: f64) -> Option<f64> {
    (connections > 1).then_some(ratio)
}

fn say(what: &str) {
    eprintln!("==> {what}");
}

/// The endpoint of the tools.
struct Backend {
    _child: Child,
    address: SocketAddr,
}

impl Backend {
    fn start() -> Result<Self> {
        let (child, address) = Child::start_own(&["backend"])?;
        let _child = child;
        Ok(Self { _child, address })
    }
}

/// A server that runs, and somebody who is connected to it.
struct World {
    server: Tengine,
    installation: Installation,
    tools: Vec<Value>,
    tokens: Tokens,
}

impl World {
    async fn new(settings: &Settings, tools: usize, backend: SocketAddr) -> Result<Self> {
        let tools = tools::definitions(tools, backend);
        let installation = Installation::new(settings, &tools)?;
        let server = installation.start().await?;
        let tokens = connect(&installation).await?;
        Ok(Self {
            server,
            installation,
            tools,
            tokens,
        })
    }
}

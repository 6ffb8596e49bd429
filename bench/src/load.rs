//! A server under load: what comes back is checked before and after, and counted in between.

use std::{net::SocketAddr, path::Path, time::Duration};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    call_log, check,
    child::Child,
    raw::{self, Request},
    wrk,
};

/// What one load showed. Times in microseconds.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub per_second: f64,
    pub p50: f64,
    pub p99: f64,
    /// Of a processor, for one request.
    pub cpu: f64,
}

/// One of two servers that are compared.
pub struct Side<'a> {
    pub child: &'a Child,
    address: SocketAddr,
    request: Request,
    expected: Value,
    /// Bytes of an answer, head included.
    wire: u64,
    /// Where each answer leaves a row.
    log: Option<&'a Path>,
}

impl<'a> Side<'a> {
    /// `is_right` decides about the first answer; all others must be like it.
    pub async fn new(
        child: &'a Child,
        address: SocketAddr,
        request: Request,
        is_right: impl FnOnce(&Value) -> Result<()>,
    ) -> Result<Self> {
        let answer = raw::send(address, &request).await?;
        let expected = check::json(&answer)?;
        is_right(&expected)?;
        Ok(Self {
            child,
            address,
            request,
            expected,
            wire: u64::try_from(answer.wire)?,
            log: None,
        })
    }

    pub fn with_log(self, log: &'a Path) -> Self {
        let log = Some(log);
        Self { log, ..self }
    }

    /// Lets it get ready for a load: connections, caches, memory.
    pub async fn warm_up(&self, connections: u64) -> Result<()> {
        let second = Duration::from_secs(1);
        wrk::run(self.address, &self.request, connections, second)
            .await
            .map(|_| ())
    }

    /// # Errors
    /// Where any answer was not the right one.
    pub async fn drive(&self, connections: u64, load: Duration) -> Result<Load> {
        self.check().await.context("before the load")?;
        let rows = self.rows().await?;
        let cpu = self.child.cpu()?;
        let counted = wrk::run(self.address, &self.request, connections, load).await?;
        let cpu = self.child.cpu()? - cpu;
        // The last answer on each connection may have come in part, and is not counted.
        let least = counted.requests * self.wire;
        if !(least..=least + connections * self.wire).contains(&counted.bytes) {
            bail!(
                "{} answers of {} bytes came as {} bytes",
                counted.requests,
                self.wire,
                counted.bytes
            );
        }
        let logged = self.rows().await? - rows;
        if self.log.is_some() && logged < counted.requests {
            bail!("{} calls left {logged} rows in the log", counted.requests);
        }
        self.check().await.context("after the load")?;
        Ok(Load {
            per_second: counted.requests as f64 * 1e6 / counted.microseconds as f64,
            p50: counted.p50 as f64,
            p99: counted.p99 as f64,
            cpu: cpu.as_secs_f64() * 1e6 / counted.requests as f64,
        })
    }

    async fn rows(&self) -> Result<u64> {
        match self.log {
            Some(log) => call_log::count(log).await,
            None => Ok(0),
        }
    }

    async fn check(&self) -> Result<()> {
        let answer = raw::send(self.address, &self.request).await?;
        check::same(&check::json(&answer)?, &self.expected)
    }
}

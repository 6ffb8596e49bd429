//! A load of refreshes: each chain takes the token that the answer before gave it, which wrk cannot.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::task::JoinSet;

use crate::{
    child::Child,
    connect::{TOKEN_PATH, Tokens, tokens},
    http::Http,
    load::Load,
};

/// Where chains run, and as whom.
pub struct Chains<'a> {
    pub child: &'a Child,
    pub server: SocketAddr,
    pub client_id: &'a str,
    pub client_secret: &'a str,
    pub chains: Vec<Chain>,
}

/// One connection and what it was given last.
pub struct Chain {
    http: Http,
    pub tokens: Tokens,
    took: Vec<Duration>,
}

impl Chain {
    pub fn new(tokens: Tokens) -> Self {
        Self {
            http: Http::new(),
            tokens,
            took: Vec::new(),
        }
    }

    async fn refresh(&mut self, server: SocketAddr, id: &str, secret: &str) -> Result<()> {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &self.tokens.refresh),
            ("client_id", id),
            ("client_secret", secret),
        ];
        let begun = Instant::now();
        let answer = self.http.form(server, TOKEN_PATH, &fields).await?;
        self.took.push(begun.elapsed());
        if !answer.status.is_success() {
            let text = String::from_utf8_lossy(&answer.body);
            bail!("a refresh was answered with {} {text}", answer.status);
        }
        let next = tokens(&answer.body)?;
        if next.refresh == self.tokens.refresh || next.access == self.tokens.access {
            bail!("a refresh was answered with the same token again");
        }
        self.tokens = next;
        Ok(())
    }
}

impl Chains<'_> {
    /// All chains at once.
    ///
    /// # Errors
    /// Where one of them broke.
    pub async fn drive(&mut self, load: Duration) -> Result<Load> {
        let cpu = self.child.cpu()?;
        let begun = Instant::now();
        let mut tasks = JoinSet::new();
        for mut chain in self.chains.drain(..) {
            let server = self.server;
            let (id, secret) = (self.client_id.to_owned(), self.client_secret.to_owned());
            tasks.spawn(async move {
                while begun.elapsed() < load {
                    chain.refresh(server, &id, &secret).await?;
                }
                anyhow::Ok(chain)
            });
        }
        let mut took = Vec::new();
        while let Some(ended) = tasks.join_next().await {
            let mut chain = ended??;
            took.append(&mut chain.took);
            self.chains.push(chain);
        }
        let seconds = begun.elapsed().as_secs_f64();
        let cpu = self.child.cpu()? - cpu;
        took.sort();
        let at = |part: usize| {
            let took = took.get(took.len() * part / 100);
            took.context("no refresh was answered")
                .map(|took| took.as_secs_f64() * 1e6)
        };
        Ok(Load {
            per_second: took.len() as f64 / seconds,
            p50: at(50)?,
            p99: at(99)?,
            cpu: cpu.as_secs_f64() * 1e6 / took.len() as f64,
        })
    }
}

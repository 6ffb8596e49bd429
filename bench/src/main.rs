//! Measures the release server against bare servers that do the same work with nothing around it.
//! One program: what runs beside it are subcommands, each a process of its own.

mod browser;
mod call_log;
mod chains;
mod check;
mod child;
mod connect;
mod http;
mod load;
mod mcp;
mod measure;
mod raw;
mod report;
mod rounds;
mod run;
mod servers;
mod settings;
mod tengine;
mod tools;
mod wrk;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};

use settings::{Measure, Settings};

#[derive(Debug, Parser)]
#[command(
    about = "Measures the server that TENGINE_BIN names. BENCH_SECONDS [default: 5] is how \
                   long one load lasts."
)]
struct Arguments {
    /// Only these, with commas between them
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Measure>,
    #[command(subcommand)]
    server: Option<Server>,
}

/// What the measurement starts beside the server. Each prints its port, and ends with its standard
/// input.
#[derive(Debug, Subcommand)]
enum Server {
    /// The endpoint that the tools call
    Backend,
    /// Answers with the bytes of a file
    LimitList { body: PathBuf },
    /// Forwards the arguments of a call to the backend
    LimitCall { backend: String },
    /// Signs a token and commits a row to a database in this folder
    LimitToken { folder: PathBuf },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match act(arguments).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn act(arguments: Arguments) -> Result<ExitCode> {
    match arguments.server {
        None => run::run(Settings::read(arguments.only)?).await,
        Some(server) => {
            match server {
                Server::Backend => servers::backend::serve().await?,
                Server::LimitList { body } => servers::limit_list::serve(&body).await?,
                Server::LimitCall { backend } => servers::limit_call::serve(backend).await?,
                Server::LimitToken { folder } => servers::limit_token::serve(&folder).await?,
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

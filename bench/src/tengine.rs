//! The server under test, in a folder of its own.

use std::{
    env, fs,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    child::{Child, PATIENCE},
    raw::{self, Request},
    settings::Settings,
};

pub const EMAIL: &str = "ada@example.com";
pub const PASSWORD: &str = "correct horse battery staple";
pub const CALLBACK: &str = "http://127.0.0.1/callback";
/// How often a server that starts is asked whether it is ready.
const LOOK: Duration = Duration::from_millis(1);

/// What is installed: data, an account, a project with tools, an integration that approves by
/// itself. Gone with the value.
#[derive(Debug)]
pub struct Installation {
    program: PathBuf,
    folder: TempDir,
    /// Kept over restarts: it is in the tokens.
    pub address: SocketAddr,
    pub client_id: String,
    pub client_secret: String,
    pub project_id: String,
    pub integration_id: String,
    pub api_key: String,
}

/// It runs.
#[derive(Debug)]
pub struct Tengine {
    pub child: Child,
    pub address: SocketAddr,
}

impl Installation {
    pub fn new(settings: &Settings, tools: &[Value]) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut made = Self {
            program: settings.program.clone(),
            folder: tempfile::tempdir()?,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            client_id: String::new(),
            client_secret: String::new(),
            project_id: String::new(),
            integration_id: String::new(),
            api_key: String::new(),
        };
        let file = made.folder.path().join("tools.json");
        fs::write(&file, serde_json::to_vec(tools)?)?;
        let output = made
            .command()
            .args(["bootstrap", "--json", "--email", EMAIL])
            .args(["--password", PASSWORD])
            .args(["--project", "CRM", "--integration", "Bench"])
            .args(["--redirect-uri", CALLBACK, "--approval", "automatic"])
            .arg("--tools")
            .arg(file)
            .output()?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr);
            bail!("tengine bootstrap failed: {why}");
        }
        let answer: Value = serde_json::from_slice(&output.stdout)?;
        let field = |name: &str| {
            let text = answer[name].as_str().map(str::to_owned);
            text.with_context(|| format!("bootstrap names no {name}"))
        };
        made.client_id = field("client_id")?;
        made.client_secret = field("client_secret")?;
        made.project_id = field("project_id")?;
        made.integration_id = field("integration_id")?;
        made.api_key = field("api_key")?;
        Ok(made)
    }

    /// Starts the server and waits until it is ready.
    pub async fn start(&self) -> Result<Tengine> {
        self.start_timed().await.map(|(server, _)| server)
    }

    /// Also how long that took.
    pub async fn start_timed(&self) -> Result<(Tengine, Duration)> {
        let begun = Instant::now();
        let log = self.folder.path().join("server.log");
        let mut child = Child::start(self.command().arg("serve"), &log)?;
        let ready = Request::get("/readyz");
        loop {
            if let Ok(answer) = raw::send(self.address, &ready).await
                && answer.status == 200
            {
                break;
            }
            let log = || fs::read_to_string(&log).unwrap_or_default();
            child.must_run().with_context(log)?;
            if begun.elapsed() > PATIENCE {
                bail!("the server did not become ready:\n{}", log());
            }
            tokio::time::sleep(LOOK).await;
        }
        let took = begun.elapsed();
        let address = self.address;
        Ok((Tengine { child, address }, took))
    }

    /// SQLite's file of the log.
    pub fn call_log(&self) -> PathBuf {
        self.folder.path().join("data").join("tengine-calls.db")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        // What the caller's shell may hold is not for the server under test.
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("TENGINE_") || name == "RUST_LOG" {
                command.env_remove(name);
            }
        }
        command
            // Nor is a configuration file.
            .current_dir(self.folder.path())
            .env("TENGINE_DATA_DIR", self.folder.path().join("data"))
            .env("TENGINE_LISTEN", self.address.to_string())
            .env(
                "TENGINE_PUBLIC_URL",
                format!("http://localhost:{}", self.address.port()),
            )
            .env("TENGINE_TOOLS_ALLOW", "127.0.0.1")
            .env("TENGINE_LIMITS", "off");
        command
    }
}

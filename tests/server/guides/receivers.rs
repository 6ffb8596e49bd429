//! Endpoints that let in what a snippet of the guide takes for ours (204), and nothing else (401):
//! each a real server of its language.

use std::{
    ffi::OsString,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, Method, StatusCode, Uri},
};
use tempfile::TempDir;

use super::{verify, webhook};

/// Where the snippets are, as the page shows them.
const SNIPPETS: &str = "app/src/pages/docs/custom_tools/snippets";

/// What is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Snippet {
    Verify,
    Webhook,
}

impl Snippet {
    const fn name(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Webhook => "webhook",
        }
    }
}

pub struct Receiver {
    pub language: &'static str,
    pub address: SocketAddr,
    /// Another program, which ends with this.
    process: Option<Child>,
    _folder: Option<TempDir>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            _ = process.kill();
            _ = process.wait();
        }
    }
}

impl Receiver {
    /// One for each language of the guide. Where somebody runs this test alone, on a machine without
    /// what a language needs, that one is passed over and says so; scripts/test has them all.
    pub async fn all(snippet: Snippet, secret: &'static str) -> Vec<Self> {
        let mut all = vec![Self::rust(snippet, secret).await];
        all.extend(Self::python(snippet, secret));
        all.extend(Self::typescript(snippet, secret));
        all
    }

    async fn rust(snippet: Snippet, secret: &'static str) -> Self {
        let endpoint = move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| async move {
            let path_with_query = uri.path_and_query().unwrap().as_str();
            let is_ours = match snippet {
                Snippet::Verify => verify::is_ours(
                    secret.as_bytes(),
                    method.as_str(),
                    path_with_query,
                    &headers,
                    &body,
                ),
                Snippet::Webhook => webhook::is_ours(secret, &headers, &body),
            };
            if is_ours {
                StatusCode::NO_CONTENT
            } else {
                StatusCode::UNAUTHORIZED
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(endpoint);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            language: "Rust",
            address,
            process: None,
            _folder: None,
        }
    }

    fn python(snippet: Snippet, secret: &str) -> Option<Self> {
        // -B: without compiled files beside the snippets.
        let arguments = ["-B", "receiver.py"];
        let programs = programs("TENGINE_PYTHON", "python3");
        let started = started(&programs, &arguments, &root(SNIPPETS), snippet, secret)?;
        Some(Self::of("Python", started, None))
    }

    /// Node takes the types away and runs what is left; that they are right is for
    /// `npm run types` of end2end/ to say.
    fn typescript(snippet: Snippet, secret: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let file = format!("{}.ts", snippet.name());
        std::fs::copy(root(SNIPPETS).join(&file), folder.path().join(&file)).unwrap();
        std::fs::write(folder.path().join("package.json"), r#"{"type":"module"}"#).unwrap();
        let packages = root("end2end/node_modules");
        std::os::unix::fs::symlink(packages, folder.path().join("node_modules")).unwrap();
        let arguments = ["--experimental-strip-types", "receiver.mjs"];
        let programs = programs("TENGINE_NODE", "node");
        let started = started(&programs, &arguments, folder.path(), snippet, secret)?;
        Some(Self::of("TypeScript", started, Some(folder)))
    }

    fn of(language: &'static str, (process, port): (Child, u16), folder: Option<TempDir>) -> Self {
        Self {
            language,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            process: Some(process),
            _folder: folder,
        }
    }
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What may run a snippet, and whether it is to.
struct Programs {
    candidates: Vec<OsString>,
    is_needed: bool,
}

fn programs(variable: &str, usual: &str) -> Programs {
    let named = std::env::var_os(variable).filter(|name| !name.is_empty());
    Programs {
        is_needed: named.is_some(),
        candidates: named.into_iter().chain([usual.into()]).collect(),
    }
}

/// The first program that can, with the port that it listens on.
fn started(
    programs: &Programs,
    arguments: &[&str; 2],
    folder: &Path,
    snippet: Snippet,
    secret: &str,
) -> Option<(Child, u16)> {
    let [option, script] = arguments;
    let mut why = String::new();
    for program in &programs.candidates {
        let process = Command::new(program)
            .arg(option)
            .arg(root("tests/server/guides").join(script))
            .arg(folder)
            .args([snippet.name(), secret])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut process = match process {
            Ok(process) => process,
            Err(error) => {
                why.push_str(&format!("{}: {error}\n", program.display()));
                continue;
            }
        };
        let mut line = String::new();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        if let Ok(port) = line.trim().parse() {
            return Some((process, port));
        }
        let output = process.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        why.push_str(&format!("{}: {said}\n", program.display()));
    }
    assert!(!programs.is_needed, "{script} does not run: {why}");
    eprintln!("passed over, since {script} does not run here: {why}");
    None
}

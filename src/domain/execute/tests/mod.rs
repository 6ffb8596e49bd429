//! Whole calls, against real servers on loopback and a real database.

mod answers;
mod arguments;
mod attacks;
mod bad_endpoints;
pub(crate) mod certificate;
mod circuits;
mod delivery;
mod failures;
mod guard;
mod http2;
mod phases;
mod raw;
mod retries;
mod tokens;

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use axum::Router;
use serde_json::{Map, Value};
use tempfile::TempDir;

use super::{Allowlist, CallResult, Caller, Content, Execute, Member, Network};
use crate::{
    Core,
    accounts::SignUpPolicy,
    calls::{Calls, Via},
    clock::{ManualClock, SystemClock, SystemRandom, Timestamp},
    db::{Db, Location, in_log},
    ids::{ProjectId, ToolId},
    members::Role,
    sealing::{Keyring, MasterKey, Sealer},
    services::CoreParts,
    tools::{Annotations, AuthConfig, AuthStrategy, HttpMethod, Tool, ToolSecret},
    upstream::Upstream,
};

const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// An instance with an executor, and the rows that it leaves.
struct Stage {
    core: Core,
    clock: Arc<ManualClock>,
    execute: Execute,
    _folder: TempDir,
}

/// What is checked of a row.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: String,
    request_id: String,
    outcome: String,
    http_status: Option<i64>,
    response_bytes: i64,
    total_us: i64,
    user_id: Option<String>,
    error: Option<String>,
}

impl Stage {
    async fn with(network: Network) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&Location::Sqlite(folder.path().join("t.db")))
            .await
            .unwrap();
        db.migrate().await.unwrap();
        let clock = Arc::new(ManualClock::at(NOW));
        let core = Core::new(CoreParts {
            db,
            clock: clock.clone(),
            random: Arc::new(SystemRandom),
            sealer: Sealer::new(Keyring::of(MasterKey::generate(&SystemRandom))),
            public_url: "https://tools.example.com".parse().unwrap(),
            fixed: crate::instance::FixedSettings {
                sign_up: Some(SignUpPolicy::First),
                ..crate::instance::FixedSettings::default()
            },
            is_exposed: false,
            limits: false,
            mailer: crate::mail::Mailer::none(),
            lifetimes: crate::grants::Lifetimes::default(),
            session_limits: crate::sessions::SessionLimits::default(),
            details: crate::calls::DetailLimits::default(),
        });
        let execute = Execute::new(
            core.clone(),
            Calls::new(core.clone()),
            Upstream::new(core.clone(), network.clone()),
            network,
        );
        Self {
            core,
            clock,
            execute,
            _folder: folder,
        }
    }

    /// Loopback is allowed, as it is for an instance in development.
    async fn on_loopback() -> Self {
        Self::with(Network::new("127.0.0.1".parse().unwrap(), Vec::new(), None)).await
    }

    async fn call(&self, tool: &Tool, arguments: Value) -> CallResult {
        self.execute
            .call(&member(), tool, object(arguments), None)
            .await
            .unwrap()
    }

    async fn rows(&self) -> Vec<Row> {
        const SQL: &str = "SELECT * FROM calls ORDER BY id";
        in_log!(&self.core.db, |c| sqlx::query_as(SQL).fetch_all(c).await).unwrap()
    }

    /// The one row, which may be committed a moment after its call was given up.
    async fn row_soon(&self) -> Row {
        for _ in 0..200 {
            if let Some(row) = self.rows().await.pop() {
                return row;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("no row");
    }

    fn sealed(&self, tool: &mut Tool, strategy: AuthStrategy, secret: &str) {
        let sealed = self
            .core
            .sealer
            .seal(&SystemRandom, tool.id.as_str(), secret.as_bytes());
        tool.auth_strategy = strategy;
        tool.auth_secret = Some(ToolSecret::Own(sealed));
    }
}

async fn serve(router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("{other} is no object"),
    }
}

fn tool(method: HttpMethod, at: SocketAddr, path: &str) -> Tool {
    Tool {
        // Each its own: what is kept ready of one is found by its id.
        id: ToolId::new(&SystemClock, &SystemRandom),
        project_id: ProjectId::from("prj_1"),
        name: "test-tool".to_owned(),
        title: String::new(),
        description: "A test".to_owned(),
        input_schema: object(serde_json::json!({ "type": "object" })),
        output_schema: None,
        base_url: format!("http://{at}"),
        http_method: method,
        endpoint_path: path.to_owned(),
        headers_template: BTreeMap::new(),
        query_template: BTreeMap::new(),
        body_template: None,
        auth_strategy: AuthStrategy::None,
        auth_config: AuthConfig::default(),
        auth_secret: None,
        require_member: false,
        inject_member_identity: false,
        annotations: Annotations::guessed_from(method),
        timeout_ms: 5_000,
        max_response_bytes: 1_048_576,
        max_concurrency: None,
        max_retries: 0,
        mirrors_arguments: false,
        icons: Vec::new(),
        is_enabled: true,
        read_only_since: None,
        version: 1,
        described_at: NOW,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn member() -> Caller {
    Caller {
        project_id: ProjectId::from("prj_1"),
        integration_id: Some("int_1".into()),
        grant_id: Some("grt_1".into()),
        api_key_id: None,
        member: Some(Member {
            id: "usr_1".into(),
            email: "ada@example.com".to_owned(),
            role: Role::Developer,
        }),
        via: Via::Mcp,
    }
}

fn structured(result: &CallResult) -> Value {
    serde_json::from_str(result.structured.as_ref().expect("an object").get()).unwrap()
}

fn text(result: &CallResult) -> &str {
    match result.content.as_slice() {
        [Content::Text(text)] => text,
        other => panic!("{other:?}"),
    }
}

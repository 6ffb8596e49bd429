//! Every query that a page of the dashboard runs, as both databases would run it: none reads the whole of a
//! table that grows with use.
//!
//! The pages are asked for on PostgreSQL, whose connections know by name what they prepared. Each query is
//! one text for both databases, so SQLite is asked about the same.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use domain::{
    accounts::SignUpPolicy,
    bootstrap::Bootstrapped,
    db::{Location, SessionPool, testing::TestDatabase},
    integrations::Approval,
};
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection, PgPool, Row, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::app::{EMAIL, PASSWORD, PUBLIC, TestApp, mcp_request};

/// Tables with a row for each call, connection, tool and sign-in.
const LARGE: &[&str] = &[
    "api_keys",
    "audit",
    "calls",
    "events",
    "grants",
    "integrations",
    "integration_secrets",
    "members",
    "refresh_tokens",
    "sessions",
    "tool_versions",
    "tools",
    "vault_secrets",
];

/// The plans of statements.
type Plans = BTreeMap<String, Vec<Value>>;

#[tokio::test]
async fn no_page_reads_the_whole_of_a_large_table() {
    let database = TestDatabase::postgres().await;
    let SessionPool::Postgres(pool) = database.db.session_pool() else {
        panic!("asked for PostgreSQL");
    };
    let app = TestApp::with(database, PUBLIC, SignUpPolicy::Open).await;
    let made = app.bootstrap(Approval::Ask).await;
    let pages = pages_in_use(&app, &made).await;
    let mut plans = Plans::new();
    for page in &pages {
        let answer = app.get(page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}: {}", answer.body);
        // After each page: a connection forgets what it prepared long ago.
        explain_prepared(&pool, &mut plans).await;
    }
    assert!(plans.len() > 40, "only {} queries were seen", plans.len());
    let mut wrong = Vec::new();
    for (sql, plan) in &plans {
        for scan in plan.iter().flat_map(whole_tables) {
            wrong.push(format!("PostgreSQL: {scan}\n    {sql}"));
        }
    }
    let mut sqlite = Sqlite::new().await;
    for sql in plans.keys() {
        for scan in sqlite.scans(sql).await {
            wrong.push(format!("SQLite: {scan}\n    {sql}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The pages of a project that has some of everything.
async fn pages_in_use(app: &TestApp, made: &Bootstrapped) -> Vec<String> {
    let project = format!("/projects/{}", made.project.id);
    let key = made.api_key.reveal();
    let (access, _) = app.connect(made, "all").await;
    let call = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": "sample-text-measure", "arguments": { "text": "Two words" } },
    });
    let headers = [
        ("accept", "application/json, text/event-stream"),
        ("mcp-protocol-version", "2025-11-25"),
    ];
    let called = app
        .send(mcp_request("/mcp/", &access, &headers, &call))
        .await;
    assert_eq!(called.status, StatusCode::OK, "{}", called.body);
    let secret = json!({
        "name": "crm", "value": "t0ken", "origins": ["https://crm.example.com"],
        "auth_strategy": "static_bearer",
    });
    let secret = app
        .api(
            key,
            Method::POST,
            &format!("/api/v1{project}/vault"),
            secret,
        )
        .await
        .json();
    let tools = app
        .api(
            key,
            Method::GET,
            &format!("/api/v1{project}/tools"),
            Value::Null,
        )
        .await
        .json();
    let tool = tools["data"][0]["id"].as_str().unwrap().to_owned();
    let called = format!("/api/v1{project}/tools/{tool}/call");
    let called = app.api(key, Method::POST, &called, json!({ "arguments": {} }));
    let call = called.await.json()["call_id"].as_str().unwrap().to_owned();
    app.forget_cookies();
    app.sign_in(EMAIL, PASSWORD).await;
    let integration = &made.integration.id;
    let person = &made.account.id;
    let of_project = [
        "",
        "?span=week",
        "/tools",
        "/tools?text=sample&state=enabled&page=2",
        "/tools?text=two+words&sort=newest",
        "/tools?text=%C3%A4rzte&state=disabled&sort=changed",
        "/tools?report=yes",
        "/tools/new",
        "/tools/import",
        "/tools/curl",
        "/tools/catalog",
        &format!("/tools/{tool}"),
        &format!("/tools/{tool}/try"),
        &format!("/tools/{tool}/versions"),
        "/vault",
        "/vault?text=crm",
        "/vault/new",
        &format!("/vault/{}", secret["id"].as_str().unwrap()),
        "/integrations",
        "/integrations?text=claude&state=active&sort=used",
        "/integrations?state=inactive&sort=name",
        &format!("/integrations/{}", made.integration.id),
        &format!(
            "/integrations/{}/tools?text=sample&state=offered&page=2",
            made.integration.id
        ),
        "/calls",
        "/calls?status=failed&via=mcp&span=day",
        "/calls?via=playground&before=call_z",
        "/calls?via=rest&after=call_0",
        &format!("/calls?tool={tool}"),
        &format!("/calls?integration={integration}&until=2026-01-01T00:00"),
        &format!("/calls?person={person}&tool={tool}"),
        &format!("/calls/{call}"),
        &format!("/tools/{tool}/try?call={call}"),
        "/members",
        "/members?text=ada",
        "/api-keys",
        "/api-keys?text=ci",
        "/settings",
    ]
    .map(|page| format!("{project}{page}"));
    let others = [
        "/projects",
        "/account",
        "/account/security",
        "/account/api-keys",
        "/account/sessions",
        "/account/connected-apps",
    ];
    let others = others.map(str::to_owned);
    others.into_iter().chain(of_project).collect()
}

/// Adds the plans of what the pool's connections prepared.
async fn explain_prepared(pool: &PgPool, plans: &mut Plans) {
    let mut connections = Vec::new();
    while let Some(connection) = pool.try_acquire() {
        connections.push(connection);
    }
    for connection in &mut connections {
        explain_at(connection, plans).await;
    }
}

async fn explain_at(connection: &mut PgConnection, plans: &mut Plans) {
    const KNOWN: &str = "SELECT name, statement, cardinality(parameter_types) AS parameters \
         FROM pg_prepared_statements WHERE name LIKE 'sqlx%'";
    // A small table is read whole by whoever is free to: here only where no index leads to the rows.
    const AS_IF_LARGE: &str =
        "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; DISCARD PLANS";
    const AS_BEFORE: &str = "RESET enable_seqscan; RESET plan_cache_mode; DISCARD PLANS";
    let known = sqlx::raw_sql(KNOWN)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    sqlx::raw_sql(AS_IF_LARGE)
        .execute(&mut *connection)
        .await
        .unwrap();
    for row in known {
        let (name, sql): (String, String) = (row.get("name"), row.get("statement"));
        let parameters: i32 = row.get("parameters");
        let reads = ["SELECT", "WITH"]
            .iter()
            .any(|word| sql.trim_start().starts_with(word));
        if !reads
            // What is logged beside a call is written first, in the same statement.
            || sql.contains("INSERT INTO")
            || sql.contains("tower_sessions")
            // What is read on the way to writing is the writer's.
            || sql.contains("INSERT INTO")
            || plans.contains_key(&sql)
        {
            continue;
        }
        let nulls = vec!["NULL"; usize::try_from(parameters).unwrap()].join(", ");
        let arguments = match parameters {
            0 => String::new(),
            _ => format!("({nulls})"),
        };
        let explain = format!("EXPLAIN (FORMAT JSON) EXECUTE \"{name}\"{arguments}");
        let plan = sqlx::raw_sql(&explain).fetch_all(&mut *connection).await;
        let plan = plan.unwrap_or_else(|why| panic!("{why}: {sql}"));
        let plan = plan.iter().map(|row| row.get::<Value, _>(0)).collect();
        plans.insert(sql, plan);
    }
    sqlx::raw_sql(AS_BEFORE)
        .execute(&mut *connection)
        .await
        .unwrap();
}

/// Scans of PostgreSQL that no condition leads to their rows.
fn whole_tables(plan: &Value) -> Vec<String> {
    match plan {
        Value::Array(parts) => parts.iter().flat_map(whole_tables).collect(),
        Value::Object(node) => {
            let text = |name: &str| node.get(name).and_then(Value::as_str).unwrap_or_default();
            let kind = text("Node Type");
            let is_led = node.contains_key("Index Cond") || kind.starts_with("Bitmap");
            let mut found: Vec<String> = node.values().flat_map(whole_tables).collect();
            if LARGE.contains(&text("Relation Name")) && !is_led {
                found.push(format!("{kind} on {}", text("Relation Name")));
            }
            found
        }
        _ => Vec::new(),
    }
}

/// An empty SQLite database, with its log beside it under the same names.
struct Sqlite {
    connection: SqliteConnection,
    _database: TestDatabase,
}

impl Sqlite {
    async fn new() -> Self {
        let database = TestDatabase::sqlite().await;
        let Location::Sqlite(file) = &database.location else {
            panic!("asked for SQLite");
        };
        let options = SqliteConnectOptions::new().filename(file);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let log = file.with_file_name("tengine-calls.db");
        sqlx::query("ATTACH $1 AS log")
            .bind(log.to_str().unwrap())
            .execute(&mut connection)
            .await
            .unwrap();
        Self {
            connection,
            _database: database,
        }
    }

    /// Steps of the plan that read a large table, or an index of it, from one end to the other; or why there
    /// is no plan.
    async fn scans(&mut self, sql: &str) -> Vec<String> {
        let explain = format!("EXPLAIN QUERY PLAN {sql}");
        let plan = sqlx::raw_sql(&explain)
            .fetch_all(&mut self.connection)
            .await;
        let plan = match plan {
            Ok(plan) => plan,
            Err(_) if is_for_postgres_alone(sql) => return Vec::new(),
            Err(why) => return vec![why.to_string()],
        };
        let names = names_of_large(sql);
        let steps = plan.iter().map(|row| row.get::<String, _>("detail"));
        let whole = steps.filter(|step| {
            let table = step
                .strip_prefix("SCAN ")
                .and_then(|rest| rest.split(' ').next());
            table.is_some_and(|table| names.iter().any(|name| name == table))
        });
        whole.collect()
    }
}

/// What SQLite is never asked: it locks no rows, and knows itself by other names.
fn is_for_postgres_alone(sql: &str) -> bool {
    ["FOR UPDATE", "FOR SHARE", "pg_", "current_database()"]
        .iter()
        .any(|part| sql.contains(part))
}

/// By which a query calls the large tables: their names, and the aliases that it gives them.
fn names_of_large(sql: &str) -> Vec<String> {
    const NO_ALIAS: &[&str] = &[
        "AS", "CROSS", "FULL", "GROUP", "INNER", "JOIN", "LEFT", "LIMIT", "ON", "ORDER", "SET",
        "UNION", "USING", "WHERE",
    ];
    let words: Vec<&str> = sql
        .split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
        .filter(|word| !word.is_empty() && *word != "AS")
        .collect();
    let mut names: Vec<String> = LARGE.iter().map(|&table| table.to_owned()).collect();
    for pair in words.windows(2) {
        if LARGE.contains(&pair[0]) && !NO_ALIAS.contains(&pair[1].to_uppercase().as_str()) {
            names.push(pair[1].to_owned());
        }
    }
    names
}

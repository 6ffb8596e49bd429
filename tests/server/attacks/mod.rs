//! What an attacker tries, each a test that names the section which forbids it. They stay: a change
//! that lets one of them through is a vulnerability.

mod bearer;
mod clients;
mod codes;
mod first_owner;
mod forms;
pub mod functions;
mod guessing;
mod halfway;
mod headers;
mod in_flight;
mod input;
mod invitations;
mod links;
mod pages;
mod people;
pub mod phone;
pub mod plain_pages;
mod provider;
mod providers;
mod redirects;
mod refresh;
mod second_step;
mod shown;
mod stolen;
mod strangers;
mod sudo;
mod verifying;

use domain::{bootstrap::Bootstrapped, integrations::Approval};
use serde_json::{Value, json};

use crate::app::{Answer, CALLBACK, EMAIL, PASSWORD, TestApp, VERIFIER, secret};

/// A server with an owner who is signed in, and an integration of theirs.
async fn target() -> (TestApp, Bootstrapped) {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    (app, made)
}

/// A code that the owner approved.
async fn code(app: &TestApp, made: &Bootstrapped) -> String {
    let decision = [("decision", "approve"), ("tools", "all")];
    let back = app.consent(&made.integration.client_id, &decision).await;
    back.parameter("code").unwrap_or_else(|| panic!("{back:?}"))
}

/// The form that exchanges a code, and what to change in it.
async fn exchange(
    app: &TestApp,
    made: &Bootstrapped,
    code: &str,
    changes: &[(&str, &str)],
) -> Answer {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", &made.integration.client_id),
        ("client_secret", secret(made)),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            fields.push((name, value));
        }
    }
    app.token(&fields).await
}

fn error(answer: &Answer) -> String {
    answer.json()["error"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// Another integration of the same project.
async fn another(app: &TestApp, made: &Bootstrapped, input: Value) -> Value {
    let path = format!("/api/v1/projects/{}/integrations", made.project.id);
    let key = made.api_key.reveal();
    let answer = app.api(key, axum::http::Method::POST, &path, input).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.body);
    answer.json()
}

fn list() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })
}

/// The status that a bearer gets at an MCP URL.
async fn status(app: &TestApp, path: &str, token: &str) -> u16 {
    app.mcp(path, token, &[], &list()).await.status.as_u16()
}

//! Every route of the REST API, with each key.

use std::collections::BTreeSet;

use axum::http::Method;
use domain::members::{Role, operations::Who};
use serde_json::{Value, json};

use super::{
    NotDone, Outcome, agrees, row,
    world::{Key, World, tool},
};
use crate::app::{Answer, TestApp};

/// One operation.
pub const DOCUMENT: &str = r#"{"openapi":"3.1.0","info":{"title":"a","version":"1"},
    "servers":[{"url":"https://crm.example.com"}],"paths":{"/contacts":{"get":{
    "operationId":"list","summary":"Lists contacts.","responses":{"200":{"description":"a"}}}}}}"#;

/// It is not in itself.
const ITSELF: &str = "GET /api/v1/openapi.json";

/// As for functions.
const NOT_DONE: &[(&str, &str)] = &[(
    "DELETE /api/v1/account/connections/{connection_id}",
    "nobody connected a client",
)];

/// As for functions.
const ENDS_THE_WORLD: [&str; 2] = [
    "DELETE /api/v1/projects/{project_id}",
    "POST /api/v1/projects/{project_id}/transfer",
];

pub async fn all(app: &TestApp) -> BTreeSet<String> {
    let document = app.get("/api/v1/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap();
    let mut routes: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    assert!(routes.insert(ITSELF.to_owned()));
    routes
}

#[tokio::test]
async fn every_route_answers_each_key_as_the_table_says() {
    let mut found = Vec::new();
    let mut later = Vec::new();
    let mut not_done = NotDone::new(NOT_DONE);
    let world = World::new().await;
    let keys = world.keys().await;
    for route in all(&world.app).await {
        let operation = row(|row| row.routes, &route);
        for (place, key) in keys.iter().enumerate() {
            let is_allowed = may(operation.who, key);
            if is_allowed && ENDS_THE_WORLD.contains(&route.as_str()) {
                later.push((route.clone(), place));
            } else {
                found.extend(asked(&world, &route, key, is_allowed, &mut not_done).await);
            }
        }
    }
    drop(world);
    assert!(!later.is_empty());
    for (route, place) in later {
        let world = World::new().await;
        let keys = world.keys().await;
        found.extend(asked(&world, &route, &keys[place], true, &mut not_done).await);
    }
    not_done.are_all_met();
    agrees(&found);
}

/// What a key may do: never more than its own role, and for its own project or account.
fn may(who: Who, key: &Key) -> bool {
    let Some(of) = &key.of else {
        return who == Who::Anyone;
    };
    match who {
        Who::Anyone | Who::SignedIn => true,
        Who::Account(needed) => of.is_of_account && of.role >= needed,
        Who::Member(needed) => of.in_project.is_some_and(|role| role >= needed),
        Who::InstanceOwner => of.is_of_account && of.owns_instance && of.role == Role::Owner,
        Who::Operator => false,
    }
}

async fn asked(
    world: &World,
    route: &str,
    key: &Key,
    is_allowed: bool,
    not_done: &mut NotDone,
) -> Option<String> {
    let answer = ask(world, route, key).await;
    let is_of_project = answer.body.contains("There is no such project.");
    // What is the account's is not there for a project's key.
    let is_outside =
        key.of.as_ref().is_some_and(|of| !of.is_of_account) && route.contains("/api/v1/account/");
    let outcome = not_done.settle(
        route,
        Outcome::of(answer.status, is_of_project || is_outside),
    );
    let expected = Outcome::expected(is_allowed);
    (outcome != expected).then(|| {
        let Answer { status, body, .. } = answer;
        format!(
            "{route} with {}: {outcome:?}, not {expected:?}: {status} {body}",
            key.name
        )
    })
}

async fn ask(world: &World, route: &str, key: &Key) -> Answer {
    let asks = key.of.as_ref().map(|of| &of.user_id);
    let (method, path) = route.split_once(' ').unwrap();
    let mut address = String::new();
    for part in path.split('/').skip(1) {
        let name = part
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        let part = match name {
            Some(name) => world.filled(placed(route, name), asks).await,
            None => part.to_owned(),
        };
        address.push('/');
        address.push_str(&part);
    }
    let body = world.filled_json(&body(route), asks).await;
    let method: Method = method.parse().unwrap();
    world.app.api(&key.secret, method, &address, body).await
}

/// What stands in the path of a route for a name in braces.
fn placed(route: &str, name: &str) -> &'static str {
    let ends = route.starts_with("DELETE ");
    match name {
        "project_id" => "$project",
        "tool_id" if ends => "$spare_tool",
        "tool_id" => "$tool",
        "number" | "other" => "1",
        "call_id" => "$call",
        "integration_id" if ends && route.ends_with("{integration_id}") => "$spare_integration",
        "integration_id" if route.ends_with("rotate-secret") => "$spare_integration",
        "integration_id" if route.contains("/secrets/") => "$rotated_integration",
        "integration_id" => "$integration",
        "secret_id" if route.contains("/vault/") => "$spare_secret",
        "secret_id" => "$rotated_secret",
        "connection_id" if route.contains("/account/") => "grt_none",
        "connection_id" => "$connection",
        "key_id" if route.contains("/account/") => "$spare_own_key",
        "key_id" => "$spare_key",
        "session_id" => "$spare_session",
        "user_id" if route.contains("/instance/") => "$bystander",
        "user_id" if route.ends_with("/removal") => "$me",
        "user_id" if ends => "$spare_member",
        "user_id" => "$member",
        "invitation_id" if route.contains("/instance/") => "$spare_instance_invitation",
        "invitation_id" => "$spare_invitation",
        "provider_id" => "$spare_provider",
        other => panic!("{route}: {other} has no fixture: say here what it may be"),
    }
}

/// A body that is right enough to get past the question who may.
fn body(route: &str) -> Value {
    let (method, path) = route.split_once(' ').unwrap();
    if matches!(method, "GET" | "DELETE") {
        return Value::Null;
    }
    let of_project = path.strip_prefix("/api/v1/projects/{project_id}");
    match (method, of_project.unwrap_or(path)) {
        ("PATCH", "") | ("POST", "/api/v1/projects") => json!({ "name": "$name" }),
        ("POST", "/tools") => tool("$name"),
        ("PATCH", "/tools/{tool_id}") => json!({ "title": "A title" }),
        ("POST", "/tools/{tool_id}/call")
        | ("POST", "/tools/{tool_id}/versions/{number}/restore")
        | ("POST", "/integrations/{integration_id}/rotate-secret")
        | ("PATCH", "/api/v1/instance/settings")
        | ("POST", "/api/v1/instance/test-mail")
        | ("POST", "/api/v1/instance/accounts/{user_id}/sign-out")
        | ("POST", "/api/v1/instance/accounts/{user_id}/reset-link") => json!({}),
        ("POST", "/tools/import") => json!({ "document": DOCUMENT }),
        ("POST", "/tools/from-curl") => json!({ "command": "curl https://crm.example.com/a" }),
        ("POST", "/catalog") => json!({ "entry": "$entry" }),
        ("POST", "/vault") => json!({
            "name": "$name", "origins": ["https://crm.example.com"], "value": "s",
            "auth_strategy": "static_bearer",
        }),
        ("PATCH", "/vault/{secret_id}") => json!({ "value": "t" }),
        ("POST", "/integrations") => json!({ "name": "$name", "approval": "automatic" }),
        ("PATCH", "/integrations/{integration_id}") => json!({ "self_registered": true }),
        ("POST", "/api-keys" | "/api/v1/account/api-keys") => {
            json!({ "name": "$name", "role": "viewer" })
        }
        ("PATCH", "/members/{user_id}") => json!({ "role": "developer" }),
        ("POST", "/transfer") => json!({ "user_id": "$member" }),
        ("PATCH", "/call-details") => json!({ "keep": "all" }),
        ("PATCH", "/security") => json!({ "require_second_factor": false }),
        ("POST", "/invitations") => json!({ "role": "viewer" }),
        ("POST", "/api/v1/instance/invitations") => json!({}),
        ("PATCH", "/api/v1/instance/accounts/{user_id}") => json!({ "is_disabled": false }),
        ("POST", "/api/v1/instance/providers") => json!({
            "kind": "github", "name": "$name", "client_id": "a", "client_secret": "b",
        }),
        ("PATCH", "/api/v1/instance/providers/{provider_id}") => json!({ "may_sign_up": false }),
        _ => panic!("{route} has no fixture: say here what it takes"),
    }
}

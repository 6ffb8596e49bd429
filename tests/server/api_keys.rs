//! Keys over the API, and what a key says of itself.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::{Method, StatusCode};
use domain::{
    accounts::Actor, api_keys::NewApiKey, bootstrap::Bootstrapped, integrations::Approval,
    members::Role,
};
use serde_json::{Value, json};

use crate::app::{EMAIL, PASSWORD, TestApp};

/// A key of the account of whoever made it all.
pub async fn own_key(app: &TestApp, made: &Bootstrapped, role: Role) -> String {
    let owner = Actor::Person {
        user_id: made.account.id.clone(),
    };
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let services = &app.services;
    let proof = services
        .accounts
        .prove(&owner, PASSWORD, here)
        .await
        .unwrap();
    let new = NewApiKey::named("own", role);
    let made = services
        .api_keys
        .create_own(&owner, &new, Some(&proof), [127, 0, 0, 1].into())
        .await;
    made.unwrap().1.reveal().to_owned()
}

#[tokio::test]
async fn a_projects_keys_are_made_listed_and_ended() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let key = made.api_key.reveal();
    let base = format!("/api/v1/projects/{}/api-keys", made.project.id);
    let input = json!({ "name": "ci", "role": "admin", "expires_in_days": 30 });
    let created = app.api(key, Method::POST, &base, input).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    assert_eq!(created.header("cache-control"), "no-store");
    let view = created.json();
    let secret = view["api_key"].as_str().unwrap();
    assert!(secret.starts_with(view["prefix"].as_str().unwrap()));
    assert_eq!(
        view["expires_at"],
        view["created_at"].as_i64().unwrap() + 30 * 86_400_000
    );
    let listed = app.api(secret, Method::GET, &base, Value::Null).await;
    assert_eq!(listed.status, StatusCode::OK, "{}", listed.body);
    assert!(!listed.body.contains(secret) && !listed.body.contains("hash"));
    let listed = listed.json();
    assert_eq!(listed["data"][0]["id"], view["id"]);
    assert_eq!(listed["data"][0]["made_by"], EMAIL);
    assert_eq!(listed["data"][0]["made_by_key_id"], listed["data"][1]["id"]);
    for (input, field) in [
        (json!({ "name": "x", "role": "owner" }), "role"),
        (json!({ "name": "x", "role": "king" }), "role"),
        (json!({ "name": "x" }), "role"),
        (json!({ "name": "", "role": "viewer" }), "name"),
        (
            json!({ "name": "x", "role": "viewer", "expires_in_days": 0 }),
            "expires_in_days",
        ),
        (
            json!({ "name": "x", "role": "viewer", "hash": "x" }),
            "hash",
        ),
    ] {
        let refused = app.api(secret, Method::POST, &base, input).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            refused.body
        );
        assert_eq!(
            refused.json()["error"]["details"][0]["field"],
            field,
            "{}",
            refused.body
        );
    }
    // The owner's key is above it, and it is above itself.
    let owners = format!("{base}/{}", listed["data"][1]["id"].as_str().unwrap());
    let refused = app.api(secret, Method::DELETE, &owners, Value::Null).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    let own = format!("{base}/{}", view["id"].as_str().unwrap());
    let ended = app.api(secret, Method::DELETE, &own, Value::Null).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);
    let after = app.api(secret, Method::GET, &base, Value::Null).await;
    assert_eq!(after.status, StatusCode::UNAUTHORIZED);
    let again = app.api(key, Method::DELETE, &own, Value::Null).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_key_below_admin_manages_none_but_itself() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let base = format!("/api/v1/projects/{}/api-keys", made.project.id);
    let input = json!({ "name": "ci", "role": "developer" });
    let created = app
        .api(made.api_key.reveal(), Method::POST, &base, input.clone())
        .await
        .json();
    let secret = created["api_key"].as_str().unwrap();
    for (method, body) in [(Method::GET, Value::Null), (Method::POST, input)] {
        let refused = app.api(secret, method, &base, body).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    }
    let own = format!("{base}/{}", created["id"].as_str().unwrap());
    let ended = app.api(secret, Method::DELETE, &own, Value::Null).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_key_says_who_it_speaks_for() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let account = "/api/v1/account";
    let of_project = app
        .api(made.api_key.reveal(), Method::GET, account, Value::Null)
        .await;
    assert_eq!(of_project.status, StatusCode::OK, "{}", of_project.body);
    assert!(!of_project.body.contains(made.api_key.reveal()));
    let view = of_project.json();
    assert_eq!(view["email"], EMAIL);
    assert_eq!(view["is_instance_owner"], true);
    assert_eq!(view["api_key"]["project_id"], made.project.id.as_str());
    assert_eq!(view["api_key"]["role"], "owner");
    let own = own_key(&app, &made, Role::Developer).await;
    let view = app
        .api(&own, Method::GET, account, Value::Null)
        .await
        .json();
    assert_eq!(view["api_key"]["project_id"], Value::Null);
    assert_eq!(view["api_key"]["role"], "developer");
    for nobody in ["", "tng_key_x"] {
        let answer = app.api(nobody, Method::GET, account, Value::Null).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn an_accounts_keys_are_for_its_own_admin_keys() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let base = "/api/v1/account/api-keys";
    let input = json!({ "name": "cli", "role": "viewer" });
    let small = own_key(&app, &made, Role::Developer).await;
    for key in [made.api_key.reveal(), small.as_str()] {
        for (method, body) in [(Method::GET, Value::Null), (Method::POST, input.clone())] {
            let refused = app.api(key, method, base, body).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
        }
    }
    let large = own_key(&app, &made, Role::Admin).await;
    let created = app.api(&large, Method::POST, base, input).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    let above = json!({ "name": "cli", "role": "owner" });
    let refused = app.api(&large, Method::POST, base, above).await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        refused.body
    );
    let listed = app
        .api(&large, Method::GET, &format!("{base}?limit=1"), Value::Null)
        .await;
    assert_eq!(listed.json()["data"][0]["id"], created.json()["id"]);
    assert!(listed.json()["next_cursor"].is_string());
    let child = created.json()["api_key"].as_str().unwrap().to_owned();
    let projects = app
        .api(&child, Method::GET, "/api/v1/projects", Value::Null)
        .await;
    assert_eq!(projects.json()["data"][0]["id"], made.project.id.as_str());
    // With the key that made it, it ends.
    let me = app
        .api(&large, Method::GET, "/api/v1/account", Value::Null)
        .await
        .json();
    let own = format!("{base}/{}", me["api_key"]["id"].as_str().unwrap());
    let ended = app.api(&large, Method::DELETE, &own, Value::Null).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);
    for gone in [&large, &child] {
        let answer = app
            .api(gone, Method::GET, "/api/v1/projects", Value::Null)
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
}

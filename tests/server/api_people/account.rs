//! What a key of an account may see and end of it.

use axum::http::{Method, StatusCode};
use domain::members::Role;
use serde_json::{Value, json};

use super::World;
use crate::{
    api_keys::own_key,
    app::{EMAIL, PASSWORD},
};

#[tokio::test]
async fn sessions_are_listed_and_ended_in_the_name_of_the_key() {
    let world = World::new().await;
    for _ in 0..2 {
        world.app.forget_cookies();
        world.app.sign_in(EMAIL, PASSWORD).await;
    }
    let sessions = world.get("/account/sessions?limit=1").await;
    let newest = &sessions["data"][0];
    assert_eq!(
        (&newest["method"], &newest["second_factor"]),
        (&json!("password"), &Value::Null)
    );
    let cursor = sessions["next_cursor"].as_str().unwrap();
    let older = world
        .get(&format!("/account/sessions?limit=1&cursor={cursor}"))
        .await;
    assert!(
        older["data"][0]["id"].as_str() < newest["id"].as_str(),
        "{older}"
    );
    // The newest is the browser's.
    assert_eq!(world.app.get("/projects").await.status, StatusCode::OK);
    let one = format!("/account/sessions/{}", newest["id"].as_str().unwrap());
    let ended = world.ask(Method::DELETE, &one, Value::Null).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);
    assert_eq!(
        world.app.get("/projects").await.status,
        StatusCode::SEE_OTHER
    );
    world.refused(Method::DELETE, &one, Value::Null, 404).await;
    let all = world
        .ask(Method::DELETE, "/account/sessions", Value::Null)
        .await;
    assert_eq!(all.json(), json!({ "ended": 1 }));
    let audit = world.get("/account/audit?limit=2").await;
    let me = world.get("/account").await;
    let acts = ["account.sessions_ended", "account.session_ended"];
    for (row, act) in audit["data"].as_array().unwrap().iter().zip(acts) {
        assert_eq!(
            (&row["act"], &row["api_key_id"]),
            (&json!(act), &me["api_key"]["id"]),
            "{row}"
        );
    }
    assert!(audit["next_cursor"].is_string());
}

#[tokio::test]
async fn an_account_sees_its_apps_its_ways_in_and_all_that_is_stored() {
    let world = World::new().await;
    world.app.connect(&world.made, "all").await;
    let connections = world.get("/account/connections").await;
    let connection = &connections["data"][0];
    assert_eq!(connection["project_name"], "CRM");
    assert_eq!(connection["integration_name"], "Claude");
    let one = format!(
        "/account/connections/{}",
        connection["id"].as_str().unwrap()
    );
    let ended = world.ask(Method::DELETE, &one, Value::Null).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);
    world.refused(Method::DELETE, &one, Value::Null, 404).await;
    for list in ["/account/identities", "/account/passkeys"] {
        assert_eq!(
            world.get(list).await,
            json!({ "data": [], "next_cursor": null })
        );
    }
    let factors = world.get("/account/second-factors").await;
    assert_eq!(factors["has_password"], true);
    assert_eq!(factors["has_second_factor"], false);
    let export = world.get("/account/export").await;
    assert_eq!(export["account"]["email"], EMAIL);
    assert!(!export.to_string().contains(&world.key));
}

#[tokio::test]
async fn a_key_of_a_project_or_a_small_one_learns_nothing_of_its_account() {
    let world = World::new().await;
    world.app.sign_in(EMAIL, PASSWORD).await;
    let of_project = world.made.api_key.reveal();
    let viewer = own_key(&world.app, &world.made, Role::Viewer).await;
    let admin = own_key(&world.app, &world.made, Role::Admin).await;
    let sessions = world.get("/account/sessions").await;
    let one = format!(
        "/account/sessions/{}",
        sessions["data"][0]["id"].as_str().unwrap()
    );
    for (method, path) in [
        (Method::GET, "/account/sessions"),
        (Method::DELETE, "/account/sessions"),
        (Method::DELETE, &one),
        (Method::GET, "/account/connections"),
        (Method::DELETE, "/account/connections/grt_0"),
        (Method::GET, "/account/identities"),
        (Method::GET, "/account/passkeys"),
        (Method::GET, "/account/second-factors"),
        (Method::GET, "/account/audit"),
        (Method::GET, "/account/export"),
    ] {
        for (key, says) in [
            (of_project, "belongs to one project"),
            (&viewer, "with the role"),
        ] {
            let path = format!("/api/v1{path}");
            let refused = world.app.api(key, method.clone(), &path, Value::Null).await;
            assert_eq!(
                refused.status,
                StatusCode::FORBIDDEN,
                "{path}: {}",
                refused.body
            );
            assert!(refused.body.contains(says), "{path}: {}", refused.body);
        }
    }
    let refused = world
        .app
        .api(&admin, Method::GET, "/api/v1/account/export", Value::Null)
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    assert_eq!(world.get("/account/sessions").await, sessions);
}

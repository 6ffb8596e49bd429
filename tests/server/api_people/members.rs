//! Members of a project and invitations over the API.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use domain::{
    clock::{SystemClock, SystemRandom},
    mail::{MailConfig, Mailer, testing::SmtpServer},
};
use serde_json::{Value, json};

use super::{BOB, World};
use crate::app::{EMAIL, Options, TestApp};

#[tokio::test]
async fn members_are_invited_changed_and_removed() {
    let world = World::new().await;
    let bob = world.joined(BOB, "developer").await;
    let invitations = world.project("/invitations");
    let listed = world.get(&invitations).await;
    assert_eq!(listed["data"][0]["state"], "used_up");
    assert_eq!(listed["data"][0]["created_by"], EMAIL);
    assert!(!listed.to_string().contains("tng_inv_"));
    // Pages hold together in the order of their joining.
    let members = world.project("/members");
    let first = world.get(&format!("{members}?limit=1")).await;
    assert_eq!(first["data"][0]["email"], EMAIL);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = world
        .get(&format!("{members}?limit=1&cursor={cursor}"))
        .await;
    assert_eq!(second["data"][0]["email"], BOB);
    assert_eq!(second["next_cursor"], Value::Null);

    let own = &world.made.account.id;
    let one = |user: &str| format!("{members}/{user}");
    let mine = one(own.as_str());
    let error = world
        .refused(Method::PATCH, &mine, json!({ "role": "viewer" }), 409)
        .await;
    assert_eq!(error["details"][0]["field"], "role");
    world
        .refused(Method::DELETE, &one(own.as_str()), Value::Null, 409)
        .await;
    world
        .refused(Method::PATCH, &one(&bob), json!({ "role": "king" }), 422)
        .await;
    world
        .refused(
            Method::PATCH,
            &one("usr_0"),
            json!({ "role": "admin" }),
            404,
        )
        .await;
    world
        .refused(Method::GET, &one("usr_0/removal"), Value::Null, 404)
        .await;
    let changed = world
        .ask(Method::PATCH, &one(&bob), json!({ "role": "viewer" }))
        .await;
    assert_eq!(changed.json()["role"], "viewer", "{}", changed.body);
    let ends = world.get(&one(&format!("{bob}/removal"))).await;
    assert_eq!(
        ends,
        json!({ "connections": 0, "connected_accounts": 0, "api_keys": 0, "invitations": 0, "open_links": 0 })
    );
    let removed = world.ask(Method::DELETE, &one(&bob), Value::Null).await;
    assert_eq!((removed.status, removed.json()), (StatusCode::OK, ends));
    world
        .refused(Method::DELETE, &one(&bob), Value::Null, 404)
        .await;
    assert_eq!(
        world.get(&members).await["data"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn an_admins_key_manages_no_owners_and_a_viewers_nobody() {
    let world = World::new().await;
    let bob = world.joined(BOB, "owner").await;
    let keys = world.project("/api-keys");
    let key = async |role: &str| {
        let made = world
            .ask(Method::POST, &keys, json!({ "name": role, "role": role }))
            .await;
        made.json()["api_key"].as_str().unwrap().to_owned()
    };
    let (admin, viewer) = (key("admin").await, key("viewer").await);
    let at = |path: &str| format!("/api/v1{}", world.project(path));
    let one = at(&format!("/members/{bob}"));
    for (method, path, body) in [
        (Method::PATCH, one.as_str(), json!({ "role": "viewer" })),
        (Method::DELETE, &one, Value::Null),
        (
            Method::POST,
            &at("/invitations"),
            json!({ "role": "owner" }),
        ),
        (Method::POST, &at("/transfer"), json!({ "user_id": bob })),
        (
            Method::PATCH,
            &at("/security"),
            json!({ "require_second_factor": false }),
        ),
    ] {
        for key in [&admin, &viewer] {
            let refused = world.app.api(key, method.clone(), path, body.clone()).await;
            assert_eq!(
                refused.status,
                StatusCode::FORBIDDEN,
                "{path}: {}",
                refused.body
            );
        }
    }
    let told = world
        .app
        .api(&viewer, Method::GET, &at("/members"), Value::Null)
        .await;
    assert_eq!(
        told.json()["data"][1]["has_second_factor"],
        Value::Null,
        "only admins are told"
    );
    let told = world
        .app
        .api(&admin, Method::GET, &at("/members"), Value::Null)
        .await;
    assert_eq!(told.json()["data"][1]["has_second_factor"], false);
    for path in ["/invitations", &format!("/members/{bob}/removal")] {
        let refused = world
            .app
            .api(&viewer, Method::GET, &at(path), Value::Null)
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    }
    let open = world
        .app
        .api(&viewer, Method::GET, &at("/security"), Value::Null)
        .await;
    assert_eq!(open.json(), json!({ "require_second_factor": false }));

    // Whoever hands it over does no more with the key than an admin does from then on.
    let transfer = world.project("/transfer");
    let own = world.made.account.id.as_str();
    world
        .refused(Method::POST, &transfer, json!({ "user_id": own }), 422)
        .await;
    let done = world
        .ask(Method::POST, &transfer, json!({ "user_id": bob }))
        .await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    world
        .refused(Method::POST, &transfer, json!({ "user_id": bob }), 403)
        .await;
    let security = world.project("/security");
    let on = json!({ "require_second_factor": true });
    world.refused(Method::PATCH, &security, on, 403).await;
}

#[tokio::test]
async fn who_has_no_second_factor_locks_nobody_out_with_a_key_either() {
    let world = World::new().await;
    let on = json!({ "require_second_factor": true });
    for path in [world.project("/security").as_str(), "/instance/settings"] {
        let error = world.refused(Method::PATCH, path, on.clone(), 422).await;
        assert_eq!(
            error["details"][0]["field"], "require_second_factor",
            "{error}"
        );
    }
    assert_eq!(
        world.get("/instance/settings").await["require_second_factor"],
        false
    );
}

#[tokio::test]
async fn an_invitation_is_shown_once_or_mailed_and_can_be_taken_back() {
    let world = World::new().await;
    let path = world.project("/invitations");
    for (input, field) in [
        (json!({}), "role"),
        (json!({ "role": "viewer", "most_uses": 0 }), "most_uses"),
        (
            json!({ "role": "viewer", "valid_seconds": 1 }),
            "valid_seconds",
        ),
        (json!({ "role": "viewer", "email": "bob" }), "email"),
        (
            json!({ "role": "viewer", "email": BOB, "is_mailed": true }),
            "is_mailed",
        ),
    ] {
        let error = world.refused(Method::POST, &path, input, 422).await;
        assert_eq!(error["details"][0]["field"], field, "{error}");
    }
    let made = world
        .ask(
            Method::POST,
            &path,
            json!({ "role": "viewer", "most_uses": 3 }),
        )
        .await;
    let made = made.json();
    let url = url::Url::parse(made["url"].as_str().unwrap()).unwrap();
    assert!(url.path().starts_with("/invite/tng_inv_"), "{url}");
    assert!(world.app.get(url.path()).await.body.contains("CRM"));
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    // One to the instance is another's.
    let elsewhere = format!("/instance/invitations/{}", made["id"].as_str().unwrap());
    world
        .refused(Method::DELETE, &elsewhere, Value::Null, 404)
        .await;
    let ended = world.ask(Method::DELETE, &one, Value::Null).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);
    assert!(!world.app.get(url.path()).await.body.contains("CRM"));
    assert_eq!(world.get(&path).await["data"][0]["state"], "revoked");

    let made = world
        .ask(
            Method::POST,
            "/instance/invitations",
            json!({ "email": BOB }),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(made.json()["project_id"], Value::Null);
    let listed = world.get("/instance/invitations").await;
    assert_eq!(
        listed["data"].as_array().unwrap().len(),
        1,
        "those to projects are not there"
    );
}

#[tokio::test]
async fn an_invitation_that_is_mailed_is_shown_to_nobody() {
    let server = SmtpServer::start().await;
    let config = MailConfig::parse(&server.url(), "tengine@example.com").unwrap();
    let mailer = Mailer::new(&config, Arc::new(SystemClock), Arc::new(SystemRandom)).unwrap();
    let options = Options {
        mailer,
        ..Options::default()
    };
    let world = World::of(TestApp::with_settings(options).await).await;
    let path = world.project("/invitations");
    let input = json!({ "role": "developer", "email": BOB, "is_mailed": true });
    let made = world.ask(Method::POST, &path, input).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(made.json()["url"], Value::Null);
    assert!(!made.body.contains("tng_inv_"), "{}", made.body);
    // It comes, and to nobody else.
    server.next_to(BOB, "/invite/tng_inv_").await;
    let sent = world
        .ask(Method::POST, "/instance/test-mail", Value::Null)
        .await;
    assert_eq!(sent.status, StatusCode::NO_CONTENT, "{}", sent.body);
    server
        .next_to(EMAIL, "Mail from your TengineAI instance arrives.")
        .await;
    assert!(world.get("/instance").await["mail"]["last_success_at"].is_i64());
}

//! The instance over the API, for an owner's key of one of its owners.

use std::net::{IpAddr, Ipv4Addr};

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use domain::{accounts::Actor, api_keys::NewApiKey, members::Role};
use serde_json::{Value, json};

use super::{BOB, World};
use crate::{
    api_keys::own_key,
    app::{EMAIL, PASSWORD},
};

/// An owner's key of Bob's account, who owns a project and not the instance.
async fn bobs_key(world: &World, bob: &str) -> String {
    let actor = Actor::Person {
        user_id: bob.into(),
    };
    let services = &world.app.services;
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let proof = services
        .accounts
        .prove(&actor, PASSWORD, here)
        .await
        .unwrap();
    let new = NewApiKey::named("bobs", Role::Owner);
    let made = services
        .api_keys
        .create_own(&actor, &new, Some(&proof), [127, 0, 0, 1].into())
        .await;
    made.unwrap().1.reveal().to_owned()
}

#[tokio::test]
async fn the_instance_is_for_an_owners_key_of_an_owner() {
    let world = World::new().await;
    let bob = world.joined(BOB, "owner").await;
    let bobs = bobs_key(&world, &bob).await;
    let admin = own_key(&world.app, &world.made, Role::Admin).await;
    let one = format!("/instance/accounts/{bob}");
    let (out, link) = (format!("{one}/sign-out"), format!("{one}/reset-link"));
    let provider = json!({ "kind": "github", "name": "x", "client_id": "x", "client_secret": "x" });
    for (method, path, body) in [
        (Method::GET, "/instance", Value::Null),
        (Method::POST, "/instance/test-mail", Value::Null),
        (Method::GET, "/instance/settings", Value::Null),
        (
            Method::PATCH,
            "/instance/settings",
            json!({ "dynamic_registration": false }),
        ),
        (Method::GET, "/instance/accounts", Value::Null),
        (Method::GET, &one, Value::Null),
        (Method::PATCH, &one, json!({ "is_instance_owner": true })),
        (Method::POST, &out, Value::Null),
        (Method::POST, &link, Value::Null),
        (Method::GET, "/instance/invitations", Value::Null),
        (Method::POST, "/instance/invitations", json!({})),
        (Method::DELETE, "/instance/invitations/inv_0", Value::Null),
        (Method::GET, "/instance/providers", Value::Null),
        (Method::POST, "/instance/providers", provider),
        (Method::GET, "/instance/providers/idp_0", Value::Null),
        (Method::PATCH, "/instance/providers/idp_0", json!({})),
        (Method::DELETE, "/instance/providers/idp_0", Value::Null),
        (Method::GET, "/instance/audit", Value::Null),
    ] {
        for key in [&admin, world.made.api_key.reveal(), &bobs] {
            let path = format!("/api/v1{path}");
            let refused = world
                .app
                .api(key, method.clone(), &path, body.clone())
                .await;
            assert_eq!(
                refused.status,
                StatusCode::FORBIDDEN,
                "{path}: {}",
                refused.body
            );
            assert!(
                refused.body.contains("owner of the instance"),
                "{path}: {}",
                refused.body
            );
        }
    }
}

#[tokio::test]
async fn accounts_are_found_a_page_at_a_time() {
    let world = World::new().await;
    let bob = world.joined(BOB, "developer").await;
    let first = world.get("/instance/accounts?limit=1").await;
    assert_eq!(
        (&first["data"][0]["id"], &first["data"][0]["projects"]),
        (&json!(bob), &json!(1))
    );
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = world
        .get(&format!("/instance/accounts?limit=1&cursor={cursor}"))
        .await;
    assert_eq!(second["data"][0]["email"], EMAIL);
    assert_eq!(second["next_cursor"], Value::Null);
    for (query, found) in [
        ("limit=1000", 2),
        ("text=BOB%40", 1),
        ("text=%25", 0),
        ("text=", 2),
    ] {
        let list = world.get(&format!("/instance/accounts?{query}")).await;
        assert_eq!(list["data"].as_array().unwrap().len(), found, "{query}");
    }
    let long = format!("/instance/accounts?text={}", "a".repeat(255));
    let error = world.refused(Method::GET, &long, Value::Null, 422).await;
    assert_eq!(error["details"][0]["field"], "text");
    world
        .refused(Method::GET, "/instance/accounts/usr_0", Value::Null, 404)
        .await;
}

#[tokio::test]
async fn accounts_are_managed_by_an_owner_of_the_instance() {
    let world = World::new().await;
    let bob = world.joined(BOB, "developer").await;
    let one = format!("/instance/accounts/{bob}");
    let own = format!("/instance/accounts/{}", world.made.account.id);
    assert_eq!(
        world.app.get("/projects").await.status,
        StatusCode::OK,
        "as Bob"
    );
    let out = world
        .ask(Method::POST, &format!("{one}/sign-out"), Value::Null)
        .await;
    assert_eq!(out.json(), json!({ "ended": 1 }));
    assert_eq!(
        world.app.get("/projects").await.status,
        StatusCode::SEE_OTHER
    );
    for input in [
        json!({}),
        json!({ "is_disabled": true, "is_instance_owner": true }),
    ] {
        world.refused(Method::PATCH, &one, input, 422).await;
    }
    world
        .refused(Method::PATCH, &own, json!({ "is_disabled": true }), 409)
        .await;
    world
        .refused(
            Method::PATCH,
            &own,
            json!({ "is_instance_owner": false }),
            409,
        )
        .await;
    let disabled = world
        .ask(Method::PATCH, &one, json!({ "is_disabled": true }))
        .await;
    assert_eq!(disabled.json()["is_disabled"], true, "{}", disabled.body);
    let link = format!("{one}/reset-link");
    let error = world.refused(Method::POST, &link, Value::Null, 403).await;
    assert!(
        error["message"].as_str().unwrap().contains("disabled"),
        "{error}"
    );
    world
        .refused(
            Method::PATCH,
            &one,
            json!({ "is_instance_owner": true }),
            422,
        )
        .await;
    world
        .ask(Method::PATCH, &one, json!({ "is_disabled": false }))
        .await;
    let made = world
        .ask(
            Method::POST,
            &link,
            json!({ "removes_second_factor": true }),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(made.header("cache-control"), "no-store");
    let url = url::Url::parse(made.json()["url"].as_str().unwrap()).unwrap();
    let page = world.app.get(&url[url::Position::BeforePath..]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let owner = world
        .ask(Method::PATCH, &one, json!({ "is_instance_owner": true }))
        .await;
    assert_eq!(owner.json()["is_instance_owner"], true, "{}", owner.body);
    // Who makes themselves none is told so, and has no more to say.
    let none = world
        .ask(Method::PATCH, &own, json!({ "is_instance_owner": false }))
        .await;
    assert_eq!(none.json()["is_instance_owner"], false, "{}", none.body);
    world
        .refused(Method::GET, "/instance", Value::Null, 403)
        .await;
    world
        .refused(
            Method::PATCH,
            &own,
            json!({ "is_instance_owner": true }),
            403,
        )
        .await;
}

#[tokio::test]
async fn who_owns_the_instance_no_more_is_not_told_a_link_again() {
    let world = World::new().await;
    let bob = world.joined(BOB, "developer").await;
    let path = format!("/api/v1/instance/accounts/{bob}/reset-link");
    let ask = async || {
        let request = Request::post(&path)
            .header("authorization", format!("Bearer {}", world.key))
            .header("idempotency-key", "one");
        world.app.send(request.body(Body::empty()).unwrap()).await
    };
    let first = ask().await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    assert_eq!(ask().await.json(), first.json());
    let one = format!("/instance/accounts/{bob}");
    world
        .ask(Method::PATCH, &one, json!({ "is_instance_owner": true }))
        .await;
    let own = format!("/instance/accounts/{}", world.made.account.id);
    world
        .ask(Method::PATCH, &own, json!({ "is_instance_owner": false }))
        .await;
    let again = ask().await;
    assert_eq!(again.status, StatusCode::FORBIDDEN, "{}", again.body);
}

#[tokio::test]
async fn the_instance_tells_how_it_is_and_what_was_done() {
    let world = World::new().await;
    let instance = world.get("/instance").await;
    assert_eq!(instance["counts"]["accounts"], 1, "{instance}");
    assert_eq!(instance["counts"]["api_keys"], 2);
    assert_eq!(instance["is_well"], false, "it is on this machine only");
    for (place, name, is_well) in [(0, "Database", true), (1, "Public address", false)] {
        let check = &instance["checks"][place];
        assert_eq!(
            (&check["name"], &check["is_well"]),
            (&json!(name), &json!(is_well))
        );
    }
    assert_eq!(instance["mail"]["server"], Value::Null);
    let error = world
        .refused(Method::POST, "/instance/test-mail", Value::Null, 422)
        .await;
    assert_eq!(error["details"][0]["field"], "mail");

    let settings = world.get("/instance/settings").await;
    assert_eq!(settings["fixed"], json!({ "sign_up": "TENGINE_SIGNUP" }));
    let change = json!({ "sign_up_domains": ["Example.com"], "dynamic_registration": false });
    let changed = world.ask(Method::PATCH, "/instance/settings", change).await;
    assert_eq!(
        changed.json()["sign_up_domains"],
        json!(["example.com"]),
        "{}",
        changed.body
    );
    for (change, field) in [
        (json!({ "sign_up": "invite" }), "sign_up"),
        (json!({ "sign_up_domains": ["a b"] }), "sign_up_domains[0]"),
        (json!({ "sign_up_domain": [] }), "sign_up_domain"),
        (
            json!({ "dynamic_registration": "no" }),
            "dynamic_registration",
        ),
    ] {
        let error = world
            .refused(Method::PATCH, "/instance/settings", change, 422)
            .await;
        assert_eq!(error["details"][0]["field"], field, "{error}");
    }
    let audit = world.get("/instance/audit?limit=1").await;
    assert_eq!(audit["data"][0]["act"], "instance.setting_changed");
    assert!(audit["next_cursor"].is_string());
}

#[tokio::test]
async fn sign_in_providers_are_kept_without_showing_their_secrets() {
    let world = World::new().await;
    let path = "/instance/providers";
    let input = json!({
        "kind": "github", "name": "GitHub", "client_id": "Iv1.1", "client_secret": "s3cr3t-github",
        "allowed_domains": ["example.com"],
    });
    let made = world.ask(Method::POST, path, input.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let view = made.json();
    assert_eq!(view["issuer"], "https://github.com");
    assert_eq!(view["has_secret"], true);
    let id = view["id"].as_str().unwrap();
    let redirect = view["redirect_uri"].as_str().unwrap();
    assert!(
        redirect.ends_with(&format!("/sign-in/with/{id}/callback")),
        "{redirect}"
    );
    world.refused(Method::POST, path, input, 409).await;
    let one = format!("{path}/{id}");
    let change = json!({ "is_enabled": false, "allowed_domains": null });
    let changed = world.ask(Method::PATCH, &one, change).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    let changed = changed.json();
    assert_eq!(
        (&changed["is_enabled"], &changed["allowed_domains"]),
        (&json!(false), &json!([]))
    );
    assert_eq!(changed["has_secret"], true, "it stays where it is left out");
    for (change, field) in [
        (json!({ "kind": "oidc" }), "kind"),
        (json!({ "issuer": "https://github.example" }), "issuer"),
        (json!({ "client_secret": "" }), "client_secret"),
        (json!({ "has_secret": false }), "has_secret"),
        (json!({ "client_id": null }), "client_id"),
    ] {
        let error = world.refused(Method::PATCH, &one, change, 422).await;
        assert_eq!(error["details"][0]["field"], field, "{error}");
    }
    assert!(!world.get(path).await.to_string().contains("s3cr3t"));
    let mut stored = changed.clone();
    let ended = stored
        .as_object_mut()
        .unwrap()
        .shift_remove("sessions_ended");
    assert_eq!(ended, Some(json!(0)));
    assert_eq!(world.get(&one).await, stored);
    for (query, field) in [
        ("strand_accounts=maybe", "strand_accounts"),
        ("strand=true", "strand"),
    ] {
        let error = world
            .refused(Method::DELETE, &format!("{one}?{query}"), Value::Null, 422)
            .await;
        assert_eq!(error["details"][0]["field"], field);
    }
    let deletes = format!("{one}?strand_accounts=true");
    let gone = world.ask(Method::DELETE, &deletes, Value::Null).await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.body);
    assert_eq!(gone.json(), json!({ "ended": 0 }));
    world.refused(Method::GET, &one, Value::Null, 404).await;
    // What answers no discovery is refused at once.
    let dead = "http://127.0.0.1:1";
    let input = json!({ "kind": "oidc", "name": "x", "client_id": "x", "issuer": dead });
    let error = world.refused(Method::POST, path, input, 422).await;
    assert_eq!(error["details"][0]["field"], "issuer", "{error}");
}

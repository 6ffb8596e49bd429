//! Access tokens that are forged, or used where they do not belong.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Core, Services,
    execute::{Allowlist, Network},
    services::CoreParts,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::{another, list, status, target};
use crate::app::{PUBLIC, TestApp};

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// RFC 8725 §3.1 and §3.2: `none` is no algorithm.
#[tokio::test]
async fn a_token_without_a_signature_is_refused() {
    let (app, made) = target().await;
    let (good, _) = app.connect(&made, "all").await;
    let (head, claims) = (part(&good, 0), part(&good, 1));
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        let mut forged = head.clone();
        forged["alg"] = json!(alg);
        for signature in ["", "AA"] {
            let token = format!("{}.{}.{signature}", encoded(&forged), encoded(&claims));
            assert_eq!(status(&app, "/mcp/", &token).await, 401, "{alg}");
        }
    }
}

/// RFC 8725 §2.1: a public key is not a secret that signs.
#[tokio::test]
async fn the_public_key_is_no_hmac_secret() {
    let (app, made) = target().await;
    let (good, _) = app.connect(&made, "all").await;
    let claims = part(&good, 1);
    let jwks = app.get("/api/v1/mcp-oauth/jwks").await.json();
    let key = &jwks["keys"][0];
    let mut point = vec![4_u8];
    for coordinate in ["x", "y"] {
        let bytes = URL_SAFE_NO_PAD.decode(key[coordinate].as_str().unwrap());
        point.extend(bytes.unwrap());
    }
    let secrets = [
        point,
        key.to_string().into_bytes(),
        jwks.to_string().into_bytes(),
    ];
    for secret in secrets {
        let header = Header {
            typ: Some("at+jwt".to_owned()),
            kid: key["kid"].as_str().map(ToOwned::to_owned),
            ..Header::new(Algorithm::HS256)
        };
        let forged =
            jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&secret)).unwrap();
        assert_eq!(status(&app, "/mcp/", &forged).await, 401);
    }
}

/// RFC 8725 §3.10: another's key, even if the token claims everything else that ours do, and no key
/// that the token itself brings along or points to.
#[tokio::test]
async fn a_token_cannot_bring_its_own_key() {
    let (app, made) = target().await;
    let (good, _) = app.connect(&made, "all").await;
    let elsewhere = TestApp::of_another_instance().await;
    assert_eq!(part(&elsewhere, 1)["iss"], PUBLIC);
    assert_eq!(status(&app, "/mcp/", &elsewhere).await, 401);
    let (claims, signature) = (part(&good, 1), good.rsplit('.').next().unwrap().to_owned());
    for (name, value) in [
        (
            "jwk",
            json!({ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA" }),
        ),
        ("jku", json!("https://evil.example/jwks.json")),
        ("x5u", json!("https://evil.example/cert.pem")),
        ("kid", json!("../../../../dev/null")),
        ("kid", json!("' OR 1=1 --")),
        ("kid", json!("AAAAAAAAAAAAAAAA")),
    ] {
        let mut head = part(&good, 0);
        head[name] = value;
        let forged = format!("{}.{}.{signature}", encoded(&head), encoded(&claims));
        assert_eq!(status(&app, "/mcp/", &forged).await, 401, "{name}");
    }
}

/// RFC 8725 §3.2: changed claims do not verify.
#[tokio::test]
async fn changed_claims_are_refused() {
    let (app, made) = target().await;
    let (good, _) = app.connect(&made, "all").await;
    let signature = good.rsplit('.').next().unwrap();
    for (claim, value) in [
        ("exp", json!(4_000_000_000_i64)),
        ("aud", json!([format!("{PUBLIC}/mcp/other/")])),
        ("sub", json!("usr_admin")),
        ("grant", json!("grt_other")),
        ("scope", json!("mcp:tools offline_access")),
    ] {
        let mut claims = part(&good, 1);
        claims[claim] = value;
        let forged = format!(
            "{}.{}.{signature}",
            encoded(&part(&good, 0)),
            encoded(&claims)
        );
        assert_eq!(status(&app, "/mcp/", &forged).await, 401, "{claim}");
    }
}

/// RFC 9068 §4: another issuer's token, even one signed with our key.
#[tokio::test]
async fn a_token_of_another_issuer_is_refused() {
    let (app, _) = target().await;
    let forged = TestApp::foreign_token(&app, "http://localhost:4000").await;
    assert_eq!(part(&forged, 1)["iss"], "http://localhost:4000");
    assert_eq!(status(&app, "/mcp/", &forged).await, 401);
}

/// RFC 9068 §4: what is no access token. (That one of another `typ` is refused even with our
/// signature is a test of the domain, which has the key: `grants/access_token.rs`.)
#[tokio::test]
async fn another_kind_of_token_is_refused() {
    let (app, made) = target().await;
    let (_, refresh) = app.connect(&made, "all").await;
    for token in [
        refresh.as_str(),
        made.api_key.reveal(),
        "x",
        "a.b.c",
        "..",
        "",
    ] {
        assert_eq!(status(&app, "/mcp/", token).await, 401);
    }
}

/// RFC 8707 §2, RFC 9068 §4: a token for one integration is worth nothing at another's URL.
#[tokio::test]
async fn a_token_for_one_integration_does_not_open_another() {
    let (app, made) = target().await;
    let other = another(&app, &made, json!({ "name": "Other" })).await;
    let path = |url: &str| url.strip_prefix(PUBLIC).unwrap().to_owned();
    let other = path(other["integration_url"].as_str().unwrap());
    let own = format!("/mcp/{}/", made.integration.slug);
    let (token, _) = app.connect(&made, "all").await;
    assert_eq!(status(&app, &own, &token).await, 200);
    assert_eq!(status(&app, &other, &token).await, 401);
    assert_eq!(status(&app, "/mcp/nothing/", &token).await, 404);
}

/// RFC 6750 §2.3 and RFC 9700 §4.3.2: no token in an address or a form.
#[tokio::test]
async fn a_token_in_the_query_or_the_form_is_not_looked_at() {
    let (app, made) = target().await;
    let (token, _) = app.connect(&made, "all").await;
    let query = Request::post(format!("/mcp/?access_token={token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(list().to_string()));
    assert_eq!(app.send(query.unwrap()).await.status.as_u16(), 401);
    let form = app.form("/mcp/", &[("access_token", &token)]).await;
    assert_eq!(form.status.as_u16(), 401);
    let cookie = Request::post("/mcp/")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::COOKIE, format!("access_token={token}"))
        .body(Body::from(list().to_string()));
    assert_eq!(app.send(cookie.unwrap()).await.status.as_u16(), 401);
}

/// RFC 6750 §5.3: an expired token, to the second.
#[tokio::test]
async fn an_expired_token_is_refused() {
    let (app, made) = target().await;
    let (token, _) = app.connect(&made, "all").await;
    app.clock.advance_seconds(3_599);
    assert_eq!(status(&app, "/mcp/", &token).await, 200);
    app.clock.advance_seconds(1);
    assert_eq!(status(&app, "/mcp/", &token).await, 401);
}

/// RFC 6749 §10.3: who lost the right loses the connection with the next request.
#[tokio::test]
async fn switching_off_acts_on_the_very_next_request() {
    let (app, made) = target().await;
    let (token, _) = app.connect(&made, "all").await;
    let path = format!(
        "/api/v1/projects/{}/integrations/{}",
        made.project.id, made.integration.id
    );
    let key = made.api_key.reveal();
    for (is_active, expected) in [(false, 403), (true, 200)] {
        let patch = json!({ "is_active": is_active });
        app.api(key, Method::PATCH, &path, patch).await;
        assert_eq!(status(&app, "/mcp/", &token).await, expected);
    }
    app.api(key, Method::DELETE, &path, Value::Null).await;
    assert_eq!(status(&app, "/mcp/", &token).await, 401);
}

impl TestApp {
    /// A token of an instance of the same name, with a database and keys of its own.
    async fn of_another_instance() -> String {
        let database = domain::db::testing::TestDatabase::sqlite().await;
        let twin = Core::new(CoreParts {
            db: database.db.clone(),
            clock: std::sync::Arc::new(domain::clock::ManualClock::at(domain::clock::Timestamp(
                1_790_000_000_000,
            ))),
            random: std::sync::Arc::new(domain::clock::SystemRandom),
            sealer: domain::sealing::Sealer::new(domain::sealing::Keyring::of(
                domain::sealing::MasterKey::generate(&domain::clock::SystemRandom),
            )),
            public_url: PUBLIC.parse().unwrap(),
            fixed: domain::instance::FixedSettings {
                sign_up: Some(domain::accounts::SignUpPolicy::Open),
                ..domain::instance::FixedSettings::default()
            },
            is_exposed: false,
            limits: false,
            lifetimes: domain::grants::Lifetimes::default(),
            session_limits: domain::sessions::SessionLimits::default(),
            details: domain::calls::DetailLimits::default(),
            mailer: domain::mail::Mailer::none(),
        });
        Self::token_of(twin).await
    }

    /// A token of an instance that shares database, keys and clock, and calls itself `public_url`.
    async fn foreign_token(app: &Self, public_url: &str) -> String {
        let core = &app.services.core;
        let twin = Core::new(CoreParts {
            db: core.db.clone(),
            clock: core.clock.clone(),
            random: core.random.clone(),
            sealer: core.sealer.clone(),
            public_url: public_url.parse().unwrap(),
            fixed: core.fixed.clone(),
            is_exposed: false,
            limits: false,
            lifetimes: core.lifetimes,
            session_limits: core.session_limits,
            details: core.details,
            mailer: core.mailer.clone(),
        });
        Self::token_of(twin).await
    }

    async fn token_of(twin: Core) -> String {
        let services = Services::new(twin, Network::new(Allowlist::default(), Vec::new(), None));
        let made = services
            .bootstrap(domain::bootstrap::Bootstrap {
                email: "twin@example.com",
                password: "correct horse battery",
                project: "Twin",
                tools: &[],
                integration: domain::integrations::NewIntegration::named("Twin"),
            })
            .await
            .unwrap();
        let secret = made.client_secret.unwrap();
        let actor = domain::accounts::Actor::Person {
            user_id: made.account.id,
        };
        let access = services
            .members
            .access(&actor, &made.project.id)
            .await
            .unwrap();
        let proof = services
            .accounts
            .prove(
                &actor,
                "correct horse battery",
                "127.0.0.1".parse().unwrap(),
            )
            .await
            .unwrap();
        let change = domain::integrations::IntegrationChange {
            client_credentials: Some(true),
            ..Default::default()
        };
        let id = &made.integration.id;
        let integrations = &services.integrations;
        integrations
            .update(&access, id, &change, Some(&proof))
            .await
            .unwrap();
        let client = services
            .clients
            .authenticate(
                &made.integration.client_id,
                domain::clients::ClientProof::Secret(secret.reveal()),
            )
            .await
            .unwrap();
        let tokens = services
            .grants
            .client_credentials(&client, None, None)
            .await;
        tokens.unwrap().access_token
    }
}

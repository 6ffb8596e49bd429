//! A provider that people sign in with: one like GitHub, which says in plain JSON who somebody is, and the
//! documents of one that speaks OpenID Connect.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use domain::{
    accounts::Actor,
    bootstrap::Bootstrapped,
    providers::{ProviderInput, ProviderKind},
};
use serde_json::json;

use crate::app::{Answer, TestApp};

#[derive(Default)]
struct Inner {
    /// Who signs in there next.
    email: String,
    is_verified: bool,
    /// Codes that were traded.
    used: HashSet<String>,
}

type Shared = Arc<Mutex<Inner>>;

pub struct Provider {
    pub id: String,
    pub origin: String,
    inner: Shared,
}

impl Provider {
    /// One like GitHub, as the owner of the instance adds it.
    pub async fn added(app: &TestApp, made: &Bootstrapped) -> Self {
        Self::of_kind(app, made, ProviderKind::GitHub).await
    }

    pub async fn of_kind(app: &TestApp, made: &Bootstrapped, kind: ProviderKind) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let inner = Shared::default();
        let router = Router::new()
            .route("/login/oauth/access_token", post(token))
            .route("/token", post(token))
            .route("/api/v3/user", get(user))
            .route("/api/v3/user/emails", get(emails))
            .route("/keys", get(async || Json(json!({ "keys": [key()] }))))
            .with_state(inner.clone());
        let document = json!({
            "issuer": origin,
            "authorization_endpoint": format!("{origin}/authorize"),
            "token_endpoint": format!("{origin}/token"),
            "jwks_uri": format!("{origin}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
        });
        let router = router.route(
            "/.well-known/openid-configuration",
            get(async move || Json(document)),
        );
        tokio::spawn(async move { axum::serve(listener, router).await });
        let actor = Actor::Person {
            user_id: made.account.id.clone(),
        };
        let owner = app.services.instance.owner(&actor).await.unwrap();
        let input = ProviderInput {
            kind,
            name: format!("Example {kind}"),
            issuer: Some(origin.clone()),
            client_id: "tengine".to_owned(),
            client_secret: Some("cl1ent-s3cret".to_owned()),
            allowed_domains: Vec::new(),
            may_sign_up: true,
            is_enabled: true,
        };
        let proof = app.proof(made).await;
        let provider = app
            .services
            .providers
            .create(&owner, &proof, &input)
            .await
            .unwrap();
        Self {
            id: provider.id.to_string(),
            origin,
            inner,
        }
    }

    /// Who signs in there next, and whether it has seen that the address is theirs.
    pub fn knows(&self, email: &str, is_verified: bool) {
        let mut inner = self.inner.lock().unwrap();
        email.clone_into(&mut inner.email);
        inner.is_verified = is_verified;
    }

    /// How often a code was traded.
    pub fn traded(&self) -> usize {
        self.inner.lock().unwrap().used.len()
    }

    pub fn path(&self) -> String {
        format!("/sign-in/with/{}", self.id)
    }

    /// A browser sets out for it: the `state` that it takes along.
    pub async fn begin(&self, app: &TestApp, more: &[(&str, &str)]) -> String {
        let csrf = app.get("/recover").await.hidden("csrf");
        let mut fields = vec![("csrf", csrf.as_str())];
        fields.extend(more);
        let answer = app.form(&self.path(), &fields).await;
        assert!(
            answer.header("location").starts_with(&self.origin),
            "{answer:?}"
        );
        answer.parameter("state").unwrap()
    }

    /// And comes back with this.
    pub async fn back(&self, app: &TestApp, query: &[(&str, &str)]) -> Answer {
        app.get(&format!(
            "{}/callback?{}",
            self.path(),
            crate::app::encoded(query)
        ))
        .await
    }

    /// There and back.
    pub async fn visit(&self, app: &TestApp, code: &str, more: &[(&str, &str)]) -> Answer {
        let state = self.begin(app, more).await;
        self.back(app, &[("state", &state), ("code", code)]).await
    }
}

async fn token(State(inner): State<Shared>, body: Bytes) -> Response {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let code = form
        .iter()
        .find(|(name, _)| name == "code")
        .map(|(_, code)| code.clone());
    // A code works once.
    if !inner.lock().unwrap().used.insert(code.unwrap()) {
        let error = json!({ "error": "invalid_grant" });
        return (StatusCode::BAD_REQUEST, Json(error)).into_response();
    }
    Json(json!({ "access_token": "access", "token_type": "bearer" })).into_response()
}

async fn user() -> Response {
    Json(json!({ "login": "ada", "id": 1815, "email": null })).into_response()
}

async fn emails(State(inner): State<Shared>) -> Response {
    let inner = inner.lock().unwrap();
    let email = json!({ "email": inner.email, "primary": true, "verified": inner.is_verified });
    Json(json!([email])).into_response()
}

/// That of RFC 7517 §A.1: nothing is signed here.
fn key() -> serde_json::Value {
    json!({
        "kty": "EC", "crv": "P-256", "kid": "1", "use": "sig", "alg": "ES256",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    })
}

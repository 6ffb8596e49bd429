//! An OpenID provider in the test's own process, that keeps the rules until it is told otherwise.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use url::Url;

use super::signing::{self, Signing, signed};
use crate::{
    clock::{Clock, ManualClock},
    crypto::{base64url, pkce_s256, sha256},
    providers::Callback,
};

/// Somebody with an account there.
#[derive(Clone, Default)]
pub(super) struct Person {
    pub(super) subject: &'static str,
    pub(super) email: Option<&'static str>,
    pub(super) is_verified: Option<bool>,
}

impl Person {
    pub(super) const fn new(subject: &'static str, email: &'static str) -> Self {
        Self {
            subject,
            email: Some(email),
            is_verified: Some(true),
        }
    }

    pub(super) const fn unverified(subject: &'static str, email: &'static str) -> Self {
        Self {
            is_verified: Some(false),
            ..Self::new(subject, email)
        }
    }

    fn said(&self) -> Value {
        let mut said = json!({ "sub": self.subject });
        if let Some(email) = self.email {
            said["email"] = email.into();
        }
        if let Some(is_verified) = self.is_verified {
            said["email_verified"] = is_verified.into();
        }
        said
    }
}

type Edit = Box<dyn Fn(&mut Value) + Send>;

pub(super) struct Inner {
    clock: Arc<ManualClock>,
    pub(super) origin: String,
    /// Which of its keys it signs with, and which it tells of.
    pub(super) key: usize,
    pub(super) published: Vec<usize>,
    pub(super) signing: Signing,
    pub(super) edit_discovery: Option<Edit>,
    pub(super) edit_claims: Option<Edit>,
    pub(super) edit_user_info: Option<Edit>,
    /// Of the ID token, what is left to UserInfo.
    pub(super) is_short: bool,
    /// What the token endpoint answers instead.
    pub(super) instead: Option<(u16, String)>,
    /// What it hands out instead.
    pub(super) access_token: Option<String>,
    codes: HashMap<String, (Person, HashMap<String, String>)>,
    tokens: HashMap<String, Person>,
    count: usize,
    /// The form of the last request for a token, and its `Authorization`.
    pub(super) asked: HashMap<String, String>,
    pub(super) authorization: Option<String>,
    pub(super) discoveries: usize,
    pub(super) key_fetches: usize,
    /// When people sign in there, in seconds from now.
    pub(super) auth_time: Option<i64>,
}

#[derive(Clone)]
pub(super) struct Server(Arc<Mutex<Inner>>);

impl Server {
    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    pub(super) async fn served(clock: Arc<ManualClock>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let server = Self(Arc::new(Mutex::new(Inner {
            clock,
            origin: format!("http://{address}"),
            key: 0,
            published: vec![0],
            signing: Signing::Well,
            edit_discovery: None,
            edit_claims: None,
            edit_user_info: None,
            is_short: false,
            instead: None,
            access_token: None,
            codes: HashMap::new(),
            tokens: HashMap::new(),
            count: 0,
            asked: HashMap::new(),
            authorization: None,
            discoveries: 0,
            key_fetches: 0,
            auth_time: None,
        })));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/login/oauth/access_token", post(token))
            .route("/userinfo", get(user_info))
            .route("/api/v3/user", get(github_user))
            .route("/api/v3/user/emails", get(github_emails))
            .with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        server
    }

    /// What happens there in the browser of somebody who is sent to `url`.
    pub(super) fn signs_in(&self, url: &Url, person: &Person) -> Callback {
        let mut inner = self.inner();
        let asked: HashMap<_, _> = url.query_pairs().into_owned().collect();
        inner.count += 1;
        let code = format!("code-{}", inner.count);
        let state = asked.get("state").cloned();
        inner.codes.insert(code.clone(), (person.clone(), asked));
        Callback {
            state,
            code: Some(code),
            ..Callback::default()
        }
    }
}

impl Inner {
    fn discovery(&self) -> Value {
        let origin = &self.origin;
        let mut document = json!({
            "issuer": origin,
            "authorization_endpoint": format!("{origin}/authorize"),
            "token_endpoint": format!("{origin}/token"),
            "userinfo_endpoint": format!("{origin}/userinfo"),
            "jwks_uri": format!("{origin}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        });
        if let Some(edit) = &self.edit_discovery {
            edit(&mut document);
        }
        document
    }

    fn id_token(&self, person: &Person, asked: &HashMap<String, String>, access: &str) -> String {
        let now = self.clock.now().seconds();
        let mut claims = if self.is_short {
            json!({ "sub": person.subject })
        } else {
            person.said()
        };
        claims["iss"] = self.origin.clone().into();
        claims["aud"] = asked["client_id"].clone().into();
        claims["iat"] = now.into();
        claims["exp"] = (now + 300).into();
        if let Some(nonce) = asked.get("nonce") {
            claims["nonce"] = nonce.clone().into();
        }
        if let Some(seconds) = self.auth_time {
            claims["auth_time"] = (now + seconds).into();
        }
        claims["at_hash"] = base64url(&sha256(access.as_bytes())[..16]).into();
        if let Some(edit) = &self.edit_claims {
            edit(&mut claims);
        }
        signed(&claims, self.signing, self.key)
    }

    fn who(&self, headers: &HeaderMap) -> Option<&Person> {
        let given = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        self.tokens.get(given.strip_prefix("Bearer ")?)
    }
}

async fn discovery(State(server): State<Server>) -> Response {
    let mut inner = server.inner();
    inner.discoveries += 1;
    match inner.discovery() {
        // Something else than a document.
        Value::String(text) => text.into_response(),
        document => Json(document).into_response(),
    }
}

async fn keys(State(server): State<Server>) -> Response {
    let mut inner = server.inner();
    inner.key_fetches += 1;
    Json(json!({ "keys": signing::published(&inner.published) })).into_response()
}

async fn token(State(server): State<Server>, headers: HeaderMap, body: Bytes) -> Response {
    let mut inner = server.inner();
    inner.asked = url::form_urlencoded::parse(&body).into_owned().collect();
    let authorization = headers.get(header::AUTHORIZATION);
    inner.authorization = authorization.map(|value| value.to_str().unwrap().to_owned());
    if let Some((status, body)) = inner.instead.clone() {
        let status = StatusCode::from_u16(status).unwrap();
        return (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
    }
    let refused =
        |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    let given = |name: &str| inner.asked.get(name).cloned().unwrap_or_default();
    let (code, verifier, redirect_uri) =
        (given("code"), given("code_verifier"), given("redirect_uri"));
    // A code works once.
    let Some((person, asked)) = inner.codes.remove(&code) else {
        return refused("invalid_grant");
    };
    if asked["code_challenge"] != pkce_s256(&verifier) || asked["redirect_uri"] != redirect_uri {
        return refused("invalid_grant");
    }
    inner.count += 1;
    let access = format!("access-{}", inner.count);
    let access = inner.access_token.clone().unwrap_or(access);
    inner.tokens.insert(access.clone(), person.clone());
    let mut answer = json!({ "access_token": access, "token_type": "bearer", "expires_in": 300 });
    if asked.contains_key("nonce") {
        answer["id_token"] = inner.id_token(&person, &asked, &access).into();
    }
    Json(answer).into_response()
}

async fn user_info(State(server): State<Server>, headers: HeaderMap) -> Response {
    let inner = server.inner();
    let Some(person) = inner.who(&headers) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let mut said = person.said();
    if let Some(edit) = &inner.edit_user_info {
        edit(&mut said);
    }
    Json(said).into_response()
}

async fn github_user(State(server): State<Server>, headers: HeaderMap) -> Response {
    match server.inner().who(&headers) {
        Some(person) if headers.contains_key(header::USER_AGENT) => {
            let id: u64 = person.subject.parse().unwrap();
            Json(json!({ "login": "octo", "id": id, "email": null })).into_response()
        }
        _ => StatusCode::FORBIDDEN.into_response(),
    }
}

async fn github_emails(State(server): State<Server>, headers: HeaderMap) -> Response {
    match server.inner().who(&headers) {
        Some(person) => Json(json!([
            { "email": "other@example.org", "primary": false, "verified": true, "visibility": null },
            { "email": person.email, "primary": true, "verified": person.is_verified },
        ]))
        .into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

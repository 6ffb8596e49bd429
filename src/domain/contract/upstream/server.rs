//! Somebody else's server: a token endpoint that keeps its refresh tokens' order, and an API that
//! takes the tokens it handed out.

use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;

use crate::crypto::pkce_s256;

#[derive(Default)]
pub(in crate::contract) struct Inner {
    /// How many tokens it handed out.
    pub(in crate::contract) issued: usize,
    /// What the API takes.
    pub(in crate::contract) good: HashSet<String>,
    refresh: Option<String>,
    pub(in crate::contract) expires_in: Option<i64>,
    /// What the token endpoint answers instead.
    pub(in crate::contract) instead: Option<(u16, &'static str)>,
    /// The form of the last request, and its `Authorization`.
    pub(in crate::contract) asked: HashMap<String, String>,
    pub(in crate::contract) authorization: Option<String>,
    /// The code that it would take, with its challenge.
    pub(in crate::contract) code: Option<(String, String)>,
    pub(in crate::contract) calls: usize,
    /// It hands out no refresh tokens.
    pub(in crate::contract) no_refresh: bool,
}

#[derive(Clone, Default)]
pub(in crate::contract) struct Other(Arc<Mutex<Inner>>);

impl Other {
    pub(in crate::contract) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    pub(in crate::contract) async fn served(&self) -> SocketAddr {
        let router = Router::new()
            .route("/token", post(token))
            .route("/api", get(api).post(api))
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }
}

async fn token(State(other): State<Other>, headers: HeaderMap, body: Bytes) -> Response {
    // Whoever renews has others beside them.
    tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    let mut inner = other.inner();
    inner.asked = url::form_urlencoded::parse(&body).into_owned().collect();
    let authorization = headers.get(header::AUTHORIZATION);
    inner.authorization = authorization.map(|value| value.to_str().unwrap().to_owned());
    if let Some((status, body)) = inner.instead {
        let status = StatusCode::from_u16(status).unwrap();
        return (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
    }
    let refused = |error: &str| {
        (
            StatusCode::BAD_REQUEST,
            axum::Json(json!({ "error": error })),
        )
            .into_response()
    };
    let given = |name: &str| inner.asked.get(name).cloned().unwrap_or_default();
    match given("grant_type").as_str() {
        "client_credentials" => {}
        "authorization_code" => {
            let (code, verifier) = (given("code"), given("code_verifier"));
            if inner.code.take() != Some((code, pkce_s256(&verifier))) {
                return refused("invalid_grant");
            }
        }
        "refresh_token" => {
            if inner.refresh.as_ref() != inner.asked.get("refresh_token") {
                // RFC 9700 §4.14.2: one that was used before ends them all.
                inner.refresh = None;
                inner.good.clear();
                return refused("invalid_grant");
            }
        }
        _ => return refused("unsupported_grant_type"),
    }
    inner.issued += 1;
    let (access, refresh) = (
        format!("access-{}", inner.issued),
        format!("refresh-{}", inner.issued),
    );
    inner.good.insert(access.clone());
    let mut answer = json!({ "access_token": access, "token_type": "bearer" });
    if let Some(expires_in) = inner.expires_in {
        answer["expires_in"] = expires_in.into();
    }
    if inner.asked["grant_type"] != "client_credentials" && !inner.no_refresh {
        answer["refresh_token"] = refresh.clone().into();
        inner.refresh = Some(refresh);
    }
    axum::Json(answer).into_response()
}

async fn api(State(other): State<Other>, headers: HeaderMap) -> Response {
    let mut inner = other.inner();
    inner.calls += 1;
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let token = given.and_then(|value| value.strip_prefix("Bearer "));
    match token.filter(|token| inner.good.contains(*token)) {
        Some(token) => format!("with {token}").into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

//! The limit of the token endpoint: a token is signed and a row committed, whoever asks.

use std::{
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, anyhow};
use aws_lc_rs::{
    rand,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hyper::header;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::connect::TOKEN_PATH;

#[derive(Clone)]
struct Issuer {
    key: Arc<EncodingKey>,
    database: SqlitePool,
}

pub async fn serve(folder: &Path) -> Result<()> {
    // As the program opens its own database for writing.
    let options = SqliteConnectOptions::new()
        .filename(folder.join("limit.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let database = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await?;
    sqlx::query("CREATE TABLE tokens (token TEXT PRIMARY KEY, at INTEGER NOT NULL)")
        .execute(&database)
        .await?;
    let pkcs8 =
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rand::SystemRandom::new())
            .map_err(|_| anyhow!("no key could be made"))?;
    let issuer = Issuer {
        key: Arc::new(EncodingKey::from_ec_der(pkcs8.as_ref())),
        database,
    };
    let router = Router::new()
        .route(TOKEN_PATH, post(token))
        .with_state(issuer);
    super::serve(router).await
}

async fn token(State(issuer): State<Issuer>, _form: Bytes) -> Response {
    match issued(&issuer).await {
        Ok(tokens) => ([(header::CACHE_CONTROL, "no-store")], Json(tokens)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn issued(issuer: &Issuer) -> Result<Value> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let now = i64::try_from(now)?;
    let claims = json!({
        "iss": "http://localhost",
        "aud": ["http://localhost/mcp/", "http://localhost/mcp/bench/"],
        "sub": "client",
        "client_id": "client",
        "iat": now,
        "exp": now + 3_600,
        "jti": random()?,
        "scope": "mcp:tools offline_access",
        "grant": "grant",
    });
    let access = jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &issuer.key)
        .context("signing")?;
    let refresh = random()?;
    sqlx::query("INSERT INTO tokens (token, at) VALUES ($1, $2)")
        .bind(&refresh)
        .bind(now)
        .execute(&issuer.database)
        .await?;
    Ok(json!({
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": 3_600,
        "scope": "mcp:tools offline_access",
        "refresh_token": refresh,
    }))
}

fn random() -> Result<String> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| anyhow!("no randomness"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

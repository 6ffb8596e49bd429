//! The way of a client to its tokens: an authorization that approves itself, so without a browser.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use url::Url;

use crate::{
    http::{Http, encoded},
    tengine::{CALLBACK, Installation},
};

pub const TOKEN_PATH: &str = "/api/v1/mcp-oauth/token";
/// RFC 7636, Appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[derive(Debug)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

/// Authorizes anew.
pub async fn connect(at: &Installation) -> Result<Tokens> {
    let http = Http::new();
    let query = encoded(&[
        ("response_type", "code"),
        ("client_id", &at.client_id),
        ("redirect_uri", CALLBACK),
        ("scope", "mcp:tools offline_access"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]);
    let path = format!("/api/v1/mcp-oauth/authorize?{query}");
    let answer = http.get(at.address, &path).await?;
    let back = answer.headers.get("location");
    let back = back.with_context(|| format!("authorize answered {}", answer.status))?;
    let code = Url::parse(back.to_str()?)?
        .query_pairs()
        .find(|(name, _)| name == "code")
        .map(|(_, code)| code.into_owned())
        .with_context(|| format!("authorize sent back {back:?}"))?;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", &at.client_id),
        ("client_secret", &at.client_secret),
    ];
    let answer = http.form(at.address, TOKEN_PATH, &fields).await?;
    if !answer.status.is_success() {
        bail!("the token endpoint answered {}", answer.status);
    }
    tokens(&answer.body)
}

/// The tokens in an answer of the token endpoint.
pub fn tokens(body: &[u8]) -> Result<Tokens> {
    let body: Value = serde_json::from_slice(body)?;
    let field = |name: &str| {
        let text = body[name].as_str().map(str::to_owned);
        text.with_context(|| format!("the tokens lack the {name}"))
    };
    let access = field("access_token")?;
    if access.split('.').count() != 3 {
        bail!("the access token is no JWT");
    }
    Ok(Tokens {
        access,
        refresh: field("refresh_token")?,
    })
}

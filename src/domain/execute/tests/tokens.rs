//! Tokens of another server that come to an end within a call.

use std::{
    collections::VecDeque,
    sync::{Mutex, atomic::AtomicUsize, atomic::Ordering},
};

use axum::http::StatusCode;
use serde_json::json;

use super::*;
use crate::{
    calls::Outcome,
    vault::{ClientAuth, OAuthClient, VaultSecret},
};

/// A server with an authorization server of its own, which hands out so many tokens; answers are 200
/// where no others are set.
struct Other {
    tool: Tool,
    answers: Arc<Mutex<VecDeque<u16>>>,
    heard: Arc<AtomicUsize>,
}

impl Other {
    async fn new(tokens: usize) -> Self {
        let (answers, heard) = (
            Arc::<Mutex<VecDeque<u16>>>::default(),
            Arc::<AtomicUsize>::default(),
        );
        let issued = Arc::<AtomicUsize>::default();
        let token = move || {
            let count = issued.fetch_add(1, Ordering::SeqCst);
            let answer = if count < tokens {
                let token =
                    json!({ "access_token": format!("token-{count}"), "token_type": "Bearer" });
                (StatusCode::OK, token.to_string())
            } else {
                let refusal = json!({ "error": "invalid_client" });
                (StatusCode::UNAUTHORIZED, refusal.to_string())
            };
            async move { (answer.0, [("content-type", "application/json")], answer.1) }
        };
        let (set, counted) = (answers.clone(), heard.clone());
        let answer = move || {
            counted.fetch_add(1, Ordering::SeqCst);
            let status = set.lock().unwrap().pop_front().unwrap_or(200);
            async move { StatusCode::from_u16(status).unwrap() }
        };
        let router = Router::new()
            .route("/token", axum::routing::post(token))
            .fallback(answer);
        let mut tool = tool(HttpMethod::Get, serve(router).await, "/");
        tool.max_retries = 2;
        tool.auth_strategy = AuthStrategy::OAuth2ClientCredentials;
        tool.auth_secret = Some(ToolSecret::Named(Box::new(VaultSecret {
            id: "vlt_1".into(),
            name: "acme".to_owned(),
            origins: vec![tool.base_url.clone()],
            auth_strategy: AuthStrategy::None,
            auth_config: AuthConfig::default(),
            oauth2: Some(OAuthClient {
                client_id: "tengine".to_owned(),
                token_url: format!("{}/token", tool.base_url),
                authorization_url: None,
                scopes: Vec::new(),
                audience: None,
                client_auth: ClientAuth::None,
            }),
            sealed: None,
            created_at: NOW,
            updated_at: NOW,
        })));
        Self {
            tool,
            answers,
            heard,
        }
    }

    /// A call after its token is old enough to be renewed.
    async fn call(&self, stage: &Stage, answers: &[u16]) -> CallResult {
        assert_eq!(stage.call(&self.tool, json!({})).await.outcome, Outcome::Ok);
        stage.clock.advance_seconds(61);
        self.heard.store(0, Ordering::SeqCst);
        self.answers.lock().unwrap().extend(answers);
        stage.call(&self.tool, json!({})).await
    }
}

#[tokio::test]
async fn what_was_sent_before_counts_where_the_token_ends_and_there_is_no_other() {
    for (answers, was_sent, sentence) in [
        // The endpoint did not take the token, and so did nothing.
        (&[401][..], false, ""),
        (&[502, 401], true, " Tried 2 times."),
        (&[503, 504, 401], true, " Tried 3 times."),
    ] {
        let stage = Stage::on_loopback().await;
        let other = Other::new(1).await;
        let result = other.call(&stage, answers).await;
        assert_eq!(
            (result.outcome, result.was_sent),
            (Outcome::NoToken, was_sent),
            "{answers:?}: {}",
            text(&result)
        );
        assert_eq!(other.heard.load(Ordering::SeqCst), answers.len());
        let error = result.error.unwrap();
        let expected = format!("The endpoint did not take the one before it.{sentence}");
        assert!(error.ends_with(&expected), "{error}");
    }
}

#[tokio::test]
async fn where_nothing_was_sent_it_says_so() {
    let stage = Stage::on_loopback().await;
    let other = Other::new(0).await;
    let result = stage.call(&other.tool, json!({})).await;
    assert_eq!((result.outcome, result.was_sent), (Outcome::NoToken, false));
    assert!(text(&result).ends_with("Nothing was sent to the endpoint."));
    assert_eq!(other.heard.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn another_token_is_tried_once() {
    let stage = Stage::on_loopback().await;
    let other = Other::new(2).await;
    let result = other.call(&stage, &[502, 401, 200]).await;
    assert_eq!(result.outcome, Outcome::Ok, "{}", text(&result));
    assert_eq!(other.heard.load(Ordering::SeqCst), 3);
}

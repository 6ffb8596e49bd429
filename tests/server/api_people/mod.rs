//! People over the API: members, invitations, one's own account, and the instance.

mod account;
mod instance;
mod members;

use axum::http::{Method, StatusCode};
use domain::{bootstrap::Bootstrapped, integrations::Approval, members::Role};
use serde_json::{Value, json};

use crate::{
    api_keys::own_key,
    app::{Answer, PASSWORD, TestApp},
};

const BOB: &str = "bob@example.com";

/// What an owner of it all made, and an owner's key of their account.
struct World {
    app: TestApp,
    made: Bootstrapped,
    key: String,
}

impl World {
    async fn new() -> Self {
        Self::of(TestApp::new().await).await
    }

    async fn of(app: TestApp) -> Self {
        let made = app.bootstrap(Approval::Ask).await;
        let key = own_key(&app, &made, Role::Owner).await;
        Self { app, made, key }
    }

    async fn ask(&self, method: Method, path: &str, body: Value) -> Answer {
        let path = format!("/api/v1{path}");
        self.app.api(&self.key, method, &path, body).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.ask(Method::GET, path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        answer.json()
    }

    async fn refused(&self, method: Method, path: &str, body: Value, status: u16) -> Value {
        let answer = self.ask(method, path, body).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.body);
        answer.json()["error"].clone()
    }

    fn project(&self, path: &str) -> String {
        format!("/projects/{}{path}", self.made.project.id)
    }

    /// Somebody who made an account and joined by an invitation over the API; their id.
    async fn joined(&self, email: &str, role: &str) -> String {
        let path = self.project("/invitations");
        let made = self.ask(Method::POST, &path, json!({ "role": role })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        assert_eq!(made.header("cache-control"), "no-store");
        let url = made.json()["url"].as_str().unwrap().to_owned();
        self.app.forget_cookies();
        self.app.sign_up(email, PASSWORD).await;
        let page = self.app.get(url.split_once("3000").unwrap().1).await;
        let csrf = page.hidden("csrf");
        let to = url::Url::parse(&url).unwrap();
        let joined = self.app.form(to.path(), &[("csrf", &csrf)]).await;
        assert!(joined.status.is_redirection(), "{}", joined.body);
        let members = self.get(&self.project("/members")).await;
        let mut all = members["data"].as_array().unwrap().iter();
        let one = all.find(|one| one["email"] == email).unwrap();
        assert_eq!(one["role"], role);
        one["user_id"].as_str().unwrap().to_owned()
    }
}

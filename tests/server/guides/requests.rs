//! Real requests of the executor.

use axum::http::Method;
use domain::{
    bootstrap::Bootstrapped,
    clock::{Clock, SystemClock},
    integrations::Approval,
};
use serde_json::{Value, json};

use super::{
    receivers::Receiver,
    wire::{Recorder, Wire},
};
use crate::app::{Answer, Options, TestApp};

/// Seconds: well within what endpoints accept, and well beyond it. What lies between is for no
/// test, since a slow machine takes its time.
const SOON: i64 = 120;
const LONG: i64 = 3_600;

/// Requests that were sent, with the app that sent them.
pub struct Real {
    app: TestApp,
    made: Bootstrapped,
    /// How the tools authenticate, with which secret, and with which one `other` does.
    strategy: &'static str,
    secret: &'static str,
    another: &'static str,
    pub post: Wire,
    pub get: Wire,
    pub form: Wire,
    /// The same as `post`, an hour and a moment ago.
    pub old: Wire,
    pub early: Wire,
    /// The same of a clock that is ahead by a moment and by an hour.
    pub late: Wire,
    pub future: Wire,
    /// Signed with another secret.
    pub other: Wire,
}

impl Real {
    pub async fn requests(
        strategy: &'static str,
        secret: &'static str,
        another: &'static str,
    ) -> Self {
        let app = TestApp::with_settings(Options {
            tools_allow: "127.0.0.1".parse().unwrap(),
            ..Options::default()
        })
        .await;
        // Endpoints have the system's clock, so ours starts from there.
        let now = SystemClock.now().seconds();
        let to = |time: i64| {
            app.clock
                .advance_seconds(time - app.services.core.now().seconds());
        };
        to(now - LONG);
        let made = app.bootstrap(Approval::Ask).await;
        let recorder = Recorder::start().await;
        let origin = format!("http://{}", recorder.address);
        let post = tool("post", &origin, strategy, secret);
        let mut form = tool("form", &origin, strategy, secret);
        form["http_method"] = json!("PUT");
        form["headers_template"] = json!({ "Content-Type": "application/x-www-form-urlencoded" });
        let mut get = tool("get", &origin, strategy, secret);
        get["http_method"] = json!("GET");
        let other = tool("other", &origin, strategy, another);

        let record = async |tool: &Value| {
            call(&app, &made, tool).await;
            recorder.take()
        };
        let old = record(&post).await;
        to(now - SOON);
        let early = record(&named(&post, "early")).await;
        to(now);
        let (now_post, get, form, other) = (
            record(&named(&post, "now")).await,
            record(&get).await,
            record(&form).await,
            record(&other).await,
        );
        to(now + SOON);
        let late = record(&named(&post, "late")).await;
        to(now + LONG);
        let future = record(&named(&post, "future")).await;
        to(now);
        Self {
            post: now_post,
            get,
            form,
            old,
            early,
            late,
            future,
            other,
            app,
            made,
            strategy,
            secret,
            another,
        }
    }

    /// Calls each endpoint itself: with the secret that it knows, and with another.
    pub async fn call(&self, receivers: &[Receiver]) {
        for Receiver {
            language, address, ..
        } in receivers
        {
            let origin = format!("http://{address}");
            let called = async |name: &str, secret: &str| {
                let name = format!("{name}-{language}");
                let tool = tool(&name, &origin, self.strategy, secret);
                call(&self.app, &self.made, &tool).await
            };
            let let_in = called("known", self.secret).await;
            assert_eq!(let_in.json()["http_status"], 204, "{language}: {let_in:?}");
            let refused = called("unknown", self.another).await;
            assert_eq!(
                refused.json()["error"]["message"],
                "The endpoint answered 401 Unauthorized without a body.",
                "{language}"
            );
        }
    }
}

fn tool(name: &str, origin: &str, strategy: &str, secret: &str) -> Value {
    json!({
        "name": name, "description": "Pays.", "http_method": "POST", "base_url": origin,
        "endpoint_path": "/pay/{to}", "query_template": { "dry": "{dry}" },
        "input_schema": { "type": "object", "properties": {
            "to": { "type": "string" }, "dry": { "type": "boolean" }, "amount": { "type": "string" },
        } },
        "auth_strategy": strategy, "auth_secret": secret,
    })
}

fn named(tool: &Value, name: &str) -> Value {
    let mut tool = tool.clone();
    tool["name"] = json!(name);
    tool
}

/// Registers the tool and calls it over REST.
async fn call(app: &TestApp, made: &Bootstrapped, tool: &Value) -> Answer {
    let (key, project) = (made.api_key.reveal(), &made.project.id);
    let tools = format!("/api/v1/projects/{project}/tools");
    let kept = app.api(key, Method::POST, &tools, tool.clone()).await;
    let id = kept.json()["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{kept:?}"))
        .to_owned();
    let arguments = json!({ "arguments": { "to": "ü/1", "dry": true, "amount": "3 €" } });
    let call = format!("{tools}/{id}/call");
    app.api(key, Method::POST, &call, arguments).await
}

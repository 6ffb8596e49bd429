//! Real requests of the executor, and what somebody on the way could make of them.

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

/// A request that an endpoint gets, and whether it is to let it in.
pub struct Case {
    pub name: &'static str,
    pub request: Wire,
    pub is_ours: bool,
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

fn ours(name: &'static str, request: &Wire) -> Case {
    Case {
        name,
        request: request.clone(),
        is_ours: true,
    }
}

fn not_ours(name: &'static str, request: Wire) -> Case {
    Case {
        name,
        request,
        is_ours: false,
    }
}

/// What holds of every strategy that signs, by the name of the header with the time.
fn of_both(real: &Real, time: &str) -> Vec<Case> {
    let post = || real.post.clone();
    let now = real.post.header(time);
    vec![
        ours("as it came", &real.post),
        ours("a GET", &real.get),
        ours("a form", &real.form),
        ours("two minutes old", &real.early),
        ours("two minutes ahead", &real.late),
        not_ours("an hour old", real.old.clone()),
        not_ours("an hour ahead", real.future.clone()),
        not_ours(
            "an old one with a new time",
            real.old.clone().with(time, now.clone()),
        ),
        not_ours("of another secret", real.other.clone()),
        not_ours("another body", post().body(r#"{"amount":"4 €"}"#)),
        not_ours("no body", post().body("")),
        not_ours(
            "a longer body",
            post().body([&*real.post.body, b" "].concat()),
        ),
        not_ours("a body where there was none", real.get.clone().body("{}")),
        not_ours("no time", post().without(time)),
        not_ours("a time that is none", post().with(time, "soon")),
        not_ours("an empty time", post().with(time, "")),
        not_ours("a long time", post().with(time, "9".repeat(1_000))),
        not_ours("a time of another day", post().with(time, "1700000000")),
    ]
}

/// What the guide's snippets are held to.
pub fn signed(real: &Real) -> Vec<Case> {
    const SIGNATURE: &str = "x-tengine-signature";
    const TIME: &str = "x-tengine-timestamp";
    const ID: &str = "x-tengine-request-id";
    let post = || real.post.clone();
    let signature = String::from_utf8(real.post.header(SIGNATURE)).unwrap();
    let forged = format!("v1={}", "0".repeat(64));
    let time = String::from_utf8(real.post.header(TIME)).unwrap();
    let mut cases = of_both(real, TIME);
    cases.extend([
        not_ours("another path", post().at("/pay/", "/refund/")),
        not_ours("another query", post().at("dry=true", "dry=false")),
        not_ours("a parameter more", post().at("dry=true", "dry=true&to=eve")),
        not_ours("no query", post().at("?dry=true", "")),
        not_ours("the path in other letters", post().at("%C3%BC", "%c3%bc")),
        not_ours("the path read and written", post().at("%2F", "/")),
        not_ours("another method", post().by("PUT")),
        not_ours("no signature", post().without(SIGNATURE)),
        not_ours("an empty signature", post().with(SIGNATURE, "")),
        not_ours("a forged signature", post().with(SIGNATURE, &*forged)),
        not_ours("two signatures", post().and(SIGNATURE, &*forged)),
        not_ours("two, ours the second", post().first(SIGNATURE, &*forged)),
        not_ours("ours twice", post().and(SIGNATURE, &*signature)),
        not_ours(
            "two in one header",
            post().with(SIGNATURE, format!("{signature}, {forged}")),
        ),
        not_ours(
            "without its version",
            post().with(SIGNATURE, signature.trim_start_matches("v1=")),
        ),
        not_ours(
            "of another version",
            post().with(SIGNATURE, signature.replace("v1=", "v2=")),
        ),
        not_ours(
            "in capitals",
            post().with(SIGNATURE, signature.to_uppercase().replace("V1=", "v1=")),
        ),
        not_ours("half of it", post().with(SIGNATURE, &signature[..35])),
        not_ours(
            "more than it",
            post().with(SIGNATURE, signature.clone() + "0"),
        ),
        not_ours("no ASCII", post().with(SIGNATURE, *b"v1=\xe9\xff")),
        not_ours("no id", post().without(ID)),
        not_ours("another id", post().with(ID, real.get.header(ID))),
        not_ours("two ids", post().and(ID, real.post.header(ID))),
        not_ours("two times", post().and(TIME, &*time)),
        not_ours("a time with a sign", post().with(TIME, format!("+{time}"))),
        not_ours("a time with more", post().with(TIME, format!("{time}.0"))),
        not_ours("the same of no TengineAI", {
            let mut bare = post();
            bare.headers.clear();
            bare
        }),
    ]);
    cases
}

/// What the libraries of Standard Webhooks are held to: they cover id, time and body, and of what
/// they make of two headers of one name nothing is said.
pub fn webhooks(real: &Real) -> Vec<Case> {
    const SIGNATURE: &str = "webhook-signature";
    const TIME: &str = "webhook-timestamp";
    const ID: &str = "webhook-id";
    let post = || real.post.clone();
    let signature = String::from_utf8(real.post.header(SIGNATURE)).unwrap();
    let mut cases = of_both(real, TIME);
    cases.extend([
        // As the guide says.
        ours("another path", &post().at("/pay/", "/refund/")),
        ours("another method", &post().by("PUT")),
        not_ours("no signature", post().without(SIGNATURE)),
        not_ours("an empty signature", post().with(SIGNATURE, "")),
        not_ours(
            "a signature without a version",
            post().with(SIGNATURE, "v1"),
        ),
        not_ours("one that is no base64", post().with(SIGNATURE, "v1,!")),
        not_ours(
            "of another version",
            post().with(SIGNATURE, signature.replace("v1,", "v2,")),
        ),
        not_ours(
            "another's",
            post().with(SIGNATURE, real.get.header(SIGNATURE)),
        ),
        not_ours("no id", post().without(ID)),
        not_ours("another id", post().with(ID, real.get.header(ID))),
    ]);
    cases
}

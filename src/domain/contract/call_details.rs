//! What is kept of calls, as attackers and owners see it.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{World, on_both, upstream::Story};
use crate::{
    Core, Error, Services,
    accounts::Actor,
    audit::{Act, Page},
    calls::{self, Body, Call, Detail, DetailLimits, KeepDetails, Outcome, Via},
    db::{execute, read_log},
    execute::{Allowlist, CallResult, Caller, Member, Network},
    ids::{CallId, ProjectId},
    members::{Access, Admin, Owner, Role, Viewer},
    services::CoreParts,
    tools::{AuthStrategy, Tool, ToolInput},
};

type Person = (Actor, ProjectId);

fn caller(person: &Person) -> Caller {
    Caller {
        project_id: person.1.clone(),
        integration_id: None,
        grant_id: None,
        api_key_id: None,
        member: Some(Member {
            id: person.0.user_id().clone(),
            email: "ada@example.com".to_owned(),
            role: Role::Owner,
        }),
        via: Via::Rest,
    }
}

async fn serve(router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// An endpoint that tells all that it was told, in every way that it can think of.
async fn chatty() -> SocketAddr {
    async fn tell(request: Request) -> Response {
        let (head, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 1_000_000).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        let raw: Vec<String> = (head.headers.iter())
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        let told = format!("{} {}\n{}\n\n{body}", head.method, head.uri, raw.join("\n"));
        let values: Vec<_> = head
            .headers
            .values()
            .map(|value| value.to_str().unwrap())
            .collect();
        let answer = json!({
            "raw": told,
            "twice": Value::from(told.clone()).to_string(),
            "values": values,
            "base64": STANDARD.encode(&told),
            "each": values.iter().map(|value| STANDARD.encode(value)).collect::<Vec<_>>(),
            "url": utf8_percent_encode(&told, NON_ALPHANUMERIC).to_string(),
            "body": body,
        });
        let status = match head.uri.path() {
            "/fails" => axum::http::StatusCode::INTERNAL_SERVER_ERROR,
            _ => axum::http::StatusCode::OK,
        };
        let mut response = (status, answer.to_string()).into_response();
        let headers = response.headers_mut();
        for (name, value) in &head.headers {
            if let Ok(echo) = format!("x-echo-{name}").parse::<axum::http::HeaderName>() {
                headers.insert(echo, value.clone());
            }
        }
        let told = head
            .headers
            .get("authorization")
            .or(head.headers.get("x-custom"));
        if head.uri.path() == "/encoded"
            && let Some(told) = told
        {
            headers.insert("content-encoding", told.clone());
        }
        response
    }
    serve(Router::new().fallback(tell)).await
}

/// The row's and the detail's texts as they are stored.
async fn stored(world: &World, id: &CallId) -> String {
    let row: Option<String> = read_log!(world.db(), |c| sqlx::query_scalar(
        "SELECT error FROM calls WHERE id = $1"
    )
    .bind(id)
    .fetch_one(c)
    .await)
    .unwrap();
    let detail: Option<String> = read_log!(world.db(), |c| sqlx::query_scalar(
        "SELECT detail FROM call_details WHERE call_id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
    .unwrap();
    format!("{row:?} {}", detail.expect("it was kept"))
}

/// Whether a text tells a secret to whoever undoes what was done to it.
fn tells(text: &str, secret: &str) -> bool {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    // What stands for it in base64, wherever it begins.
    let encoded = (0..3).map(|before| {
        let whole = STANDARD.encode([&vec![0; before], secret.as_bytes()].concat());
        whole[before * 2..whole.len() - 4].to_owned()
    });
    let forms: Vec<String> = encoded.chain([secret.to_owned()]).collect();
    let has = |text: &str| forms.iter().any(|form| text.contains(form));
    has(text) || has(&decoded) || has(&text.replace('\\', "")) || has(&decoded.replace('\\', ""))
}

struct Stage {
    world: World,
    ada: Person,
    at: SocketAddr,
}

impl Stage {
    async fn new(world: &World) -> Self {
        let ada = world.person("ada@example.com").await;
        let world = world.with_loopback().await;
        Self {
            world,
            ada,
            at: chatty().await,
        }
    }

    async fn viewer(&self) -> Access<Viewer> {
        self.world.access(&self.ada).await
    }

    async fn tool(&self, more: Value) -> Tool {
        let mut input = json!({
            "name": format!("t-{}", self.world.services.core.now().0), "title": "T",
            "description": "A tool.", "base_url": format!("http://{}", self.at),
            "endpoint_path": "/tell", "http_method": "POST",
            "input_schema": { "type": "object" },
        });
        input
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let input: ToolInput = serde_json::from_value(input).unwrap();
        let developer = self.world.access(&self.ada).await;
        let made = self
            .world
            .services
            .tools
            .create(&developer, &input)
            .await
            .unwrap();
        self.world.clock.advance_seconds(1);
        made
    }

    async fn call(&self, tool: &Tool, arguments: Value) -> CallResult {
        let arguments = arguments.as_object().unwrap().clone();
        let execute = &self.world.services.execute;
        execute
            .call(&caller(&self.ada), tool, arguments, None)
            .await
            .unwrap()
    }

    async fn detail(&self, id: &CallId) -> Option<Detail> {
        self.world
            .services
            .calls
            .detail(&self.viewer().await, id)
            .await
            .unwrap()
    }

    async fn keep(&self, keeps: KeepDetails) {
        let admin = self.world.access::<Admin>(&self.ada).await;
        self.world
            .services
            .calls
            .keep_details(&admin, keeps)
            .await
            .unwrap();
    }
}

fn body(detail: &Detail) -> &str {
    match &detail.answer.as_ref().unwrap().body {
        Body::Text(part) => &part.text,
        Body::Binary(_) => panic!("it is text"),
    }
}

/// What `core` is with other limits.
fn limited(core: &Core, details: DetailLimits) -> Services {
    let core = Core::new(CoreParts {
        db: core.db.clone(),
        clock: core.clock.clone(),
        random: core.random.clone(),
        sealer: core.sealer.clone(),
        public_url: core.public_url.clone(),
        fixed: core.fixed.clone(),
        is_exposed: false,
        limits: false,
        lifetimes: core.lifetimes,
        mailer: core.mailer.clone(),
        session_limits: core.session_limits,
        details,
    });
    Services::new(core, Network::new(Allowlist::default(), Vec::new(), None))
}

on_both! {
    async fn a_call_is_kept_as_it_was(world) {
        let stage = Stage::new(&world).await;
        let made = stage.tool(json!({
            "http_method": "GET", "endpoint_path": "/tell/{id}",
            "headers_template": { "x-tenant": "{tenant}" },
            "input_schema": { "type": "object", "properties": { "id": {}, "tenant": {} } },
        })).await;
        let arguments = json!({ "id": "7/é", "tenant": "acme", "q": "a b" });
        let result = stage.call(&made, arguments.clone()).await;
        let detail = stage.detail(&result.call_id).await.unwrap();
        let kept: Value = serde_json::from_str(&detail.arguments.as_ref().unwrap().text).unwrap();
        assert_eq!(kept, arguments);
        let request = detail.request.as_ref().unwrap();
        assert_eq!(request.method, "GET");
        assert_eq!(request.url, format!("http://{}/tell/7%2F%C3%A9?q=a+b", stage.at));
        assert!(request.headers.contains(&("x-tenant".to_owned(), "acme".to_owned())));
        assert!(request.headers.contains(&("x-tengine-request-id".to_owned(), result.request_id)));
        assert_eq!(request.body_bytes, 0);
        let answer = detail.answer.as_ref().unwrap();
        assert_eq!(answer.status, 200);
        assert!(answer.headers.contains(&("x-echo-x-tenant".to_owned(), "acme".to_owned())));
        let Body::Text(part) = &answer.body else { panic!() };
        assert_eq!(part.bytes, result.response_bytes);

        // The arguments alone, where they make no request.
        let strict = stage.tool(json!({ "input_schema": { "type": "object", "required": ["id"] } })).await;
        let result = stage.call(&strict, json!({ "x": 1 })).await;
        assert_eq!(result.outcome, Outcome::InvalidArguments);
        let detail = stage.detail(&result.call_id).await.unwrap();
        assert_eq!(detail.arguments.unwrap().text, r#"{"x":1}"#);
        assert_eq!((detail.request, detail.answer), (None, None));

        // The beginning of long ones.
        let long = stage.call(&made, json!({ "id": "7", "tenant": "é".repeat(2_000), "more": "x".repeat(9_000) })).await;
        let arguments = stage.detail(&long.call_id).await.unwrap().arguments.unwrap();
        assert!(arguments.is_cut && arguments.text.len() <= 8_192 && arguments.bytes > 13_000);
    }

    async fn no_secret_of_a_tool_is_kept_however_the_endpoint_tells_it(world) {
        let stage = Stage::new(&world).await;
        let long = "K3y+with/sl=ash-and\"quote&more%20";
        for (secret, strategy) in [
            ("s3cret-t0ken_value", json!({ "auth_strategy": "static_bearer" })),
            (long, json!({ "auth_strategy": "basic", "auth_config": { "username": "ada" } })),
            (long, json!({ "auth_strategy": "api_key_header", "auth_config": { "header": "x-custom" } })),
            (long, json!({ "auth_strategy": "api_key_query", "auth_config": { "parameter": "k" } })),
            (long, json!({ "auth_strategy": "hmac_signature" })),
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", json!({ "auth_strategy": "standard_webhooks" })),
        ] {
            for path in ["/tell", "/fails", "/encoded"] {
                let mut input = json!({ "endpoint_path": path, "auth_secret": secret });
                input.as_object_mut().unwrap().extend(strategy.as_object().unwrap().clone());
                let made = stage.tool(input).await;
                // Whoever calls guesses it, and has it told back.
                let arguments = json!({ "guess": secret, "in": { "a": [format!("x{secret}y")] } });
                let result = stage.call(&made, arguments).await;
                assert!(result.was_sent, "{result:?}");
                let text = stored(&stage.world, &result.call_id).await;
                assert!(!tells(&text, secret), "{strategy} {path}: {text}");
                let detail = stage.detail(&result.call_id).await.unwrap();
                let request = detail.request.unwrap();
                for name in ["authorization", "x-custom", "x-tengine-signature", "webhook-signature"] {
                    let mut values = request.headers.iter().filter(|(known, _)| known == name);
                    assert!(values.all(|(_, value)| value == "[redacted]"), "{name}");
                }
                // Nor the signature, which is as good as one for a while.
                for (name, value) in &detail.answer.unwrap().headers {
                    let is_proof = name.ends_with("signature") || name.ends_with("authorization");
                    assert!(!is_proof || value == "[redacted]", "{name}");
                }
                assert!(!text.contains("v1=") && !text.contains("v1,"), "{text}");
            }
        }
    }

    async fn no_secret_that_there_can_be_is_kept(world) {
        use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
        let stage = Stage::new(&world).await;
        // Anew each time: what fails says which secret it was.
        let mut runner = TestRunner::default();
        for round in 0..40 {
            let secret = "[!-~]{8,40}".new_tree(&mut runner).unwrap().current();
            let strategy = match round % 4 {
                0 => json!({ "auth_strategy": "static_bearer" }),
                1 => json!({ "auth_strategy": "basic", "auth_config": { "username": "ada" } }),
                2 => json!({ "auth_strategy": "api_key_header", "auth_config": { "header": "x-custom" } }),
                _ => json!({ "auth_strategy": "api_key_query", "auth_config": { "parameter": "k" } }),
            };
            let mut input = json!({ "name": format!("t{round}"), "auth_secret": secret });
            input.as_object_mut().unwrap().extend(strategy.as_object().unwrap().clone());
            let made = stage.tool(input).await;
            let arguments = json!({ "guess": secret, "url": format!("https://a.example/?q={secret}") });
            let result = stage.call(&made, arguments).await;
            let text = stored(&stage.world, &result.call_id).await;
            assert!(result.was_sent && !tells(&text, &secret), "{secret} {strategy}: {text}");
        }
    }

    async fn no_secret_of_the_vault_and_no_person_is_kept(world) {
        let stage = Stage::new(&world).await;
        let admin = stage.world.access::<Admin>(&stage.ada).await;
        let input = json!({
            "name": "crm", "value": "vault-s3cret-value", "origins": [format!("http://{}", stage.at)],
            "auth_strategy": "static_bearer",
        });
        let input = serde_json::from_value(input).unwrap();
        stage.world.services.vault.create(&admin, &input).await.unwrap();
        let made = stage.tool(json!({
            "auth_strategy": "static_bearer", "auth_secret_name": "crm", "inject_member_identity": true,
        })).await;
        let result = stage.call(&made, json!({})).await;
        assert_eq!(result.outcome, Outcome::Ok);
        let text = stored(&stage.world, &result.call_id).await;
        assert!(!tells(&text, "vault-s3cret-value"), "{text}");
        let detail = stage.detail(&result.call_id).await.unwrap();
        for (name, value) in detail.request.unwrap().headers {
            assert!(!name.starts_with("x-tengine-member-") || value == "[redacted]", "{name}");
        }
    }

    async fn no_token_of_another_server_is_kept(world) {
        let story = Story::new(&world, AuthStrategy::OAuth2ClientCredentials).await;
        let execute = &story.world.services.execute;
        let result = execute.call(&story.caller(), &story.tool, serde_json::Map::new(), None).await.unwrap();
        let viewer = story.world.access::<Viewer>(&story.ada).await;
        let detail = story.world.services.calls.detail(&viewer, &result.call_id).await.unwrap().unwrap();
        assert_eq!(body(&detail), "with [redacted]");
        let headers = detail.request.unwrap().headers;
        assert!(headers.contains(&("authorization".to_owned(), "[redacted]".to_owned())), "{headers:?}");
    }

    async fn secrets_that_are_arguments_are_kept_nowhere(world) {
        let stage = Stage::new(&world).await;
        let made = stage.tool(json!({
            "endpoint_path": "/login/{code}",
            "query_template": { "p": "{phrase}" },
            "headers_template": { "x-word": "{word}" },
            "input_schema": {
                "type": "object",
                "properties": {
                    "code": { "type": "string", "writeOnly": true },
                    "phrase": { "$ref": "#/$defs/secret" },
                    "word": { "type": "string", "format": "password" },
                },
                "$defs": { "secret": { "type": "string", "format": "password" } },
            },
        })).await;
        let arguments = json!({
            "code": "c0de-s3cret", "phrase": "phr%se secret", "word": "w0rd-secret",
            "password": "hunter-too", "login": { "Api-Key": "deep-s3cret" }, "name": "Ada",
        });
        let result = stage.call(&made, arguments).await;
        let text = stored(&stage.world, &result.call_id).await;
        for secret in ["c0de-s3cret", "phr%se secret", "w0rd-secret", "hunter-too", "deep-s3cret"] {
            assert!(!tells(&text, secret), "{secret}: {text}");
        }
        let detail = stage.detail(&result.call_id).await.unwrap();
        let request = detail.request.unwrap();
        assert_eq!(request.url, format!("http://{}/login/[redacted]?p=[redacted]", stage.at));
        let kept: Value = serde_json::from_str(&detail.arguments.unwrap().text).unwrap();
        assert_eq!((&kept["name"], &kept["login"]["Api-Key"]), (&json!("Ada"), &json!("[redacted]")));
        // Also where there are so few letters that they would be everywhere.
        let result = stage.call(&made, json!({ "code": "42", "phrase": "x", "word": "y" })).await;
        let request = stage.detail(&result.call_id).await.unwrap().request.unwrap();
        assert!(request.url.ends_with("/login/[redacted]?p=[redacted]"), "{}", request.url);
        assert!(request.headers.contains(&("x-word".to_owned(), "[redacted]".to_owned())));
        // And where they are wrong.
        let result = stage.call(&made, json!({ "word": ["list-s3cret"], "code": 12345 })).await;
        assert_eq!(result.outcome, Outcome::InvalidArguments);
        let text = stored(&stage.world, &result.call_id).await;
        assert!(!text.contains("list-s3cret") && !text.contains("12345"), "{text}");
    }

    async fn a_call_of_another_project_is_not_there(world) {
        let stage = Stage::new(&world).await;
        let bob = stage.world.person("bob@example.com").await;
        let made = stage.tool(json!({})).await;
        let id = stage.call(&made, json!({ "a": 1 })).await.call_id;
        assert!(stage.detail(&id).await.is_some());
        let other = stage.world.access::<Viewer>(&bob).await;
        let calls = &stage.world.services.calls;
        assert!(matches!(calls.get(&other, &id).await, Err(Error::NotFound(_))));
        assert_eq!(calls.detail(&other, &id).await.unwrap(), None);
        for strange in ["", "\0", "call_", "' OR 1=1 --"] {
            assert_eq!(calls.detail(&other, &strange.into()).await.unwrap(), None);
        }
    }

    async fn a_project_decides_what_is_kept(world) {
        let stage = Stage::new(&world).await;
        let (good, bad) = (stage.tool(json!({})).await, stage.tool(json!({ "endpoint_path": "/fails" })).await);
        let both = async || {
            let (good, bad) = (stage.call(&good, json!({})).await, stage.call(&bad, json!({})).await);
            (good.call_id, bad.call_id)
        };
        let are_kept = async |ids: &(CallId, CallId)| {
            (stage.detail(&ids.0).await.is_some(), stage.detail(&ids.1).await.is_some())
        };
        let viewer = stage.viewer().await;
        let calls = &stage.world.services.calls;
        assert_eq!(calls.kept_details(&viewer).await.unwrap(), KeepDetails::All);
        let first = both().await;
        assert_eq!(are_kept(&first).await, (true, true));
        stage.keep(KeepDetails::Failures).await;
        assert_eq!(are_kept(&first).await, (false, true), "what would not be kept now goes");
        let second = both().await;
        assert_eq!(are_kept(&second).await, (false, true));
        stage.keep(KeepDetails::None).await;
        let third = both().await;
        for ids in [&first, &second, &third] {
            assert_eq!(are_kept(ids).await, (false, false));
        }
        assert_eq!(calls.recent(&viewer, 10).await.unwrap().len(), 6, "their rows stay");
        stage.keep(KeepDetails::None).await;
        assert_eq!(calls.kept_details(&viewer).await.unwrap(), KeepDetails::None);
        stage.keep(KeepDetails::All).await;
        assert_eq!(are_kept(&both().await).await, (true, true));
        let admin = stage.world.access::<Admin>(&stage.ada).await;
        let audited = stage.world.services.audit.of_project(&admin, &Page::first(10)).await.unwrap();
        let noted: Vec<_> = audited.iter().filter(|row| row.act == Act::KeptDetailsChanged).collect();
        let details: Vec<_> = noted.iter().map(|row| row.detail.as_deref().unwrap()).collect();
        assert_eq!(details, ["all", "none", "failures"], "each change once");
        assert_eq!(noted[0].actor_id.as_ref(), Some(stage.ada.0.user_id()));
    }

    async fn a_call_that_runs_when_nothing_more_is_to_be_kept_leaves_nothing(world) {
        let stage = Stage::new(&world).await;
        let (asked, mut asking) = tokio::sync::mpsc::channel(1);
        let go = Arc::new(tokio::sync::Notify::new());
        let waits = go.clone();
        let at = serve(Router::new().fallback(move || {
            let (asked, waits) = (asked.clone(), waits.clone());
            async move {
                asked.send(()).await.unwrap();
                waits.notified().await;
                "done"
            }
        })).await;
        let made = stage.tool(json!({ "base_url": format!("http://{at}") })).await;
        let begin = || {
            let (execute, made, by) = (stage.world.services.execute.clone(), made.clone(), caller(&stage.ada));
            let arguments = json!({ "a": 1 }).as_object().unwrap().clone();
            tokio::spawn(async move { execute.call(&by, &made, arguments, None).await.unwrap() })
        };
        let running = begin();
        asking.recv().await.unwrap();
        stage.keep(KeepDetails::None).await;
        go.notify_one();
        let result = running.await.unwrap();
        assert_eq!((result.outcome, stage.detail(&result.call_id).await), (Outcome::Ok, None));
        // Nor is there an answer to keep of one that was asked for nothing.
        let running = begin();
        asking.recv().await.unwrap();
        stage.keep(KeepDetails::All).await;
        go.notify_one();
        let result = running.await.unwrap();
        assert_eq!(stage.detail(&result.call_id).await, None);
        // One that was cancelled tells what it asked.
        let running = begin();
        asking.recv().await.unwrap();
        running.abort();
        assert!(running.await.is_err());
        stage.world.services.calls.are_recorded().await;
        let viewer = stage.viewer().await;
        let row = stage.world.services.calls.recent(&viewer, 1).await.unwrap().remove(0);
        assert_eq!(row.outcome, Outcome::Cancelled);
        let detail = stage.detail(&row.id).await.unwrap();
        assert_eq!(detail.arguments.unwrap().text, r#"{"a":1}"#);
        assert!(detail.request.is_some() && detail.answer.is_none());
    }

    async fn details_end_before_their_rows(world) {
        let stage = Stage::new(&world).await;
        let bob = stage.world.person("bob@example.com").await;
        let made = stage.tool(json!({})).await;
        let first = stage.call(&made, json!({})).await.call_id;
        let row = stage.world.services.calls.get(&stage.viewer().await, &first).await.unwrap();
        let core = &stage.world.services.core;
        let services = limited(core, DetailLimits { kept_seconds: 1_000, most_in_project: 3 });
        let calls = &services.calls;
        let another = async |project: &ProjectId| {
            stage.world.clock.advance_seconds(1);
            let id = CallId::at(core.now(), &*core.random);
            let next = Call { id: id.clone(), project_id: project.clone(), started_at: core.now(), ..row.clone() };
            calls.record(next, Some(Detail::default())).await.unwrap();
            id
        };
        let mut ids = vec![first];
        for _ in 0..4 {
            ids.push(another(&stage.ada.1).await);
        }
        let others = another(&bob.1).await;
        services.expire().await.unwrap();
        let viewer = stage.viewer().await;
        let kept = async || {
            let mut kept = Vec::new();
            for id in &ids {
                kept.push(calls.detail(&viewer, id).await.unwrap().is_some());
            }
            kept
        };
        assert_eq!(kept().await, [false, false, true, true, true]);
        let other = stage.world.access::<Viewer>(&bob).await;
        assert!(calls.detail(&other, &others).await.unwrap().is_some(), "each project has its own room");
        stage.world.clock.advance_seconds(998);
        services.expire().await.unwrap();
        assert_eq!(kept().await, [false, false, false, true, true], "the older of the rest is over");
        stage.world.clock.advance_seconds(10);
        services.expire().await.unwrap();
        assert_eq!(kept().await, [false; 5]);
        assert_eq!(calls.detail(&other, &others).await.unwrap(), None);
        assert_eq!(calls.recent(&viewer, 10).await.unwrap().len(), 5, "rows stay");
        // More than a batch at once.
        for _ in 0..1_200 {
            another(&stage.ada.1).await;
        }
        services.expire().await.unwrap();
        const LEFT: &str = "SELECT COUNT(*) FROM call_details";
        let left: i64 = read_log!(stage.world.db(), |c| sqlx::query_scalar(LEFT).fetch_one(c).await).unwrap();
        assert_eq!(left, 3);
    }

    async fn who_goes_takes_along_what_they_asked(world) {
        let stage = Stage::new(&world).await;
        let services = &stage.world.services;
        let bob = stage.world.person("bob@example.com").await;
        let made = stage.tool(json!({})).await;
        // In a project of somebody else's, which stays.
        let asks = async |by: &Actor| {
            let mut caller = caller(&stage.ada);
            caller.member.as_mut().unwrap().id = by.user_id().clone();
            let arguments = serde_json::Map::new();
            services.execute.call(&caller, &made, arguments, None).await.unwrap().call_id
        };
        let (hers, his) = (asks(&stage.ada.0).await, asks(&bob.0).await);
        calls::forget_person(&services.core, bob.0.user_id()).await.unwrap();
        assert!(stage.detail(&his).await.is_none() && stage.detail(&hers).await.is_some());
        let owner = stage.world.access::<Owner>(&stage.ada).await;
        let proof = World::proved(owner.actor());
        services.projects.delete(&owner, &proof).await.unwrap();
        const LEFT: &str = "SELECT COUNT(*) FROM call_details";
        let left: i64 = read_log!(stage.world.db(), |c| sqlx::query_scalar(LEFT).fetch_one(c).await).unwrap();
        assert_eq!(left, 0);
        // A call that still runs then keeps nothing.
        let result = stage.call(&made, json!({})).await;
        let left: i64 = read_log!(stage.world.db(), |c| sqlx::query_scalar(LEFT).fetch_one(c).await).unwrap();
        assert_eq!((result.outcome, left), (Outcome::Ok, 0));
    }

    async fn a_choice_that_nobody_made_is_told_and_nothing_kept(world) {
        let stage = Stage::new(&world).await;
        let made = stage.tool(json!({})).await;
        let mut tx = stage.world.db().begin().await.unwrap();
        execute!(&mut tx, sqlx::query("UPDATE projects SET keep_details = 'some'")).unwrap();
        tx.commit().await.unwrap();
        let result = stage.call(&made, json!({})).await;
        assert_eq!((result.outcome, stage.detail(&result.call_id).await), (Outcome::Ok, None));
        let viewer = stage.viewer().await;
        let told = stage.world.services.calls.kept_details(&viewer).await;
        assert!(matches!(told, Err(Error::Corrupt { .. })), "{told:?}");
    }

    async fn a_detail_and_its_row_are_committed_together(world) {
        let stage = Stage::new(&world).await;
        let made = stage.tool(json!({})).await;
        let id = stage.call(&made, json!({})).await.call_id;
        let calls = &stage.world.services.calls;
        let viewer = stage.viewer().await;
        let row = calls.get(&viewer, &id).await.unwrap();
        let hour = |counts: Vec<calls::CallCount>| counts[0].calls;
        let count = async || hour(calls.counts(&viewer, calls::Span::Hour, 1).await.unwrap());
        assert_eq!(count().await, 1);
        // Its row is there: neither of the two is added, and it is not counted.
        assert!(calls.record(row.clone(), Some(Detail::default())).await.is_err());
        assert_ne!(calls.detail(&viewer, &id).await.unwrap(), Some(Detail::default()));
        assert_eq!(count().await, 1);
        let next = Call { id: CallId::at(row.started_at, &*stage.world.services.core.random), ..row.clone() };
        let (broken, whole) = tokio::join!(
            calls.record(row, Some(Detail::default())),
            calls.record(next.clone(), Some(Detail::default())),
        );
        assert!(broken.is_err());
        whole.unwrap();
        assert_eq!(calls.detail(&viewer, &next.id).await.unwrap(), Some(Detail::default()));
        assert_eq!(count().await, 2);
    }
}

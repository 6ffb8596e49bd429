//! A server in a test: the real router over an empty database, and a browser's cookies.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, Response, StatusCode, header},
};
use domain::{
    Core, Services,
    accounts::{Actor, FreshIdentity, SignUpPolicy},
    bootstrap::{Bootstrap, Bootstrapped},
    clock::{ManualClock, SystemClock, SystemRandom, Timestamp},
    crypto::pkce_s256,
    db::testing::TestDatabase,
    events::Visit,
    execute::{Allowlist, Network},
    grants::Lifetimes,
    instance::FixedSettings,
    integrations::{Approval, ClientKind, NewIntegration},
    mail::Mailer,
    members::{Access, Level},
    sealing::{Keyring, MasterKey, Sealer},
    services::CoreParts,
    sessions::SessionLimits,
    tools::ToolInput,
};
use http_body_util::BodyExt;
use leptos::config::{Env, LeptosOptions};
use serde_json::Value;
use tengine::{
    mcp::Compat,
    router, samples, session,
    state::{AppState, TrustedProxies},
};
use tower::ServiceExt;

pub const PUBLIC: &str = "http://localhost:3000";
pub const EMAIL: &str = "ada@example.com";
pub const PASSWORD: &str = "correct horse battery";
pub const CALLBACK: &str = "https://claude.ai/api/mcp/auth_callback";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// One app at a time: a program has one runtime, and what Leptos keeps for the whole process gets
/// confused by the several that parallel tests would be.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

pub struct TestApp {
    router: Router,
    pub state: AppState,
    pub services: Services,
    pub clock: Arc<ManualClock>,
    cookies: Mutex<Cookies>,
    database: TestDatabase,
    _turn: tokio::sync::MutexGuard<'static, ()>,
}

/// What a browser keeps.
pub type Cookies = BTreeMap<String, String>;

/// Settings of the instance; limits are off where a test does not ask for them.
#[derive(Default)]
pub struct Options {
    pub limits: bool,
    pub lifetimes: Lifetimes,
    pub fixed: FixedSettings,
    pub mailer: Mailer,
    pub compat: Compat,
    /// What tools may reach besides the samples.
    pub tools_allow: Allowlist,
    /// Where the site's files are.
    pub site_root: Option<String>,
    /// Development, where a test does not say.
    pub env: Env,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|why| panic!("{why}: {} {}", self.status, self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> url::Url {
        let to = self.header("location");
        url::Url::parse(PUBLIC).unwrap().join(to).unwrap()
    }

    /// A parameter of the address that it redirects to.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let url = self.location();
        url.query_pairs()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The value of a hidden field of the page's form.
    pub fn hidden(&self, name: &str) -> String {
        let tag = self
            .body
            .split("<input")
            .find(|tag| tag.contains(&format!("name=\"{name}\"")))
            .unwrap_or_else(|| panic!("no field {name} in {}", self.body));
        let value = tag.split("value=\"").nth(1).unwrap();
        value[..value.find('"').unwrap()].replace("&amp;", "&")
    }
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with(TestDatabase::sqlite().await, PUBLIC, SignUpPolicy::Open).await
    }

    pub async fn with(database: TestDatabase, public: &str, sign_up: SignUpPolicy) -> Self {
        Self::with_options(database, public, sign_up, Options::default()).await
    }

    /// On SQLite, with everybody let in.
    pub async fn with_settings(options: Options) -> Self {
        let database = TestDatabase::sqlite().await;
        Self::with_options(database, PUBLIC, SignUpPolicy::Open, options).await
    }

    pub async fn with_options(
        database: TestDatabase,
        public: &str,
        sign_up: SignUpPolicy,
        options: Options,
    ) -> Self {
        let turn = ONE_AT_A_TIME.lock().await;
        session::migrate(&database.db).await.unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp(1_790_000_000_000)));
        let core = Core::new(CoreParts {
            db: database.db.clone(),
            clock: clock.clone(),
            random: Arc::new(SystemRandom),
            sealer: Sealer::new(Keyring::of(MasterKey::generate(&SystemRandom))),
            public_url: public.parse().unwrap(),
            fixed: FixedSettings {
                sign_up: Some(sign_up),
                ..options.fixed
            },
            is_exposed: false,
            limits: options.limits,
            lifetimes: options.lifetimes,
            session_limits: SessionLimits::default(),
            details: domain::calls::DetailLimits::default(),
            mailer: options.mailer,
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let samples_address = listener.local_addr().unwrap();
        let samples = samples::router(Arc::new(SystemClock), Arc::new(SystemRandom));
        tokio::spawn(async move { axum::serve(listener, samples).await });
        let network = Network::new(
            options.tools_allow,
            vec![samples_address],
            Some(samples_address),
        );
        let services = Services::new(core, network);
        let state = AppState::new(
            services.clone(),
            LeptosOptions::builder()
                .output_name("tengine")
                .site_root(options.site_root.unwrap_or_else(|| ".".to_owned()))
                .env(options.env)
                .build(),
            TrustedProxies::default(),
            options.compat,
        );
        Self {
            router: router::router(state.clone()),
            state,
            services,
            clock,
            cookies: Mutex::default(),
            database,
            _turn: turn,
        }
    }

    /// The services of another process on the same database: they share no memory with this one.
    pub async fn another_process(&self) -> Services {
        let database = self.database.opened_again().await;
        let core = &self.services.core;
        let core = Core::new(CoreParts {
            db: database.db,
            clock: self.clock.clone(),
            random: Arc::new(SystemRandom),
            sealer: core.sealer.clone(),
            public_url: core.public_url.clone(),
            fixed: core.fixed.clone(),
            is_exposed: false,
            limits: false,
            lifetimes: core.lifetimes,
            session_limits: core.session_limits,
            details: core.details,
            mailer: core.mailer.clone(),
        });
        Services::new(core, Network::new(Allowlist::default(), Vec::new(), None))
    }

    /// Account, project, sample tools and integration.
    pub async fn bootstrap(&self, approval: Approval) -> Bootstrapped {
        self.bootstrap_with(approval, &domain::tools::samples::samples())
            .await
    }

    pub async fn bootstrap_with(&self, approval: Approval, tools: &[ToolInput]) -> Bootstrapped {
        self.services
            .bootstrap(Bootstrap {
                email: EMAIL,
                password: PASSWORD,
                project: "CRM",
                tools,
                integration: NewIntegration {
                    name: "Claude".to_owned(),
                    client_kind: ClientKind::Secret,
                    approval,
                    redirect_uris: None,
                },
            })
            .await
            .unwrap()
    }

    /// An answer, read to its end.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.open(request).await.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// An answer whose body is still to be read.
    pub async fn open(&self, mut request: Request<Body>) -> Response<Body> {
        let peer: SocketAddr = "127.0.0.1:50000".parse().unwrap();
        if request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .is_none()
        {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        request
            .headers_mut()
            .entry(header::HOST)
            .or_insert("localhost:3000".parse().unwrap());
        if !request.headers().contains_key(header::COOKIE) {
            let cookies: Vec<String> = {
                let jar = self.cookies.lock().unwrap();
                jar.iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect()
            };
            if !cookies.is_empty() {
                request
                    .headers_mut()
                    .insert(header::COOKIE, cookies.join("; ").parse().unwrap());
            }
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies
                .lock()
                .unwrap()
                .insert(name.to_owned(), value.to_owned());
        }
        response
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(form(path).body(Body::from(encoded(fields))).unwrap())
            .await
    }

    /// What a server function answers to a page's own call.
    pub async fn call(&self, function: &str, fields: &[(&str, &str)]) -> Answer {
        let request = form(&format!("/_ui/{function}"))
            .header(header::ACCEPT, "application/json")
            .body(Body::from(encoded(fields)));
        self.send(request.unwrap()).await
    }

    /// A request of the REST API.
    pub async fn api(&self, key: &str, method: Method, path: &str, body: Value) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {key}"));
        let body = if body.is_null() {
            Body::empty()
        } else {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        };
        self.send(request.body(body).unwrap()).await
    }

    pub async fn sign_up(&self, email: &str, password: &str) -> Answer {
        // A page that does not lead away who is signed in already.
        let csrf = self.get("/recover").await.hidden("csrf");
        let fields = [("email", email), ("password", password), ("csrf", &csrf)];
        self.form("/sign-up", &fields).await
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        let page = self.get("/recover").await;
        let csrf = page.hidden("csrf");
        self.form(
            "/sign-in",
            &[("email", email), ("password", password), ("csrf", &csrf)],
        )
        .await
    }

    pub fn forget_cookies(&self) {
        self.cookies.lock().unwrap().clear();
    }

    pub fn cookies(&self) -> Cookies {
        self.cookies.lock().unwrap().clone()
    }

    /// Goes on in another browser, and gives what this one had.
    pub fn switch(&self, other: Cookies) -> Cookies {
        std::mem::replace(&mut self.cookies.lock().unwrap(), other)
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// What a client opens in the browser.
    pub fn authorize_url(&self, client_id: &str, more: &[(&str, &str)]) -> String {
        let challenge = pkce_s256(VERIFIER);
        let mut fields = vec![
            ("response_type", "code"),
            ("client_id", client_id),
            ("redirect_uri", CALLBACK),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("state", "st-1"),
        ];
        for (name, value) in more {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        format!("/api/v1/mcp-oauth/authorize?{}", encoded(&fields))
    }

    /// Opens the consent page and answers it.
    pub async fn consent(&self, client_id: &str, decision: &[(&str, &str)]) -> Answer {
        let page = self.get(&self.authorize_url(client_id, &[])).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        self.answer_consent(&page, decision).await
    }

    /// Sends the form of a consent page, with every hidden field that it has.
    pub async fn answer_consent(&self, page: &Answer, decision: &[(&str, &str)]) -> Answer {
        let hidden: Vec<(String, String)> = page
            .body
            .split("<input")
            .filter(|tag| tag.contains("type=\"hidden\""))
            .filter_map(|tag| tag.split("name=\"").nth(1)?.split('"').next())
            .map(|name| (name.to_owned(), page.hidden(name)))
            .collect();
        let mut fields: Vec<(&str, &str)> = hidden
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        fields.extend(decision);
        self.form("/api/v1/mcp-oauth/authorize", &fields).await
    }

    /// What the person who made it all may do in the project.
    pub async fn access<L: Level>(&self, made: &Bootstrapped) -> Access<L> {
        let owner = Actor::Person {
            user_id: made.account.id.clone(),
        };
        let members = &self.services.members;
        members.access(&owner, &made.project.id).await.unwrap()
    }

    /// The proof that the person who made it all showed who they are.
    pub async fn proof(&self, made: &Bootstrapped) -> FreshIdentity {
        let owner = Actor::Person {
            user_id: made.account.id.clone(),
        };
        let here = std::net::IpAddr::from([127, 0, 0, 1]);
        let accounts = &self.services.accounts;
        accounts.prove(&owner, PASSWORD, here).await.unwrap()
    }

    /// Ends every connection of the integration.
    pub async fn disconnect(&self, made: &Bootstrapped) {
        let (admin, visit) = (self.access(made).await, Visit::default());
        let grants = &self.services.grants;
        let ended = grants.disconnect_everything(&admin, &made.integration.id, &visit);
        ended.await.unwrap();
    }

    pub async fn token(&self, fields: &[(&str, &str)]) -> Answer {
        self.form("/api/v1/mcp-oauth/token", fields).await
    }

    /// The whole way from sign-in to an access token and a refresh token.
    pub async fn connect(&self, made: &Bootstrapped, tools: &str) -> (String, String) {
        self.forget_cookies();
        self.sign_in(EMAIL, PASSWORD).await;
        let client_id = &made.integration.client_id;
        let back = self
            .consent(client_id, &[("decision", "approve"), ("tools", tools)])
            .await;
        let code = back.parameter("code").unwrap_or_else(|| panic!("{back:?}"));
        let answer = self
            .token(&[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
                ("client_id", client_id),
                ("client_secret", secret(made)),
            ])
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let tokens = answer.json();
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        (text("access_token"), text("refresh_token"))
    }

    /// A JSON-RPC message to the MCP endpoint.
    pub async fn mcp(
        &self,
        path: &str,
        token: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        self.send(mcp_request(path, token, headers, body)).await
    }
}

pub fn mcp_request(
    path: &str,
    token: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> Request<Body> {
    let mut request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_string())).unwrap()
}

pub fn secret(made: &Bootstrapped) -> &str {
    made.client_secret.as_ref().unwrap().reveal()
}

pub fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

pub fn form(path: &str) -> axum::http::request::Builder {
    Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

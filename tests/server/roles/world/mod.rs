//! A project with one of everything, and everybody who might ask for it.

mod keys;
mod things;

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::http::{Method, StatusCode};
use domain::{
    accounts::{Actor, FreshIdentity, SignUp},
    bootstrap::Bootstrapped,
    clock::{SystemClock, SystemRandom},
    ids::UserId,
    integrations::{Approval, IntegrationChange},
    invitations::NewInvitation,
    mail::{MailConfig, Mailer, testing::SmtpServer},
    members::{Admin, Role, operations::Standing},
};
use serde_json::{Value, json};
use tokio::sync::Mutex;

pub use keys::Key;
pub use things::tool;

use crate::app::{EMAIL, Options, PASSWORD, TestApp};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
pub const SESSION: &str = "tengine_session";

/// Somebody who asks.
pub struct Person {
    pub standing: Standing,
    /// `None`: nobody is signed in.
    pub signed_in: Option<SignedIn>,
}

pub struct SignedIn {
    pub user_id: UserId,
    pub cookie: String,
}

impl Person {
    pub fn actor(&self) -> Option<Actor> {
        let user_id = self.signed_in.as_ref()?.user_id.clone();
        Some(Actor::Person { user_id })
    }
}

pub struct World {
    pub app: TestApp,
    pub made: Bootstrapped,
    /// From the one who may least to the one who may most.
    pub people: Vec<Person>,
    /// A member whom things are done to.
    member: UserId,
    /// Somebody with an account, and no more.
    bystander: UserId,
    tool: String,
    call: String,
    count: AtomicU64,
    /// The integration that was asked for last with an old secret besides its new one.
    rotated: Mutex<String>,
    _mail: SmtpServer,
    /// Each costs a password's hash.
    proofs: Mutex<HashMap<UserId, FreshIdentity>>,
}

impl World {
    pub async fn new() -> Self {
        let mail = SmtpServer::start().await;
        let url = format!("smtp://{}", mail.address);
        let config = MailConfig::parse(&url, "TengineAI <tengine@example.com>").unwrap();
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        let app = TestApp::with_settings(Options {
            mailer: Mailer::new(&config, clock, random).unwrap(),
            ..Options::default()
        })
        .await;
        // The first one owns the instance.
        let instance_owner = signed_up(&app, "root@example.com").await;
        let made = app.bootstrap(Approval::Ask).await;
        let stranger = signed_up(&app, "stranger@example.com").await;
        let viewer = signed_up(&app, "viewer@example.com").await;
        let developer = signed_up(&app, "developer@example.com").await;
        let admin = signed_up(&app, "admin@example.com").await;
        app.forget_cookies();
        app.sign_in(EMAIL, PASSWORD).await;
        let owner = SignedIn {
            user_id: made.account.id.clone(),
            cookie: app.cookie(SESSION).unwrap(),
        };
        app.forget_cookies();
        let member = account(&app, "member@example.com").await;
        let bystander = account(&app, "bystander@example.com").await;
        for (user, role) in [
            (&viewer.user_id, Role::Viewer),
            (&developer.user_id, Role::Developer),
            (&admin.user_id, Role::Admin),
            (&member, Role::Viewer),
        ] {
            join(&app, &made, user, role).await;
        }
        let key = made.api_key.reveal();
        let base = format!("/api/v1/projects/{}", made.project.id);
        let tools = app
            .api(key, Method::GET, &format!("{base}/tools"), Value::Null)
            .await
            .json();
        let is_clock = |tool: &&Value| tool["name"] == "sample-time-now";
        let tool = tools["data"].as_array().unwrap().iter().find(is_clock);
        let tool = tool.unwrap()["id"].as_str().unwrap().to_owned();
        let path = format!("{base}/tools/{tool}/call");
        let called = app.api(key, Method::POST, &path, json!({})).await;
        assert_eq!(called.status, StatusCode::OK, "{}", called.body);
        let call = called.json()["call_id"].as_str().unwrap().to_owned();
        let person = |standing, signed_in| Person {
            standing,
            signed_in,
        };
        let world = Self {
            people: vec![
                person(Standing::Nobody, None),
                person(Standing::Stranger, Some(stranger)),
                person(Standing::Member(Role::Viewer), Some(viewer)),
                person(Standing::Member(Role::Developer), Some(developer)),
                person(Standing::Member(Role::Admin), Some(admin)),
                person(Standing::Member(Role::Owner), Some(owner)),
                person(Standing::InstanceOwner, Some(instance_owner)),
            ],
            app,
            made,
            member,
            bystander,
            tool,
            call,
            count: AtomicU64::new(0),
            rotated: Mutex::default(),
            _mail: mail,
            proofs: Mutex::default(),
        };
        assert!(
            world
                .people
                .iter()
                .map(|one| one.standing)
                .eq(Standing::ALL)
        );
        world.let_the_secret_be_enough().await;
        world
    }

    /// So that connections can be made without a browser.
    async fn let_the_secret_be_enough(&self) {
        let access = self.app.access::<Admin>(&self.made).await;
        let (_, proof) = self.proof_of(access.user_id()).await;
        let change = IntegrationChange {
            client_credentials: Some(true),
            ..IntegrationChange::default()
        };
        let id = &self.made.integration.id;
        let integrations = &self.app.services.integrations;
        let changed = integrations.update(&access, id, &change, Some(&proof));
        changed.await.unwrap();
    }

    /// The proof that somebody showed who they are, as the password is everybody's.
    async fn proof_of(&self, user_id: &UserId) -> (Actor, FreshIdentity) {
        let actor = Actor::Person {
            user_id: user_id.clone(),
        };
        let mut proofs = self.proofs.lock().await;
        if let Some(known) = proofs.get(user_id) {
            return (actor, known.clone());
        }
        let accounts = &self.app.services.accounts;
        let proof = accounts.prove(&actor, PASSWORD, HERE).await.unwrap();
        proofs.insert(user_id.clone(), proof.clone());
        (actor, proof)
    }

    /// Another one each time.
    fn name(&self) -> String {
        format!("a-{}", self.count.fetch_add(1, Ordering::Relaxed))
    }

    /// The name that was given last.
    fn last_name(&self) -> String {
        format!("a-{}", self.count.load(Ordering::Relaxed) - 1)
    }

    /// The text, or what its `$name` stands for.
    pub async fn filled(&self, text: &str, asks: Option<&UserId>) -> String {
        match text.strip_prefix('$') {
            Some(name) => self.thing(name, asks).await,
            None => text.to_owned(),
        }
    }

    /// The same in all strings of a JSON value.
    pub async fn filled_json(&self, value: &Value, asks: Option<&UserId>) -> Value {
        match value {
            Value::String(text) => self.filled(text, asks).await.into(),
            Value::Array(items) => {
                let mut filled = Vec::new();
                for item in items {
                    filled.push(Box::pin(self.filled_json(item, asks)).await);
                }
                filled.into()
            }
            Value::Object(members) => {
                let mut filled = serde_json::Map::new();
                for (name, member) in members {
                    let member = Box::pin(self.filled_json(member, asks)).await;
                    filled.insert(name.clone(), member);
                }
                filled.into()
            }
            other => other.clone(),
        }
    }
}

async fn signed_up(app: &TestApp, email: &str) -> SignedIn {
    app.forget_cookies();
    let token = app.services.accounts.sign_up_link(email).unwrap();
    let page = app.get(&format!("/sign-up?token={token}")).await;
    let csrf = page.hidden("csrf");
    let fields = [("password", PASSWORD), ("token", &token), ("csrf", &csrf)];
    let answer = app.form("/sign-up", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let account = app.services.accounts.by_email(email).await.unwrap();
    SignedIn {
        user_id: account.unwrap().id,
        cookie: app.cookie(SESSION).unwrap(),
    }
}

async fn account(app: &TestApp, email: &str) -> UserId {
    let token = app.services.accounts.sign_up_link(email).unwrap();
    let input = SignUp {
        email,
        password: PASSWORD,
        setup_code: None,
        invitation: None,
        link: Some(&token),
    };
    let made = app.services.accounts.sign_up(input, HERE).await;
    made.unwrap().id
}

async fn join(app: &TestApp, made: &Bootstrapped, user: &UserId, role: Role) {
    let access = app.access::<Admin>(made).await;
    let proof = app.proof(made).await;
    let invitations = &app.services.invitations;
    let new = NewInvitation::default();
    let invited = invitations.create(&access, role, &new, Some(&proof)).await;
    let token = invited.unwrap().1;
    let actor = Actor::Person {
        user_id: user.clone(),
    };
    let joined = invitations.accept(token.reveal(), &actor, HERE).await;
    joined.unwrap();
}

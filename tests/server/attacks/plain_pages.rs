//! The forms of the plain pages, and somebody whose browser has a page of each open.

use std::sync::Arc;

use axum::{body::Body, http::Method};
use domain::{
    accounts::SignUpPolicy,
    bootstrap::Bootstrapped,
    clock::{SystemClock, SystemRandom},
    db::testing::TestDatabase,
    integrations::Approval,
    invitations::NewInvitation,
    mail::{MailConfig, Mailer, testing::SmtpServer},
    members::Role,
};
use serde_json::json;

use super::{phone::Phone, provider::Provider, sudo::state};
use crate::app::{Answer, EMAIL, Options, PASSWORD, PUBLIC, TestApp, encoded, form};

/// Whose token a form needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Token {
    /// That of the browser: nobody is signed in there.
    Browser,
    /// That of who is signed in.
    Session,
}

use Token::{Browser, Session};

/// Names and values of a form.
pub type Fields = &'static [(&'static str, &'static str)];

/// Every form of the plain pages, with what would do something or be refused for another reason; those
/// that end the session come last.
pub const FORMS: [(&str, Token, Fields); 24] = [
    (
        "/sign-in",
        Browser,
        &[("email", EMAIL), ("password", PASSWORD)],
    ),
    ("/sign-in/passkey", Browser, &[("credential", "{}")]),
    ("/sign-in/passkey/challenge", Browser, &[]),
    ("/sign-in/second-step", Browser, &[("code", "000000")]),
    ("/sign-in/second-step/challenge", Browser, &[]),
    (
        "/sign-in/second-step/passkey",
        Browser,
        &[("credential", "{}")],
    ),
    ("/sign-in/with/{provider}", Browser, &[]),
    ("/recover", Browser, &[("email", EMAIL)]),
    (
        "/recover/code",
        Browser,
        &[("email", EMAIL), ("code", "A"), ("password", PASSWORD)],
    ),
    ("/recover/reset", Browser, &[("password", "short")]),
    ("/confirm-email", Browser, &[]),
    ("/invite/{token}", Browser, &[]),
    ("/connect/{id}", Session, &[]),
    ("/connect/{id}/disconnect", Session, &[]),
    ("/account/authenticator", Session, &[("code", "000000")]),
    ("/account/recovery-codes", Session, &[]),
    ("/account/passkeys/challenge", Session, &[]),
    ("/account/passkeys", Session, &[("credential", "{}")]),
    ("/account/export", Session, &[]),
    ("/confirm/challenge", Session, &[]),
    ("/confirm/passkey", Session, &[("credential", "{}")]),
    ("/confirm", Session, &[("password", PASSWORD)]),
    ("/sign-out", Session, &[]),
    (
        "/sign-up",
        Browser,
        &[("email", "new@example.com"), ("password", PASSWORD)],
    ),
];

/// The paths of the routers' sources that take a POST.
pub fn routes() -> Vec<String> {
    let sources = [
        include_str!("../../../src/router.rs"),
        include_str!("../../../src/account/mod.rs"),
        include_str!("../../../src/connect/mod.rs"),
    ];
    let mut found = Vec::new();
    for source in sources {
        for route in source.split(".route(").skip(1) {
            let route = route.split(".layer(").next().unwrap();
            if route.contains("post(") {
                found.push(route.split('"').nth(1).unwrap().to_owned());
            }
        }
    }
    found
}

pub struct Target {
    pub app: TestApp,
    made: Bootstrapped,
    mail: SmtpServer,
    /// What stands for the parameters of paths, and the queries of links.
    places: Vec<(&'static str, String)>,
    /// Tokens of somebody else's browser and session.
    pub others: [String; 2],
}

impl Target {
    /// Ada, who is signed in and halfway once more, as somebody who types the password again.
    pub async fn new() -> Self {
        let mail = SmtpServer::start().await;
        let config = MailConfig::parse(&mail.url(), "tengine@example.com").unwrap();
        let mailer = Mailer::new(&config, Arc::new(SystemClock), Arc::new(SystemRandom)).unwrap();
        let options = Options {
            mailer,
            tools_allow: "127.0.0.1".parse().unwrap(),
            ..Options::default()
        };
        let database = TestDatabase::sqlite().await;
        let app = TestApp::with_options(database, PUBLIC, SignUpPolicy::Open, options).await;
        let made = app.bootstrap(Approval::Ask).await;
        let (access, proof) = (app.access(&made).await, app.proof(&made).await);
        let new = NewInvitation {
            most_uses: Some(5),
            valid_seconds: None,
            email: None,
            is_mailed: false,
        };
        let invited = app
            .services
            .invitations
            .create(&access, Role::Viewer, &new, Some(&proof));
        let (_, invitation) = invited.await.unwrap();
        let provider = Provider::added(&app, &made).await.id;
        let client = json!({
            "name": "acme", "value": "a secret", "origins": ["https://api.example"],
            "oauth2": {
                "client_id": "tengine", "token_url": "https://login.example/token",
                "authorization_url": "https://login.example/authorize", "scopes": ["me"],
            },
        });
        let vault = format!("/api/v1/projects/{}/vault", made.project.id);
        let kept = app
            .api(made.api_key.reveal(), Method::POST, &vault, client)
            .await
            .json();
        let others = {
            let token = invitation.reveal();
            let csrf = app.get("/sign-up").await.hidden("csrf");
            let next = format!("/invite/{token}");
            let fields = [
                ("email", "eve@example.com"),
                ("password", PASSWORD),
                ("csrf", &csrf),
                ("next", &next),
            ];
            app.form("/sign-up", &fields).await;
            let me = app.call("load_me", &[]).await.json();
            [csrf, me["csrf"].as_str().unwrap().to_owned()]
        };
        app.forget_cookies();
        app.sign_in(EMAIL, PASSWORD).await;
        Phone::added(&app).await;
        app.sign_in(EMAIL, PASSWORD).await;
        let actor = domain::accounts::Actor::Person {
            user_id: made.account.id.clone(),
        };
        let here = std::net::IpAddr::from([127, 0, 0, 1]);
        let accounts = &app.services.accounts;
        accounts
            .begin_email_change(&actor, &proof, "ada@example.org", here)
            .await
            .unwrap();
        let by_mail = mail.next_to("ada@example.org", "token=").await.token();
        let reset = app
            .services
            .recovery
            .by_operator(EMAIL, false)
            .await
            .unwrap();
        let places = vec![
            ("{provider}", provider),
            ("{token}", invitation.reveal().to_owned()),
            ("{id}", kept["id"].as_str().unwrap().to_owned()),
            (
                "/recover/reset",
                format!("/recover/reset?token={}", reset.reveal()),
            ),
            ("/confirm-email", format!("/confirm-email?token={by_mail}")),
        ];
        Self {
            app,
            made,
            mail,
            places,
            others,
        }
    }

    fn path(&self, path: &str) -> String {
        self.places
            .iter()
            .fold(path.to_owned(), |path, (place, value)| {
                path.replace(place, value)
            })
    }

    /// The right token of the form, as its page has it.
    pub async fn token(&self, token: Token) -> String {
        match token {
            Browser => self.app.get("/recover").await.hidden("csrf"),
            Session => self.app.call("load_me", &[]).await.json()["csrf"]
                .as_str()
                .unwrap()
                .to_owned(),
        }
    }

    pub async fn sends(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = form(&self.path(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.app
            .send(request.body(Body::from(encoded(fields))).unwrap())
            .await
    }

    pub async fn state(&self) -> String {
        self.app.services.core.mailer.idle().await;
        assert!(self.mail.ready().await.is_none(), "a mail went out");
        format!(
            "{} {:?}",
            state(&self.app, &self.made).await,
            self.app.cookies()
        )
    }

    /// As [`Target::state`], where mails may have gone out.
    pub async fn state_after(&self) -> String {
        format!(
            "{} {:?}",
            state(&self.app, &self.made).await,
            self.app.cookies()
        )
    }
}

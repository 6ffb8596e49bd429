//! An instance that sends mail, and what the stories about it need.

use super::{HERE, World, on_both};
use crate::{
    Core, Error, Services,
    accounts::{Account, Actor},
    audit::{Act, Page},
    db::{execute, read},
    execute::{Allowlist, Network},
    ids::UserId,
    mail::{MailConfig, Mailer, testing::SmtpServer},
    services::CoreParts,
    sessions::{NewSession, SignInMethod, SignedIn},
};

/// The world's services with a mail server, over the same database and clock.
pub(super) struct Mailing {
    pub(super) services: Services,
    pub(super) server: SmtpServer,
}

impl Mailing {
    pub(super) async fn of(world: &World) -> Self {
        Self::with(world, Network::new(Allowlist::default(), Vec::new(), None)).await
    }

    /// One that connects elsewhere by this network.
    pub(super) async fn with(world: &World, network: Network) -> Self {
        let server = SmtpServer::start().await;
        let core = &world.services.core;
        let config = MailConfig::parse(&server.url(), "tengine@example.com").unwrap();
        let mailer = Mailer::new(&config, core.clock.clone(), core.random.clone()).unwrap();
        let services = Services::new(
            Core::new(CoreParts {
                db: core.db.clone(),
                clock: core.clock.clone(),
                random: core.random.clone(),
                sealer: core.sealer.clone(),
                public_url: core.public_url.clone(),
                fixed: core.fixed.clone(),
                is_exposed: core.is_exposed,
                limits: core.limits,
                lifetimes: core.lifetimes,
                mailer,
                session_limits: core.session_limits,
                details: core.details,
            }),
            network,
        );
        Self { services, server }
    }

    /// Whether no mail came and none will.
    pub(super) async fn is_silent(&self) -> bool {
        self.services.core.mailer.idle().await;
        self.server.ready().await.is_none()
    }

    /// The token of the mail that an ask for a new password sends.
    pub(super) async fn asked(&self, email: &str) -> String {
        self.services.recovery.ask(email, HERE).await.unwrap();
        self.server.next().await.token()
    }
}

pub(super) const fn new_session() -> NewSession<'static> {
    NewSession {
        method: SignInMethod::Password,
        provider_id: None,
        second_factor: None,
        address: HERE,
        user_agent: "test",
    }
}

pub(super) async fn signed_in(services: &Services, account: &Account) -> SignedIn {
    let new = new_session();
    let session = services.sessions.begin(account, &new).await.unwrap();
    services
        .sessions
        .current(&session.id)
        .await
        .unwrap()
        .unwrap()
}

pub(super) fn actor(account: &Account) -> Actor {
    Actor::Person {
        user_id: account.id.clone(),
    }
}

/// What the audit log says of an account, newest first.
pub(super) async fn acts(services: &Services, user: &UserId) -> Vec<Act> {
    let rows = services
        .audit
        .of_account(user, &Page::first(100))
        .await
        .unwrap();
    rows.into_iter().map(|row| row.act).collect()
}

/// Whether the answer is the one of a link that does not work.
pub(super) fn is_dead<T>(answer: &crate::Result<T>) -> bool {
    matches!(answer, Err(Error::Invalid(fields)) if fields[0].field == "link")
}

pub(super) async fn disable(world: &World, user: &UserId) {
    run(
        world,
        user,
        &["UPDATE users SET disabled_at = 1 WHERE id = $1"],
    )
    .await;
}

pub(super) async fn count(world: &World, sql: &'static str, user: &UserId) -> i64 {
    read!(world.db(), |c| sqlx::query_scalar(sql)
        .bind(user)
        .fetch_one(c)
        .await)
    .unwrap()
}

/// Runs statements that bind a person's id.
pub(super) async fn run(world: &World, user: &UserId, statements: &[&'static str]) {
    let mut tx = world.db().begin().await.unwrap();
    for sql in statements {
        execute!(tx, sqlx::query(sql).bind(user)).unwrap();
    }
    tx.commit().await.unwrap();
}

on_both! {
    async fn an_owner_sees_whether_mail_arrives(world) {
        let ada = actor(&world.sign_up("ada@example.com").await);
        let Mailing { services, server } = &Mailing::of(&world).await;
        let owner = services.instance.owner(&ada).await.unwrap();
        let mailer = &services.core.mailer;
        mailer.check(&owner, "ada@example.com").await.unwrap();
        assert_eq!(server.next().await.subject, "A test mail from TengineAI");
        assert_eq!(mailer.status().last_success_at, Some(services.core.now()));

        server.refuse("550 no <ada@example.com> here");
        let refused = mailer.check(&owner, "ada@example.com").await.unwrap_err().to_string();
        assert!(refused.contains("550") && !refused.contains("ada@"), "{refused}");
        assert!(mailer.status().last_failure.unwrap().reason.contains("550"));

        let none = world.services.core.mailer.check(&owner, "ada@example.com").await;
        assert!(none.unwrap_err().to_string().contains("no mail server"));
    }
}

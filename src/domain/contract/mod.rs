//! Every query on both databases: each test here runs twice, once on each.

mod access_token_properties;
mod account_life;
mod accounts;
mod api_keys;
mod approvals;
mod audited;
mod authority;
mod bounds;
mod browser;
mod call_details;
mod call_lists;
mod calls;
mod clients;
pub(crate) mod connecting;
mod connections;
mod credentials;
mod enumeration;
mod events;
mod grants;
mod idempotency;
mod integrations;
mod invitations;
mod lists;
mod live;
mod mailing;
mod members;
mod passkey_attacks;
mod passkeys;
mod passwords;
mod privacy;
mod progress;
mod projects;
mod providers;
mod races;
mod recovery;
mod refresh;
mod refusals;
mod restoring;
mod sealing;
mod second_factor_attacks;
mod second_factors;
mod sign_up_by_mail;
mod signing_keys;
mod tools;
mod transactions;
mod upstream;
mod vault;
mod versions;

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use crate::{
    Core, Services,
    accounts::{Account, Actor, FreshIdentity, SignUp, SignUpPolicy},
    api_keys::{ApiKey, NewApiKey},
    clock::{ManualClock, SystemRandom, Timestamp},
    crypto::BearerSecret,
    db::{Db, testing::TestDatabase},
    execute::{Allowlist, Network},
    grants::Lifetimes,
    ids::ProjectId,
    instance::FixedSettings,
    members::{Access, Admin, Role},
    sealing::{Keyring, MasterKey, Sealer},
    services::CoreParts,
    tools::ToolInput,
};

pub(crate) const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Services over an empty database, and a clock that stands still.
pub(crate) struct World {
    pub(crate) services: Services,
    pub(crate) clock: Arc<ManualClock>,
    database: TestDatabase,
}

impl World {
    pub(crate) fn new(database: TestDatabase, policy: SignUpPolicy) -> Self {
        Self::with_lifetimes(database, policy, Lifetimes::default())
    }

    pub(crate) fn with_lifetimes(
        database: TestDatabase,
        policy: SignUpPolicy,
        lifetimes: Lifetimes,
    ) -> Self {
        let clock = Arc::new(ManualClock::at(Timestamp(1_790_000_000_000)));
        let sealer = Sealer::new(Keyring::of(MasterKey::generate(&SystemRandom)));
        let network = Network::new(Allowlist::default(), Vec::new(), None);
        Self::of(database, clock, sealer, policy, lifetimes, network)
    }

    /// One whose tools may reach loopback.
    pub(crate) async fn with_loopback(&self) -> Self {
        let network = Network::new("127.0.0.1".parse().unwrap(), Vec::new(), None);
        self.beside(network).await
    }

    /// What another process on the same database would be: it shares the files and the master key,
    /// and no memory.
    pub(crate) async fn another_process(&self) -> Self {
        self.beside(Network::new(Allowlist::default(), Vec::new(), None))
            .await
    }

    /// The same with other keys.
    pub(crate) async fn sealed_by(&self, sealer: Sealer) -> Self {
        let network = Network::new(Allowlist::default(), Vec::new(), None);
        self.with(sealer, network).await
    }

    /// The same with another answer to who may make an account.
    pub(crate) async fn with_policy(&self, policy: SignUpPolicy) -> Self {
        let core = &self.services.core;
        Self::of(
            self.database.opened_again().await,
            self.clock.clone(),
            core.sealer.clone(),
            policy,
            core.lifetimes,
            Network::new(Allowlist::default(), Vec::new(), None),
        )
    }

    async fn beside(&self, network: Network) -> Self {
        self.with(self.services.core.sealer.clone(), network).await
    }

    async fn with(&self, sealer: Sealer, network: Network) -> Self {
        let core = &self.services.core;
        Self::of(
            self.database.opened_again().await,
            self.clock.clone(),
            sealer,
            core.fixed.sign_up.unwrap_or(SignUpPolicy::First),
            core.lifetimes,
            network,
        )
    }

    fn of(
        database: TestDatabase,
        clock: Arc<ManualClock>,
        sealer: Sealer,
        policy: SignUpPolicy,
        lifetimes: Lifetimes,
        network: Network,
    ) -> Self {
        let core = Core::new(CoreParts {
            db: database.db.clone(),
            clock: clock.clone(),
            random: Arc::new(SystemRandom),
            sealer,
            public_url: "http://localhost:3000".parse().unwrap(),
            fixed: FixedSettings {
                sign_up: Some(policy),
                ..FixedSettings::default()
            },
            is_exposed: false,
            limits: false,
            lifetimes,
            mailer: crate::mail::Mailer::none(),
            session_limits: crate::sessions::SessionLimits::default(),
            details: crate::calls::DetailLimits::default(),
        });
        Self {
            services: Services::new(core, network),
            clock,
            database,
        }
    }

    pub(crate) fn db(&self) -> &Db {
        &self.database.db
    }

    pub(crate) async fn sign_up(&self, email: &str) -> Account {
        let sign_up = SignUp {
            email,
            password: PASSWORD,
            setup_code: None,
            invitation: None,
            link: None,
        };
        self.services.accounts.sign_up(sign_up, HERE).await.unwrap()
    }

    /// A person with a project of their own.
    pub(crate) async fn person(&self, email: &str) -> (Actor, ProjectId) {
        let actor = Actor::Person {
            user_id: self.sign_up(email).await.id,
        };
        let project = self.services.projects.create(&actor, "CRM").await.unwrap();
        (actor, project.id)
    }

    /// A person's fresh proof of who they are.
    pub(crate) async fn proof(&self, actor: &Actor) -> FreshIdentity {
        let accounts = &self.services.accounts;
        accounts.prove(actor, PASSWORD, HERE).await.unwrap()
    }

    /// A person's proof of who they are, without a password's hash.
    pub(crate) fn proved(actor: &Actor) -> FreshIdentity {
        FreshIdentity::of(actor.user_id().clone())
    }

    /// A key of a project, made by a person who has just shown who they are.
    pub(crate) async fn key(
        &self,
        access: &Access<Admin>,
        name: &str,
        role: Role,
    ) -> (ApiKey, BearerSecret) {
        let proof = self.proof(access.actor()).await;
        let new = NewApiKey::named(name, role);
        let keys = &self.services.api_keys;
        keys.create(access, &new, Some(&proof)).await.unwrap()
    }

    pub(crate) async fn access<L: crate::members::Level>(
        &self,
        (actor, project): &(Actor, ProjectId),
    ) -> Access<L> {
        self.services.members.access(actor, project).await.unwrap()
    }
}

pub(crate) fn tool(name: &str) -> ToolInput {
    serde_json::from_value(serde_json::json!({
        "name": name,
        "title": "Find a contact",
        "description": "Finds a contact by its id.",
        "base_url": "https://crm.example.com",
        "endpoint_path": "/contacts/{id}",
        "input_schema": {
            "type": "object",
            "properties": { "id": { "type": "string" } },
            "required": ["id"],
        },
    }))
    .unwrap()
}

/// Makes a test of each database out of one body.
macro_rules! on_both {
    ($(async fn $name:ident($world:ident) $body:block)+) => { $(
        mod $name {
            #[allow(unused_imports, reason = "some stories need nothing from around them")]
            use super::*;

            async fn story($world: crate::contract::World) $body

            #[tokio::test]
            async fn sqlite() {
                let database = crate::db::testing::TestDatabase::sqlite().await;
                story(crate::contract::World::new(database, crate::accounts::SignUpPolicy::Open)).await;
            }

            #[tokio::test]
            async fn postgres() {
                let database = crate::db::testing::TestDatabase::postgres().await;
                story(crate::contract::World::new(database, crate::accounts::SignUpPolicy::Open)).await;
            }
        }
    )+ };
}
pub(crate) use on_both;

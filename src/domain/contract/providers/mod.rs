//! Signing in with a provider, against a real one in the test's process.

mod attacks;
mod forged;
mod github;
mod linking;
mod managing;
mod notices;
mod server;
mod sign_in;
mod signing;

use serde_json::{Value, json};
use url::Url;

use self::server::{Person, Server};
use super::{HERE, World, on_both};
use crate::{
    Error,
    accounts::{Account, Actor, FreshIdentity, SignUpPolicy},
    audit,
    execute::Network,
    instance::InstanceOwner,
    providers::{Callback, Cause, NotSignedIn, Outcome, Pending, Provider, ProviderInput, Refusal},
};

/// A change of what the provider says.
type Edit = fn(&mut Value);

const SECRET: &str = "cl1ent-s3cret";

const ADA: Person = Person::new("1815", "ada@example.com");
const BOB: Person = Person::new("b-7", "bob@example.com");

/// A provider that an instance of Ada's signs people in with.
struct Story {
    world: World,
    server: Server,
    ada: Actor,
    provider: Provider,
}

impl Story {
    async fn new(world: &World) -> Self {
        Self::with(world, SignUpPolicy::Open, |_| {}).await
    }

    /// On an instance with this policy, and a provider with more than it has to have.
    async fn with(world: &World, policy: SignUpPolicy, more: impl FnOnce(&mut Value)) -> Self {
        let ada = Actor::Person {
            user_id: world.sign_up("ada@example.com").await.id,
        };
        let core = &world.services.core;
        let world = World::of(
            world.database.opened_again().await,
            world.clock.clone(),
            core.sealer.clone(),
            policy,
            core.lifetimes,
            Network::new("127.0.0.1".parse().unwrap(), Vec::new(), None),
        );
        let server = Server::served(world.clock.clone()).await;
        let mut input = input(&server);
        more(&mut input);
        let provider = created(&world, &ada, &input).await.unwrap();
        Self {
            world,
            server,
            ada,
            provider,
        }
    }

    fn providers(&self) -> &crate::providers::Providers {
        &self.world.services.providers
    }

    async fn begin(&self) -> (Url, Pending) {
        let begun = self
            .providers()
            .begin_sign_in(&self.provider.id, HERE)
            .await
            .unwrap();
        (begun.url.parse().unwrap(), begun.pending)
    }

    async fn finish(
        &self,
        pending: Option<Pending>,
        callback: Callback,
    ) -> Result<Outcome, NotSignedIn> {
        let id = &self.provider.id;
        self.providers()
            .finish(id, pending, callback, None, HERE)
            .await
    }

    /// Somebody comes to the sign-in page, goes there and comes back.
    async fn comes(&self, person: &Person) -> Result<Outcome, NotSignedIn> {
        let (url, pending) = self.begin().await;
        let callback = self.server.signs_in(&url, person);
        self.finish(Some(pending), callback).await
    }

    async fn signed_in(&self, person: &Person) -> Account {
        match self.comes(person).await {
            Ok(Outcome::SignedIn { account, .. }) => account,
            other => panic!("{other:?}"),
        }
    }

    async fn cause(&self, person: &Person) -> Cause {
        match self.comes(person).await {
            Err(NotSignedIn::Provider(cause)) => cause,
            other => panic!("{other:?}"),
        }
    }

    async fn refusal(&self, person: &Person) -> Refusal {
        refusal(self.comes(person).await)
    }

    /// A person links an identity to the account that they are signed in to.
    async fn links(&self, actor: &Actor, person: &Person) -> Result<Outcome, NotSignedIn> {
        let id = &self.provider.id;
        let begun = self
            .providers()
            .begin_link(id, actor, &proof_of(actor), HERE)
            .await
            .unwrap();
        let callback = self.server.signs_in(&begun.url.parse().unwrap(), person);
        self.providers()
            .finish(id, Some(begun.pending), callback, Some(actor), HERE)
            .await
    }

    /// What was noted about a person, the newest first.
    async fn acts(&self, actor: &Actor) -> Vec<audit::Act> {
        let page = audit::Page::first(100);
        let rows = self
            .world
            .services
            .audit
            .of_account(actor.user_id(), &page)
            .await
            .unwrap();
        rows.into_iter().map(|row| row.act).collect()
    }
}

fn refusal(came: Result<Outcome, NotSignedIn>) -> Refusal {
    match came {
        Err(NotSignedIn::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// As somebody shows who they are.
fn proof_of(actor: &Actor) -> FreshIdentity {
    FreshIdentity::of(actor.user_id().clone())
}

fn person(account: &Account) -> Actor {
    Actor::Person {
        user_id: account.id.clone(),
    }
}

fn input(server: &Server) -> Value {
    json!({ "kind": "oidc", "name": "Example", "issuer": server.inner().origin.clone(),
        "client_id": "tengine", "client_secret": SECRET })
}

fn read(input: &Value) -> ProviderInput {
    serde_json::from_value(input.clone()).unwrap()
}

async fn owner(world: &World, ada: &Actor) -> InstanceOwner {
    world.services.instance.owner(ada).await.unwrap()
}

async fn created(world: &World, ada: &Actor, input: &Value) -> Result<Provider, Error> {
    let owner = owner(world, ada).await;
    let providers = &world.services.providers;
    providers.create(&owner, &proof_of(ada), &read(input)).await
}

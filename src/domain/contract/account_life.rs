//! Accounts as the owners of the instance and whoever holds the server see them.

use super::{
    HERE, PASSWORD, World,
    connecting::{connected, connection, shared},
    members::{joined, with_second_factor},
    on_both,
};
use crate::{
    Error, Result,
    accounts::{AccountFilter, AccountRow, Actor},
    audit::{self, Act},
    grants::{BearerError, ToolRule},
    ids::UserId,
    instance::InstanceOwner,
    integrations::Approval,
    members::{Role, Viewer},
    sessions::{NewSession, SignInMethod},
};

async fn owner(world: &World, actor: &Actor) -> InstanceOwner {
    world.services.instance.owner(actor).await.unwrap()
}

async fn actor(world: &World, email: &str) -> Actor {
    let user_id = world.sign_up(email).await.id;
    Actor::Person { user_id }
}

async fn set_owner(world: &World, by: &Actor, of: &Actor, is_owner: bool) -> Result<()> {
    let owner = world.services.instance.owner(by).await?;
    let proof = world.proof(by).await;
    let accounts = &world.services.accounts;
    accounts
        .set_instance_owner(&owner, of.user_id(), is_owner, Some(&proof))
        .await
}

fn emails(rows: &[AccountRow]) -> Vec<&str> {
    rows.iter().map(|row| row.account.email.as_str()).collect()
}

fn is_conflict<T: std::fmt::Debug>(result: Result<T>) {
    match result {
        Err(Error::Conflict(field)) => assert_eq!(field.field, "user_id"),
        other => panic!("{other:?}"),
    }
}

/// A browser that somebody is signed in with.
async fn session(world: &World, of: &Actor) -> crate::ids::SessionId {
    let account = world
        .services
        .accounts
        .enabled(of.user_id())
        .await
        .unwrap()
        .unwrap();
    let new = NewSession {
        method: SignInMethod::Password,
        provider_id: None,
        second_factor: None,
        address: HERE,
        user_agent: "Test",
    };
    world
        .services
        .sessions
        .begin(&account, &new)
        .await
        .unwrap()
        .id
}

on_both! {
    async fn accounts_are_listed_filtered_and_paged(world) {
        let ada = world.person("ada@example.com").await;
        for email in ["bob@example.com", "a_b@example.com", "100%@example.org", "b\\s@example.org"] {
            actor(&world, email).await;
        }
        let owner = owner(&world, &ada.0).await;
        with_second_factor(world.db(), ada.0.user_id()).await;
        session(&world, &ada.0).await;
        let accounts = &world.services.accounts;
        let list = async |text: &str| {
            let filter = AccountFilter { text: Some(text.to_owned()), ..AccountFilter::default() };
            accounts.list(&owner, &filter).await.unwrap()
        };
        let all = list("").await;
        assert_eq!(all.len(), 5);
        let row = all.last().unwrap();
        assert_eq!((row.account.email.as_str(), row.projects), ("ada@example.com", 1));
        assert!(row.has_password && row.has_second_factor && row.account.is_instance_owner);
        assert_eq!(row.last_used_at, Some(world.services.core.now()));
        assert_eq!(emails(&list("EXAMPLE.org").await).len(), 2);
        // No letter of it means another.
        assert_eq!(emails(&list("_").await), ["a_b@example.com"]);
        assert_eq!(emails(&list("%").await), ["100%@example.org"]);
        assert_eq!(emails(&list("\\").await), ["b\\s@example.org"]);
        assert!(list("' OR 1=1 --").await.is_empty());
        let mut paged = Vec::new();
        let mut filter = AccountFilter { limit: Some(2), ..AccountFilter::default() };
        loop {
            let page = accounts.list_by_operator(&filter).await.unwrap();
            let Some(last) = page.last() else { break };
            filter.before = Some(last.account.id.clone());
            paged.extend(page);
        }
        assert_eq!(paged, all);
        for row in &all {
            assert_eq!(accounts.listed(&owner, &row.account.id).await.unwrap(), *row);
        }
        assert!(matches!(accounts.listed(&owner, &"usr_0".into()).await, Err(Error::NotFound(_))));
        for wrong in [
            AccountFilter { limit: Some(0), ..AccountFilter::default() },
            AccountFilter { limit: Some(1_002), ..AccountFilter::default() },
            AccountFilter { text: Some("x".repeat(255)), ..AccountFilter::default() },
            AccountFilter { text: Some("\0".to_owned()), limit: Some(0), ..AccountFilter::default() },
        ] {
            assert!(matches!(accounts.list(&owner, &wrong).await, Err(Error::Invalid(_))));
        }
        let health = world.services.instance.health(&owner).await.unwrap();
        assert_eq!(health.counts[0], ("accounts", 5));
        assert!(health.checks.iter().any(|check| check.name == "Database" && check.is_well));
        let nul = AccountFilter { text: Some("\0".to_owned()), ..AccountFilter::default() };
        assert!(matches!(accounts.list(&owner, &nul).await, Ok(_) | Err(Error::Invalid(_))));
        let bob = actor(&world, "eve@example.com").await;
        assert!(matches!(world.services.instance.owner(&bob).await, Err(Error::Forbidden(_))));
    }

    async fn a_disabled_account_can_do_nothing_until_it_is_enabled(world) {
        let connection = connection(&world, Approval::Ask).await;
        let ada = &connection.owner;
        let eve = actor(&world, "eve@example.com").await;
        set_owner(&world, &ada.0, &eve, true).await.unwrap();
        let token = connected(&world, &connection, ToolRule::All).await.access_token;
        let browser = session(&world, &ada.0).await;
        let services = &world.services;
        assert!(services.sessions.current(&browser).await.unwrap().is_some());
        assert!(services.grants.bearer(&token, &shared(&world)).await.is_ok());
        let by_eve = owner(&world, &eve).await;
        let stale = owner(&world, &ada.0).await;
        let done = services.accounts.disable(&by_eve, ada.0.user_id()).await.unwrap();
        assert_eq!(done.sessions, 1);
        assert_eq!(done.without_owner, [(ada.1.clone(), "CRM".to_owned())]);
        assert!(services.sessions.current(&browser).await.unwrap().is_none());
        assert!(matches!(
            services.accounts.sign_in("ada@example.com", PASSWORD, HERE).await,
            Err(Error::WrongCredentials)
        ));
        assert!(matches!(
            services.grants.bearer(&token, &shared(&world)).await,
            Err(BearerError::InvalidToken(_))
        ));
        assert!(services.members.access::<Viewer>(&ada.0, &ada.1).await.is_err());
        // What they were allowed a moment ago is not done either.
        assert!(matches!(services.accounts.disable(&stale, eve.user_id()).await, Err(Error::Forbidden(_))));
        let again = services.accounts.disable(&by_eve, ada.0.user_id()).await.unwrap();
        assert_eq!(again, crate::accounts::Disabled::default());
        services.accounts.enable(&by_eve, ada.0.user_id(), Some(&World::proved(by_eve.actor()))).await.unwrap();
        services.accounts.enable(&by_eve, ada.0.user_id(), Some(&World::proved(by_eve.actor()))).await.unwrap();
        assert!(services.sessions.current(&browser).await.unwrap().is_none(), "it has ended");
        assert!(services.grants.bearer(&token, &shared(&world)).await.is_ok());
        services.accounts.sign_in("ada@example.com", PASSWORD, HERE).await.unwrap();
        let page = audit::Page::first(50);
        let rows = services.audit.of_account(ada.0.user_id(), &page).await.unwrap();
        let acts: Vec<_> = rows.iter().map(|row| row.act).collect();
        assert_eq!(acts.iter().filter(|act| **act == Act::AccountDisabled).count(), 1);
        assert_eq!(acts.iter().filter(|act| **act == Act::AccountEnabled).count(), 1);
    }

    async fn an_owner_signs_an_account_out_everywhere(world) {
        let ada = actor(&world, "ada@example.com").await;
        let bob = actor(&world, "bob@example.com").await;
        let browsers = [session(&world, &bob).await, session(&world, &bob).await];
        let own = session(&world, &ada).await;
        let owner = owner(&world, &ada).await;
        let services = &world.services;
        assert_eq!(services.accounts.sign_out_everywhere(&owner, bob.user_id()).await.unwrap(), 2);
        for browser in &browsers {
            assert!(services.sessions.current(browser).await.unwrap().is_none());
        }
        assert!(services.sessions.current(&own).await.unwrap().is_some());
        let nobody = UserId::from("usr_nobody");
        assert!(matches!(
            services.accounts.sign_out_everywhere(&owner, &nobody).await,
            Err(Error::NotFound("account"))
        ));
    }

    async fn the_instance_keeps_an_owner(world) {
        let ada = actor(&world, "ada@example.com").await;
        let bob = actor(&world, "bob@example.com").await;
        let accounts = &world.services.accounts;
        let by_ada = owner(&world, &ada).await;
        is_conflict(accounts.disable(&by_ada, ada.user_id()).await);
        is_conflict(accounts.disable_by_operator("ada@example.com").await);
        is_conflict(set_owner(&world, &ada, &ada, false).await);
        assert!(matches!(
            accounts.set_instance_owner(&by_ada, bob.user_id(), true, None).await,
            Err(Error::ProofNeeded)
        ));
        accounts.disable(&by_ada, bob.user_id()).await.unwrap();
        assert!(matches!(set_owner(&world, &ada, &bob, true).await, Err(Error::Invalid(_))));
        accounts.enable_by_operator("bob@example.com").await.unwrap();
        accounts.make_owner_by_operator("Bob@example.com").await.unwrap();
        accounts.make_owner_by_operator("bob@example.com").await.unwrap();
        assert!(matches!(accounts.make_owner_by_operator("eve@example.com").await, Err(Error::NotFound(_))));
        // An owner who is disabled does not count.
        accounts.disable(&by_ada, bob.user_id()).await.unwrap();
        is_conflict(set_owner(&world, &ada, &ada, false).await);
        is_conflict(accounts.disable_by_operator("ada@example.com").await);
        accounts.enable(&by_ada, bob.user_id(), Some(&World::proved(by_ada.actor()))).await.unwrap();
        set_owner(&world, &bob, &ada, false).await.unwrap();
        assert!(matches!(accounts.disable(&by_ada, bob.user_id()).await, Err(Error::Forbidden(_))), "not any more");
    }

    async fn of_two_owners_of_the_instance_who_unmake_each_other_at_once_one_stays(world) {
        let ada = actor(&world, "ada@example.com").await;
        let bob = actor(&world, "bob@example.com").await;
        let accounts = &world.services.accounts;
        for round in 0..4 {
            accounts.make_owner_by_operator("ada@example.com").await.unwrap();
            accounts.make_owner_by_operator("bob@example.com").await.unwrap();
            let (by_ada, by_bob) = (owner(&world, &ada).await, owner(&world, &bob).await);
            let (one, two) = if round % 2 == 0 {
                tokio::join!(set_owner(&world, &ada, &bob, false), set_owner(&world, &bob, &ada, false))
            } else {
                let (one, two) = tokio::join!(
                    accounts.disable(&by_ada, bob.user_id()),
                    accounts.disable(&by_bob, ada.user_id()),
                );
                (one.map(|_| ()), two.map(|_| ()))
            };
            assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
            accounts.enable_by_operator("ada@example.com").await.unwrap();
            accounts.enable_by_operator("bob@example.com").await.unwrap();
        }
    }

    async fn whoever_holds_the_server_manages_accounts(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada, "bob@example.com", Role::Viewer).await;
        let accounts = &world.services.accounts;
        let all = accounts.list_by_operator(&AccountFilter::default()).await.unwrap();
        assert_eq!(emails(&all), ["bob@example.com", "ada@example.com"]);
        let done = accounts.disable_by_operator(" BOB@example.com").await.unwrap();
        assert!(done.without_owner.is_empty());
        assert!(world.services.members.access::<Viewer>(&bob.0, &bob.1).await.is_err());
        for wrong in ["nobody@example.com", "", "\0"] {
            assert!(matches!(accounts.disable_by_operator(wrong).await, Err(Error::NotFound("account"))));
            assert!(matches!(accounts.enable_by_operator(wrong).await, Err(Error::NotFound("account"))));
        }
        let page = audit::Page::first(50);
        let rows = world.services.audit.of_account(bob.0.user_id(), &page).await.unwrap();
        let disabled = rows.iter().find(|row| row.act == Act::AccountDisabled).unwrap();
        assert_eq!(disabled.actor_id, None);
    }
}

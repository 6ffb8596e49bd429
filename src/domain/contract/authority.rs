//! What the bearer check remembers is never older than the last change that was answered.

use std::time::Duration;

use super::{
    World,
    connecting::{Connection, connected, connection, shared},
    on_both, tool,
};
use crate::{
    changes::Change,
    events::Visit,
    grants::{Bearer, BearerError, ToolRule},
    integrations::{Approval, IntegrationChange},
    members::{Admin, Owner},
};

async fn bearer(world: &World, token: &str) -> Result<Bearer, BearerError> {
    world.services.grants.bearer(token, &shared(world)).await
}

async fn listed(world: &World, token: &str) -> Vec<String> {
    let bearer = bearer(world, token).await.unwrap();
    let offer = world.services.grants.offer(&bearer).await.unwrap();
    offer.tools().iter().map(|tool| tool.name.clone()).collect()
}

async fn activate(world: &World, connection: &Connection, is_active: bool) {
    let admin = world.access::<Admin>(&connection.owner).await;
    let change = IntegrationChange {
        is_active: Some(is_active),
        ..Default::default()
    };
    let id = &connection.integration.id;
    world
        .services
        .integrations
        .update(&admin, id, &change, None)
        .await
        .unwrap();
}

/// Waits for what another process did. It is heard of within a second and a busy machine gets more,
/// but less than the time after which nothing that is remembered is believed.
pub(super) async fn soon(what: impl AsyncFn() -> bool) -> bool {
    for _ in 0..60 {
        if what().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

/// A process that hears of what the others change.
pub(super) async fn following(process: &World) -> tokio::task::JoinHandle<()> {
    let mut changes = process.db().feed().stream();
    let services = process.services.clone();
    let following = tokio::spawn(async move { services.follow_changes().await });
    assert_eq!(changes.recv().await, Ok(Change::Anything), "it begins");
    following
}

on_both! {
    async fn a_change_acts_on_the_next_request(world) {
        let connection = connection(&world, Approval::Ask).await;
        let developer = world.access(&connection.owner).await;
        let tools = &world.services.tools;
        let one = tools.create(&developer, &tool("one")).await.unwrap();
        tools.create(&developer, &tool("two")).await.unwrap();
        let token = connected(&world, &connection, ToolRule::All).await.access_token;
        assert_eq!(listed(&world, &token).await, ["one", "two"]);
        tools.set_enabled(&developer, &one.id, false).await.unwrap();
        assert_eq!(listed(&world, &token).await, ["two"]);
        tools.set_enabled(&developer, &one.id, true).await.unwrap();
        assert_eq!(listed(&world, &token).await, ["one", "two"]);
        let mut renamed = tool("three");
        renamed.title = "Another".to_owned();
        tools.replace(&developer, &one.id, &renamed).await.unwrap();
        assert_eq!(listed(&world, &token).await, ["three", "two"]);
        tools.delete(&developer, &one.id).await.unwrap();
        assert_eq!(listed(&world, &token).await, ["two"]);

        activate(&world, &connection, false).await;
        assert!(matches!(bearer(&world, &token).await, Err(BearerError::Inactive)));
        activate(&world, &connection, true).await;
        let held = bearer(&world, &token).await.unwrap();
        world.services.grants.signing_keys().rotate(true).await.unwrap();
        assert!(matches!(bearer(&world, &token).await, Err(BearerError::InvalidToken(_))));
        let grants = &world.services.grants;
        assert!(grants.still(&held).await.is_err(), "nor a stream that began with it");
        assert!(grants.has_ended(&held).await.unwrap());
        let token = connected(&world, &connection, ToolRule::All).await.access_token;
        assert_eq!(listed(&world, &token).await, ["two"]);
        let held = bearer(&world, &token).await.unwrap();
        world.services.grants.signing_keys().rotate(false).await.unwrap();
        assert!(world.services.grants.still(&held).await.is_ok(), "no token was to end");

        let admin = world.access::<Admin>(&connection.owner).await;
        let id = &connection.integration.id;
        let visit = Visit::default();
        world.services.grants.disconnect_everything(&admin, id, &visit).await.unwrap();
        assert!(matches!(bearer(&world, &token).await, Err(BearerError::InvalidToken(_))));
        assert!(world.services.grants.still(&held).await.is_err(), "a stream hears of it too");
        let token = connected(&world, &connection, ToolRule::All).await.access_token;
        assert!(bearer(&world, &token).await.is_ok());
        let owner = world.access::<Owner>(&connection.owner).await;
        world.services.projects.delete(&owner, &world.proof(owner.actor()).await).await.unwrap();
        assert!(matches!(bearer(&world, &token).await, Err(BearerError::InvalidToken(_))));
    }

    async fn what_is_looked_up_across_a_change_is_not_remembered(world) {
        let connection = connection(&world, Approval::Ask).await;
        let developer = world.access(&connection.owner).await;
        let tools = &world.services.tools;
        let one = tools.create(&developer, &tool("one")).await.unwrap();
        let token = connected(&world, &connection, ToolRule::All).await.access_token;
        let grants = &world.services.grants;
        let resource = shared(&world);
        // Requests that never stop, while things are switched off and on.
        let hammer = || {
            let (grants, token, resource) = (grants.clone(), token.clone(), resource.clone());
            tokio::spawn(async move {
                loop {
                    if let Ok(bearer) = grants.bearer(&token, &resource).await {
                        let _ = grants.offer(&bearer).await;
                    }
                    tokio::task::yield_now().await;
                }
            })
        };
        let hammers: Vec<_> = (0..4).map(|_| hammer()).collect();
        for _ in 0..25 {
            tools.set_enabled(&developer, &one.id, false).await.unwrap();
            assert_eq!(listed(&world, &token).await, [""; 0]);
            tools.set_enabled(&developer, &one.id, true).await.unwrap();
            assert_eq!(listed(&world, &token).await, ["one"]);
            activate(&world, &connection, false).await;
            assert!(matches!(bearer(&world, &token).await, Err(BearerError::Inactive)));
            activate(&world, &connection, true).await;
            assert!(bearer(&world, &token).await.is_ok());
        }
        for hammer in hammers {
            hammer.abort();
        }
    }

    async fn another_process_hears_of_a_change(world) {
        let connection = connection(&world, Approval::Ask).await;
        let developer = world.access(&connection.owner).await;
        let tools = &world.services.tools;
        let one = tools.create(&developer, &tool("one")).await.unwrap();
        let token = connected(&world, &connection, ToolRule::All).await.access_token;
        let other = world.another_process().await;
        let following = following(&other).await;
        assert_eq!(listed(&other, &token).await, ["one"]);

        tools.set_enabled(&developer, &one.id, false).await.unwrap();
        assert!(soon(async || listed(&other, &token).await.is_empty()).await);
        activate(&world, &connection, false).await;
        assert!(soon(async || matches!(bearer(&other, &token).await, Err(BearerError::Inactive))).await);
        activate(&world, &connection, true).await;
        assert!(soon(async || bearer(&other, &token).await.is_ok()).await);
        world.services.grants.signing_keys().rotate(true).await.unwrap();
        assert!(soon(async || bearer(&other, &token).await.is_err()).await);
        let token = connected(&world, &connection, ToolRule::All).await.access_token;
        assert!(soon(async || bearer(&other, &token).await.is_ok()).await);
        let admin = world.access::<Admin>(&connection.owner).await;
        let id = &connection.integration.id;
        world.services.grants.disconnect_everything(&admin, id, &Visit::default()).await.unwrap();
        assert!(soon(async || bearer(&other, &token).await.is_err()).await);
        assert!(!following.is_finished());
        following.abort();
    }

    async fn a_change_is_heard_of_whose_notice_was_lost(world) {
        let connection = connection(&world, Approval::Ask).await;
        let developer = world.access(&connection.owner).await;
        let one = world.services.tools.create(&developer, &tool("one")).await.unwrap();
        let token = connected(&world, &connection, ToolRule::All).await.access_token;
        let other = world.another_process().await;
        let following = following(&other).await;
        for is_enabled in [false, true, false] {
            listed(&other, &token).await;
            if let Some(pool) = world.db().postgres() {
                let lost: Vec<bool> = sqlx::query_scalar(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE datname = current_database() AND query LIKE 'LISTEN %'",
                )
                .fetch_all(pool)
                .await
                .unwrap();
                assert!(!lost.is_empty(), "it listens");
            }
            world.services.tools.set_enabled(&developer, &one.id, is_enabled).await.unwrap();
            assert!(soon(async || listed(&other, &token).await.is_empty() != is_enabled).await);
        }
        following.abort();
    }

    async fn the_list_that_a_connection_fetched_is_remembered(world) {
        let connection = connection(&world, Approval::Ask).await;
        let developer = world.access(&connection.owner).await;
        let tools = &world.services.tools;
        tools.create(&developer, &tool("one")).await.unwrap();
        let token = connected(&world, &connection, ToolRule::All).await.access_token;
        let grants = &world.services.grants;
        let viewer = world.access(&connection.owner).await;
        let fetch = async || {
            let bearer = bearer(&world, &token).await.unwrap();
            let offer = grants.offer(&bearer).await.unwrap();
            grants.note_list(&bearer, &offer, offer.tools().len()).await;
            let id = &connection.integration.id;
            let found = grants.connections(&viewer, id).await.unwrap();
            assert_eq!(found[0].has_current_list(), Some(true));
            found[0].grant.last_list.clone()
        };
        let id = &connection.integration.id;
        assert_eq!(grants.connections(&viewer, id).await.unwrap()[0].grant.last_list, None);
        let first = fetch().await.unwrap();
        assert_eq!(first.tools, 1);
        world.clock.advance_seconds(5);
        assert_eq!(fetch().await.unwrap(), first, "at most once a minute");
        tools.create(&developer, &tool("two")).await.unwrap();
        let id = &connection.integration.id;
        let stale = &grants.connections(&viewer, id).await.unwrap()[0];
        assert_eq!((stale.has_current_list(), stale.offer.tools().len()), (Some(false), 2));
        let second = fetch().await.unwrap();
        assert_eq!(second.tools, 2);
        assert_ne!(second.fingerprint, first.fingerprint);
        assert!(second.at > first.at, "a change is noted at once");
        world.clock.advance_seconds(61);
        assert!(fetch().await.unwrap().at > second.at);
    }
}

use super::{
    World,
    connecting::{Connection, connected, connection, refresh, refresh_token, shared},
    on_both,
};
use crate::{
    accounts::SignUpPolicy,
    db::testing::TestDatabase,
    events::Cause,
    grants::{BearerError, EndReason, HowIssued, Lifetimes, Refresh, TokenError, Tokens, ToolRule},
    integrations::Approval,
};

const WEEK: i64 = 7 * 86_400;

async fn refreshed(world: &World, connection: &Connection, token: &str) -> Result<Tokens, Cause> {
    world
        .services
        .grants
        .refresh(&connection.client, refresh(token))
        .await
        .map_err(|error| error.cause().unwrap_or_else(|| panic!("{error}")))
}

async fn lives(world: &World, tokens: &Tokens) -> bool {
    let bearer = world
        .services
        .grants
        .bearer(&tokens.access_token, &shared(world))
        .await;
    match bearer {
        Ok(_) => true,
        Err(BearerError::InvalidToken(_)) => false,
        Err(other) => panic!("{other}"),
    }
}

on_both! {
    async fn a_refresh_token_rotates_and_scopes_are_never_widened(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let first = connected(&world, &connection, ToolRule::All).await;
        world.clock.advance_seconds(3_601);
        assert!(matches!(
            grants.bearer(&first.access_token, &shared(&world)).await,
            Err(BearerError::InvalidToken(reason)) if reason.contains("expired")
        ));
        let second = refreshed(&world, &connection, refresh_token(&first)).await.unwrap();
        assert_eq!(second.how, HowIssued::Refreshed);
        assert_ne!(refresh_token(&first), refresh_token(&second));
        assert!(lives(&world, &second).await);
        let wider = Refresh {
            scope: Some("mcp:tools offline_access"),
            ..refresh(refresh_token(&second))
        };
        let error = grants.refresh(&connection.client, wider).await.unwrap_err();
        assert_eq!(error.cause(), Some(Cause::WrongScope));
        let elsewhere = Refresh {
            resource: Some("http://localhost:3000/mcp/other"),
            ..refresh(refresh_token(&second))
        };
        let error = grants.refresh(&connection.client, elsewhere).await.unwrap_err();
        assert_eq!(error.cause(), Some(Cause::WrongResource));
        // Neither of the two used it up.
        assert!(refreshed(&world, &connection, refresh_token(&second)).await.is_ok());
    }

    async fn a_client_that_races_itself_gets_the_same_successor(world) {
        let connection = connection(&world, Approval::Ask).await;
        for _ in 0..5 {
            let first = connected(&world, &connection, ToolRule::All).await;
            let token = refresh_token(&first);
            let (one, two, three) = tokio::join!(
                refreshed(&world, &connection, token),
                refreshed(&world, &connection, token),
                refreshed(&world, &connection, token),
            );
            let all = [one.unwrap(), two.unwrap(), three.unwrap()];
            assert_eq!(all.iter().filter(|one| one.how == HowIssued::Refreshed).count(), 1);
            assert!(all.iter().all(|one| refresh_token(one) == refresh_token(&all[0])));
            for tokens in &all {
                assert!(lives(&world, tokens).await);
            }
            world.clock.advance_seconds(29);
            let again = refreshed(&world, &connection, token).await.unwrap();
            assert_eq!(again.how, HowIssued::SameAgain);
            assert_eq!(refresh_token(&again), refresh_token(&all[0]));
        }
    }

    async fn a_lost_answer_days_ago_is_forgiven_with_a_sibling(world) {
        let connection = connection(&world, Approval::Ask).await;
        let first = connected(&world, &connection, ToolRule::All).await;
        let lost = refreshed(&world, &connection, refresh_token(&first)).await.unwrap();
        world.clock.advance_seconds(WEEK - 1);
        let sibling = refreshed(&world, &connection, refresh_token(&first)).await.unwrap();
        assert_eq!(sibling.how, HowIssued::Sibling);
        assert_ne!(refresh_token(&sibling), refresh_token(&lost));
        // The first sibling that is used kills the others.
        let next = refreshed(&world, &connection, refresh_token(&sibling)).await.unwrap();
        let dead = refreshed(&world, &connection, refresh_token(&lost)).await.unwrap_err();
        assert_eq!(dead, Cause::RefreshSuperseded);
        assert!(lives(&world, &next).await);
        assert!(refreshed(&world, &connection, refresh_token(&next)).await.is_ok());
    }

    async fn after_the_grace_it_is_only_refused(world) {
        let connection = connection(&world, Approval::Ask).await;
        let first = connected(&world, &connection, ToolRule::All).await;
        let second = refreshed(&world, &connection, refresh_token(&first)).await.unwrap();
        world.clock.advance_seconds(WEEK);
        let late = refreshed(&world, &connection, refresh_token(&first)).await.unwrap_err();
        assert_eq!(late, Cause::RefreshReplayedLate);
        // The successor that nobody used is still good.
        assert!(refreshed(&world, &connection, refresh_token(&second)).await.is_ok());
    }

    async fn an_old_token_beside_a_used_successor_ends_the_grant_but_not_in_a_race(world) {
        let connection = connection(&world, Approval::Ask).await;
        let first = connected(&world, &connection, ToolRule::All).await;
        let second = refreshed(&world, &connection, refresh_token(&first)).await.unwrap();
        world.clock.advance_seconds(3_600);
        let third = refreshed(&world, &connection, refresh_token(&second)).await.unwrap();
        world.clock.advance_seconds(29);
        let race = refreshed(&world, &connection, refresh_token(&first)).await.unwrap_err();
        assert_eq!(race, Cause::RefreshSuperseded);
        assert!(lives(&world, &third).await);
        world.clock.advance_seconds(1);
        let grants = &world.services.grants;
        let error = grants.refresh(&connection.client, refresh(refresh_token(&first))).await;
        assert!(matches!(error, Err(TokenError::Refused {
            cause: Cause::RefreshReplayed,
            ended: Some(EndReason::RefreshReplayed),
            ..
        })));
        assert!(!lives(&world, &third).await);
        // Whoever holds the newest one is told why.
        let owner = refreshed(&world, &connection, refresh_token(&third)).await.unwrap_err();
        assert_eq!(owner, Cause::RefreshReplayed);
    }

    async fn siblings_are_bounded_and_none_is_forgotten(world) {
        let connection = connection(&world, Approval::Ask).await;
        let stolen = connected(&world, &connection, ToolRule::All).await;
        let owners = refreshed(&world, &connection, refresh_token(&stolen)).await.unwrap();
        // A thief makes sibling after sibling, so that the owner's would drop out at the end.
        let mut newest = None;
        let mut refused = 0;
        for _ in 0..40 {
            world.clock.advance_seconds(31);
            match refreshed(&world, &connection, refresh_token(&stolen)).await {
                Ok(tokens) => newest = Some(tokens),
                Err(cause) => {
                    assert_eq!(cause, Cause::RefreshReplayedLate);
                    refused += 1;
                }
            }
        }
        assert_eq!(refused, 40 - 15);
        let thief = refreshed(&world, &connection, refresh_token(&newest.unwrap())).await.unwrap();
        world.clock.advance_seconds(30);
        let owner = refreshed(&world, &connection, refresh_token(&owners)).await.unwrap_err();
        assert_eq!(owner, Cause::RefreshReplayed);
        assert!(!lives(&world, &thief).await);
    }

    async fn a_dead_sibling_stays_dead_when_its_parent_is_deleted(world) {
        let connection = connection(&world, Approval::Ask).await;
        let first = connected(&world, &connection, ToolRule::All).await;
        world.clock.advance_seconds(59 * 86_400);
        let dead = refreshed(&world, &connection, refresh_token(&first)).await.unwrap();
        world.clock.advance_seconds(60);
        let used = refreshed(&world, &connection, refresh_token(&first)).await.unwrap();
        refreshed(&world, &connection, refresh_token(&used)).await.unwrap();
        // Past the first one's end and the time that it is kept, within that of the others.
        world.clock.advance_seconds(32 * 86_400);
        world.services.expire().await.unwrap();
        let unknown = refreshed(&world, &connection, refresh_token(&first)).await.unwrap_err();
        assert_eq!(unknown, Cause::RefreshUnknown);
        let refused = refreshed(&world, &connection, refresh_token(&dead)).await.unwrap_err();
        assert_eq!(refused, Cause::RefreshReplayed);
    }

    async fn a_connection_that_is_not_used_expires_and_one_that_is_ends_too(world) {
        let connection = connection(&world, Approval::Ask).await;
        let idle = connected(&world, &connection, ToolRule::All).await;
        let mut used = connected(&world, &connection, ToolRule::All).await;
        world.clock.advance_seconds(59 * 86_400);
        used = refreshed(&world, &connection, refresh_token(&used)).await.unwrap();
        world.clock.advance_seconds(86_400);
        let expired = refreshed(&world, &connection, refresh_token(&idle)).await.unwrap_err();
        assert_eq!(expired, Cause::RefreshExpired);
        for _ in 0..6 {
            world.clock.advance_seconds(50 * 86_400);
            used = refreshed(&world, &connection, refresh_token(&used)).await.unwrap();
        }
        world.clock.advance_seconds(5 * 86_400);
        let ended = refreshed(&world, &connection, refresh_token(&used)).await.unwrap_err();
        assert_eq!(ended, Cause::RefreshExpired);
    }
}

/// `TENGINE_REFRESH_GRACE=0` is the strict rotation of OAuth 2.1 §4.3.1.
#[tokio::test]
async fn without_a_grace_a_second_use_is_refused_and_one_beside_a_used_successor_ends_the_grant() {
    let lifetimes = Lifetimes {
        refresh_grace: Some(0),
        ..Lifetimes::default()
    };
    let database = TestDatabase::sqlite().await;
    let world = World::with_lifetimes(database, SignUpPolicy::Open, lifetimes);
    let connection = connection(&world, Approval::Ask).await;
    let first = connected(&world, &connection, ToolRule::All).await;
    let second = refreshed(&world, &connection, refresh_token(&first))
        .await
        .unwrap();
    let again = refreshed(&world, &connection, refresh_token(&first)).await;
    assert_eq!(again.unwrap_err(), Cause::RefreshReplayedLate);
    let third = refreshed(&world, &connection, refresh_token(&second))
        .await
        .unwrap();
    let replay = refreshed(&world, &connection, refresh_token(&first)).await;
    assert_eq!(replay.unwrap_err(), Cause::RefreshReplayed);
    assert!(!lives(&world, &third).await);
}

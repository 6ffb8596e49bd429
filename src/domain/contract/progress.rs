//! How far a client has come, step by step.

use super::{
    World,
    connecting::{Connection, VERIFIER, code, connection, exchange, request, shared},
    on_both, tool,
};
use crate::{
    calls::{Call, Outcome, Phases, Via},
    crypto::pkce_s256,
    events::{EventKind, NewEvent, Trail, Visit, attempt_of},
    grants::{Progress, Step, ToolRule},
    ids::{CallId, GrantId},
    integrations::Approval,
    members::{Developer, Viewer},
    tools::Tool,
};

async fn progress(world: &World, connection: &Connection) -> Progress {
    let viewer = world.access::<Viewer>(&connection.owner).await;
    let integration = &connection.integration;
    world
        .services
        .grants
        .progress(&viewer, integration)
        .await
        .unwrap()
}

/// Records a step that was taken a second after the one before. Tells when.
async fn record(world: &World, kind: EventKind, trail: Trail) -> Step {
    world.clock.advance_seconds(1);
    world
        .services
        .events
        .record(&Visit::default(), NewEvent::ok(kind, trail))
        .await;
    now(world)
}

fn now(world: &World) -> Step {
    Step::Passed(Some(world.services.core.now()))
}

/// A call that a connection makes now, and that goes well.
pub(super) fn call_by(world: &World, connection: &Connection, tool: Tool, grant: &GrantId) -> Call {
    let core = &world.services.core;
    Call {
        id: CallId::new(&*core.clock, &*core.random),
        project_id: connection.owner.1.clone(),
        tool_id: tool.id,
        tool_name: tool.name,
        tool_version: None,
        integration_id: Some(connection.integration.id.clone()),
        grant_id: Some(grant.clone()),
        user_id: None,
        api_key_id: None,
        via: Via::Mcp,
        request_id: "0197".to_owned(),
        started_at: core.now(),
        phases: Phases::default(),
        outcome: Outcome::Ok,
        http_status: Some(200),
        response_bytes: 2,
        error: None,
    }
}

on_both! {
    async fn each_step_is_passed_as_it_is_taken(world) {
        let connection = connection(&world, Approval::Ask).await;
        let developer = world.access::<Developer>(&connection.owner).await;
        let made = world.services.tools.create(&developer, &tool("find-contact")).await.unwrap();
        let mut seen = progress(&world, &connection).await;
        let nothing = Progress {
            discovery: Step::Waiting,
            sign_in: Step::Waiting,
            consent: Step::Waiting,
            token: Step::Waiting,
            list: Step::Waiting,
            tools: None,
            call: Step::Waiting,
        };
        assert_eq!(seen, nothing);
        seen.discovery = record(&world, EventKind::Discovery, Trail::default()).await;
        assert_eq!(progress(&world, &connection).await, seen);
        let trail = request(&world, &connection.integration).await.trail();
        assert_eq!(trail.attempt, Some(attempt_of(&pkce_s256(VERIFIER))));
        record(&world, EventKind::Authorize, trail.clone()).await;
        assert_eq!(progress(&world, &connection).await, seen);
        seen.sign_in = record(&world, EventKind::SignIn, trail.clone()).await;
        record(&world, EventKind::ConsentShown, trail.clone()).await;
        assert_eq!(progress(&world, &connection).await, seen);
        let code = code(&world, &connection, ToolRule::All).await;
        seen.consent = record(&world, EventKind::Consent, trail.clone()).await;
        record(&world, EventKind::CodeIssued, trail.clone()).await;
        assert_eq!(progress(&world, &connection).await, seen);
        world.clock.advance_seconds(1);
        let grants = &world.services.grants;
        let tokens = grants.exchange_code(&connection.client, exchange(&code)).await.unwrap();
        seen.token = now(&world);
        assert_eq!(progress(&world, &connection).await, seen);

        world.clock.advance_seconds(1);
        let bearer = grants.bearer(&tokens.access_token, &shared(&world)).await.unwrap();
        let offer = grants.offer(&bearer).await.unwrap();
        grants.note_list(&bearer, &offer, offer.tools().len()).await;
        (seen.list, seen.tools) = (now(&world), Some(1));
        assert_eq!(progress(&world, &connection).await, seen);

        world.clock.advance_seconds(1);
        let call = call_by(&world, &connection, made, bearer.grant_id());
        world.services.calls.record(call, None).await.unwrap();
        seen.call = now(&world);
        assert_eq!(progress(&world, &connection).await, seen);
    }

    async fn what_was_not_needed_is_passed_without_a_time(world) {
        let connection = connection(&world, Approval::Ask).await;
        let code = code(&world, &connection, ToolRule::All).await;
        let grants = &world.services.grants;
        grants.exchange_code(&connection.client, exchange(&code)).await.unwrap();
        let seen = progress(&world, &connection).await;
        for step in [seen.discovery, seen.sign_in, seen.consent] {
            assert_eq!(step, Step::Passed(None));
        }
        assert_eq!(seen.token, now(&world));
        assert_eq!((seen.list, seen.call), (Step::Waiting, Step::Waiting));

        // Anybody can begin anew, and hides nothing by it.
        world.clock.advance_seconds(60);
        let anew = Trail { attempt: Some("another".to_owned()), ..connection.client.trail() };
        record(&world, EventKind::Authorize, anew.clone()).await;
        assert_eq!(progress(&world, &connection).await.token, seen.token);
        // A member who does is shown their way, until they have given up.
        record(&world, EventKind::ConsentShown, anew).await;
        assert_eq!(progress(&world, &connection).await.token, Step::Waiting);
        world.clock.advance_seconds(15 * 60);
        assert_eq!(progress(&world, &connection).await.token, seen.token);
    }

    async fn of_who_is_not_connected_yet_the_attempt_with_a_person_is_shown(world) {
        let connection = connection(&world, Approval::Ask).await;
        let of = |attempt: &str| Trail {
            attempt: Some(attempt.to_owned()),
            ..connection.client.trail()
        };
        record(&world, EventKind::Authorize, of("theirs")).await;
        let signed_in = record(&world, EventKind::SignIn, of("theirs")).await;
        for stranger in 0..120 {
            let attempt = of(&format!("a stranger's {stranger}"));
            world.services.events.record(&Visit::default(), NewEvent::ok(EventKind::Authorize, attempt)).await;
        }
        assert_eq!(progress(&world, &connection).await.sign_in, signed_in);
        // They gave up: the newest is as good as any.
        world.clock.advance_seconds(15 * 60);
        assert_eq!(progress(&world, &connection).await.sign_in, Step::Waiting);
        let bob = world.person("bob@example.com").await;
        let of_bob = world.access::<Viewer>(&bob).await;
        let grants = &world.services.grants;
        assert!(grants.progress(&of_bob, &connection.integration).await.is_err());
    }

    async fn a_document_that_was_read_long_before_is_not_of_this_attempt(world) {
        let connection = connection(&world, Approval::Ask).await;
        record(&world, EventKind::Discovery, Trail::default()).await;
        world.clock.advance_seconds(3_600);
        assert_eq!(progress(&world, &connection).await.discovery, Step::Waiting);
        let trail = request(&world, &connection.integration).await.trail();
        record(&world, EventKind::Authorize, trail).await;
        let seen = progress(&world, &connection).await;
        assert_eq!((seen.discovery, seen.sign_in), (Step::Passed(None), Step::Waiting));
    }
}

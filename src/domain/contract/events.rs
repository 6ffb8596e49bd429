use super::{connecting::connection, on_both};
use crate::{
    events::{Cause, EventKind, NewEvent, Trail, Visit},
    integrations::Approval,
    members::Viewer,
};

fn visit(address: &str) -> Visit {
    Visit::new("0197".to_owned(), address.to_owned(), "python-httpx/0.28")
}

on_both! {
    async fn an_event_reads_back_as_it_happened(world) {
        let connection = connection(&world, Approval::Ask).await;
        let viewer = world.access::<Viewer>(&connection.owner).await;
        let events = &world.services.events;
        let id = &connection.integration.id;
        let trail = Trail { attempt: Some("a".to_owned()), ..connection.client.trail() };
        events.record(&visit("192.0.2.1"), NewEvent::ok(EventKind::Authorize, trail.clone())).await;
        world.clock.advance_seconds(1);
        let refused = NewEvent::refused(EventKind::Token, trail.clone(), Cause::WrongVerifier);
        events.record(&visit("192.0.2.1"), refused.with_detail("post\u{7}")).await;
        let seen = events.of_integration(&viewer, id, 10).await.unwrap();
        assert_eq!(seen.len(), 2);
        assert_eq!((seen[0].kind, seen[0].cause), (EventKind::Token, Some(Cause::WrongVerifier)));
        assert_eq!(seen[0].detail.as_deref(), Some("post"));
        assert_eq!(seen[0].trail, trail);
        assert_eq!(seen[1].visit, visit("192.0.2.1"));
        let bob = world.person("bob@example.com").await;
        assert!(events.of_integration(&world.access(&bob).await, id, 10).await.is_err());
    }

    async fn what_anyone_can_send_is_counted_and_not_stored_one_by_one(world) {
        let events = &world.services.events;
        let discovery = || NewEvent::ok(EventKind::Discovery, Trail::default()).with_detail("/mcp/");
        for _ in 0..1_000 {
            events.record(&visit("192.0.2.1"), discovery()).await;
        }
        assert_eq!(events.of_strangers(5_000).await.unwrap().len(), 1);
        world.clock.advance_seconds(60);
        events.settle().await;
        let mut counts: Vec<i64> =
            events.of_strangers(5_000).await.unwrap().iter().map(|event| event.count).collect();
        counts.sort_unstable();
        assert_eq!(counts, [1, 999]);
        // Different things are bounded too.
        for last in 0..500 {
            events.record(&visit(&format!("198.51.100.{last}")), discovery()).await;
        }
        assert!(events.of_strangers(5_000).await.unwrap().len() <= 62);
    }

    async fn old_events_go(world) {
        let connection = connection(&world, Approval::Ask).await;
        let viewer = world.access::<Viewer>(&connection.owner).await;
        let events = &world.services.events;
        let discovery = NewEvent::ok(EventKind::Discovery, Trail::default());
        events.record(&visit("192.0.2.1"), discovery).await;
        let known = NewEvent::ok(EventKind::Authorize, connection.client.trail());
        events.record(&visit("192.0.2.1"), known).await;
        world.clock.advance_seconds(8 * 86_400);
        world.services.expire().await.unwrap();
        assert!(events.of_strangers(10).await.unwrap().is_empty());
        let id = &connection.integration.id;
        assert_eq!(events.of_integration(&viewer, id, 10).await.unwrap().len(), 1);
        world.clock.advance_seconds(90 * 86_400);
        world.services.expire().await.unwrap();
        assert!(events.of_integration(&viewer, id, 10).await.unwrap().is_empty());
    }
}

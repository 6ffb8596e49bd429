use std::time::Duration;

use tokio::time::timeout;

use super::{
    connecting::{connected, connection, shared},
    members::joined,
    on_both,
    progress::call_by,
    tool,
};
use crate::{
    Error,
    events::{EventKind, NewEvent, Trail, Visit},
    grants::ToolRule,
    integrations::{Approval, IntegrationChange},
    live::{Shown, Watch},
    members::{Admin, Developer, Role, Viewer},
};

/// News have to come; how soon, nothing here says.
async fn news(watch: &mut Watch) {
    let came = timeout(Duration::from_secs(60), watch.changed()).await;
    assert_eq!(came, Ok(true), "no news came");
}

/// Looked at longer than news take.
async fn no_news(watch: &mut Watch) {
    let came = timeout(Duration::from_millis(2_500), watch.changed()).await;
    assert!(came.is_err(), "news came of nothing");
}

on_both! {
    async fn who_has_a_page_open_hears_of_its_project_and_of_no_other(world) {
        let ada = world.person("ada@example.com").await;
        let bob = world.person("bob@example.com").await;
        let (of_ada, of_bob) = (world.access::<Viewer>(&ada).await, world.access::<Viewer>(&bob).await);
        let live = &world.services.live;
        let mut adas = live.watch(&of_ada, Shown::default(), None).await.unwrap();
        let mut bobs = live.watch(&of_bob, Shown::default(), None).await.unwrap();
        let developer = world.access::<Developer>(&ada).await;
        let made = world.services.tools.create(&developer, &tool("a")).await.unwrap();
        news(&mut adas).await;
        no_news(&mut bobs).await;
        world.services.tools.set_enabled(&developer, &made.id, false).await.unwrap();
        news(&mut adas).await;
        no_news(&mut adas).await;
    }

    async fn what_changed_while_the_page_was_on_its_way_is_told_at_once(world) {
        let ada = world.person("ada@example.com").await;
        let bob = world.person("bob@example.com").await;
        let (of_ada, of_bob) = (world.access::<Viewer>(&ada).await, world.access::<Viewer>(&bob).await);
        let live = &world.services.live;
        let shown = Shown { calls: true, integration: None };
        let before = live.cursor(&of_ada, shown.clone()).await.unwrap();
        assert_eq!(before.to_string().parse(), Ok(before.clone()));
        let before_bob = live.cursor(&of_bob, shown.clone()).await.unwrap();
        let developer = world.access::<Developer>(&ada).await;
        let made = world.services.tools.create(&developer, &tool("a")).await.unwrap();
        let mut late = live.watch(&of_ada, shown.clone(), Some(&before)).await.unwrap();
        news(&mut late).await;
        no_news(&mut late).await;
        let mut bobs = live.watch(&of_bob, shown.clone(), Some(&before_bob)).await.unwrap();
        no_news(&mut bobs).await;
        // Of calls no change tells.
        let before = live.cursor(&of_ada, shown.clone()).await.unwrap();
        let caller = crate::contract::calls::rest(&ada.1);
        let nothing = serde_json::Map::new();
        world.services.execute.call(&caller, &made, nothing, None).await.unwrap();
        let mut late = live.watch(&of_ada, shown.clone(), Some(&before)).await.unwrap();
        news(&mut late).await;
        // Whoever looks for all pages may not have looked since.
        _ = timeout(Duration::from_millis(2_500), late.changed()).await;
        let now = live.cursor(&of_ada, shown.clone()).await.unwrap();
        let mut in_time = live.watch(&of_ada, shown, Some(&now)).await.unwrap();
        no_news(&mut in_time).await;
    }

    async fn what_a_connection_does_first_is_news_of_its_integration(world) {
        let connection = connection(&world, Approval::Ask).await;
        let made = world.services.tools.create(&world.access(&connection.owner).await, &tool("a")).await.unwrap();
        let tokens = connected(&world, &connection, ToolRule::All).await;
        let grants = &world.services.grants;
        let bearer = grants.bearer(&tokens.access_token, &shared(&world)).await.unwrap();
        let offer = grants.offer(&bearer).await.unwrap();
        let viewer = world.access::<Viewer>(&connection.owner).await;
        let shown = Shown { calls: false, integration: Some(connection.integration.id.clone()) };
        let live = &world.services.live;
        let mut page = live.watch(&viewer, shown, None).await.unwrap();
        no_news(&mut page).await;
        grants.note_list(&bearer, &offer, offer.tools().len()).await;
        news(&mut page).await;
        no_news(&mut page).await;
        let call = call_by(&world, &connection, made, bearer.grant_id());
        world.services.calls.record(call, None).await.unwrap();
        news(&mut page).await;
        no_news(&mut page).await;
    }

    async fn a_member_who_comes_or_goes_is_news_of_their_project_alone(world) {
        let ada = world.person("ada@example.com").await;
        let carl = world.person("carl@example.com").await;
        let of_ada = world.access::<Viewer>(&ada).await;
        let of_carl = world.access::<Viewer>(&carl).await;
        let live = &world.services.live;
        let mut adas = live.watch(&of_ada, Shown::default(), None).await.unwrap();
        let mut carls = live.watch(&of_carl, Shown::default(), None).await.unwrap();
        let bob = joined(&world, &ada, "bob@example.com", Role::Viewer).await;
        news(&mut adas).await;
        no_news(&mut carls).await;
        let admin = world.access::<Admin>(&ada).await;
        let proof = world.proof(&ada.0).await;
        let members = &world.services.members;
        members.remove(&admin, bob.0.user_id(), Some(&proof), &Visit::default()).await.unwrap();
        news(&mut adas).await;
        no_news(&mut carls).await;
    }

    async fn calls_and_steps_of_connections_are_news_where_they_are_shown(world) {
        let connection = connection(&world, Approval::Ask).await;
        let ada = &connection.owner;
        let viewer = world.access::<Viewer>(ada).await;
        let id = connection.integration.id.clone();
        let live = &world.services.live;
        let all = Shown { calls: true, integration: Some(id.clone()) };
        let mut calls = live.watch(&viewer, all.clone(), None).await.unwrap();
        let mut neither = live.watch(&viewer, Shown::default(), None).await.unwrap();
        let trail = Trail { attempt: Some("a".to_owned()), ..connection.client.trail() };
        let visit = Visit::new("0197".to_owned(), "192.0.2.1".to_owned(), "curl");
        world.services.events.record(&visit, NewEvent::ok(EventKind::Authorize, trail)).await;
        news(&mut calls).await;
        no_news(&mut neither).await;
        let made = world.services.tools.create(&world.access(ada).await, &tool("a")).await.unwrap();
        news(&mut calls).await;
        news(&mut neither).await;
        let caller = crate::contract::calls::rest(&ada.1);
        let nothing = serde_json::Map::new();
        world.services.execute.call(&caller, &made, nothing, None).await.unwrap();
        news(&mut calls).await;
        no_news(&mut neither).await;
        // Of another project's nothing is told.
        let bob = world.person("bob@example.com").await;
        let of_bob = world.access::<Viewer>(&bob).await;
        assert!(matches!(live.watch(&of_bob, all, None).await, Err(Error::NotFound("integration"))));
        let mut bobs = live.watch(&of_bob, Shown::default(), None).await.unwrap();
        let change = IntegrationChange { is_active: Some(false), ..IntegrationChange::default() };
        let admin = world.access(ada).await;
        let proof = world.proof(admin.actor()).await;
        world.services.integrations.update(&admin, &id, &change, Some(&proof)).await.unwrap();
        news(&mut neither).await;
        no_news(&mut bobs).await;
    }
}

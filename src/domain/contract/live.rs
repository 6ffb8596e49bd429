use std::time::Duration;

use tokio::time::timeout;

use super::{connecting::connection, on_both, tool};
use crate::{
    Error,
    events::{EventKind, NewEvent, Trail, Visit},
    integrations::{Approval, IntegrationChange},
    live::{Shown, Watch},
    members::{Developer, Viewer},
};

/// News have to come; how soon, nothing here says.
async fn news(watch: &mut Watch) {
    timeout(Duration::from_secs(60), watch.changed())
        .await
        .expect("no news came")
        .unwrap();
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
        let mut adas = live.watch(&of_ada, Shown::default()).await.unwrap();
        let mut bobs = live.watch(&of_bob, Shown::default()).await.unwrap();
        let developer = world.access::<Developer>(&ada).await;
        let made = world.services.tools.create(&developer, &tool("a")).await.unwrap();
        news(&mut adas).await;
        no_news(&mut bobs).await;
        world.services.tools.set_enabled(&developer, &made.id, false).await.unwrap();
        news(&mut adas).await;
        no_news(&mut adas).await;
    }

    async fn calls_and_steps_of_connections_are_news_where_they_are_shown(world) {
        let connection = connection(&world, Approval::Ask).await;
        let ada = &connection.owner;
        let viewer = world.access::<Viewer>(ada).await;
        let id = connection.integration.id.clone();
        let live = &world.services.live;
        let all = Shown { calls: true, integration: Some(id.clone()) };
        let mut calls = live.watch(&viewer, all.clone()).await.unwrap();
        let mut neither = live.watch(&viewer, Shown::default()).await.unwrap();
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
        assert!(matches!(live.watch(&of_bob, all).await, Err(Error::NotFound("integration"))));
        let mut bobs = live.watch(&of_bob, Shown::default()).await.unwrap();
        let change = IntegrationChange { is_active: Some(false), ..IntegrationChange::default() };
        let admin = world.access(ada).await;
        let proof = world.proof(admin.actor()).await;
        world.services.integrations.update(&admin, &id, &change, Some(&proof)).await.unwrap();
        news(&mut neither).await;
        no_news(&mut bobs).await;
    }
}

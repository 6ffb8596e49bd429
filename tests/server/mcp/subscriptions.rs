//! `subscriptions/listen`: the stream of changes.

use std::time::Duration;

use axum::http::StatusCode;
use domain::{
    Services, bootstrap::Bootstrapped, grants::Lifetimes, ids::ProjectId, members::Developer,
};
use serde_json::{Value, json};

use super::{
    modern_request,
    streams::{Events, started},
};
use crate::app::{Options, TestApp};

async fn switch(app: &TestApp, made: &Bootstrapped, project: &ProjectId, tool: &str, on: bool) {
    switch_by(&app.services, made, project, tool, on).await;
}

async fn switch_by(
    services: &Services,
    made: &Bootstrapped,
    project: &ProjectId,
    tool: &str,
    on: bool,
) {
    let actor = domain::accounts::Actor::Person {
        user_id: made.account.id.clone(),
    };
    let access = services
        .members
        .access::<Developer>(&actor, project)
        .await
        .unwrap();
    let tools = services.tools.list(&access.as_viewer()).await.unwrap();
    let tool = tools.iter().find(|one| one.name == tool).unwrap();
    services
        .tools
        .set_enabled(&access, &tool.id, on)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_change_of_the_list_is_told_to_whose_list_it_is() {
    let (app, _endpoints, made, token) = started(Options::default()).await;
    let owner = domain::accounts::Actor::Person {
        user_id: made.account.id.clone(),
    };
    let other = app.services.projects.create(&owner, "Other").await.unwrap();
    let of_other = app
        .services
        .members
        .access(&owner, &other.id)
        .await
        .unwrap();
    app.services.tools.add_samples(&of_other).await.unwrap();
    let listen = |notifications: Value| {
        let params = json!({ "notifications": notifications });
        modern_request(&token, "subscriptions/listen", params)
    };
    let mut events = Events::of(app.open(listen(json!({ "toolsListChanged": true }))).await);
    let first = events.next().await.unwrap();
    assert_eq!(first["method"], "notifications/subscriptions/acknowledged");
    assert_eq!(
        first["params"]["notifications"],
        json!({ "toolsListChanged": true })
    );
    let mut deaf = Events::of(
        app.open(listen(json!({ "promptsListChanged": true })))
            .await,
    );
    let first = deaf.next().await.unwrap();
    assert_eq!(first["params"]["notifications"], json!({}));

    // Another project's tool and a change that no list shows are not told.
    switch(&app, &made, &other.id, "sample-text-measure", false).await;
    let developer = app
        .services
        .members
        .access::<Developer>(&owner, &made.project.id)
        .await
        .unwrap();
    let tools = app
        .services
        .tools
        .list(&developer.as_viewer())
        .await
        .unwrap();
    let quiet = app
        .services
        .tools
        .patch(&developer, &tools[0].id, |mut input| {
            input.timeout_ms -= 1;
            Ok(input)
        });
    quiet.await.unwrap();
    let told = tokio::time::timeout(Duration::from_millis(300), events.next());
    assert!(told.await.is_err());

    switch(&app, &made, &made.project.id, "steps", false).await;
    let told = events.next().await.unwrap();
    assert_eq!(told["method"], "notifications/tools/list_changed");
    assert_eq!(
        told["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"],
        1
    );
    switch(&app, &made, &made.project.id, "steps", true).await;
    assert_eq!(
        events.next().await.unwrap()["method"],
        "notifications/tools/list_changed"
    );

    app.disconnect(&made).await;
    for mut stream in [events, deaf] {
        let last = stream.next().await.unwrap();
        assert_eq!(last["result"]["resultType"], "complete", "{last}");
        assert_eq!(stream.next().await, None, "it ends with its connection");
    }
}

#[tokio::test]
async fn a_change_that_another_process_makes_is_told_here() {
    let (app, _endpoints, made, token) = started(Options::default()).await;
    let services = app.services.clone();
    let mut changes = services.core.db.feed().stream();
    let following = tokio::spawn(async move { services.follow_changes().await });
    changes.recv().await.unwrap();
    let other = app.another_process().await;
    let params = json!({ "notifications": { "toolsListChanged": true } });
    let sent = modern_request(&token, "subscriptions/listen", params);
    let mut events = Events::of(app.open(sent).await);
    events.next().await.unwrap();
    for on in [false, true] {
        switch_by(&other, &made, &made.project.id, "steps", on).await;
        // Within a second; a busy machine gets more, and less than the backstop.
        let told = tokio::time::timeout(Duration::from_secs(3), events.next()).await;
        assert_eq!(
            told.unwrap().unwrap()["method"],
            "notifications/tools/list_changed"
        );
    }
    assert!(!following.is_finished());
    following.abort();
}

#[tokio::test]
async fn both_roads_tell_the_same_of_changes() {
    let (app, _endpoints, made, token) = started(Options::default()).await;
    for asked in [
        json!({ "toolsListChanged": true }),
        json!({ "toolsListChanged": false }),
        json!({ "promptsListChanged": true, "resourcesListChanged": true }),
        json!({}),
    ] {
        let mut told = Vec::new();
        for params in [
            json!({ "notifications": asked }),
            // A member that nobody knows is for rmcp to pass over.
            json!({ "notifications": asked, "ai.tengine/long": true }),
        ] {
            let (token, _) = app.connect(&made, "all").await;
            let sent = modern_request(&token, "subscriptions/listen", params);
            let mut events = Events::of(app.open(sent).await);
            let mut all = vec![events.next().await.unwrap()];
            switch(&app, &made, &made.project.id, "steps", false).await;
            // Told, or not, before the end.
            if asked["toolsListChanged"] == true {
                all.push(events.next().await.unwrap());
            }
            switch(&app, &made, &made.project.id, "steps", true).await;
            if asked["toolsListChanged"] == true {
                all.push(events.next().await.unwrap());
            }
            app.disconnect(&made).await;
            while let Some(event) = events.next().await {
                all.push(event);
            }
            told.push(all);
        }
        assert_eq!(told[0], told[1], "{asked}");
    }
    let params = json!({ "notifications": {} });
    let answer = app
        .send(modern_request(&token, "subscriptions/listen", params))
        .await;
    assert_eq!(
        answer.status,
        StatusCode::UNAUTHORIZED,
        "its connection ended"
    );
}

#[tokio::test]
async fn a_stream_of_changes_ends_with_its_token() {
    let lifetimes = Lifetimes {
        access_token: 1,
        ..Lifetimes::default()
    };
    let (app, _endpoints, _made, token) = started(Options {
        lifetimes,
        ..Options::default()
    })
    .await;
    let params = json!({ "notifications": { "toolsListChanged": true } });
    let sent = modern_request(&token, "subscriptions/listen", params);
    let mut events = Events::of(app.open(sent).await);
    events.next().await.unwrap();
    app.clock.advance_seconds(2);
    assert!(events.next().await.unwrap()["result"].is_object());
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn streams_of_changes_end_when_the_program_is_told_to_stop() {
    let (app, _endpoints, _made, token) = started(Options::default()).await;
    for asked in [
        json!({ "notifications": {} }),
        json!({ "notifications": {}, "ai.tengine/long": 1 }),
    ] {
        let sent = modern_request(&token, "subscriptions/listen", asked);
        let mut events = Events::of(app.open(sent).await);
        events.next().await.unwrap();
        app.state.mcp.stop(&app.services);
        assert_eq!(
            events.next().await.unwrap()["result"]["resultType"],
            "complete"
        );
        assert_eq!(events.next().await, None);
    }
}

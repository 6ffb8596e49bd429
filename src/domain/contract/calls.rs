use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::{
    connecting::{connected, connection, shared},
    on_both, tool,
    versions::retitled,
};
use crate::{
    Error,
    calls::{Call, CallFilter, Outcome, Outcomes, Start, Via},
    clock::Timestamp,
    db::{Db, execute},
    execute::{Caller, Once},
    grants::ToolRule,
    ids::ProjectId,
    integrations::Approval,
    members::{Developer, Viewer},
    tools::{AuthStrategy, ToolInput},
};

pub(super) fn rest(project: &ProjectId) -> Caller {
    Caller {
        project_id: project.clone(),
        integration_id: None,
        grant_id: None,
        api_key_id: None,
        member: None,
        via: Via::Rest,
    }
}

/// An endpoint that counts how often it is asked, and answers with the number.
async fn counting(heard: Arc<AtomicUsize>) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new().fallback(move || {
        let number = heard.fetch_add(1, Ordering::SeqCst);
        async move { number.to_string() }
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// A server that fails so many times more before it answers, and counts.
async fn failing(heard: Arc<AtomicUsize>, times: Arc<AtomicUsize>) -> SocketAddr {
    use axum::http::StatusCode;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new().fallback(move || {
        heard.fetch_add(1, Ordering::SeqCst);
        let left = times.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            left.checked_sub(1)
        });
        let status = if left.is_ok() {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::OK
        };
        async move { (status, "answer") }
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

async fn run(db: &Db, sql: &'static str) {
    let mut tx = db.begin().await.unwrap();
    execute!(&mut tx, sqlx::query(sql)).unwrap();
    tx.commit().await.unwrap();
}

on_both! {
    async fn every_call_leaves_a_row(world) {
        let ada = world.person("ada@example.com").await;
        let viewer = world.access::<Viewer>(&ada).await;
        let tool = world.services.tools.create(&world.access(&ada).await, &tool("a")).await.unwrap();
        let caller = rest(&ada.1);
        let nothing = serde_json::Map::new();
        let result = world.services.execute.call(&caller, &tool, nothing.clone(), None).await.unwrap();
        assert_eq!(result.outcome, Outcome::InvalidArguments);
        let calls = world.services.calls.recent(&viewer, 10).await.unwrap();
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].id, result.call_id);
        assert_eq!((calls[0].tool_name.as_str(), calls[0].via), ("a", Via::Rest));
        assert_eq!(calls[0].outcome, Outcome::InvalidArguments);
        world.clock.advance_seconds(1);
        let developer = world.access(&ada).await;
        let off = world.services.tools.set_enabled(&developer, &tool.id, false).await.unwrap();
        let result = world.services.execute.call(&caller, &off, nothing.clone(), None).await.unwrap();
        assert_eq!(result.outcome, Outcome::NotEnabled);
        assert_eq!(world.services.calls.recent(&viewer, 1).await.unwrap()[0].id, result.call_id);
    }

    async fn a_list_of_calls_is_of_its_project_tool_outcome_and_time(world) {
        let ada = world.person("ada@example.com").await;
        let bob = world.person("bob@example.com").await;
        let (calls, viewer) = (&world.services.calls, world.access::<Viewer>(&ada).await);
        let mut ids = Vec::new();
        for (of, outcomes) in [("a", [Outcome::Ok, Outcome::Timeout]), ("b", [Outcome::Ok, Outcome::Busy])] {
            let input = tool(of);
            let made = world.services.tools.create(&world.access(&ada).await, &input).await.unwrap();
            let (caller, nothing) = (rest(&ada.1), serde_json::Map::new());
            let refused = world.services.execute.call(&caller, &made, nothing, None).await.unwrap().call_id;
            let row = calls.get(&viewer, &refused).await.unwrap();
            ids.push(refused);
            for outcome in outcomes {
                world.clock.advance_seconds(10);
                let core = &world.services.core;
                let id = crate::ids::CallId::new(&*core.clock, &*core.random);
                let next = Call { id: id.clone(), outcome, started_at: core.now(), ..row.clone() };
                calls.record(next, None).await.unwrap();
                ids.push(id);
            }
        }
        let other = world.access::<Viewer>(&bob).await;
        assert!(matches!(calls.get(&other, &ids[0]).await, Err(Error::NotFound(_))));
        assert!(matches!(calls.get(&viewer, &"\0".into()).await, Err(Error::NotFound(_))));
        let row = calls.get(&viewer, &ids[4]).await.unwrap();
        let listed = async |filter: CallFilter, before: Option<usize>, most: i64| -> Vec<usize> {
            let start = before.map_or(Start::Newest, |at| Start::Before(ids[at].clone()));
            let found = calls.list(&viewer, &filter, &start, most).await.unwrap();
            found.iter().map(|call| ids.iter().position(|id| *id == call.id).unwrap()).collect()
        };
        let all = CallFilter::default;
        assert_eq!(listed(all(), None, 10).await, [5, 4, 3, 2, 1, 0]);
        assert_eq!(listed(all(), None, 2).await, [5, 4]);
        assert_eq!(listed(all(), Some(4), 2).await, [3, 2]);
        assert!(calls.list(&other, &all(), &Start::Newest, 10).await.unwrap().is_empty());
        let tool_id = Some(row.tool_id.clone());
        let of_tool = || CallFilter { tool_id: tool_id.clone(), ..all() };
        assert_eq!(listed(of_tool(), None, 10).await, [5, 4, 3]);
        let outcome = |outcome| CallFilter { outcome: Some(Outcomes::Only(outcome)), ..all() };
        assert_eq!(listed(outcome(Outcome::Ok), None, 10).await, [4, 1]);
        assert_eq!(listed(outcome(Outcome::InvalidArguments), None, 10).await, [3, 0]);
        assert_eq!(listed(outcome(Outcome::Timeout), None, 10).await, [2]);
        assert_eq!(listed(CallFilter { outcome: Some(Outcomes::Only(Outcome::Busy)), ..of_tool() }, None, 10).await, [5]);
        assert_eq!(listed(CallFilter { outcome: Some(Outcomes::Only(Outcome::Timeout)), ..of_tool() }, None, 10).await, [0; 0]);
        let at = row.started_at;
        assert_eq!(listed(CallFilter { since: Some(at), ..all() }, None, 10).await, [5, 4]);
        assert_eq!(listed(CallFilter { until: Some(at), ..all() }, None, 10).await, [3, 2, 1, 0]);
        let a_moment = CallFilter { since: Some(at), until: Some(Timestamp(at.0 + 1)), ..all() };
        assert_eq!(listed(a_moment.clone(), None, 10).await, [4]);
        assert_eq!(listed(a_moment, Some(2), 10).await, [0; 0]);
        for strange in [Timestamp(i64::MIN), Timestamp(i64::MAX)] {
            listed(CallFilter { since: Some(strange), until: Some(strange), ..all() }, None, 10).await;
        }
        assert_eq!(listed(CallFilter { tool_id: Some("\0".into()), ..all() }, None, 10).await, [0; 0]);
    }

    async fn a_calls_row_names_the_version_that_ran(world) {
        let world = world.with_loopback().await;
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let tools = &world.services.tools;
        // An endpoint that answers when it is told to.
        let (asked, mut asking) = tokio::sync::mpsc::channel(1);
        let go = Arc::new(tokio::sync::Notify::new());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let waits = go.clone();
        let app = axum::Router::new().fallback(move || {
            let (asked, waits) = (asked.clone(), waits.clone());
            async move {
                asked.send(()).await.unwrap();
                waits.notified().await;
                "done"
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        let input = ToolInput { base_url: format!("http://{at}"), ..tool("a") };
        let made = tools.create(&developer, &input).await.unwrap();
        let caller = rest(&ada.1);
        let arguments = || serde_json::json!({ "id": "7" }).as_object().unwrap().clone();
        let (execute, first) = (world.services.execute.clone(), made.clone());
        let (by, with) = (caller.clone(), arguments());
        let running = tokio::spawn(async move { execute.call(&by, &first, with, None).await.unwrap() });
        asking.recv().await.unwrap();
        let changed = retitled(&world, &ada, &made.id, "One").await;
        go.notify_one();
        let began_before = running.await.unwrap();
        go.notify_one();
        let after = world.services.execute.call(&caller, &changed, arguments(), None).await.unwrap();
        let off = tools.set_enabled(&developer, &made.id, false).await.unwrap();
        let refused = world.services.execute.call(&caller, &off, arguments(), None).await.unwrap();
        assert_eq!((began_before.outcome, refused.outcome), (Outcome::Ok, Outcome::NotEnabled));
        let calls = world.services.calls.recent(&developer.as_viewer(), 10).await.unwrap();
        let version_of = |id| calls.iter().find(|call| call.id == id).unwrap().tool_version;
        assert_eq!(version_of(began_before.call_id), Some(1));
        assert_eq!(version_of(after.call_id), Some(2));
        assert_eq!(version_of(refused.call_id.clone()), Some(3));

        // A row from before.
        let mut old = calls[0].clone();
        (old.id, old.tool_version) = ("call_0".into(), None);
        world.services.calls.record(old.clone(), None).await.unwrap();
        let calls = world.services.calls.recent(&developer.as_viewer(), 10).await.unwrap();
        assert_eq!(calls.last(), Some(&old));
    }

    async fn rows_that_come_together_are_all_committed(world) {
        let ada = world.person("ada@example.com").await;
        let viewer = world.access::<Viewer>(&ada).await;
        let tool = world.services.tools.create(&world.access(&ada).await, &tool("a")).await.unwrap();
        let one = || {
            let (execute, tool, caller) = (world.services.execute.clone(), tool.clone(), rest(&ada.1));
            tokio::spawn(async move {
                execute.call(&caller, &tool, serde_json::Map::new(), None).await.unwrap().call_id
            })
        };
        let calls: Vec<_> = (0..333).map(|_| one()).collect();
        let mut ids = Vec::new();
        for call in calls {
            ids.push(call.await.unwrap());
        }
        let logged = world.services.calls.recent(&viewer, 1_000).await.unwrap();
        let mut logged: Vec<_> = logged.into_iter().map(|call| call.id).collect();
        ids.sort();
        logged.sort();
        assert_eq!(ids, logged);
    }

    async fn a_row_that_cannot_be_committed_takes_no_other_with_it(world) {
        let ada = world.person("ada@example.com").await;
        let viewer = world.access::<Viewer>(&ada).await;
        let tool = world.services.tools.create(&world.access(&ada).await, &tool("a")).await.unwrap();
        let (execute, caller) = (&world.services.execute, rest(&ada.1));
        execute.call(&caller, &tool, serde_json::Map::new(), None).await.unwrap();
        let calls = &world.services.calls;
        let first = calls.recent(&viewer, 1).await.unwrap().remove(0);
        let other = crate::calls::Call { id: "call_0other".into(), ..first.clone() };
        let again = first.clone();
        let (again, other) = tokio::join!(calls.record(again, None), calls.record(other, None));
        assert!(again.is_err(), "its id is taken");
        other.unwrap();
        assert_eq!(calls.recent(&viewer, 10).await.unwrap().len(), 2);
    }

    async fn a_call_under_a_key_happens_once(world) {
        let world = world.with_loopback().await;
        let connection = connection(&world, Approval::Ask).await;
        let heard = Arc::new(AtomicUsize::new(0));
        let at = counting(heard.clone()).await;
        let mut input = tool("a");
        input.base_url = format!("http://{at}");
        let developer = world.access(&connection.owner).await;
        let tools = &world.services.tools;
        let tool = tools.create(&developer, &input).await.unwrap();
        let token = connected(&world, &connection, ToolRule::All).await.access_token;
        let bearer = world.services.grants.bearer(&token, &shared(&world)).await.unwrap();
        let call = async |key: &str, id: &str| {
            let arguments = serde_json::json!({ "id": id }).as_object().unwrap().clone();
            let execute = &world.services.execute;
            let called = execute
                .call_once(bearer.grant_id(), key, &bearer.caller(), &tool, arguments, None)
                .await;
            called.unwrap()
        };
        let Once::Called(first) = call("k1", "7").await else { panic!() };
        assert!(!first.is_error(), "{first:?}");
        let Once::Called(again) = call("k1", "7").await else { panic!() };
        assert_eq!((again.call_id, &again.content), (first.call_id.clone(), &first.content));
        assert!(matches!(call("k1", "8").await, Once::OtherArguments));
        assert!(matches!(call("k2", "7").await, Once::Called(_)));
        assert_eq!(heard.load(Ordering::SeqCst), 2);
        // A look at a key that fails takes it from nobody.
        let [break_it, mend_it] = if world.db().postgres().is_some() {
            [
                "ALTER TABLE idempotency_keys ADD CONSTRAINT broken CHECK (false) NOT VALID",
                "ALTER TABLE idempotency_keys DROP CONSTRAINT broken",
            ]
        } else {
            [
                "CREATE TRIGGER broken BEFORE INSERT ON idempotency_keys \
                 BEGIN SELECT RAISE(ABORT, 'broken'); END",
                "DROP TRIGGER broken",
            ]
        };
        run(world.db(), break_it).await;
        let arguments = serde_json::json!({ "id": "7" }).as_object().unwrap().clone();
        let execute = &world.services.execute;
        let failed = execute
            .call_once(bearer.grant_id(), "k1", &bearer.caller(), &tool, arguments, None)
            .await;
        assert!(failed.is_err());
        tokio::time::sleep(Duration::from_millis(100)).await;
        run(world.db(), mend_it).await;
        let Once::Called(again) = call("k1", "7").await else { panic!() };
        assert_eq!(again.call_id, first.call_id);
        assert_eq!(heard.load(Ordering::SeqCst), 2);
        // Of several at once one is sent; the others are told so, or come after it.
        let (one, two, three) = tokio::join!(call("k3", "7"), call("k3", "7"), call("k3", "7"));
        let called = [one, two, three].iter().filter(|once| matches!(once, Once::Called(_))).count();
        assert!(called >= 1);
        assert_eq!(heard.load(Ordering::SeqCst), 3);
        // What was never sent takes no key.
        let mut off = tool.clone();
        off.is_enabled = false;
        let execute = &world.services.execute;
        for _ in 0..2 {
            let nothing = serde_json::Map::new();
            let called = execute
                .call_once(bearer.grant_id(), "k4", &bearer.caller(), &off, nothing, None)
                .await;
            let Once::Called(result) = called.unwrap() else { panic!() };
            assert_eq!(result.outcome, Outcome::NotEnabled);
        }
        // Nor does what was cut off before, or cannot be sent because of us.
        let until_called = async |key: &str| {
            for _ in 0..100 {
                if matches!(call(key, "7").await, Once::Called(_)) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            panic!("{key} is taken");
        };
        for number in 0..20 {
            let key = format!("cut {number}");
            tokio::select! {
                biased;
                _ = call(&key, "7") => panic!("nothing is that quick"),
                () = std::future::ready(()) => {}
            }
            until_called(&key).await;
        }
        let mut broken = tool.clone();
        broken.auth_strategy = AuthStrategy::StaticBearer;
        let arguments = serde_json::json!({ "id": "7" }).as_object().unwrap().clone();
        let called = execute
            .call_once(bearer.grant_id(), "k5", &bearer.caller(), &broken, arguments, None)
            .await;
        assert!(called.is_err());
        until_called("k5").await;
        world.clock.advance_seconds(86_401);
        assert!(matches!(call("k1", "8").await, Once::Called(_)), "after a day it is free again");
        world.clock.advance_seconds(86_401);
        assert!(world.services.expire().await.unwrap() >= 3);
    }

    async fn a_key_covers_every_attempt_and_is_free_where_nothing_was_sent(world) {
        let world = world.with_loopback().await;
        let connection = connection(&world, Approval::Ask).await;
        let (heard, fails) = (Arc::<AtomicUsize>::default(), Arc::new(AtomicUsize::new(2)));
        let at = failing(heard.clone(), fails.clone()).await;
        let mut input = tool("a");
        input.base_url = format!("http://{at}");
        input.max_retries = 2;
        let developer = world.access(&connection.owner).await;
        let retried = world.services.tools.create(&developer, &input).await.unwrap();
        input.name = "b".to_owned();
        input.max_retries = 0;
        let once = world.services.tools.create(&developer, &input).await.unwrap();
        let token = connected(&world, &connection, ToolRule::All).await.access_token;
        let bearer = world.services.grants.bearer(&token, &shared(&world)).await.unwrap();
        let call = async |tool: &crate::tools::Tool, key: &str| {
            let arguments = serde_json::json!({ "id": "7" }).as_object().unwrap().clone();
            let execute = &world.services.execute;
            let called = execute
                .call_once(bearer.grant_id(), key, &bearer.caller(), tool, arguments, None)
                .await;
            match called.unwrap() {
                Once::Called(result) => (result.outcome, heard.swap(0, Ordering::SeqCst)),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(call(&retried, "k").await, (Outcome::Ok, 3), "two failed, the third is the answer");
        assert_eq!(call(&retried, "k").await, (Outcome::Ok, 0), "and stays it");

        fails.store(10, Ordering::SeqCst);
        for number in 0..10 {
            let key = format!("fails {number}");
            assert_eq!(call(&once, &key).await, (Outcome::HttpError, 1));
            assert_eq!(call(&once, &key).await, (Outcome::HttpError, 0), "it was sent, and is kept");
        }
        assert_eq!(call(&once, "left alone").await, (Outcome::Unavailable, 0));
        assert_eq!(call(&once, "left alone").await, (Outcome::Unavailable, 0));
        world.clock.advance_seconds(5);
        assert_eq!(call(&once, "left alone").await, (Outcome::Ok, 1), "the key was free");
    }
}

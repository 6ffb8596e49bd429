//! Lists of calls in a project that has many: which calls are in them, and by which way they are found.

use serde_json::Value;
use sqlx::Row;

use super::on_both;
use crate::{
    calls::{
        Call, CallCount, CallFilter, Outcome, Outcomes, Phases, Span, Start, Via,
        store::{COME_BY_MCP, ListPlaces, list_sql},
    },
    clock::Timestamp,
    db::{Db, DbKind},
    ids::{CallId, ProjectId},
    members::{Developer, Viewer},
    services::Core,
};

const DAY_MS: i64 = 86_400_000;

/// A call of a project's, the `number`th: each property has a rhythm of its own.
fn call(core: &Core, project: &ProjectId, number: i64) -> Call {
    let started_at = Timestamp(core.now().0 - 30 * DAY_MS + number * 60_000);
    let outcome = match number {
        n if n % 20 == 0 => Outcome::Timeout,
        n if n % 33 == 0 => Outcome::HttpError,
        _ => Outcome::Ok,
    };
    let is_mcp = number % 7 != 0;
    Call {
        id: CallId::at(started_at, &*core.random),
        project_id: project.clone(),
        tool_id: format!("tool_{}", number % 11).as_str().into(),
        tool_name: "t".to_owned(),
        tool_version: Some(1),
        integration_id: is_mcp.then(|| format!("int_{}", number % 3).as_str().into()),
        grant_id: None,
        user_id: (number % 5 != 0).then(|| format!("usr_{}", number % 5).as_str().into()),
        api_key_id: None,
        via: if is_mcp { Via::Mcp } else { Via::Rest },
        request_id: number.to_string(),
        started_at,
        phases: Phases::default(),
        outcome,
        http_status: None,
        response_bytes: 0,
        error: None,
    }
}

async fn made(core: &Core, project: &ProjectId, most: i64) -> Vec<Call> {
    let calls: Vec<_> = (0..most)
        .map(|number| call(core, project, number))
        .collect();
    for batch in calls.chunks(500) {
        core.db.insert_in_log(batch).await.unwrap();
    }
    calls
}

fn vias() -> impl Iterator<Item = Option<Via>> {
    let all = Via::ALL.iter().copied().map(Some);
    all.chain([None])
}

/// Each filter that a page may have.
fn filters(since: Timestamp, until: Timestamp) -> Vec<CallFilter> {
    let outcomes = [
        None,
        Some(Outcomes::Only(Outcome::Ok)),
        Some(Outcomes::Failed),
        Some(Outcomes::Only(Outcome::Timeout)),
    ];
    let mut filters = Vec::new();
    for (bits, via) in (0..16).flat_map(|bits| vias().map(move |via| (bits, via))) {
        let has = |bit: u8| bits & (1 << bit) != 0;
        for outcome in outcomes {
            filters.push(CallFilter {
                tool_id: has(0).then(|| "tool_4".into()),
                integration_id: has(1).then(|| "int_1".into()),
                user_id: has(2).then(|| "usr_2".into()),
                via,
                outcome,
                since: has(3).then_some(since),
                until: has(3).then_some(until),
            });
        }
    }
    filters
}

fn passes(call: &Call, filter: &CallFilter) -> bool {
    filter.tool_id.as_ref().is_none_or(|id| *id == call.tool_id)
        && (filter.integration_id.as_ref())
            .is_none_or(|id| call.integration_id.as_ref() == Some(id))
        && (filter.user_id.as_ref()).is_none_or(|id| call.user_id.as_ref() == Some(id))
        && filter.via.is_none_or(|via| via == call.via)
        && filter.since.is_none_or(|since| call.started_at >= since)
        && filter.until.is_none_or(|until| call.started_at < until)
        && match filter.outcome {
            None => true,
            Some(Outcomes::Failed) => call.outcome != Outcome::Ok,
            Some(Outcomes::Only(outcome)) => call.outcome == outcome,
        }
}

/// A database's plan of a list, node by node, as it makes it for these values or for any.
async fn plans(db: &Db, project: &ProjectId, filter: &CallFilter, start: &Start) -> Vec<String> {
    let is_forward = matches!(start, Start::After(_));
    let sql = list_sql(filter, is_forward);
    match &db.kind {
        DbKind::Sqlite(sqlite) => {
            let text = format!("EXPLAIN QUERY PLAN {sql}");
            let places = ListPlaces::new(project, filter, start, 50);
            let query = sqlx::query_as::<_, (i64, i64, i64, String)>(&text);
            let rows = places
                .bound(query)
                .fetch_all(&sqlite.log_read)
                .await
                .unwrap();
            let nodes: Vec<_> = rows.into_iter().map(|row| row.3).collect();
            vec![nodes.join("\n")]
        }
        DbKind::Postgres(pool) => {
            let mut connection = pool.acquire().await.unwrap();
            let mut plans = Vec::new();
            let (first, end) = filter.ids(start);
            let values = [
                project.to_string(),
                first,
                end,
                filter
                    .tool_id
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                filter
                    .integration_id
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                filter
                    .user_id
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                match filter.outcome {
                    Some(Outcomes::Only(outcome)) => outcome.to_string(),
                    _ => String::new(),
                },
                filter.via.map(|via| via.to_string()).unwrap_or_default(),
            ];
            let values: Vec<_> = values.iter().map(|value| format!("'{value}'")).collect();
            for mode in ["force_custom_plan", "force_generic_plan"] {
                let statements = [
                    format!("SET plan_cache_mode = {mode}"),
                    format!(
                        "PREPARE list (text, text, text, text, text, text, text, text, bigint) AS {sql}"
                    ),
                ];
                for statement in statements {
                    sqlx::raw_sql(&statement)
                        .execute(&mut *connection)
                        .await
                        .unwrap();
                }
                let explain = format!(
                    "EXPLAIN (FORMAT JSON) EXECUTE list ({}, 50)",
                    values.join(", ")
                );
                let row = sqlx::raw_sql(&explain)
                    .fetch_one(&mut *connection)
                    .await
                    .unwrap();
                let plan: Value = serde_json::from_str(row.get_unchecked::<&str, _>(0)).unwrap();
                sqlx::raw_sql("DEALLOCATE list")
                    .execute(&mut *connection)
                    .await
                    .unwrap();
                plans.push(plan.to_string());
            }
            plans
        }
    }
}

/// What is wrong with a plan: the ids of a page are found in one index in their order, and each of its
/// rows by its id.
fn flaw(db: &Db, plan: &str) -> Option<String> {
    if db.postgres().is_none() {
        let scans = plan.contains("SCAN calls");
        let finds = plan.lines().any(|line| {
            line.contains("SEARCH calls USING COVERING INDEX calls_")
                && line.contains("(project_id=?")
        });
        let rows = plan
            .lines()
            .any(|line| line.contains("SEARCH calls USING INDEX sqlite_autoindex_calls_1 (id=?)"));
        return (scans || !finds || !rows || plan.contains("TEMP B-TREE")).then(|| plan.to_owned());
    }
    fn nodes<'a>(node: &'a Value, all: &mut Vec<&'a Value>) {
        all.push(node);
        for child in node["Plans"].as_array().into_iter().flatten() {
            nodes(child, all);
        }
    }
    let plan: Value = serde_json::from_str(plan).unwrap();
    let mut all = Vec::new();
    nodes(&plan[0]["Plan"], &mut all);
    let kind = |node: &Value| node["Node Type"].as_str().unwrap_or_default().to_owned();
    let has_project = |node: &Value| {
        let condition = node["Index Cond"].as_str();
        condition.is_some_and(|condition| condition.contains("project_id"))
    };
    if all.iter().any(|node| kind(node) == "Seq Scan") {
        return Some(plan.to_string());
    }
    // Where it thinks that few rows pass, it takes all of them and sorts them: those of the condition's own
    // index, never those of the project.
    let mut bitmaps = all.iter().filter(|node| kind(node) == "Bitmap Index Scan");
    if let Some(bitmap) = bitmaps.next() {
        let is_own = bitmap["Index Name"] != "calls_by_project" && has_project(bitmap);
        return (!is_own || bitmaps.next().is_some()).then(|| plan.to_string());
    }
    let limit = all.iter().find(|node| kind(node) == "Limit");
    let mut finds = &limit.expect("it has one")["Plans"][0];
    if kind(finds) == "Result" {
        // What has no column is asked once.
        finds = &finds["Plans"][0];
    }
    let is_index = matches!(kind(finds).as_str(), "Index Only Scan" | "Index Scan");
    (!is_index || !has_project(finds)).then(|| plan.to_string())
}

on_both! {
    async fn every_list_is_what_its_filter_says_from_either_end(world) {
        let ada = world.person("ada@example.com").await;
        let viewer = world.access::<Viewer>(&ada).await;
        let core = &world.services.core;
        let calls = made(core, &ada.1, 2_000).await;
        made(core, &"prj_other".into(), 500).await;
        let (since, until) = (calls[300].started_at, calls[1_700].started_at);
        let listed = async |filter: &CallFilter, start: Start| {
            let list = world.services.calls.list(&viewer, filter, &start, 7).await.unwrap();
            list.into_iter().map(|call| call.id).collect::<Vec<_>>()
        };
        for filter in filters(since, until) {
            let mut expected: Vec<_> = calls.iter().filter(|call| passes(call, &filter)).map(|call| &call.id).collect();
            expected.reverse();
            let firsts = |from: usize| -> Vec<_> {
                expected.iter().skip(from).take(7).map(|id| (*id).clone()).collect()
            };
            assert_eq!(listed(&filter, Start::Newest).await, firsts(0), "{filter:?}");
            let Some(ninth) = expected.get(9).copied() else { continue };
            assert_eq!(listed(&filter, Start::Before(ninth.clone())).await, firsts(10), "{filter:?}");
            assert_eq!(listed(&filter, Start::After(ninth.clone())).await, firsts(2), "{filter:?}");
            assert_eq!(listed(&filter, Start::After(expected[0].clone())).await, []);
        }
    }

    async fn calls_are_read_by_names_of_their_own_project(world) {
        let ada = world.person("ada@example.com").await;
        let bob = world.person("bob@example.com").await;
        let viewer = world.access::<Viewer>(&ada).await;
        let calls = &world.services.calls;
        let developer = world.access::<Developer>(&ada).await;
        world.services.tools.add_samples(&developer).await.unwrap();
        let tools = world.services.tools.list(&viewer).await.unwrap();
        assert!(tools.len() > 1);
        let names = calls.names(&viewer).await.unwrap();
        let known: Vec<_> = tools.iter().map(|tool| (tool.id.clone(), tool.name.clone())).collect();
        assert_eq!(names.tools, known, "by name");
        assert_eq!(names.people, [(ada.0.user_id().clone(), "ada@example.com".to_owned())]);
        for (id, name) in &known {
            for asked in [id.as_str(), name.as_str()] {
                assert_eq!(calls.tool(&viewer, asked).await.unwrap(), Some((id.clone(), name.clone())));
            }
            let elsewhere = world.access::<Viewer>(&bob).await;
            assert_eq!(calls.tool(&elsewhere, id.as_str()).await.unwrap(), None);
        }
        assert_eq!(calls.tool(&viewer, "").await.unwrap(), None);
        // Of calls, those that the project has still; another project's have no name here.
        let of = |person: &crate::ids::UserId| Call {
            user_id: Some(person.clone()), integration_id: Some("int_gone".into()), ..call(&world.services.core, &ada.1, 1)
        };
        let shown = [of(ada.0.user_id()), of(bob.0.user_id()), of(ada.0.user_id())];
        let names = calls.names_of(&viewer, &shown).await.unwrap();
        assert_eq!(names.people, [(ada.0.user_id().clone(), "ada@example.com".to_owned())]);
        assert_eq!(names.integrations, []);
        assert_eq!(names.person(bob.0.user_id()), None);
    }

    async fn of_a_flood_of_calls_some_are_kept_and_failures_apart(world) {
        let ada = world.person("ada@example.com").await.1;
        let bob = world.person("bob@example.com").await.1;
        let calls = &world.services.calls;
        let kept = |project: &ProjectId, outcome| (0..1_000).filter(|_| calls.keeps_pace(project, outcome)).count();
        assert_eq!(kept(&ada, Outcome::Ok), 500);
        assert_eq!(kept(&ada, Outcome::Timeout), 500);
        assert_eq!(kept(&bob, Outcome::Ok), 500, "another project's are another's");
        world.clock.advance_seconds(1);
        assert_eq!(kept(&ada, Outcome::Ok), 50);
        world.clock.advance_seconds(60);
        assert_eq!(kept(&ada, Outcome::Ok), 500);
    }

    async fn no_list_looks_at_the_whole_table(world) {
        let ada = world.person("ada@example.com").await;
        let core = &world.services.core;
        let calls = made(core, &ada.1, 20_000).await;
        for other in 0..3 {
            made(core, &format!("prj_{other}").as_str().into(), 2_000).await;
        }
        if let Some(pool) = world.db().postgres() {
            sqlx::raw_sql("VACUUM ANALYZE calls").execute(pool).await.unwrap();
        }
        let (since, until) = (calls[300].started_at, calls[19_000].started_at);
        let middle = || calls[10_000].id.clone();
        let mut flaws = Vec::new();
        for filter in filters(since, until) {
            for start in [Start::Newest, Start::Before(middle()), Start::After(middle())] {
                for plan in plans(world.db(), &ada.1, &filter, &start).await {
                    flaws.extend(flaw(world.db(), &plan).map(|flaw| format!("{filter:?} {start:?}: {flaw}")));
                }
            }
        }
        assert!(flaws.is_empty(), "{} such as {}", flaws.len(), flaws[0]);
    }

    async fn whether_a_client_ever_called_is_found_in_the_index_of_its_calls(world) {
        let core = &world.services.core;
        // None of the project's own calls is a client's, and by far the most of all calls are.
        let own = "prj_own".into();
        for number in 0..200 {
            let number = number * 7;
            core.db.insert_in_log(&[call(core, &own, number)]).await.unwrap();
        }
        made(core, &"prj_other".into(), 10_000).await;
        let found = match &world.db().kind {
            DbKind::Sqlite(sqlite) => {
                let sql = format!("EXPLAIN QUERY PLAN {COME_BY_MCP}");
                let rows: Vec<(i64, i64, i64, String)> =
                    sqlx::query_as(&sql).bind(&own).fetch_all(&sqlite.log_read).await.unwrap();
                rows.into_iter().map(|row| row.3).collect::<Vec<_>>().join("\n")
            }
            DbKind::Postgres(pool) => {
                sqlx::raw_sql("VACUUM ANALYZE calls").execute(pool).await.unwrap();
                let sql = format!("EXPLAIN {}", COME_BY_MCP.replace("$1", "'prj_own'"));
                let rows = sqlx::raw_sql(&sql).fetch_all(pool).await.unwrap();
                let lines = rows.iter().map(|row| row.get_unchecked::<&str, _>(0));
                lines.collect::<Vec<_>>().join("\n")
            }
        };
        let by_both = match world.db().postgres() {
            None => "calls_by_integration (project_id=? AND integration_id>?)",
            Some(_) => "Index Cond: ((project_id = 'prj_own'::text) AND (integration_id > ''::text)",
        };
        assert!(found.contains("calls_by_integration") && found.contains(by_both), "{found}");
        assert!(!found.contains("TEMP B-TREE") && !found.contains("Sort"), "{found}");
    }

    async fn calls_are_counted_by_the_hour_and_the_day(world) {
        let ada = world.person("ada@example.com").await;
        let bob = world.person("bob@example.com").await;
        let viewer = world.access::<Viewer>(&ada).await;
        let (core, calls) = (&world.services.core, &world.services.calls);
        // At the half of an hour.
        let now = core.now().0;
        world.clock.advance_seconds((3_600_000 - now % 3_600_000) / 1_000 + 1_800 + 20 * 3_600);
        let now = core.now().0;
        let log = async |project: &ProjectId, hours_ago: i64, outcome| {
            let started_at = Timestamp(now - hours_ago * 3_600_000);
            let new = Call {
                id: CallId::at(started_at, &*core.random), started_at, outcome, ..call(core, project, 1)
            };
            calls.record(new, None).await.unwrap();
        };
        for (hours_ago, outcome) in [
            (0, Outcome::Ok), (0, Outcome::Timeout), (1, Outcome::Ok), (23, Outcome::Busy),
            (24, Outcome::Ok), (24 * 6, Outcome::Ok), (24 * 7, Outcome::Ok),
        ] {
            log(&ada.1, hours_ago, outcome).await;
        }
        log(&bob.1, 0, Outcome::Ok).await;
        let counts = |counts: Vec<CallCount>| -> Vec<_> {
            counts.into_iter().map(|count| (count.calls, count.failures)).collect()
        };
        let hours = calls.counts(&viewer, Span::Hour, 24).await.unwrap();
        assert_eq!(hours[23].from, Timestamp(now - 1_800_000));
        let hours = counts(hours);
        assert_eq!((hours.len(), hours[0], hours[22], hours[23]), (24, (1, 1), (1, 0), (2, 1)));
        assert!(hours[1..22].iter().all(|hour| *hour == (0, 0)));
        let days = calls.counts(&viewer, Span::Day, 7).await.unwrap();
        assert_eq!(days[6].from.0 % DAY_MS, 0);
        let sums: (i64, i64) = counts(days).into_iter().fold((0, 0), |sum, day| (sum.0 + day.0, sum.1 + day.1));
        assert_eq!(sums, (6, 2));
        // Many at once, from two processes.
        let other = world.another_process().await;
        let many = (0..100).map(|number| {
            let from = if number % 2 == 0 { calls } else { &other.services.calls };
            let new = Call { id: CallId::at(core.now(), &*core.random), started_at: core.now(), ..call(core, &ada.1, 1) };
            from.record(new, None)
        });
        let mut many: Vec<_> = many.map(Box::pin).collect();
        for one in &mut many {
            one.await.unwrap();
        }
        assert_eq!(counts(calls.counts(&viewer, Span::Hour, 1).await.unwrap()), [(102, 1)]);
        world.clock.advance_seconds(91 * 86_400);
        world.services.expire().await.unwrap();
        const LEFT: &str = "SELECT COUNT(*) FROM call_counts";
        let left: i64 = crate::db::read_log!(world.db(), |c| sqlx::query_scalar(LEFT).fetch_one(c).await).unwrap();
        assert_eq!(left, 0);
    }
}

//! What becomes of a tool is kept: who changed it, when and how.

use serde_json::{Value, json};

use super::{PASSWORD, World, on_both, tool};
use crate::{
    Error,
    accounts::Actor,
    bootstrap::Bootstrap,
    db::{execute, read},
    ids::{ProjectId, ToolId},
    integrations::NewIntegration,
    members::{Admin, Developer, Owner, Role, Viewer},
    tools::{AuthStrategy, FieldChange, MOST_VERSIONS, Tool, ToolInput, Version, VersionKind},
};

type Person = (Actor, ProjectId);

pub(super) async fn versions(world: &World, of: &Person, id: &ToolId) -> Vec<Version> {
    let viewer = world.access::<Viewer>(of).await;
    world.services.tools.versions(&viewer, id).await.unwrap()
}

/// The newest first, each as its number and its kind.
async fn kinds(world: &World, of: &Person, id: &ToolId) -> Vec<(i64, VersionKind)> {
    let all = versions(world, of, id).await;
    all.into_iter().map(|one| (one.number, one.kind)).collect()
}

pub(super) async fn definition(world: &World, of: &Person, id: &ToolId, number: i64) -> ToolInput {
    let viewer = world.access::<Viewer>(of).await;
    let found = world
        .services
        .tools
        .version(&viewer, id, number)
        .await
        .unwrap();
    assert_eq!(found.version.number, number);
    found.definition
}

pub(super) async fn retitled(world: &World, by: &Person, id: &ToolId, title: &str) -> Tool {
    let developer = world.access::<Developer>(by).await;
    let change = |input| {
        Ok(ToolInput {
            title: title.to_owned(),
            ..input
        })
    };
    world
        .services
        .tools
        .patch(&developer, id, change)
        .await
        .unwrap()
}

async fn rows(world: &World) -> i64 {
    const SQL: &str = "SELECT COUNT(*) FROM tool_versions";
    read!(world.db(), |c| sqlx::query_scalar(SQL).fetch_one(c).await).unwrap()
}

/// Makes the tools be what they were before versions were kept.
async fn forget_versions(world: &World) {
    let mut tx = world.db().begin().await.unwrap();
    for sql in ["DELETE FROM tool_versions", "UPDATE tools SET version = 1"] {
        execute!(&mut tx, sqlx::query(sql)).unwrap();
    }
    tx.commit().await.unwrap();
}

fn change(field: &str, before: Value, after: Value) -> FieldChange {
    FieldChange {
        field: field.to_owned(),
        before,
        after,
    }
}

on_both! {
    async fn each_change_makes_a_version_that_names_who_made_it(world) {
        let ada = world.person("ada@example.com").await;
        let bob = (world.person("bob@example.com").await.0, ada.1.clone());
        let mut tx = world.db().begin().await.unwrap();
        crate::members::store::insert(&mut tx, &ada.1, bob.0.user_id(), Role::Developer, world.services.core.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let admin = world.access::<Admin>(&ada).await;
        let (key, secret) = world.key(&admin, "CI", Role::Developer).await;
        let key_actor = world.services.api_keys.authenticate(secret.reveal()).await.unwrap();
        let by_key = world.access::<Developer>(&(key_actor, ada.1.clone())).await;
        let (of_ada, of_bob) =
            (world.access::<Developer>(&ada).await, world.access::<Developer>(&bob).await);
        let tools = &world.services.tools;

        let made = tools.create(&of_ada, &tool("a")).await.unwrap();
        world.clock.advance_seconds(1);
        let input = ToolInput { title: "Contact".to_owned(), ..made.as_input() };
        let replaced = tools.replace(&by_key, &made.id, &input).await.unwrap();
        world.clock.advance_seconds(1);
        retitled(&world, &bob, &made.id, "One").await;
        tools.set_enabled(&of_ada, &made.id, false).await.unwrap();
        let enable = |input| Ok(ToolInput { is_enabled: true, ..input });
        tools.patch(&of_bob, &made.id, enable).await.unwrap();
        let file = [ToolInput { timeout_ms: 1_000, ..tool("a") }, tool("b")];
        tools.apply(&by_key, &file).await.unwrap();
        let restored = tools.restore(&of_bob, &made.id, 2).await.unwrap();
        assert_eq!((made.version, replaced.version, restored.version), (1, 2, 7));
        assert_eq!((restored.title.as_str(), restored.timeout_ms), ("Contact", 30_000));

        let all = versions(&world, &ada, &made.id).await;
        let (ada_email, bob_email) = (Some("ada@example.com"), Some("bob@example.com"));
        let key_name = Some("CI");
        let said: Vec<_> = all
            .iter()
            .map(|one| {
                let (by, key) = (one.made_by.as_deref(), one.api_key_name.as_deref());
                (one.number, one.kind, by, key, one.restored_from)
            })
            .collect();
        assert_eq!(said, [
            (7, VersionKind::Restored, bob_email, None, Some(2)),
            (6, VersionKind::Applied, ada_email, key_name, None),
            (5, VersionKind::Enabled, bob_email, None, None),
            (4, VersionKind::Disabled, ada_email, None, None),
            (3, VersionKind::Changed, bob_email, None, None),
            (2, VersionKind::Changed, ada_email, key_name, None),
            (1, VersionKind::Created, ada_email, None, None),
        ]);
        assert_eq!(all[5].api_key_id, Some(key.id));
        assert_eq!((all[6].made_at, all[5].made_at), (made.updated_at, replaced.updated_at));
        assert!(all.iter().all(|one| !one.secret_changed));
        let other = tools.list(&of_ada.as_viewer()).await.unwrap().remove(1);
        assert_eq!(kinds(&world, &ada, &other.id).await, [(1, VersionKind::Applied)]);
    }

    async fn what_leaves_a_tool_as_it_is_makes_none(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let tools = &world.services.tools;
        let mut input = tool("a");
        input.auth_strategy = AuthStrategy::StaticBearer;
        input.auth_secret = Some("s3cret".to_owned());
        let made = tools.create(&developer, &input).await.unwrap();
        world.clock.advance_seconds(1);
        for same in [
            tools.replace(&developer, &made.id, &input).await,
            tools.replace(&developer, &made.id, &made.as_input()).await,
            tools.patch(&developer, &made.id, Ok).await,
            tools.set_enabled(&developer, &made.id, true).await,
            tools.restore(&developer, &made.id, 1).await,
        ] {
            assert_eq!(same.unwrap(), made);
        }
        assert_eq!(tools.apply(&developer, &[input.clone()]).await.unwrap().unchanged, ["a"]);
        assert_eq!(kinds(&world, &ada, &made.id).await, [(1, VersionKind::Created)]);
        assert_eq!(tools.get(&developer.as_viewer(), &made.id).await.unwrap(), made);
        // Nor does what is refused.
        let bad = ToolInput { timeout_ms: 0, ..made.as_input() };
        assert!(tools.replace(&developer, &made.id, &bad).await.is_err());
        assert_eq!(rows(&world).await, 1);

        // People get a schema's members back as they wrote them, so their order is a change.
        let members = |text: &str| ToolInput {
            input_schema: serde_json::from_str(text).unwrap(),
            endpoint_path: "/".to_owned(),
            ..made.as_input()
        };
        let ab = members(r#"{"type":"object","properties":{"a":{},"b":{}}}"#);
        let ba = members(r#"{"type":"object","properties":{"b":{},"a":{}}}"#);
        tools.replace(&developer, &made.id, &ab).await.unwrap();
        let turned = tools.replace(&developer, &made.id, &ba).await.unwrap();
        assert_eq!((turned.version, Value::Object(turned.input_schema).to_string()), (3, ba.input_schema.to_string()));
        let viewer = developer.as_viewer();
        let between = tools.changes_between(&viewer, &made.id, 2, 3).await.unwrap();
        assert_eq!(between, [change("input_schema", ab.input_schema, ba.input_schema)]);
    }

    async fn changes_at_once_get_numbers_of_their_own(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let tools = &world.services.tools;
        let file = [tool("a"), tool("b"), tool("c")];
        tools.apply(&developer, &file).await.unwrap();
        let all = tools.list(&developer.as_viewer()).await.unwrap();
        for round in 0..10 {
            let titled = |title: String| move |input| Ok(ToolInput { title, ..input });
            let described = |description: String| move |input| Ok(ToolInput { description, ..input });
            let timed = |timeout_ms| file.clone().map(|input| ToolInput { timeout_ms, ..input });
            let (one, other) = (timed(1_000 + 2 * round), timed(1_001 + 2 * round));
            let (one, two, three, four, five) = tokio::join!(
                tools.patch(&developer, &all[0].id, titled(format!("t{round}"))),
                tools.patch(&developer, &all[0].id, described(format!("d{round}"))),
                tools.apply(&developer, &one),
                tools.apply(&developer, &other),
                tools.patch(&developer, &all[2].id, described(format!("d{round}"))),
            );
            one.unwrap();
            two.unwrap();
            three.unwrap();
            four.unwrap();
            five.unwrap();
        }
        for made in &all {
            let now = tools.get(&developer.as_viewer(), &made.id).await.unwrap();
            let kept = versions(&world, &ada, &made.id).await;
            let numbers: Vec<i64> = kept.iter().rev().map(|one| one.number).collect();
            assert_eq!(numbers, (1..=now.version).collect::<Vec<_>>());
            assert!(now.version >= 21, "both files of a round change it: {}", now.version);
            let last = definition(&world, &ada, &made.id, now.version).await;
            assert_eq!(json!(last), json!(now.as_input()));
        }
    }

    async fn versions_are_compared_field_by_field(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let viewer = developer.as_viewer();
        let tools = &world.services.tools;
        let made = tools.create(&developer, &tool("a")).await.unwrap();
        retitled(&world, &ada, &made.id, "One").await;
        let mut input = made.as_input();
        (input.auth_strategy, input.auth_secret) = (AuthStrategy::StaticBearer, Some("s3cret".to_owned()));
        tools.replace(&developer, &made.id, &input).await.unwrap();
        input.auth_secret = Some("0ther".to_owned());
        tools.replace(&developer, &made.id, &input).await.unwrap();
        retitled(&world, &ada, &made.id, "Two").await;

        let between = async |from, to| tools.changes_between(&viewer, &made.id, from, to).await.unwrap();
        let secret = change("auth_secret", Value::Null, Value::Null);
        let title = |before: &str, after: &str| change("title", json!(before), json!(after));
        assert_eq!(between(1, 2).await, [title("Find a contact", "One")]);
        assert_eq!(between(2, 1).await, [title("One", "Find a contact")]);
        let strategy = change("auth_strategy", json!("none"), json!("static_bearer"));
        assert_eq!(between(1, 3).await, [strategy.clone(), secret.clone()]);
        assert_eq!(between(3, 4).await, std::slice::from_ref(&secret));
        assert_eq!(between(4, 5).await, [title("Find a contact", "Two")]);
        assert_eq!(between(1, 5).await, [title("Find a contact", "Two"), strategy, secret]);
        assert_eq!(between(3, 3).await, []);
        let secrets: Vec<_> = versions(&world, &ada, &made.id).await.iter().map(|one| one.secret_changed).collect();
        assert_eq!(secrets, [false, true, true, false, false]);

        // What is kept holds no secret, sealed or open.
        const SQL: &str = "SELECT definition FROM tool_versions";
        let kept: Vec<String> = read!(world.db(), |c| sqlx::query_scalar(SQL).fetch_all(c).await).unwrap();
        assert_eq!(kept.len(), 5);
        assert!(kept.iter().all(|text| !text.contains("s3cret") && !text.contains("\"auth_secret\"")));
        for missing in [0, 6, -1, i64::MAX, i64::MIN] {
            let one = tools.version(&viewer, &made.id, missing).await;
            assert!(matches!(one, Err(Error::NotFound("version of the tool"))), "{missing}: {one:?}");
            assert!(tools.changes_between(&viewer, &made.id, 1, missing).await.is_err());
            assert!(tools.restore(&developer, &made.id, missing).await.is_err());
        }
    }

    async fn another_projects_versions_are_none(world) {
        let (ada, eve) = (world.person("ada@example.com").await, world.person("eve@example.com").await);
        let tools = &world.services.tools;
        let made = tools.create(&world.access(&ada).await, &tool("a")).await.unwrap();
        retitled(&world, &ada, &made.id, "One").await;
        let (viewer, developer) = (world.access::<Viewer>(&eve).await, world.access::<Developer>(&eve).await);
        let missing = |result: Option<Error>| matches!(result, Some(Error::NotFound("tool")));
        assert!(missing(tools.versions(&viewer, &made.id).await.err()));
        assert!(missing(tools.version(&viewer, &made.id, 1).await.err()));
        assert!(missing(tools.changes_between(&viewer, &made.id, 1, 2).await.err()));
        assert!(missing(tools.restore(&developer, &made.id, 1).await.err()));
        assert_eq!(versions(&world, &ada, &made.id).await.len(), 2);
    }

    async fn only_the_newest_are_kept_and_none_without_its_tool(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let tools = &world.services.tools;
        let made = tools.create(&developer, &tool("a")).await.unwrap();
        let other = tools.create(&developer, &tool("b")).await.unwrap();
        for number in 2..=MOST_VERSIONS + 3 {
            tools.set_enabled(&developer, &made.id, number % 2 == 1).await.unwrap();
        }
        let kept = versions(&world, &ada, &made.id).await;
        assert_eq!(kept.len() as i64, MOST_VERSIONS);
        assert_eq!((kept[0].number, kept.last().unwrap().number), (MOST_VERSIONS + 3, 4));
        assert!(tools.version(&developer.as_viewer(), &made.id, 3).await.is_err());
        assert_eq!(versions(&world, &ada, &other.id).await.len(), 1);
        tools.delete(&developer, &made.id).await.unwrap();
        assert!(matches!(tools.versions(&developer.as_viewer(), &made.id).await, Err(Error::NotFound("tool"))));
        assert_eq!(rows(&world).await, 1);
        // Of the same name and another one.
        let anew = tools.create(&developer, &tool("a")).await.unwrap();
        assert_eq!(kinds(&world, &ada, &anew.id).await, [(1, VersionKind::Created)]);
        let owner = world.access::<Owner>(&ada).await;
        world.services.projects.delete(&owner, &world.proof(owner.actor()).await).await.unwrap();
        assert_eq!(rows(&world).await, 0);
    }

    async fn a_tool_from_before_has_what_it_was_as_its_first(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let tools = &world.services.tools;
        let made = tools.create(&developer, &tool("a")).await.unwrap();
        forget_versions(&world).await;
        assert_eq!(kinds(&world, &ada, &made.id).await, [(1, VersionKind::FirstKept)]);
        assert_eq!(definition(&world, &ada, &made.id, 1).await.title, made.title);
        assert_eq!(tools.restore(&developer, &made.id, 1).await.unwrap(), made);
        assert_eq!(rows(&world).await, 0);
        world.clock.advance_seconds(1);
        retitled(&world, &ada, &made.id, "One").await;
        let all = versions(&world, &ada, &made.id).await;
        assert_eq!((all[0].number, all[0].kind, all[0].made_by.as_deref()), (2, VersionKind::Changed, Some("ada@example.com")));
        assert_eq!((all[1].number, all[1].kind, all[1].made_by.as_deref()), (1, VersionKind::FirstKept, None));
        assert_eq!(all[1].made_at, made.updated_at);
        assert_eq!(tools.restore(&developer, &made.id, 1).await.unwrap().title, made.title);
    }

    async fn what_the_operator_makes_is_the_new_owners(world) {
        let made = world.services.bootstrap(Bootstrap {
            email: "ada@example.com",
            password: PASSWORD,
            project: "CRM",
            tools: &[tool("a")],
            integration: NewIntegration::named("Claude"),
        }).await.unwrap();
        let ada = (Actor::Person { user_id: made.account.id }, made.project.id);
        let tools = world.services.tools.list(&world.access(&ada).await).await.unwrap();
        let all = versions(&world, &ada, &tools[0].id).await;
        assert_eq!(all[0].made_by.as_deref(), Some("ada@example.com"));
    }
}

use super::{on_both, tool};
use crate::{
    Error,
    members::{Developer, Viewer},
    tools::{AuthStrategy, HttpMethod, ImportOptions, PlannedChange, ToolSecret},
};

on_both! {
    async fn a_tool_is_registered_changed_and_deleted(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let viewer = world.access::<Viewer>(&ada).await;
        let tools = &world.services.tools;
        let made = tools.create(&developer, &tool("crm-contacts-get")).await.unwrap();
        assert_eq!(tools.get(&viewer, &made.id).await.unwrap(), made);
        assert!(made.annotations.read_only_hint && made.is_enabled);
        assert!(matches!(
            tools.create(&developer, &tool("crm-contacts-get")).await,
            Err(Error::Conflict(_))
        ));
        let disabled = tools.set_enabled(&developer, &made.id, false).await.unwrap();
        assert!(!disabled.is_enabled);
        world.clock.advance_seconds(1);
        let mut input = made.as_input();
        input.title = "Contact".to_owned();
        let changed = tools.replace(&developer, &made.id, &input).await.unwrap();
        assert_eq!(tools.list(&viewer).await.unwrap(), [changed]);
        tools.delete(&developer, &made.id).await.unwrap();
        assert!(matches!(tools.get(&viewer, &made.id).await, Err(Error::NotFound("tool"))));
        assert!(matches!(tools.delete(&developer, &made.id).await, Err(Error::NotFound("tool"))));
    }

    async fn a_hint_that_was_guessed_follows_the_method(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let tools = &world.services.tools;
        let with = |method: HttpMethod| move |mut input: crate::tools::ToolInput| {
            input.http_method = method;
            Ok(input)
        };
        let made = tools.create(&developer, &tool("crm-contacts-get")).await.unwrap();
        assert!(made.annotations.read_only_hint && made.read_only_since.is_some());
        // Who may only read must not come to delete by an edit of the method alone.
        let deletes = tools.patch(&developer, &made.id, with(HttpMethod::Delete)).await.unwrap();
        assert!(!deletes.annotations.read_only_hint && deletes.annotations.destructive_hint);
        assert_eq!(deletes.read_only_since, None);
        let own = |mut input: crate::tools::ToolInput| {
            input.http_method = HttpMethod::Post;
            input.annotations.read_only_hint = Some(true);
            Ok(input)
        };
        let searches = tools.patch(&developer, &made.id, own).await.unwrap();
        assert!(searches.annotations.read_only_hint, "somebody said so");
        let retitled = |mut input: crate::tools::ToolInput| {
            input.title = "Search".to_owned();
            Ok(input)
        };
        let kept = tools.patch(&developer, &made.id, retitled).await.unwrap();
        assert!(kept.annotations.read_only_hint);
        let again = tools.replace(&developer, &made.id, &kept.as_input()).await.unwrap();
        assert_eq!(again, kept);
    }

    async fn an_import_knows_a_tool_by_its_call_if_only_one_has_it(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let viewer = world.access::<Viewer>(&ada).await;
        let tools = &world.services.tools;
        let plan = async || {
            let document = r#"{"openapi":"3.1.0","servers":[{"url":"https://crm.example.com"}],
                "paths":{"/contacts/{contact_id}":{"get":{"operationId":"contacts-get","parameters":[
                {"name":"contact_id","in":"path","required":true,"schema":{"type":"string"}}]}}}}"#;
            let document = tools.read_document(document.into()).await.unwrap();
            let options = ImportOptions::default();
            tools.plan(Some(&viewer), document, options).await.unwrap()
        };
        // Its argument is called otherwise now, and its name was somebody's wish.
        tools.create(&developer, &tool("our-contact")).await.unwrap();
        let planned = plan().await;
        assert_eq!(planned.refused, []);
        assert_eq!(planned.tools[0].tool.name, "our-contact");
        assert!(matches!(planned.tools[0].change, PlannedChange::Changed(_)));
        assert!(planned.gone.is_empty());
        // Of two that make the same call neither is taken for it.
        tools.create(&developer, &tool("another-contact")).await.unwrap();
        let planned = plan().await;
        assert_eq!(planned.tools[0].tool.name, "contacts-get");
        assert_eq!(planned.tools[0].change, PlannedChange::Added);
    }

    async fn edits_at_once_all_hold(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let tools = &world.services.tools;
        let made = tools.create(&developer, &tool("crm-contacts-get")).await.unwrap();
        for round in 0..10 {
            tools.set_enabled(&developer, &made.id, true).await.unwrap();
            let titled = |mut input: crate::tools::ToolInput| {
                input.title = format!("t{round}");
                Ok(input)
            };
            let described = |mut input: crate::tools::ToolInput| {
                input.description = format!("d{round}");
                Ok(input)
            };
            let (one, two, three) = tokio::join!(
                tools.patch(&developer, &made.id, titled),
                tools.set_enabled(&developer, &made.id, false),
                tools.patch(&developer, &made.id, described),
            );
            assert!(one.is_ok() && two.is_ok() && three.is_ok());
            let now = tools.get(&world.access(&ada).await, &made.id).await.unwrap();
            assert_eq!(
                (now.is_enabled, now.title, now.description),
                (false, format!("t{round}"), format!("d{round}")),
            );
        }
    }

    async fn another_projects_tool_cannot_be_touched(world) {
        let ada = world.person("ada@example.com").await;
        let bob = world.person("bob@example.com").await;
        let tools = &world.services.tools;
        let of_ada =
            tools.create(&world.access(&ada).await, &tool("crm-contacts-get")).await.unwrap();
        let developer = world.access::<Developer>(&bob).await;
        assert!(tools.get(&world.access(&bob).await, &of_ada.id).await.is_err());
        assert!(tools.set_enabled(&developer, &of_ada.id, false).await.is_err());
        assert!(tools.replace(&developer, &of_ada.id, &tool("x")).await.is_err());
        assert!(tools.delete(&developer, &of_ada.id).await.is_err());
    }

    async fn several_are_disabled_together_or_not_at_all(world) {
        let ada = world.person("ada@example.com").await;
        let bob = world.person("bob@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let viewer = world.access::<Viewer>(&ada).await;
        let tools = &world.services.tools;
        let one = tools.create(&developer, &tool("one")).await.unwrap().id;
        let two = tools.create(&developer, &tool("two")).await.unwrap().id;
        let of_bob = tools.create(&world.access(&bob).await, &tool("three")).await.unwrap().id;
        let with_a_strangers = [one.clone(), of_bob];
        assert!(matches!(
            tools.set_all_enabled(&developer, &with_a_strangers, false).await,
            Err(Error::NotFound("tool"))
        ));
        let are_enabled = async || {
            let all = tools.list(&viewer).await.unwrap();
            all.iter().map(|tool| tool.is_enabled).collect::<Vec<_>>()
        };
        assert_eq!(are_enabled().await, [true, true]);
        let both = [one.clone(), two, one];
        assert_eq!(tools.set_all_enabled(&developer, &both, false).await.unwrap(), 2);
        assert_eq!(are_enabled().await, [false, false]);
        assert_eq!(tools.set_all_enabled(&developer, &both[..1], true).await.unwrap(), 1);
        assert_eq!(are_enabled().await, [true, false]);
    }

    async fn a_secret_is_sealed_kept_and_dropped(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let tools = &world.services.tools;
        let mut input = tool("crm-contacts-get");
        input.auth_strategy = AuthStrategy::StaticBearer;
        let Err(Error::Invalid(fields)) = tools.create(&developer, &input).await else {
            panic!("a strategy without its secret passed");
        };
        assert_eq!(fields[0].field, "auth_secret");
        input.auth_secret = Some("s3cret".to_owned());
        let made = tools.create(&developer, &input).await.unwrap();
        let Some(ToolSecret::Own(sealed)) = made.auth_secret.clone() else {
            panic!("it is the tool's own");
        };
        assert!(!sealed.windows(6).any(|window| window == b"s3cret"));
        let opened = world.services.core.sealer.open(made.id.as_str(), &sealed).unwrap();
        assert_eq!(opened.as_slice(), b"s3cret");
        let kept = tools.replace(&developer, &made.id, &made.as_input()).await.unwrap();
        assert_eq!(kept.auth_secret, Some(ToolSecret::Own(sealed)));
        for change in [
            (|input| input.base_url = "https://evil.example.com".to_owned()) as fn(&mut crate::tools::ToolInput),
            |input| input.auth_strategy = AuthStrategy::HmacSignature,
            |input| {
                input.auth_strategy = AuthStrategy::ApiKeyHeader;
                input.auth_config.header = Some("X-Title".to_owned());
            },
        ] {
            let mut moved = made.as_input();
            change(&mut moved);
            let Err(Error::Invalid(fields)) = tools.replace(&developer, &made.id, &moved).await else {
                panic!("the secret followed to {moved:?}");
            };
            assert_eq!(fields[0].field, "auth_secret");
        }
        let mut without = made.as_input();
        without.auth_strategy = AuthStrategy::None;
        let dropped = tools.replace(&developer, &made.id, &without).await.unwrap();
        assert_eq!(dropped.auth_secret, None);
    }

    async fn tools_are_listed_in_byte_order(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let names = ["b", "B", "a_", "a-", "a", "Z", "_"];
        world.services.tools.apply(&developer, &names.map(tool)).await.unwrap();
        let listed = world.services.tools.list(&developer.as_viewer()).await.unwrap();
        let listed: Vec<&str> = listed.iter().map(|tool| tool.name.as_str()).collect();
        assert_eq!(listed, ["B", "Z", "_", "a", "a-", "a_", "b"]);
    }

    async fn a_file_is_applied_whole_or_not_at_all(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let viewer = world.access::<Viewer>(&ada).await;
        let tools = &world.services.tools;
        let first = tools.apply(&developer, &[tool("a"), tool("b")]).await.unwrap();
        assert_eq!(first.created, ["a", "b"]);
        let mut changed = tool("b");
        changed.title = "Changed".to_owned();
        let second = tools.apply(&developer, &[tool("a"), changed.clone()]).await.unwrap();
        assert_eq!((second.unchanged, second.updated), (vec!["a".to_owned()], vec!["b".to_owned()]));
        let mut bad = tool("c");
        bad.endpoint_path = "/{nothing}".to_owned();
        let Err(Error::Invalid(fields)) =
            tools.apply(&developer, &[tool("d"), bad, tool("d")]).await
        else {
            panic!("a bad file passed");
        };
        assert!(fields[0].field.starts_with("tools[1].endpoint_path"), "{fields:?}");
        assert_eq!(fields.last().unwrap().field, "tools[2].name");
        assert_eq!(tools.list(&viewer).await.unwrap().len(), 2);
    }

    async fn the_samples_can_be_added_and_added_again(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let added = world.services.tools.add_samples(&developer).await.unwrap();
        assert!(added.created.len() >= 3, "{added:?}");
        let again = world.services.tools.add_samples(&developer).await.unwrap();
        assert_eq!(again.unchanged.len(), added.created.len());
    }

    async fn only_what_does_no_harm_twice_is_retried(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let tools = &world.services.tools;
        let mut input = tool("a");
        for (method, hint, retries, is_fine) in [
            ("GET", None, 5, true),
            ("GET", Some(false), 1, false),
            ("POST", None, 0, true),
            ("POST", None, 1, false),
            ("POST", Some(true), 1, true),
            ("DELETE", None, 2, true),
            ("GET", None, 6, false),
            ("GET", None, -1, false),
            ("POST", None, -1, false),
        ] {
            input.http_method = method.parse().unwrap();
            input.annotations.idempotent_hint = hint;
            input.max_retries = retries;
            match tools.create(&developer, &input).await {
                Ok(made) => {
                    assert!(is_fine, "{method} {hint:?} {retries}");
                    assert_eq!(tools.get(&developer.as_viewer(), &made.id).await.unwrap(), made);
                    assert_eq!((made.max_retries, made.as_input().max_retries), (retries, retries));
                    let mut other = made.as_input();
                    other.max_retries = 0;
                    let changed = tools.replace(&developer, &made.id, &other).await.unwrap();
                    assert_eq!(tools.get(&developer.as_viewer(), &made.id).await.unwrap(), changed);
                    assert!(tools.delete(&developer, &made.id).await.is_ok());
                }
                Err(Error::Invalid(fields)) => {
                    assert!(!is_fine, "{method} {hint:?} {retries}: {fields:?}");
                    assert_eq!(fields.len(), 1);
                    assert_eq!(fields[0].field, "max_retries");
                }
                Err(other) => panic!("{other}"),
            }
        }
    }

    async fn every_broken_rule_is_named_at_once(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let input = serde_json::from_value(serde_json::json!({
            "name": "bad name", "base_url": "ftp://x", "endpoint_path": "x",
            "input_schema": { "type": "string" }, "timeout_ms": 1, "max_response_bytes": 0,
            "title": "a\u{0}b", "query_template": { "q\u{0}": "x" },
        })).unwrap();
        let Err(Error::Invalid(fields)) = world.services.tools.create(&developer, &input).await else {
            panic!("it passed");
        };
        let named: Vec<&str> = fields.iter().map(|error| error.field.as_str()).collect();
        for field in [
            "name", "description", "base_url", "endpoint_path", "input_schema", "timeout_ms",
            "max_response_bytes", "title", "query_template",
        ] {
            assert!(named.contains(&field), "{field} is not among {named:?}");
        }
    }
}

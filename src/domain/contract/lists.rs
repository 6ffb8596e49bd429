//! Lists that people look through: what is found in them, in which order, and a page at a time.

use super::{
    connecting::{connected, connection_of},
    integrations::new,
    members::joined,
    on_both, tool,
};
use crate::{
    Error,
    api_keys::NewApiKey,
    calls::{Call, Outcome, Phases, Via},
    db::execute,
    grants::ToolRule,
    ids::CallId,
    integrations::{Approval, IntegrationChange, IntegrationFilter, IntegrationOrder},
    listing::{ROWS, Words},
    members::{Admin, Developer, Role, Viewer},
    tools::{HttpMethod, ToolFilter, ToolInput, ToolOrder},
    vault::VaultSecretInput,
};

fn words(text: &str) -> Words {
    Words::parse(text).unwrap()
}

fn titled(name: &str, title: &str) -> ToolInput {
    ToolInput {
        title: title.to_owned(),
        ..tool(name)
    }
}

fn secret(name: &str, origin: &str) -> VaultSecretInput {
    let input = serde_json::json!({
        "name": name, "value": "t0ken", "origins": [origin], "auth_strategy": "static_bearer",
    });
    serde_json::from_value(input).unwrap()
}

on_both! {
    async fn tools_are_found_by_words_in_any_case_and_by_nothing_else(world) {
        let ada = world.person("ada@example.com").await;
        let bob = world.person("bob@example.com").await;
        let (developer, viewer) = (world.access::<Developer>(&ada).await, world.access::<Viewer>(&ada).await);
        let tools = &world.services.tools;
        let mut posts = titled("crm-contacts-create", "Create a contact");
        posts.http_method = HttpMethod::Post;
        posts.base_url = "https://crm.example.org".to_owned();
        for input in [
            titled("a_b", "100% of ÄRZTE & Öfen"), titled("axb", "Straße 7 \\ 8"), posts, titled("Zebra", "Stripes"),
        ] {
            tools.create(&developer, &input).await.unwrap();
        }
        tools.create(&world.access(&bob).await, &titled("a_b", "Another's")).await.unwrap();
        let found = async |text: &str| {
            let filter = ToolFilter { words: words(text), is_enabled: None };
            let found = tools.found(&viewer, &filter, ToolOrder::Name, 1).await.unwrap().list;
            assert_eq!((found.found, found.total), (found.rows.len(), 4), "{text}");
            let mut names: Vec<_> = found.rows.into_iter().map(|tool| tool.name).collect();
            names.sort_unstable();
            names.join(" ")
        };
        for (text, expected) in [
            ("A_B", "a_b"), ("100%", "a_b"), ("%", "a_b"), ("\\", "axb"), ("_b", "a_b"),
            ("ärzte ÖFEN", "a_b"), ("Ärzte", "a_b"), ("STRAßE", "axb"), ("zebra stripes", "Zebra"),
            ("zebra create", ""), ("post", "crm-contacts-create"),
            ("example.org/contacts/{id}", "crm-contacts-create"), ("CRM.EXAMPLE.COM", "Zebra a_b axb"),
            ("'", ""), ("\" OR 1=1 --", ""), ("another's", ""), (" ", "Zebra a_b axb crm-contacts-create"),
        ] {
            assert_eq!(found(text).await, expected, "{text}");
        }
    }

    async fn a_list_of_tools_has_an_order_and_pages(world) {
        let ada = world.person("ada@example.com").await;
        let (developer, viewer) = (world.access::<Developer>(&ada).await, world.access::<Viewer>(&ada).await);
        let tools = &world.services.tools;
        let listed = async |is_enabled: Option<bool>, order, page| {
            let filter = ToolFilter { words: words("t-"), is_enabled };
            let found = tools.found(&viewer, &filter, order, page).await.unwrap();
            let names: Vec<_> = found.list.rows.into_iter().map(|tool| tool.name).collect();
            (names, found.list.page, found.list.found, found.enabled)
        };
        assert_eq!(listed(None, ToolOrder::Name, 3).await, (vec![], 1, 0, 0));
        // Made from the last name to the first.
        let last = ROWS + 2;
        let mut ids = Vec::new();
        for number in (0..=last).rev() {
            world.clock.advance_seconds(1);
            ids.push(tools.create(&developer, &tool(&format!("t-{number:03}"))).await.unwrap().id);
        }
        let (names, page, found, enabled) = listed(None, ToolOrder::Name, 1).await;
        assert_eq!((page, found, enabled, names.len()), (1, last + 1, last + 1, ROWS));
        assert_eq!((names[0].as_str(), names[ROWS - 1].as_str()), ("t-000", "t-049"));
        let second = (vec!["t-050".to_owned(), "t-051".to_owned(), "t-052".to_owned()], 2, last + 1, last + 1);
        assert_eq!(listed(None, ToolOrder::Name, 2).await, second);
        assert_eq!(listed(None, ToolOrder::Name, usize::MAX).await, second);
        let (newest, ..) = listed(None, ToolOrder::Newest, 2).await;
        assert_eq!(newest, ["t-050", "t-051", "t-052"]);
        world.clock.advance_seconds(1);
        // The oldest of them.
        tools.set_enabled(&developer, &ids[0], false).await.unwrap();
        let (changed, ..) = listed(None, ToolOrder::Changed, 1).await;
        assert_eq!(changed[..2], ["t-052", "t-000"]);
        assert_eq!(listed(Some(false), ToolOrder::Name, 1).await, (vec!["t-052".to_owned()], 1, 1, 0));
        let (.., found, enabled) = listed(Some(true), ToolOrder::Name, 1).await;
        assert_eq!((found, enabled), (last, last));
        assert_eq!(tools.count_enabled(&viewer).await.unwrap(), last);
        assert_eq!(tools.names(&viewer).await.unwrap().len(), last + 1);
    }

    async fn all_that_a_search_finds_is_switched_if_it_is_what_was_shown(world) {
        let ada = world.person("ada@example.com").await;
        let bob = world.person("bob@example.com").await;
        let (developer, viewer) = (world.access::<Developer>(&ada).await, world.access::<Viewer>(&ada).await);
        let tools = &world.services.tools;
        for name in ["crm-a", "crm-b", "crm-c", "mail-a"] {
            tools.create(&developer, &tool(name)).await.unwrap();
        }
        let of_bob = tools.create(&world.access(&bob).await, &tool("crm-a")).await.unwrap();
        let crm = ToolFilter { words: words("CRM-"), is_enabled: None };
        let enabled = async || {
            let all = tools.list(&viewer).await.unwrap().into_iter();
            all.filter(|tool| tool.is_enabled).map(|tool| tool.name).collect::<Vec<_>>()
        };
        // Somebody added one meanwhile, or took one away.
        for seen in [2, 4] {
            let refused = tools.set_found_enabled(&developer, &crm, seen, false).await;
            assert!(matches!(refused, Err(Error::Invalid(fields)) if fields[0].field == "found"));
        }
        assert_eq!(enabled().await.len(), 4);
        assert_eq!(tools.set_found_enabled(&developer, &crm, 3, false).await.unwrap(), 3);
        assert_eq!(enabled().await, ["mail-a"]);
        assert_eq!(tools.set_found_enabled(&developer, &crm, 3, false).await.unwrap(), 0);
        let off = ToolFilter { is_enabled: Some(false), ..ToolFilter::default() };
        assert_eq!(tools.set_found_enabled(&developer, &off, 3, true).await.unwrap(), 3);
        assert_eq!(enabled().await.len(), 4);
        let changed = tools.list(&viewer).await.unwrap().remove(0);
        assert_eq!(changed.version, 3);
        let bobs = tools.get(&world.access(&bob).await, &of_bob.id).await.unwrap();
        assert_eq!(bobs, of_bob);
    }

    async fn what_the_lint_says_is_known_until_a_tool_changes(world) {
        let ada = world.person("ada@example.com").await;
        let (developer, viewer) = (world.access::<Developer>(&ada).await, world.access::<Viewer>(&ada).await);
        let (tools, lints) = (&world.services.tools, &world.services.lints);
        let one = tools.create(&developer, &tool("one")).await.unwrap();
        assert!(lints.known(&viewer).is_none(), "nobody asked yet");
        let report = lints.of_project(&viewer).await.unwrap();
        assert_eq!(report.tools.len(), 1);
        assert!(std::sync::Arc::ptr_eq(&lints.known(&viewer).unwrap(), &report));
        assert!(std::sync::Arc::ptr_eq(&lints.of_project(&viewer).await.unwrap(), &report));
        tools.set_enabled(&developer, &one.id, false).await.unwrap();
        assert!(lints.known(&viewer).is_none(), "it is about tools as they were");
        assert!(!lints.of_project(&viewer).await.unwrap().tools[0].is_enabled);
        let bob = world.person("bob@example.com").await;
        assert!(lints.known(&world.access(&bob).await).is_none(), "another project's");
    }

    async fn integrations_say_how_they_are_used(world) {
        let ada = world.person("ada@example.com").await;
        let (admin, viewer) = (world.access::<Admin>(&ada).await, world.access::<Viewer>(&ada).await);
        let integrations = &world.services.integrations;
        let made = async |name: &str| {
            integrations.create(&admin, &new(name, Approval::Ask), None).await.unwrap().0
        };
        let unused = made("Ökonomie").await;
        world.clock.advance_seconds(60);
        // Its secret is used now, and its connection later.
        let claude = connection_of(&world, ada.clone(), Approval::Ask).await;
        let secret_used = world.services.core.now();
        world.clock.advance_seconds(60);
        connected(&world, &claude, ToolRule::All).await;
        connected(&world, &claude, ToolRule::All).await;
        let newest = made("another").await;
        let change = IntegrationChange { is_active: Some(false), ..IntegrationChange::default() };
        integrations.update(&admin, &newest.id, &change, None).await.unwrap();
        let listed = async |text: &str, is_active, order| {
            let filter = IntegrationFilter { words: words(text), is_active };
            integrations.found(&viewer, &filter, order, 1).await.unwrap()
        };
        let names = async |text: &str, is_active, order| {
            let rows = listed(text, is_active, order).await.rows.into_iter();
            rows.map(|one| one.name).collect::<Vec<_>>()
        };
        assert_eq!(names("", None, IntegrationOrder::Newest).await, ["another", "Claude", "Ökonomie"]);
        assert_eq!(names("", None, IntegrationOrder::Name).await, ["another", "Claude", "Ökonomie"]);
        assert_eq!(names("", None, IntegrationOrder::Used).await, ["Claude", "another", "Ökonomie"]);
        assert_eq!(names("ökonomie", None, IntegrationOrder::Newest).await, ["Ökonomie"]);
        assert_eq!(names("", Some(false), IntegrationOrder::Newest).await, ["another"]);
        assert_eq!(names("o", Some(true), IntegrationOrder::Newest).await, ["Ökonomie"]);
        let claudes = async || listed("claude", None, IntegrationOrder::Newest).await;
        let list = claudes().await;
        assert_eq!((list.found, list.total), (1, 3));
        let [row] = &list.rows[..] else { panic!("{list:?}") };
        assert_eq!((row.connections, row.last_used_at), (2, Some(secret_used)));
        let of_unused = listed("ökonomie", None, IntegrationOrder::Used).await.rows.remove(0);
        assert_eq!((&of_unused.id, of_unused.connections, of_unused.last_used_at), (&unused.id, 0, None));
        let grants = world.services.grants.connections(&viewer, &claude.integration.id).await.unwrap();
        let [one, other] = &grants[..] else { panic!("two are live") };
        let used = world.services.core.now().plus_seconds(3_600);
        let mut tx = world.db().begin().await.unwrap();
        const USED: &str = "UPDATE grants SET last_used_at = $2 WHERE id = $1";
        const ENDED: &str = "UPDATE grants SET ended_at = $2 WHERE id = $1";
        for (sql, id) in [(USED, &one.grant.id), (ENDED, &one.grant.id)] {
            execute!(&mut tx, sqlx::query(sql).bind(id).bind(used)).unwrap();
        }
        tx.commit().await.unwrap();
        let row = claudes().await.rows.remove(0);
        assert_eq!((row.connections, row.last_used_at), (1, Some(used)));
        const EXPIRED: &str = "UPDATE grants SET expires_at = $2 WHERE id = $1";
        let mut tx = world.db().begin().await.unwrap();
        execute!(&mut tx, sqlx::query(EXPIRED).bind(&other.grant.id).bind(secret_used)).unwrap();
        tx.commit().await.unwrap();
        assert_eq!(claudes().await.rows[0].connections, 0);
    }

    async fn a_project_is_set_up_by_what_clients_did(world) {
        let ada = world.person("ada@example.com").await;
        let bob = world.person("bob@example.com").await;
        let viewer = world.access::<Viewer>(&ada).await;
        let (admin, developer) = (world.access::<Admin>(&ada).await, world.access::<Developer>(&ada).await);
        let services = &world.services;
        let set_up = async || services.projects.set_up(&viewer).await.unwrap();
        let start = set_up().await;
        assert_eq!((start.tools, start.enabled_tools, start.integrations), (0, 0, 0));
        assert!(start.newest_integration.is_none() && !start.has_connected && !start.has_called);
        let one = services.tools.create(&developer, &tool("one")).await.unwrap();
        services.tools.create(&developer, &tool("two")).await.unwrap();
        services.tools.set_enabled(&developer, &one.id, false).await.unwrap();
        let secret = services.integrations.create(&admin, &new("First", Approval::Ask), None).await.unwrap();
        let newest = services.integrations.create(&admin, &new("Second", Approval::Ask), None).await.unwrap().0;
        // What happens in another project ticks nothing here.
        let of_bob = connection_of(&world, bob.clone(), Approval::Ask).await;
        connected(&world, &of_bob, ToolRule::All).await;
        let row = |number: i64, project: &crate::ids::ProjectId, via: Via| Call {
            id: CallId::at(services.core.now().plus_seconds(number), &*services.core.random),
            project_id: project.clone(),
            tool_id: one.id.clone(),
            tool_name: "one".to_owned(),
            tool_version: Some(1),
            integration_id: (via == Via::Mcp).then(|| newest.id.clone()),
            grant_id: None,
            user_id: None,
            api_key_id: None,
            via,
            request_id: String::new(),
            started_at: services.core.now(),
            phases: Phases::default(),
            outcome: Outcome::Ok,
            http_status: None,
            response_bytes: 0,
            error: None,
        };
        for (number, via) in [(1, Via::Playground), (2, Via::Rest)] {
            services.calls.record(row(number, &ada.1, via), None).await.unwrap();
        }
        services.calls.record(row(3, &bob.1, Via::Mcp), None).await.unwrap();
        let made = set_up().await;
        assert_eq!((made.tools, made.enabled_tools, made.integrations), (2, 1, 2));
        assert_eq!(made.newest_integration.as_ref(), Some(&newest.id));
        assert!(!made.has_connected && !made.has_called);
        let (integration, secret) = (secret.0, secret.1.unwrap());
        let proof = crate::clients::ClientProof::Secret(secret.reveal());
        services.clients.authenticate(&integration.client_id, proof).await.unwrap();
        assert!(set_up().await.has_connected, "a secret was used");
        let proof = world.proof(admin.actor()).await;
        services.integrations.delete(&admin, &integration.id, &proof).await.unwrap();
        assert!(!set_up().await.has_connected);
        let client = connection_of(&world, ada.clone(), Approval::Ask).await;
        connected(&world, &client, ToolRule::All).await;
        const UNUSED: &str = "UPDATE integration_secrets SET last_used_at = NULL";
        let mut tx = world.db().begin().await.unwrap();
        execute!(&mut tx, sqlx::query(UNUSED)).unwrap();
        tx.commit().await.unwrap();
        assert!(set_up().await.has_connected, "a client got a token");
        assert!(!set_up().await.has_called);
        services.calls.record(row(4, &ada.1, Via::Mcp), None).await.unwrap();
        assert!(set_up().await.has_called);
    }

    async fn people_secrets_and_keys_are_found_by_what_their_rows_say(world) {
        let ada = world.person("ada@example.com").await;
        let bob = world.person("bob@example.org").await;
        let eve = joined(&world, &ada, "eve@example.org", Role::Developer).await;
        let admin = world.access::<Admin>(&ada).await;
        let services = &world.services;
        let members = async |text: &str| {
            let found = services.members.found(&admin.as_viewer(), &words(text), 1).await.unwrap();
            assert_eq!((found.found, found.total), (found.rows.len(), 2));
            found.rows.into_iter().map(|member| member.email).collect::<Vec<_>>()
        };
        assert_eq!(members("").await, ["ada@example.com", "eve@example.org"]);
        assert_eq!(members("EXAMPLE.org").await, ["eve@example.org"]);
        assert_eq!(members("ada owner").await, ["ada@example.com"]);
        assert_eq!(members("_").await, [""; 0]);
        // What members may not know of each other is not in a page either.
        let seen = services.members.found(&world.access(&eve).await, &words("ada"), 1).await.unwrap();
        assert_eq!((seen.rows[0].has_second_factor, seen.rows[0].last_used_at), (None, None));
        let one = services.members.get(&admin.as_viewer(), eve.0.user_id()).await.unwrap();
        assert_eq!((one.email.as_str(), one.role), ("eve@example.org", Role::Developer));
        let stranger = services.members.get(&admin.as_viewer(), bob.0.user_id()).await;
        assert!(matches!(stranger, Err(Error::NotFound("member"))));

        let vault = &services.vault;
        for (name, origin) in [("CRM", "https://crm.example.com"), ("mail", "https://mail.example.net")] {
            vault.create(&admin, &secret(name, origin)).await.unwrap();
        }
        vault.create(&world.access(&bob).await, &secret("CRM", "https://crm.example.com")).await.unwrap();
        let mut user = tool("uses-it");
        user.base_url = "https://mail.example.net".to_owned();
        user.auth_strategy = crate::tools::AuthStrategy::StaticBearer;
        user.auth_secret_name = Some("mail".to_owned());
        services.tools.create(&world.access(&ada).await, &user).await.unwrap();
        let secrets = async |text: &str| {
            let found = vault.found(&admin.as_viewer(), &words(text), 1).await.unwrap();
            assert_eq!((found.found, found.total), (found.rows.len(), 2));
            let row = |one: crate::vault::VaultSummary| (one.secret.name, one.tools, one.updated_by.unwrap());
            found.rows.into_iter().map(row).collect::<Vec<_>>()
        };
        let by_ada = |name: &str, tools| (name.to_owned(), tools, "ada@example.com".to_owned());
        assert_eq!(secrets("").await, [by_ada("CRM", 0), by_ada("mail", 1)]);
        assert_eq!(secrets("crm").await, [by_ada("CRM", 0)]);
        assert_eq!(secrets("Example.NET").await, [by_ada("mail", 1)]);

        let keys = &services.api_keys;
        for name in ["deploy", "Überwachung"] {
            world.key(&admin, name, Role::Viewer).await;
        }
        world.key(&world.access(&bob).await, "deploy", Role::Viewer).await;
        let proof = world.proof(&ada.0).await;
        let own = NewApiKey::named("deploy from home", Role::Viewer);
        keys.create_own(&ada.0, &own, Some(&proof), crate::contract::HERE).await.unwrap();
        let of_project = async |text: &str| {
            let found = keys.found(&admin, &words(text), 1).await.unwrap();
            assert_eq!((found.found, found.total), (found.rows.len(), 2));
            found.rows.into_iter().map(|one| one.key.name).collect::<Vec<_>>()
        };
        assert_eq!(of_project("").await, ["Überwachung", "deploy"]);
        assert_eq!(of_project("ada DEPLOY").await, ["deploy"]);
        assert_eq!(of_project("überwachung").await, ["Überwachung"]);
        let own = keys.found_own(&ada.0, &words("home"), 1).await.unwrap();
        assert_eq!((own.rows[0].key.name.as_str(), own.total), ("deploy from home", 1));
        assert_eq!(keys.found_own(&bob.0, &words(""), 1).await.unwrap().total, 0);
    }
}

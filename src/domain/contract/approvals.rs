//! What becomes of an approval when its tools change.

use super::{
    connecting::{connected, connection, exchange, request, shared},
    on_both, tool,
};
use crate::{
    grants::{ChangedTools, Memory, ToolRule},
    integrations::{Approval, IntegrationChange},
    members::{Admin, Developer},
    tools::{Since, Tool, ToolInput},
};

on_both! {
    async fn a_connection_marks_what_is_not_as_it_was_approved(world) {
        let connection = connection(&world, Approval::Ask).await;
        let owner = &connection.owner;
        let developer = world.access::<Developer>(owner).await;
        let (tools, grants) = (&world.services.tools, &world.services.grants);
        let mut made = Vec::new();
        for name in ["a", "b", "c", "d"] {
            made.push(tools.create(&developer, &tool(name)).await.unwrap());
        }
        tools.set_enabled(&developer, &made[3].id, false).await.unwrap();
        world.clock.advance_seconds(1);
        let all = connected(&world, &connection, ToolRule::All).await;
        let one = connected(&world, &connection, ToolRule::Selected(vec![made[1].id.clone()])).await;
        let changed = async || {
            let found = grants.connected_apps(&owner.0).await.unwrap();
            let mut found: Vec<_> = found.into_iter().map(|one| (one.grant.tool_rule.as_str(), one.changed_tools())).collect();
            found.sort_unstable_by_key(|(rule, _)| *rule);
            found
        };
        let none = ChangedTools { named: vec![], count: 0 };
        assert_eq!(changed().await, [("all", none.clone()), ("selected", none.clone())]);

        world.clock.advance_seconds(1);
        // What no one approves and no model reads.
        let slower = |input| Ok(ToolInput { timeout_ms: 1_000, ..input });
        tools.patch(&developer, &made[0].id, slower).await.unwrap();
        assert_eq!(changed().await, [("all", none.clone()), ("selected", none.clone())]);
        let described = |input| Ok(ToolInput { description: "Deletes a contact.".to_owned(), ..input });
        tools.patch(&developer, &made[2].id, described).await.unwrap();
        tools.set_enabled(&developer, &made[3].id, true).await.unwrap();
        tools.create(&developer, &tool("e")).await.unwrap();
        let named = [("c", Since::Changed), ("d", Since::Changed), ("e", Since::Added)];
        let named = named.map(|(name, since)| (name.to_owned(), since)).to_vec();
        let expected = ChangedTools { named, count: 3 };
        assert_eq!(changed().await, [("all", expected.clone()), ("selected", none.clone())]);
        let moved = |input| Ok(ToolInput { endpoint_path: "/all/{id}".to_owned(), ..input });
        tools.patch(&developer, &made[1].id, moved).await.unwrap();
        let of_selected = ChangedTools { named: vec![("b".to_owned(), Since::Changed)], count: 1 };
        assert_eq!(changed().await[1], ("selected", of_selected));
        // It is a mark and no more: what was approved goes on.
        for tokens in [&all, &one] {
            assert!(grants.bearer(&tokens.access_token, &shared(&world)).await.is_ok());
        }

        // Of very many the first are named.
        let many: Vec<_> = (0..30).map(|number| tool(&format!("m{number:02}"))).collect();
        tools.apply(&developer, &many).await.unwrap();
        let (_, found) = changed().await.remove(0);
        assert_eq!((found.named.len(), found.count), (20, 34));

        // A decision anew is about what is there now.
        world.clock.advance_seconds(1);
        grants.disconnect_everything(&world.access(owner).await, &connection.integration.id, &Default::default()).await.unwrap();
        connected(&world, &connection, ToolRule::All).await;
        assert_eq!(changed().await, [("all", none)]);
    }

    async fn a_remembered_consent_ends_where_a_tool_of_it_changes(world) {
        let connection = connection(&world, Approval::Ask).await;
        let owner = &connection.owner;
        let developer = world.access::<Developer>(owner).await;
        let (tools, grants) = (&world.services.tools, &world.services.grants);
        let a = tools.create(&developer, &tool("a")).await.unwrap();
        let b = tools.create(&developer, &tool("b")).await.unwrap();
        let user = owner.0.user_id();
        let asked = request(&world, &connection.integration).await;
        assert_eq!(grants.approved_before(&asked, user).await.unwrap(), None);
        let approve = async |rule: ToolRule| {
            world.clock.advance_seconds(1);
            grants.approve(&asked, user, rule, Memory::Remember).await.unwrap();
            world.clock.advance_seconds(1);
        };
        let holds = async || grants.approve_as_before(&asked, user).await.unwrap().is_some();
        let describe = async |tool: &Tool| {
            let again = |input: ToolInput| Ok(ToolInput { description: input.description + "!", ..input });
            tools.patch(&developer, &tool.id, again).await.unwrap();
        };

        approve(ToolRule::All).await;
        let at = grants.approved_before(&asked, user).await.unwrap().unwrap();
        assert_eq!(at.plus_seconds(1), world.services.core.now());
        assert!(holds().await);
        let slower = |input| Ok(ToolInput { timeout_ms: 1_000, ..input });
        tools.patch(&developer, &a.id, slower).await.unwrap();
        tools.set_enabled(&developer, &b.id, false).await.unwrap();
        assert!(holds().await, "nothing that was approved is another thing now");
        describe(&a).await;
        assert!(!holds().await);
        approve(ToolRule::All).await;
        assert!(holds().await);
        tools.create(&developer, &tool("c")).await.unwrap();
        assert!(!holds().await, "one was added");
        approve(ToolRule::All).await;
        tools.set_enabled(&developer, &b.id, true).await.unwrap();
        assert!(!holds().await, "one that the page did not show");

        // What the decision does not cover does not matter to it.
        approve(ToolRule::Selected(vec![a.id.clone()])).await;
        describe(&b).await;
        tools.create(&developer, &tool("d")).await.unwrap();
        assert!(holds().await);
        describe(&a).await;
        assert!(!holds().await);
        approve(ToolRule::ReadOnly).await;
        let writes = ToolInput { http_method: crate::tools::HttpMethod::Post, ..tool("w") };
        tools.create(&developer, &writes).await.unwrap();
        assert!(holds().await);
        approve(ToolRule::All).await;
        let admin = world.access::<Admin>(owner).await;
        let only_a = IntegrationChange { tool_ids: Some(Some(vec![a.id.clone()])), ..Default::default() };
        world.services.integrations.update(&admin, &connection.integration.id, &only_a, None).await.unwrap();
        let asked = request(&world, &connection.integration).await;
        describe(&b).await;
        let code = grants.approve_as_before(&asked, user).await.unwrap().unwrap();

        // What was approved is known after the consent is forgotten, by the connection.
        grants.exchange_code(&connection.client, exchange(code.reveal())).await.unwrap();
        let at = grants.approved_before(&asked, user).await.unwrap();
        assert!(at.is_some_and(|at| at < world.services.core.now()));
        grants.deny(&asked, user).await.unwrap();
        assert_eq!(grants.approved_before(&asked, user).await.unwrap(), at);
        let eve = world.person("eve@example.com").await;
        assert_eq!(grants.approved_before(&asked, eve.0.user_id()).await.unwrap(), None);
    }
}

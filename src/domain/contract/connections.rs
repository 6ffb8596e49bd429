use super::{
    connecting::{
        connected, connection, exchange, parameters, ready, refresh, refresh_token, request, shared,
    },
    integrations::new,
    on_both, tool,
};
use crate::{
    Error,
    events::{Cause, Visit},
    grants::{ApprovedBy, Connection, Introspection, Memory, Revoked, ToolRule},
    integrations::{Approval, IntegrationChange},
    members::{Admin, Viewer},
    tools::HttpMethod,
};

on_both! {
    async fn a_connection_is_seen_and_ended_by_an_admin_and_by_its_person(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let admin = world.access::<Admin>(&connection.owner).await;
        let viewer = world.access::<Viewer>(&connection.owner).await;
        let id = &connection.integration.id;
        let one = connected(&world, &connection, ToolRule::All).await;
        world.clock.advance_seconds(1);
        let two = connected(&world, &connection, ToolRule::ReadOnly).await;
        let seen = grants.connections(&viewer, id).await.unwrap();
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[0].grant.tool_rule, ToolRule::ReadOnly);
        assert_eq!(seen[0].user_email.as_deref(), Some("ada@example.com"));
        assert_eq!(seen[0].grant.client_name, "Claude");
        assert_eq!((seen[0].integration_name.as_str(), seen[0].project_name.as_str()), ("Claude", "CRM"));
        let own = grants.connected_apps(&connection.owner.0).await.unwrap();
        let ids = |all: &[Connection]| all.iter().map(|one| one.grant.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&own), ids(&seen));
        assert_eq!(seen[0].has_current_list(), None, "it fetched none");

        grants.end_connection(&admin, id, &seen[1].grant.id, &Visit::default()).await.unwrap();
        assert!(grants.bearer(&one.access_token, &shared(&world)).await.is_err());
        assert!(grants.bearer(&two.access_token, &shared(&world)).await.is_ok());
        let refused = grants.refresh(&connection.client, refresh(refresh_token(&one))).await;
        assert_eq!(refused.unwrap_err().cause(), Some(Cause::GrantEnded));
        assert!(grants.end_connection(&admin, id, &seen[1].grant.id, &Visit::default()).await.is_err());

        // Nobody else's: not of another project's admin, not of another person.
        let bob = world.person("bob@example.com").await;
        let of_bob = world.access::<Admin>(&bob).await;
        let grant = &seen[0].grant.id;
        assert!(matches!(grants.end_connection(&of_bob, id, grant, &Visit::default()).await, Err(Error::NotFound(_))));
        assert!(matches!(grants.end_own_connection(&bob.0, grant, &Visit::default()).await, Err(Error::NotFound(_))));
        assert!(grants.connected_apps(&bob.0).await.unwrap().is_empty());
        grants.end_own_connection(&connection.owner.0, grant, &Visit::default()).await.unwrap();
        assert!(grants.bearer(&two.access_token, &shared(&world)).await.is_err());
    }

    async fn disconnect_everything_ends_all_of_one_integration(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let admin = world.access::<Admin>(&connection.owner).await;
        let mut tokens = Vec::new();
        for _ in 0..3 {
            tokens.push(connected(&world, &connection, ToolRule::All).await);
        }
        let id = &connection.integration.id;
        assert_eq!(grants.disconnect_everything(&admin, id, &Visit::default()).await.unwrap(), 3);
        for one in &tokens {
            assert!(grants.bearer(&one.access_token, &shared(&world)).await.is_err());
        }
        assert!(grants.connections(&admin.as_viewer(), id).await.unwrap().is_empty());
        assert_eq!(grants.disconnect_everything(&admin, id, &Visit::default()).await.unwrap(), 0);
    }

    async fn a_consent_is_remembered_for_the_same_request_until_the_connection_ends(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let user = connection.owner.0.user_id();
        let asked = request(&world, &connection.integration).await;
        assert!(grants.approve_as_before(&asked, user).await.unwrap().is_none());
        grants.approve(&asked, user, ToolRule::ReadOnly, Memory::Remember).await.unwrap();
        let code = grants.approve_as_before(&asked, user).await.unwrap().unwrap();
        let tokens = grants.exchange_code(&connection.client, exchange(code.reveal())).await.unwrap();
        let seen = grants.connected_apps(&connection.owner.0).await.unwrap();
        assert_eq!(seen[0].grant.tool_rule, ToolRule::ReadOnly);

        // More scopes, or another way back, are asked about.
        let mut more = parameters(&connection.integration);
        more.scope = Some("mcp:tools offline_access".to_owned());
        assert!(grants.approve_as_before(&ready(&world, &more).await, user).await.unwrap().is_none());
        let mut elsewhere = parameters(&connection.integration);
        elsewhere.redirect_uri = Some("http://localhost:1/callback".to_owned());
        assert!(grants.approve_as_before(&ready(&world, &elsewhere).await, user).await.unwrap().is_none());

        // A decision anew takes the place of the one before; a denial forgets it.
        grants.approve(&asked, user, ToolRule::All, Memory::Remember).await.unwrap();
        grants.deny(&asked, user).await.unwrap();
        assert!(grants.approve_as_before(&asked, user).await.unwrap().is_none());
        grants.approve(&asked, user, ToolRule::All, Memory::Remember).await.unwrap();
        grants.approve(&asked, user, ToolRule::ReadOnly, Memory::Forget).await.unwrap();
        assert!(grants.approve_as_before(&asked, user).await.unwrap().is_none());
        grants.approve(&asked, user, ToolRule::All, Memory::Remember).await.unwrap();

        grants.end_own_connection(&connection.owner.0, &seen[0].grant.id, &Visit::default()).await.unwrap();
        assert!(grants.bearer(&tokens.access_token, &shared(&world)).await.is_err());
        assert!(grants.approve_as_before(&asked, user).await.unwrap().is_none());
    }

    async fn a_tool_that_turns_read_only_later_waits_for_the_next_consent(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let developer = world.access(&connection.owner).await;
        let mut input = tool("b-write");
        input.http_method = HttpMethod::Post;
        let writing = world.services.tools.create(&developer, &input).await.unwrap();
        let names = async |token: &str| -> Vec<String> {
            let bearer = grants.bearer(token, &shared(&world)).await.unwrap();
            let tools = grants.offer(&bearer).await.unwrap();
            tools.tools().iter().map(|tool| tool.name.clone()).collect()
        };
        let before = connected(&world, &connection, ToolRule::ReadOnly).await;
        world.clock.advance_seconds(1);
        input.annotations.read_only_hint = Some(true);
        world.services.tools.replace(&developer, &writing.id, &input).await.unwrap();
        world.services.tools.create(&developer, &tool("c-read")).await.unwrap();
        assert_eq!(names(&before.access_token).await, ["c-read"]);
        let after = connected(&world, &connection, ToolRule::ReadOnly).await;
        assert_eq!(names(&after.access_token).await, ["b-write", "c-read"]);
    }

    async fn only_what_the_integration_offers_is_listed(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let developer = world.access(&connection.owner).await;
        let offered = world.services.tools.create(&developer, &tool("a")).await.unwrap();
        world.services.tools.create(&developer, &tool("b")).await.unwrap();
        let tokens = connected(&world, &connection, ToolRule::All).await;
        let admin = world.access::<Admin>(&connection.owner).await;
        let change = IntegrationChange { tool_ids: Some(Some(vec![offered.id])), ..Default::default() };
        let id = &connection.integration.id;
        world.services.integrations.update(&admin, id, &change, None).await.unwrap();
        let bearer = grants.bearer(&tokens.access_token, &shared(&world)).await.unwrap();
        assert_eq!(grants.offer(&bearer).await.unwrap().tools().len(), 1);
        assert!(grants.tool_of(&bearer, "b").await.unwrap().is_none());
    }

    async fn client_credentials_are_off_until_allowed_and_rest_on_one_grant(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let client = &connection.client;
        let off = grants.client_credentials(client, None, None).await.unwrap_err();
        assert_eq!(off.cause(), Some(Cause::NotAllowed));
        let admin = world.access::<Admin>(&connection.owner).await;
        let id = &connection.integration.id;
        let switch = async |on| {
            let change = IntegrationChange { client_credentials: Some(on), ..Default::default() };
            let proof = world.proof(&connection.owner.0).await;
            world.services.integrations.update(&admin, id, &change, Some(&proof)).await.unwrap();
        };
        switch(true).await;
        let proof = crate::clients::ClientProof::Secret(connection.secret.reveal());
        let client_id = &connection.integration.client_id;
        let client = world.services.clients.authenticate(client_id, proof).await.unwrap();
        let (one, two) = tokio::join!(
            grants.client_credentials(&client, None, None),
            grants.client_credentials(&client, Some("mcp:tools offline_access"), None),
        );
        let (one, two) = (one.unwrap(), two.unwrap());
        assert!(one.refresh_token.is_none() && two.refresh_token.is_none());
        assert_eq!(two.scopes.to_string(), "mcp:tools");
        let seen = grants.connections(&admin.as_viewer(), id).await.unwrap();
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].grant.approved_by, ApprovedBy::ClientCredentials);
        let bearer = grants.bearer(&one.access_token, &shared(&world)).await.unwrap();
        assert!(bearer.caller().member.is_none());
        let elsewhere = grants.client_credentials(&client, None, Some("https://evil.example/")).await;
        assert_eq!(elsewhere.unwrap_err().cause(), Some(Cause::WrongResource));
        switch(false).await;
        assert!(grants.bearer(&two.access_token, &shared(&world)).await.is_err());
        assert!(grants.connections(&admin.as_viewer(), id).await.unwrap().is_empty());
    }

    async fn a_client_revokes_and_introspects_its_own_tokens_only(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let admin = world.access::<Admin>(&connection.owner).await;
        let (other, secret) =
            world.services.integrations.create(&admin, &new("Other", Approval::Ask), None).await.unwrap();
        let secret = secret.unwrap();
        let proof = crate::clients::ClientProof::Secret(secret.reveal());
        let other = world.services.clients.authenticate(&other.client_id, proof).await.unwrap();
        let client = &connection.client;
        let tokens = connected(&world, &connection, ToolRule::All).await;
        let texts = [tokens.access_token.as_str(), refresh_token(&tokens)];
        for token in texts {
            assert_ne!(grants.introspect(client, token).await.unwrap(), Introspection::Inactive);
            assert_eq!(grants.introspect(&other, token).await.unwrap(), Introspection::Inactive);
            let foreign = grants.revoke(&other, token).await.unwrap_err();
            assert_eq!(foreign.cause(), Some(Cause::NotYours));
        }
        assert!(matches!(grants.revoke(client, "nonsense").await, Ok(Revoked::Nothing)));
        assert!(matches!(grants.revoke(client, texts[1]).await, Ok(Revoked::Ended(_))));
        assert!(matches!(grants.revoke(client, texts[1]).await, Ok(Revoked::Nothing)));
        for token in texts {
            assert_eq!(grants.introspect(client, token).await.unwrap(), Introspection::Inactive);
        }
        assert!(grants.bearer(&tokens.access_token, &shared(&world)).await.is_err());
        let tokens = connected(&world, &connection, ToolRule::All).await;
        assert!(matches!(grants.revoke(client, &tokens.access_token).await, Ok(Revoked::Ended(_))));
        assert!(grants.refresh(client, refresh(refresh_token(&tokens))).await.is_err());
    }
}

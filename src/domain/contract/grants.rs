use super::{
    connecting::{
        code, connected, connection, exchange, parameters, ready, refresh, refresh_token, request,
        shared,
    },
    integrations::new,
    on_both, tool,
};
use crate::{
    clients::ClientProof,
    grants::{
        AuthorizeError, AuthorizeErrorCode, AuthorizeParameters, BearerError, CodeExchange, Memory,
        ResourceUrl, TokenError, ToolRule,
    },
    integrations::{Approval, IntegrationChange},
    members::Admin,
};

on_both! {
    async fn a_code_becomes_tokens_that_list_the_projects_enabled_tools(world) {
        let connection = connection(&world, Approval::Ask).await;
        let developer = world.access(&connection.owner).await;
        let tools = &world.services.tools;
        tools.create(&developer, &tool("a-read")).await.unwrap();
        let off = tools.create(&developer, &tool("b-off")).await.unwrap();
        tools.set_enabled(&developer, &off.id, false).await.unwrap();
        let bob = world.person("bob@example.com").await;
        tools.create(&world.access(&bob).await, &tool("c-other")).await.unwrap();

        let tokens = connected(&world, &connection, ToolRule::All).await;
        let grants = &world.services.grants;
        let bearer = grants.bearer(&tokens.access_token, &shared(&world)).await.unwrap();
        let names: Vec<String> =
            grants.offer(&bearer).await.unwrap().tools().iter().map(|tool| tool.name.clone()).collect();
        assert_eq!(names, ["a-read"]);
        assert!(!grants.tool_of(&bearer, "b-off").await.unwrap().unwrap().is_enabled);
        assert!(grants.tool_of(&bearer, "c-other").await.unwrap().is_none());
        let caller = bearer.caller();
        assert_eq!(caller.member.unwrap().email, "ada@example.com");
        assert_eq!(tokens.scopes.to_string(), "mcp:tools");
    }

    async fn the_grants_tool_rule_is_enforced(world) {
        let connection = connection(&world, Approval::Ask).await;
        let developer = world.access(&connection.owner).await;
        let read = world.services.tools.create(&developer, &tool("a-read")).await.unwrap();
        let mut writing = tool("b-write");
        writing.http_method = crate::tools::HttpMethod::Post;
        world.services.tools.create(&developer, &writing).await.unwrap();
        let grants = &world.services.grants;
        for rule in [ToolRule::ReadOnly, ToolRule::Selected(vec![read.id.clone()])] {
            let tokens = connected(&world, &connection, rule).await;
            let bearer = grants.bearer(&tokens.access_token, &shared(&world)).await.unwrap();
            assert_eq!(grants.offer(&bearer).await.unwrap().tools().len(), 1);
            assert!(grants.tool_of(&bearer, "b-write").await.unwrap().is_none());
        }
    }

    async fn a_code_is_for_one_use_and_a_second_one_ends_the_connection(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let code = code(&world, &connection, ToolRule::All).await;
        let tokens = grants.exchange_code(&connection.client, exchange(&code)).await.unwrap();
        assert!(grants.bearer(&tokens.access_token, &shared(&world)).await.is_ok());
        assert!(matches!(
            grants.exchange_code(&connection.client, exchange(&code)).await,
            Err(TokenError::Refused { .. })
            ));
        assert!(matches!(
            grants.bearer(&tokens.access_token, &shared(&world)).await,
            Err(BearerError::InvalidToken(_))
        ));
        assert!(grants.refresh(&connection.client, refresh(refresh_token(&tokens))).await.is_err());
    }

    async fn of_two_exchanges_at_once_one_wins_and_the_connection_ends(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let code = code(&world, &connection, ToolRule::All).await;
        let (one, two) = tokio::join!(
            grants.exchange_code(&connection.client, exchange(&code)),
            grants.exchange_code(&connection.client, exchange(&code)),
        );
        assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
        let won = one.or(two).unwrap();
        assert!(grants.bearer(&won.access_token, &shared(&world)).await.is_err());
    }

    async fn a_code_is_bound_to_its_request(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let good = code(&world, &connection, ToolRule::All).await;
        let other = "a".repeat(43);
        for wrong in [
            CodeExchange { code: "tng_ac_guess", ..exchange(&good) },
            CodeExchange { code_verifier: None, ..exchange(&good) },
            CodeExchange { code_verifier: Some(&other), ..exchange(&good) },
            CodeExchange { redirect_uri: Some("http://localhost/callback"), ..exchange(&good) },
        ] {
            assert!(matches!(
                grants.exchange_code(&connection.client, wrong).await,
                Err(TokenError::Refused { .. })
            ), "{wrong:?}");
        }
        let elsewhere =
            CodeExchange { resource: Some("https://evil.example/mcp/"), ..exchange(&good) };
        assert!(matches!(
            grants.exchange_code(&connection.client, elsewhere).await,
            Err(TokenError::Refused { .. })
            ));
        world.clock.advance_seconds(61);
        assert!(matches!(
            grants.exchange_code(&connection.client, exchange(&good)).await,
            Err(TokenError::Refused { .. })
            ));
    }

    async fn a_token_is_for_the_url_it_was_made_for(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let public_url = &world.services.core.public_url;
        let own = ResourceUrl::of_slug(public_url, &connection.integration.slug);
        let mut asked = parameters(&connection.integration);
        asked.resource = Some(own.as_str().trim_end_matches('/').to_owned());
        let request = ready(&world, &asked).await;
        let user = connection.owner.0.user_id();
        let code = grants.approve(&request, user, ToolRule::All, Memory::Forget).await.unwrap();
        let exchange = CodeExchange { resource: Some(own.as_str()), ..exchange(code.reveal()) };
        let tokens = grants.exchange_code(&connection.client, exchange).await.unwrap();
        assert!(grants.bearer(&tokens.access_token, &own).await.is_ok());
        for elsewhere in [shared(&world), ResourceUrl::of_slug(public_url, "another")] {
            assert!(matches!(
                grants.bearer(&tokens.access_token, &elsewhere).await,
                Err(BearerError::InvalidToken(_))
            ));
        }
    }

    async fn an_inactive_integration_keeps_its_tokens(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let admin = world.access::<Admin>(&connection.owner).await;
        let tokens = connected(&world, &connection, ToolRule::All).await;
        let switch = async |is_active| {
            let change = IntegrationChange { is_active: Some(is_active), ..Default::default() };
            let id = &connection.integration.id;
            world.services.integrations.update(&admin, id, &change, None).await.unwrap();
        };
        switch(false).await;
        assert!(matches!(
            grants.bearer(&tokens.access_token, &shared(&world)).await,
            Err(BearerError::Inactive)
        ));
        assert!(matches!(
            grants.authorize_request(&parameters(&connection.integration), None).await,
            Err(AuthorizeError::Inactive(_))
        ));
        switch(true).await;
        assert!(grants.bearer(&tokens.access_token, &shared(&world)).await.is_ok());
    }

    async fn automatic_approval_has_no_person_and_ends_with_the_switch(world) {
        let connection = connection(&world, Approval::Automatic).await;
        let grants = &world.services.grants;
        let request = request(&world, &connection.integration).await;
        let late = grants.approve_automatically(&request).await.unwrap();
        let code = grants.approve_automatically(&request).await.unwrap();
        let tokens =
            grants.exchange_code(&connection.client, exchange(code.reveal())).await.unwrap();
        let bearer = grants.bearer(&tokens.access_token, &shared(&world)).await.unwrap();
        assert!(bearer.caller().member.is_none());
        let admin = world.access::<Admin>(&connection.owner).await;
        let change = IntegrationChange { approval: Some(Approval::Ask), ..Default::default() };
        let id = &connection.integration.id;
        world.services.integrations.update(&admin, id, &change, None).await.unwrap();
        // Not even a code from before, which nobody approved.
        let proof = ClientProof::Secret(connection.secret.reveal());
        let client_id = &connection.integration.client_id;
        let client = world.services.clients.authenticate(client_id, proof).await.unwrap();
        assert!(grants.exchange_code(&client, exchange(late.reveal())).await.is_err());
        assert!(grants.refresh(&client, refresh(refresh_token(&tokens))).await.is_err());
        assert!(grants.bearer(&tokens.access_token, &shared(&world)).await.is_err());
    }

    async fn only_a_member_may_approve(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let request = request(&world, &connection.integration).await;
        let bob = world.person("bob@example.com").await;
        assert!(grants.approve(&request, bob.0.user_id(), ToolRule::All, Memory::Forget).await.is_err());
        assert!(grants.approve_automatically(&request).await.is_err());
    }

    async fn a_request_is_checked_client_and_redirect_uri_first(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let good = || parameters(&connection.integration);
        let refused = async |asked: AuthorizeParameters| grants.authorize_request(&asked, None).await.unwrap_err();
        let unknown = AuthorizeParameters { client_id: Some("x".to_owned()), ..good() };
        assert!(matches!(refused(unknown).await, AuthorizeError::UnknownClient { .. }));
        let evil = AuthorizeParameters {
            redirect_uri: Some("https://evil.example/cb".to_owned()),
            response_type: None,
            ..good()
        };
        assert!(matches!(refused(evil).await, AuthorizeError::UnknownRedirectUri { .. }));
        let no_uri = AuthorizeParameters { redirect_uri: None, ..good() };
        assert!(matches!(refused(no_uri).await, AuthorizeError::UnknownRedirectUri { .. }));
        for (asked, expected) in [
            (
                AuthorizeParameters { response_type: Some("token".to_owned()), ..good() },
                AuthorizeErrorCode::UnsupportedResponseType,
            ),
            (
                AuthorizeParameters { code_challenge_method: Some("plain".to_owned()), ..good() },
                AuthorizeErrorCode::InvalidRequest,
            ),
            (
                AuthorizeParameters { code_challenge: None, ..good() },
                AuthorizeErrorCode::InvalidRequest,
            ),
            (
                AuthorizeParameters { resource: Some("https://evil.example/".to_owned()), ..good() },
                AuthorizeErrorCode::InvalidTarget,
            ),
            (
                AuthorizeParameters { resource: Some("http://localhost:3000/mcp/other".to_owned()), ..good() },
                AuthorizeErrorCode::InvalidTarget,
            ),
        ] {
            assert!(matches!(
                refused(asked).await,
                AuthorizeError::Refused { code, .. } if code == expected
            ), "{expected:?}");
        }
    }

    async fn another_clients_code_and_refresh_token_are_worth_nothing(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let admin = world.access::<Admin>(&connection.owner).await;
        let (other, secret) =
            world.services.integrations.create(&admin, &new("Other", Approval::Ask), None).await.unwrap();
        let secret = secret.unwrap();
        let thief = world
            .services
            .clients
            .authenticate(&other.client_id, ClientProof::Secret(secret.reveal()))
            .await
            .unwrap();
        let stolen = code(&world, &connection, ToolRule::All).await;
        assert!(grants.exchange_code(&thief, exchange(&stolen)).await.is_err());
        let tokens = grants.exchange_code(&connection.client, exchange(&stolen)).await.unwrap();
        assert!(grants.refresh(&thief, refresh(refresh_token(&tokens))).await.is_err());
        // The thief's tries ended nothing.
        assert!(grants.bearer(&tokens.access_token, &shared(&world)).await.is_ok());
        assert!(grants.refresh(&connection.client, refresh(refresh_token(&tokens))).await.is_ok());
    }

    async fn a_forged_token_is_refused(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let token = connected(&world, &connection, ToolRule::All).await.access_token;
        let parts: Vec<&str> = token.split('.').collect();
        let encode = |json: serde_json::Value| crate::crypto::base64url(json.to_string().as_bytes());
        let none = encode(serde_json::json!({ "alg": "none", "typ": "at+jwt" }));
        let hs256 = encode(serde_json::json!({ "alg": "HS256", "typ": "at+jwt", "kid": "x" }));
        for forged in [
            format!("{none}.{}.", parts[1]),
            format!("{hs256}.{}.{}", parts[1], parts[2]),
            format!("{}.{}.{}", parts[0], parts[1], "A".repeat(86)),
            format!("{}.{}", parts[0], parts[1]),
            String::new(),
            "a.b.c".to_owned(),
        ] {
            assert!(matches!(
                grants.bearer(&forged, &shared(&world)).await,
                Err(BearerError::InvalidToken(_))
            ), "{forged}");
        }
        let jwks = grants.signing_keys().jwks().await.unwrap();
        assert_eq!(jwks["keys"].as_array().unwrap().len(), 1);
        assert!(jwks["keys"][0].get("d").is_none(), "the private half stays here");
    }

    async fn leaving_automatic_and_disconnecting_end_what_is_under_way(world) {
        let connection = connection(&world, Approval::Automatic).await;
        let grants = &world.services.grants;
        let admin = world.access::<Admin>(&connection.owner).await;
        let id = &connection.integration.id;
        let integrations = &world.services.integrations;
        let set = async |approval| {
            let change = IntegrationChange { approval: Some(approval), ..Default::default() };
            let proof = world.proof(&connection.owner.0).await;
            integrations.update(&admin, id, &change, Some(&proof)).await.unwrap();
        };
        let asked = request(&world, &connection.integration).await;
        for _ in 0..8 {
            let code = grants.approve_automatically(&asked).await.unwrap();
            let (exchanged, ()) = tokio::join!(
                grants.exchange_code(&connection.client, exchange(code.reveal())),
                set(Approval::Ask),
            );
            set(Approval::Automatic).await;
            if let Ok(tokens) = exchanged {
                let bearer = grants.bearer(&tokens.access_token, &shared(&world)).await;
                assert!(bearer.is_err(), "it came back with the switch");
            }
            // Nor is a code from before worth anything.
            assert!(grants.exchange_code(&connection.client, exchange(code.reveal())).await.is_err());
        }
        for _ in 0..8 {
            let code = code(&world, &connection, ToolRule::All).await;
            let visit = crate::events::Visit::default();
            let (exchanged, ended) = tokio::join!(
                grants.exchange_code(&connection.client, exchange(&code)),
                grants.disconnect_everything(&admin, id, &visit),
            );
            ended.unwrap();
            if let Ok(tokens) = exchanged {
                assert!(grants.bearer(&tokens.access_token, &shared(&world)).await.is_err());
            }
            assert!(grants.connections(&admin.as_viewer(), id).await.unwrap().is_empty());
        }
    }
}

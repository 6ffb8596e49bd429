use serde_json::{Map, Value, json};

use super::{
    HERE, World,
    connecting::{CALLBACK, connection, exchange, parameters, shared},
    integrations::new,
    on_both,
};
use crate::{
    clients::{ClientError, ClientProof, FindError, SelfRegistered},
    events::Cause,
    grants::{AuthorizeError, AuthorizeParameters, Checked, Memory, ToolRule},
    integrations::{Approval, ClientKind, IntegrationChange},
    members::Admin,
};

fn metadata(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

async fn registered(world: &World) -> SelfRegistered {
    let metadata = metadata(&json!({ "redirect_uris": [CALLBACK], "client_name": "Roamer" }));
    world
        .services
        .clients
        .register(&metadata, HERE)
        .await
        .unwrap()
}

on_both! {
    async fn a_registered_client_connects_to_the_integration_that_the_person_chooses(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let client = registered(&world).await;
        let user = connection.owner.0.user_id();
        let asked = AuthorizeParameters {
            client_id: Some(client.client_id.clone()),
            ..parameters(&connection.integration)
        };
        assert!(matches!(
            grants.authorize_request(&asked, Some(user)).await.unwrap(),
            Checked::Choose(_)
        ));
        assert!(grants.open_integrations(user).await.unwrap().is_empty());
        let chosen = AuthorizeParameters {
            integration: Some(connection.integration.id.to_string()),
            ..asked.clone()
        };
        assert!(matches!(
            grants.authorize_request(&chosen, Some(user)).await,
            Err(AuthorizeError::NotSelfRegistered(_))
        ));
        let admin = world.access::<Admin>(&connection.owner).await;
        let open = IntegrationChange { self_registered: Some(true), ..Default::default() };
        let id = &connection.integration.id;
        world.services.integrations.update(&admin, id, &open, None).await.unwrap();
        assert_eq!(grants.open_integrations(user).await.unwrap().len(), 1);
        let bob = world.person("bob@example.com").await;
        assert!(grants.open_integrations(bob.0.user_id()).await.unwrap().is_empty());

        let Checked::Ready(request) = grants.authorize_request(&chosen, Some(user)).await.unwrap() else {
            panic!("nothing is missing");
        };
        assert_eq!(request.client().kind, ClientKind::Public);
        assert!(!request.can_be_remembered() && !request.approves_itself());
        assert!(grants.approve(&request, bob.0.user_id(), ToolRule::All, Memory::Forget).await.is_err());
        let code = grants.approve(&request, user, ToolRule::All, Memory::Forget).await.unwrap();
        let clients = &world.services.clients;
        let proved = clients.authenticate(&client.client_id, ClientProof::Nothing).await.unwrap();
        assert!(proved.is_public() && proved.integration().is_none());
        let tokens = grants.exchange_code(&proved, exchange(code.reveal())).await.unwrap();
        assert!(grants.bearer(&tokens.access_token, &shared(&world)).await.is_ok());
        // Its audience is the shared URL only.
        let own = crate::grants::ResourceUrl::of_slug(&world.services.core.public_url, &connection.integration.slug);
        assert!(grants.bearer(&tokens.access_token, &own).await.is_err());
        assert!(matches!(
            clients.authenticate(&client.client_id, ClientProof::Secret("tng_cs_x")).await,
            Err(ClientError::Refused { cause: Cause::PublicClient, .. })
        ));
    }

    async fn a_url_that_no_integration_has_is_the_clients_mistake(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let client = registered(&world).await;
        let asked = AuthorizeParameters {
            client_id: Some(client.client_id),
            resource: Some(world.services.core.public_url.integration_url("no-such-slug")),
            ..parameters(&connection.integration)
        };
        let user = connection.owner.0.user_id();
        assert!(matches!(
            grants.authorize_request(&asked, Some(user)).await,
            Err(AuthorizeError::Refused { cause: Cause::WrongResource, .. })
        ));
        // A choice that is gone is made again.
        let stale = AuthorizeParameters { resource: None, integration: Some("int_gone".to_owned()), ..asked };
        assert!(matches!(grants.authorize_request(&stale, Some(user)).await, Ok(Checked::Choose(_))));
    }

    async fn the_url_of_an_integration_is_a_choice(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let admin = world.access::<Admin>(&connection.owner).await;
        let open = IntegrationChange { self_registered: Some(true), ..Default::default() };
        let id = &connection.integration.id;
        world.services.integrations.update(&admin, id, &open, None).await.unwrap();
        let client = registered(&world).await;
        let asked = AuthorizeParameters {
            client_id: Some(client.client_id),
            resource: Some(world.services.core.public_url.integration_url(&connection.integration.slug)),
            ..parameters(&connection.integration)
        };
        let Checked::Ready(request) = grants.authorize_request(&asked, None).await.unwrap() else {
            panic!("the URL says which integration it is");
        };
        assert_eq!(request.integration().id, *id);
        let off = IntegrationChange { is_active: Some(false), ..Default::default() };
        world.services.integrations.update(&admin, id, &off, None).await.unwrap();
        assert!(matches!(
            grants.authorize_request(&asked, None).await,
            Err(AuthorizeError::Inactive(_))
        ));
    }

    async fn registrations_die_unused_and_those_with_a_connection_stay(world) {
        let clients = &world.services.clients;
        let unused = registered(&world).await;
        let used = registered(&world).await;
        let mut tx = world.db().begin().await.unwrap();
        clients.keep_in_use(&mut tx, &clients.find(&used.client_id, None).await.unwrap()).await.unwrap();
        tx.commit().await.unwrap();
        world.clock.advance_seconds(25 * 3_600);
        world.services.expire().await.unwrap();
        assert!(matches!(clients.find(&unused.client_id, None).await, Err(FindError::Unknown)));
        assert!(matches!(
            clients.authenticate(&unused.client_id, ClientProof::Nothing).await,
            Err(ClientError::Refused { cause: Cause::UnknownClient, .. })
        ));
        assert_eq!(clients.find(&used.client_id, None).await.unwrap().name.as_deref(), Some("Roamer"));
        world.clock.advance_seconds(91 * 86_400);
        world.services.expire().await.unwrap();
        assert!(clients.find(&used.client_id, None).await.is_err());
    }

    async fn a_client_whose_connection_expired_goes_too(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let admin = world.access::<Admin>(&connection.owner).await;
        let open = IntegrationChange { self_registered: Some(true), ..Default::default() };
        let id = &connection.integration.id;
        world.services.integrations.update(&admin, id, &open, None).await.unwrap();
        let client = registered(&world).await;
        let asked = AuthorizeParameters {
            client_id: Some(client.client_id.clone()),
            integration: Some(id.to_string()),
            ..parameters(&connection.integration)
        };
        let user = connection.owner.0.user_id();
        let Ok(Checked::Ready(request)) = grants.authorize_request(&asked, Some(user)).await else {
            panic!("nothing is missing");
        };
        let code = grants.approve(&request, user, ToolRule::All, Memory::Forget).await.unwrap();
        let clients = &world.services.clients;
        let proved = clients.authenticate(&client.client_id, ClientProof::Nothing).await.unwrap();
        grants.exchange_code(&proved, exchange(code.reveal())).await.unwrap();
        world.clock.advance_seconds(59 * 86_400);
        world.services.expire().await.unwrap();
        assert!(clients.find(&client.client_id, None).await.is_ok());
        world.clock.advance_seconds(59 * 86_400);
        world.services.expire().await.unwrap();
        assert!(matches!(clients.find(&client.client_id, None).await, Err(FindError::Unknown)));
    }

    async fn a_document_is_fetched_only_for_someone_who_is_signed_in_and_never_from_inside(world) {
        let clients = &world.services.clients;
        let person = world.person("ada@example.com").await;
        let inside = "https://127.0.0.1/client.json";
        assert!(matches!(clients.find(inside, None).await, Err(FindError::SignInFirst)));
        let Err(FindError::Document(why)) = clients.find(inside, Some(person.0.user_id())).await else {
            panic!("it was fetched");
        };
        assert!(why.contains("may connect to"), "{why}");
        assert!(matches!(clients.find("https://a.example", None).await, Err(FindError::Unknown)));
        // Only so many for one person.
        let mut throttled = false;
        for _ in 0..30 {
            throttled |= matches!(
                clients.find(inside, Some(person.0.user_id())).await,
                Err(FindError::Domain(crate::Error::Throttled { .. }))
            );
        }
        assert!(throttled);
    }

    async fn the_documents_of_well_known_clients_are_built_in(world) {
        let clients = &world.services.clients;
        let claude = clients
            .find("https://claude.ai/oauth/mcp-oauth-client-metadata", None)
            .await
            .unwrap();
        assert_eq!(claude.name.as_deref(), Some("Claude"));
        assert!(claude.allows("https://claude.ai/api/mcp/auth_callback"));
        let code = clients
            .find("https://claude.ai/oauth/claude-code-client-metadata", None)
            .await
            .unwrap();
        assert!(code.allows("http://localhost:51234/callback"));
        for id in ["https://chatgpt.com/oauth/client.json", "https://vscode.dev/oauth/client-metadata.json"] {
            assert!(clients.find(id, None).await.is_ok(), "{id}");
        }
    }

    async fn a_public_client_of_an_integration_is_asked_every_time(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let public = crate::integrations::NewIntegration { client_kind: ClientKind::Public, ..new("p", Approval::Ask) };
        let (made, _) = world.services.integrations.create(&admin, &public, None).await.unwrap();
        let grants = &world.services.grants;
        let Checked::Ready(request) = grants.authorize_request(&parameters(&made), None).await.unwrap() else {
            panic!("nothing is missing");
        };
        grants.approve(&request, ada.0.user_id(), ToolRule::All, Memory::Remember).await.unwrap();
        assert!(grants.approve_as_before(&request, ada.0.user_id()).await.unwrap().is_none());
    }
}

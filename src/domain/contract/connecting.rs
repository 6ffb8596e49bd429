//! What stories of connections begin with.

use super::{World, integrations::new};
use crate::{
    accounts::Actor,
    clients::{Client, ClientProof},
    crypto::{BearerSecret, pkce_s256},
    grants::{
        AuthorizeParameters, AuthorizeRequest, Checked, CodeExchange, Memory, Refresh, ResourceUrl,
        Tokens, ToolRule,
    },
    ids::ProjectId,
    integrations::{Approval, Integration},
    members::Admin,
};

pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CALLBACK: &str = "https://claude.ai/api/mcp/auth_callback";

/// A project with an integration, and its client that has proved itself.
pub(crate) struct Connection {
    pub(crate) owner: (Actor, ProjectId),
    pub(crate) integration: Integration,
    pub(crate) client: Client,
    pub(crate) secret: BearerSecret,
}

pub(crate) async fn connection(world: &World, approval: Approval) -> Connection {
    let owner = world.person("ada@example.com").await;
    connection_of(world, owner, approval).await
}

/// The same in a project that there is.
pub(crate) async fn connection_of(
    world: &World,
    owner: (Actor, ProjectId),
    approval: Approval,
) -> Connection {
    let admin = world.access::<Admin>(&owner).await;
    let proof = world.proof(&owner.0).await;
    let (integration, secret) = world
        .services
        .integrations
        .create(&admin, &new("Claude", approval), Some(&proof))
        .await
        .unwrap();
    let secret = secret.unwrap();
    let proof = ClientProof::Secret(secret.reveal());
    let client = world
        .services
        .clients
        .authenticate(&integration.client_id, proof)
        .await
        .unwrap();
    Connection {
        owner,
        integration,
        client,
        secret,
    }
}

pub(crate) fn parameters(integration: &Integration) -> AuthorizeParameters {
    AuthorizeParameters {
        response_type: Some("code".to_owned()),
        client_id: Some(integration.client_id.clone()),
        redirect_uri: Some(CALLBACK.to_owned()),
        code_challenge: Some(pkce_s256(VERIFIER)),
        code_challenge_method: Some("S256".to_owned()),
        ..Default::default()
    }
}

pub(crate) async fn request(world: &World, integration: &Integration) -> AuthorizeRequest {
    ready(world, &parameters(integration)).await
}

/// A request that lacks nothing.
pub(crate) async fn ready(world: &World, asked: &AuthorizeParameters) -> AuthorizeRequest {
    match world.services.grants.authorize_request(asked, None).await {
        Ok(Checked::Ready(request)) => *request,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn code(world: &World, connection: &Connection, rule: ToolRule) -> String {
    let request = request(world, &connection.integration).await;
    let user = connection.owner.0.user_id();
    world
        .services
        .grants
        .approve(&request, user, rule, Memory::Forget)
        .await
        .unwrap()
        .reveal()
        .to_owned()
}

pub(crate) fn exchange(code: &str) -> CodeExchange<'_> {
    CodeExchange {
        code,
        redirect_uri: Some(CALLBACK),
        code_verifier: Some(VERIFIER),
        resource: None,
    }
}

pub(crate) async fn connected(world: &World, connection: &Connection, rule: ToolRule) -> Tokens {
    let code = code(world, connection, rule).await;
    world
        .services
        .grants
        .exchange_code(&connection.client, exchange(&code))
        .await
        .unwrap()
}

pub(crate) fn shared(world: &World) -> ResourceUrl {
    ResourceUrl::shared(&world.services.core.public_url)
}

pub(crate) fn refresh(token: &str) -> Refresh<'_> {
    Refresh {
        refresh_token: token,
        scope: None,
        resource: None,
    }
}

/// The refresh token among tokens.
pub(crate) fn refresh_token(tokens: &Tokens) -> &str {
    tokens.refresh_token.as_ref().unwrap().reveal()
}

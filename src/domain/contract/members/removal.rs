//! What ends with a membership.

use super::{
    super::{
        authority::{following, soon},
        connecting::{Connection, connection, exchange, request, shared},
        tool,
    },
    *,
};
use crate::{
    db::read,
    grants::{BearerError, Memory, TokenError, Tokens, ToolRule},
    integrations::Approval,
};

/// A member connects Claude to the integration of a project.
async fn connected_by(world: &World, connection: &Connection, person: &Person) -> Tokens {
    let code = code_of(world, connection, person).await;
    let grants = &world.services.grants;
    let exchanged = grants
        .exchange_code(&connection.client, exchange(&code))
        .await;
    exchanged.unwrap()
}

async fn code_of(world: &World, connection: &Connection, person: &Person) -> String {
    let request = request(world, &connection.integration).await;
    let grants = &world.services.grants;
    let user = person.0.user_id();
    let code = grants
        .approve(&request, user, ToolRule::All, Memory::Remember)
        .await;
    code.unwrap().reveal().to_owned()
}

/// As if they had connected an account at another server.
async fn with_account(world: &World, person: &Person) {
    const SECRET: &str = "INSERT INTO vault_secrets (id, project_id, name, origins, auth_strategy, \
         auth_config, created_at, updated_at) VALUES ('vsec_1', $1, 'acme', '[]', 'none', '{}', 0, 0)";
    const CONNECTION: &str = "INSERT INTO upstream_connections (vault_secret_id, user_id, sealed, \
         created_at, updated_at, renewing_until) VALUES ('vsec_1', $1, $2, 0, 0, 0)";
    let mut tx = world.db().begin().await.unwrap();
    execute!(&mut tx, sqlx::query(SECRET).bind(&person.1)).unwrap();
    execute!(
        &mut tx,
        sqlx::query(CONNECTION)
            .bind(person.0.user_id())
            .bind(b"t".as_slice())
    )
    .unwrap();
    tx.commit().await.unwrap();
}

async fn count(world: &World, sql: &'static str, of: &Person) -> i64 {
    read!(world.db(), |c| sqlx::query_scalar(sql)
        .bind(of.0.user_id())
        .fetch_one(c)
        .await)
    .unwrap()
}

async fn has_role<L: Level>(world: &World, of: &Person) -> bool {
    world
        .services
        .members
        .access::<L>(&of.0, &of.1)
        .await
        .is_ok()
}

on_both! {
    async fn a_connection_in_use_has_the_role_of_now_and_ends_with_the_membership(world) {
        let connection = connection(&world, Approval::Ask).await;
        let ada = &connection.owner;
        world.services.tools.create(&world.access(ada).await, &tool("one")).await.unwrap();
        let bob = joined(&world, ada, "bob@example.com", Role::Admin).await;
        let tokens = connected_by(&world, &connection, &bob).await;
        let grants = &world.services.grants;
        let held = grants.bearer(&tokens.access_token, &shared(&world)).await.unwrap();
        assert_eq!(held.caller().member.unwrap().role, Role::Admin);
        set_role(&world, ada, &bob, Role::Viewer).await.unwrap();
        let held = grants.still(&held).await.unwrap();
        assert_eq!(held.caller().member.unwrap().role, Role::Viewer);
        remove(&world, ada, &bob).await.unwrap();
        assert!(grants.still(&held).await.is_err());
        assert!(grants.has_ended(&held).await.unwrap(), "a call that is running hears of it");
    }

    async fn a_removal_ends_what_rests_on_the_membership_and_nothing_else(world) {
        let connection = connection(&world, Approval::Ask).await;
        let ada = &connection.owner;
        let bob = joined(&world, ada, "bob@example.com", Role::Admin).await;
        let eve = joined(&world, ada, "eve@example.com", Role::Viewer).await;
        let tokens = connected_by(&world, &connection, &bob).await;
        let of_eve = connected_by(&world, &connection, &eve).await;
        let unspent = code_of(&world, &connection, &bob).await;
        let admin = world.access::<Admin>(&bob).await;
        let services = &world.services;
        let (_, key) = world.key(&admin, "ci", Role::Developer).await;
        let elsewhere = services.projects.create(&bob.0, "Other").await.unwrap();
        let elsewhere = (bob.0.clone(), elsewhere.id);
        let invitation = invited(&world, &bob, Role::Viewer).await;
        with_account(&world, &bob).await;
        let members = &services.members;
        let ends = Ends { connections: 1, accounts: 1, api_keys: 1, invitations: 1, open_links: 0 };
        let viewer = world.access::<Viewer>(ada).await;
        assert_eq!(members.what_removal_ends(&viewer, bob.0.user_id()).await.unwrap(), ends);
        let own = world.access::<Viewer>(&bob).await;
        assert_eq!(members.what_removal_ends(&own, bob.0.user_id()).await.unwrap(), ends);
        let curious = world.access::<Viewer>(&eve).await;
        assert!(matches!(members.what_removal_ends(&curious, bob.0.user_id()).await, Err(Error::Forbidden(_))));

        assert_eq!(remove(&world, ada, &bob).await.unwrap(), ends);
        assert!(matches!(
            services.grants.bearer(&tokens.access_token, &shared(&world)).await,
            Err(BearerError::InvalidToken(_))
        ));
        let spent = services.grants.exchange_code(&connection.client, exchange(&unspent)).await;
        assert!(matches!(spent, Err(TokenError::Refused { .. })));
        assert!(matches!(services.api_keys.authenticate(key.reveal()).await, Err(Error::WrongCredentials)));
        assert!(services.invitations.look_at(&invitation, HERE).await.is_err());
        for sql in [
            "SELECT COUNT(*) FROM consents WHERE user_id = $1",
            "SELECT COUNT(*) FROM upstream_connections WHERE user_id = $1",
            "SELECT COUNT(*) FROM authorization_codes WHERE user_id = $1 AND grant_id IS NULL",
        ] {
            assert_eq!(count(&world, sql, &bob).await, 0, "{sql}");
        }
        assert_eq!(
            members.what_removal_ends(&viewer, bob.0.user_id()).await.unwrap(),
            Ends::default()
        );
        assert!(has_role::<Owner>(&world, &elsewhere).await, "their own project stays");
        assert!(services.grants.bearer(&of_eve.access_token, &shared(&world)).await.is_ok());
        assert_eq!(count(&world, "SELECT COUNT(*) FROM consents WHERE user_id = $1", &eve).await, 1);
        let id = &connection.integration.id;
        let events = services.events.of_integration(&viewer, id, 50).await.unwrap();
        assert!(events.iter().any(|event| event.detail.as_deref() == Some("membership_ended")));

        // Who comes back begins anew.
        let token = invited(&world, ada, Role::Admin).await;
        world.clock.advance_seconds(1);
        assert!(services.invitations.accept(&token, &bob.0, HERE).await.is_err(), "it is from before");
        let token = invited(&world, ada, Role::Admin).await;
        services.invitations.accept(&token, &bob.0, HERE).await.unwrap();
        assert!(services.grants.bearer(&tokens.access_token, &shared(&world)).await.is_err());
        assert!(services.api_keys.authenticate(key.reveal()).await.is_err());
        assert!(services.invitations.look_at(&invitation, HERE).await.is_err());
    }

    async fn a_removed_member_does_not_come_back_by_a_link_with_a_second_account(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada, "bob@example.com", Role::Admin).await;
        let (services, members) = (&world.services, &world.services.members);
        let admin = world.access::<Admin>(&ada).await;
        let proof = world.proof(&ada.0).await;
        let link = async |new: NewInvitation| {
            let made = services.invitations.create(&admin, Role::Developer, &new, Some(&proof)).await;
            made.unwrap().1.reveal().to_owned()
        };
        let many = NewInvitation { most_uses: Some(9), ..NewInvitation::default() };
        let for_all = link(many.clone()).await;
        let for_one = link(NewInvitation::default()).await;
        let for_dora = NewInvitation { email: Some("dora@example.com".to_owned()), ..NewInvitation::default() };
        let for_dora = link(for_dora).await;
        let other = services.projects.create(&ada.0, "Other").await.unwrap();
        let elsewhere = invited(&world, &(ada.0.clone(), other.id), Role::Viewer).await;
        // Theirs are counted once, as theirs.
        let own = invited(&world, &bob, Role::Viewer).await;
        let viewer = world.access::<Viewer>(&ada).await;
        let ends = Ends { invitations: 1, open_links: 2, ..Ends::default() };
        assert_eq!(members.what_removal_ends(&viewer, bob.0.user_id()).await.unwrap(), ends);
        let by_self = world.access::<Viewer>(&bob).await;
        let left = members.what_removal_ends(&by_self, bob.0.user_id()).await.unwrap();
        assert_eq!(left.open_links, 0, "who leaves may come back");

        assert_eq!(remove(&world, &ada, &bob).await.unwrap(), ends);
        let second = Actor::Person { user_id: world.sign_up("bob2@example.com").await.id };
        for gone in [&for_all, &for_one, &own] {
            assert!(matches!(services.invitations.accept(gone, &second, HERE).await, Err(Error::NotFound(_))));
        }
        let dora = Actor::Person { user_id: world.sign_up("dora@example.com").await.id };
        services.invitations.accept(&for_dora, &dora, HERE).await.unwrap();
        services.invitations.look_at(&elsewhere, HERE).await.unwrap();

        let for_all = link(many).await;
        let dora = (dora, ada.1.clone());
        assert_eq!(leave(&world, &dora).await.unwrap(), Ends::default());
        services.invitations.look_at(&for_all, HERE).await.unwrap();
    }

    async fn another_process_hears_that_somebody_was_removed_or_disabled(world) {
        let connection = connection(&world, Approval::Ask).await;
        let ada = &connection.owner;
        let bob = joined(&world, ada, "bob@example.com", Role::Developer).await;
        let eve = joined(&world, ada, "eve@example.com", Role::Developer).await;
        let of_bob = connected_by(&world, &connection, &bob).await.access_token;
        let of_eve = connected_by(&world, &connection, &eve).await.access_token;
        let other = world.another_process().await;
        let following = following(&other).await;
        let works = async |token: &str| {
            other.services.grants.bearer(token, &shared(&other)).await.is_ok()
        };
        assert!(works(&of_bob).await && works(&of_eve).await, "and is remembered");
        remove(&world, ada, &bob).await.unwrap();
        assert!(soon(async || !works(&of_bob).await).await);
        world.services.accounts.disable_by_operator("eve@example.com").await.unwrap();
        assert!(soon(async || !works(&of_eve).await).await);
        following.abort();
    }
}

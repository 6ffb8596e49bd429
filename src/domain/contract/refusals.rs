//! What last kept a client out, each cause truly provoked, and gone once it is mended.

use super::{
    World,
    connecting::{CALLBACK, Connection, connected, connection, parameters, shared},
    on_both, tool,
};
use crate::{
    Error,
    clients::{ClientError, ClientProof},
    clock::Timestamp,
    db::read,
    events::{Cause, EventKind, NewEvent, Trail, Visit},
    grants::{AuthorizeParameters, ToolRule},
    ids::UserId,
    integrations::{
        Approval, IntegrationChange, Overlap, Refusal, RefusalCause, RefusalKind, Rotation,
    },
    members::{Admin, Developer, Viewer},
    tools::HttpMethod,
};

fn from(user_agent: &str) -> Visit {
    Visit::new("0197".to_owned(), "192.0.2.1".to_owned(), user_agent)
}

async fn all(world: &World, connection: &Connection) -> Vec<Refusal> {
    let viewer = world.access::<Viewer>(&connection.owner).await;
    let integrations = &world.services.integrations;
    let id = &connection.integration.id;
    let integration = integrations.get(&viewer, id).await.unwrap();
    integrations.refusals(&viewer, &integration).await.unwrap()
}

/// The one that is told first.
async fn last(world: &World, connection: &Connection) -> Option<RefusalCause> {
    let all = all(world, connection).await;
    all.into_iter().next().map(|refusal| refusal.why)
}

async fn dismiss(world: &World, connection: &Connection, refusal: &Refusal) {
    let admin = world.access::<Admin>(&connection.owner).await;
    let integrations = &world.services.integrations;
    let id = &connection.integration.id;
    integrations
        .dismiss_refusal(&admin, id, refusal.kind(), refusal.at)
        .await
        .unwrap();
}

/// What anybody does who knows a Client ID: asks to be sent back to an address of their own.
async fn flood(world: &World, connection: &Connection, times: usize) {
    for time in 0..times {
        let trail = connection.client.trail();
        let event = NewEvent::refused(EventKind::Authorize, trail, Cause::UnknownRedirectUri);
        let event = event.with_detail(format!("https://evil.example/{time}"));
        world.services.events.record(&from("evil"), event).await;
    }
    world.clock.advance_seconds(1);
}

/// Shows a secret at the token endpoint, and has what came of it recorded as the server does.
async fn show_secret(world: &World, connection: &Connection, secret: &str, user_agent: &str) {
    let clients = &world.services.clients;
    let proof = ClientProof::Secret(secret);
    let shown = clients
        .authenticate(&connection.integration.client_id, proof)
        .await;
    let event = match shown {
        Ok(client) => NewEvent::ok(EventKind::Token, client.trail()),
        Err(ClientError::Refused {
            cause,
            trail,
            secret_prefix,
        }) => {
            let refused = NewEvent::refused(EventKind::Token, *trail, cause);
            match secret_prefix {
                Some(prefix) => refused.with_detail(format!("secret {prefix}…")),
                None => refused,
            }
        }
        Err(other) => panic!("{other:?}"),
    };
    world.services.events.record(&from(user_agent), event).await;
    world.clock.advance_seconds(1);
}

/// Asks to authorize, and has a refusal recorded as the server does.
async fn authorize(world: &World, asked: &AuthorizeParameters) {
    let refused = world
        .services
        .grants
        .authorize_request(asked, None)
        .await
        .unwrap_err();
    let event = NewEvent::refused(EventKind::Authorize, refused.trail(), refused.cause());
    let event = event.with_detail(asked.redirect_uri.clone().unwrap_or_default());
    world
        .services
        .events
        .record(&from("Mozilla/5.0"), event)
        .await;
    world.clock.advance_seconds(1);
}

async fn change(world: &World, connection: &Connection, change: IntegrationChange) {
    let admin = world.access::<Admin>(&connection.owner).await;
    let integrations = &world.services.integrations;
    integrations
        .update(&admin, &connection.integration.id, &change, None)
        .await
        .unwrap();
}

/// Fetches the list of tools, as a client does; how many there are.
async fn list(world: &World, token: &str) -> usize {
    let grants = &world.services.grants;
    let bearer = grants.bearer(token, &shared(world)).await.unwrap();
    let offer = grants.offer(&bearer).await.unwrap();
    let tools = offer.tools().len();
    grants.note_list(&bearer, &offer, tools).await;
    tools
}

on_both! {
    async fn a_rotated_secret_is_told_with_who_rotated_it_until_that_client_has_the_new_one(world) {
        let connection = connection(&world, Approval::Ask).await;
        let admin = world.access::<Admin>(&connection.owner).await;
        let proof = world.proof(&connection.owner.0).await;
        let old = connection.secret.reveal().to_owned();
        show_secret(&world, &connection, &old, "claude/1").await;
        assert_eq!(last(&world, &connection).await, None);
        let rotated_at = world.services.core.now();
        let id = &connection.integration.id;
        let integrations = &world.services.integrations;
        let (_, new) = integrations.rotate_secret(&admin, id, Overlap::None, &proof).await.unwrap();
        assert_eq!(last(&world, &connection).await, None, "nobody has tried the old one yet");
        show_secret(&world, &connection, &old, "claude/1").await;
        let Some(RefusalCause::RotatedSecret { prefix, rotated }) = last(&world, &connection).await else {
            panic!();
        };
        assert!(old.starts_with(&prefix.unwrap()));
        assert_eq!(rotated, Some(Rotation { at: rotated_at, by: Some("ada@example.com".to_owned()) }));

        // Another program with the same id and the new secret does not mend this one.
        show_secret(&world, &connection, new.reveal(), "Cursor/3").await;
        assert!(last(&world, &connection).await.is_some());
        show_secret(&world, &connection, new.reveal(), "claude/2").await;
        assert_eq!(last(&world, &connection).await, None);
    }

    async fn a_wrong_secret_is_told_and_another_integration_s_too(world) {
        let connection = connection(&world, Approval::Ask).await;
        show_secret(&world, &connection, "tng_cs_nothing", "claude/1").await;
        assert_eq!(last(&world, &connection).await, Some(RefusalCause::WrongSecret { is_anothers: false }));
        let admin = world.access::<Admin>(&connection.owner).await;
        let new = crate::contract::integrations::new("Another", Approval::Ask);
        let (_, secret) = world.services.integrations.create(&admin, &new, None).await.unwrap();
        show_secret(&world, &connection, secret.unwrap().reveal(), "claude/1").await;
        assert_eq!(last(&world, &connection).await, Some(RefusalCause::WrongSecret { is_anothers: true }));
        show_secret(&world, &connection, connection.secret.reveal(), "claude/1").await;
        assert_eq!(last(&world, &connection).await, None);
    }

    async fn an_inactive_integration_is_told_until_it_is_activated(world) {
        let connection = connection(&world, Approval::Ask).await;
        let active = |is_active| IntegrationChange { is_active: Some(is_active), ..Default::default() };
        change(&world, &connection, active(false)).await;
        assert_eq!(last(&world, &connection).await, None);
        authorize(&world, &parameters(&connection.integration)).await;
        assert_eq!(last(&world, &connection).await, Some(RefusalCause::Inactive));
        change(&world, &connection, active(true)).await;
        assert_eq!(last(&world, &connection).await, None);
    }

    async fn a_redirect_uri_that_is_not_registered_is_told_until_it_is(world) {
        let connection = connection(&world, Approval::Ask).await;
        for (uri, is_of_known_client) in [
            ("https://chatgpt.com/connector/oauth/abc", true),
            ("https://a.example/callback", false),
        ] {
            let asked = AuthorizeParameters {
                redirect_uri: Some(uri.to_owned()),
                ..parameters(&connection.integration)
            };
            authorize(&world, &asked).await;
            let redirect_uri = uri.to_owned();
            assert_eq!(
                last(&world, &connection).await,
                Some(RefusalCause::UnknownRedirectUri { redirect_uri, is_of_known_client })
            );
            let added = IntegrationChange { added_redirect_uri: Some(uri.to_owned()), ..Default::default() };
            change(&world, &connection, added).await;
            assert_eq!(last(&world, &connection).await, None);
        }
        let viewer = world.access::<Viewer>(&connection.owner).await;
        let integrations = &world.services.integrations;
        let uris = integrations.get(&viewer, &connection.integration.id).await.unwrap().redirect_uris;
        assert!(uris.contains(&CALLBACK.to_owned()), "those before stay");
        assert_eq!(uris.len(), connection.integration.redirect_uris.len() + 2);
        let admin = world.access::<Admin>(&connection.owner).await;
        let wrong = IntegrationChange {
            added_redirect_uri: Some("javascript:alert(1)".to_owned()),
            ..Default::default()
        };
        assert!(integrations.update(&admin, &connection.integration.id, &wrong, None).await.is_err());
    }

    async fn that_no_tool_is_enabled_is_told_once_a_client_found_none(world) {
        let connection = connection(&world, Approval::Ask).await;
        let developer = world.access::<Developer>(&connection.owner).await;
        let tools = &world.services.tools;
        let made = tools.create(&developer, &tool("find-contact")).await.unwrap();
        tools.set_enabled(&developer, &made.id, false).await.unwrap();
        let tokens = connected(&world, &connection, ToolRule::All).await;
        assert_eq!(last(&world, &connection).await, None, "nobody looked yet");
        assert_eq!(list(&world, &tokens.access_token).await, 0);
        assert_eq!(last(&world, &connection).await, Some(RefusalCause::NoToolEnabled));
        tools.set_enabled(&developer, &made.id, true).await.unwrap();
        assert_eq!(last(&world, &connection).await, None);
    }

    async fn a_grant_that_excludes_every_tool_is_told_with_its_client(world) {
        let connection = connection(&world, Approval::Ask).await;
        let developer = world.access::<Developer>(&connection.owner).await;
        let mut input = tool("delete-contact");
        input.http_method = HttpMethod::Post;
        world.services.tools.create(&developer, &input).await.unwrap();
        let tokens = connected(&world, &connection, ToolRule::ReadOnly).await;
        assert_eq!(list(&world, &tokens.access_token).await, 0);
        let client_name = "Claude".to_owned();
        assert_eq!(last(&world, &connection).await, Some(RefusalCause::GrantExcludesAll { client_name }));
        // Connecting again, with all tools this time, mends it.
        world.clock.advance_seconds(61);
        let again = connected(&world, &connection, ToolRule::All).await;
        assert_eq!(list(&world, &again.access_token).await, 1);
        assert_eq!(last(&world, &connection).await, None);
    }

    async fn what_people_decided_is_no_refusal_and_an_old_one_is_forgotten(world) {
        let connection = connection(&world, Approval::Ask).await;
        let events = &world.services.events;
        let trail = connection.client.trail();
        for cause in [Cause::Denied, Cause::LoginRequired, Cause::WrongCredentials, Cause::CodeExpired] {
            events.record(&from(""), NewEvent::refused(EventKind::Authorize, trail.clone(), cause)).await;
        }
        assert_eq!(last(&world, &connection).await, None);
        let missing = NewEvent::refused(EventKind::Token, trail.clone(), Cause::SecretMissing);
        events.record(&from("claude/1"), missing).await;
        assert_eq!(last(&world, &connection).await, Some(RefusalCause::Other(Cause::SecretMissing)));
        // Of another integration nothing is told.
        let elsewhere = Trail { integration_id: Some("int_other".into()), ..trail };
        events.record(&from("claude/1"), NewEvent::ok(EventKind::Token, elsewhere)).await;
        assert!(last(&world, &connection).await.is_some());
        world.clock.advance_seconds(31 * 86_400);
        assert_eq!(last(&world, &connection).await, None);
        let bob = world.person("bob@example.com").await;
        let viewer = world.access::<Viewer>(&bob).await;
        assert!(world.services.integrations.refusals(&viewer, &connection.integration).await.is_err());
    }

    async fn what_a_stranger_floods_hides_nothing_that_took_a_secret(world) {
        let connection = connection(&world, Approval::Ask).await;
        let admin = world.access::<Admin>(&connection.owner).await;
        let proof = world.proof(&connection.owner.0).await;
        let old = connection.secret.reveal().to_owned();
        let id = &connection.integration.id;
        let integrations = &world.services.integrations;
        let (_, new) = integrations.rotate_secret(&admin, id, Overlap::None, &proof).await.unwrap();
        show_secret(&world, &connection, &old, "claude/1").await;
        show_secret(&world, &connection, "tng_cs_nothing", "curl/8").await;
        flood(&world, &connection, 120).await;
        let seen = all(&world, &connection).await;
        let kinds: Vec<RefusalKind> = seen.iter().map(Refusal::kind).collect();
        assert_eq!(
            kinds,
            [RefusalKind::RotatedSecret, RefusalKind::UnknownRedirectUri, RefusalKind::WrongSecret],
            "one of each: what took a secret first, and then the newest"
        );
        // What mends it is seen behind as many, too.
        show_secret(&world, &connection, new.reveal(), "claude/1").await;
        flood(&world, &connection, 120).await;
        let seen = all(&world, &connection).await;
        assert!(seen.iter().all(|one| one.kind() != RefusalKind::RotatedSecret), "{seen:?}");
    }

    async fn a_code_that_anybody_is_given_mends_nothing(world) {
        let connection = connection(&world, Approval::Automatic).await;
        flood(&world, &connection, 1).await;
        let code = || NewEvent::ok(EventKind::CodeIssued, connection.client.trail());
        world.services.events.record(&from("evil"), code()).await;
        assert_eq!(all(&world, &connection).await.len(), 1);
        let token = NewEvent::ok(EventKind::Token, connection.client.trail());
        world.services.events.record(&from("claude/1"), token).await;
        assert_eq!(all(&world, &connection).await, []);
    }

    async fn a_refusal_that_was_dismissed_is_gone_until_it_happens_again(world) {
        let connection = connection(&world, Approval::Ask).await;
        show_secret(&world, &connection, "tng_cs_nothing", "claude/1").await;
        flood(&world, &connection, 1).await;
        let [uri, secret] = all(&world, &connection).await.try_into().unwrap();
        show_secret(&world, &connection, "tng_cs_nothing", "claude/1").await;
        // It was not this one that was seen.
        dismiss(&world, &connection, &secret).await;
        let [secret, still] = all(&world, &connection).await.try_into().unwrap();
        assert_eq!((secret.kind(), &still), (RefusalKind::WrongSecret, &uri));
        dismiss(&world, &connection, &secret).await;
        assert_eq!(all(&world, &connection).await, std::slice::from_ref(&uri));
        // An older page that says the same takes nothing back.
        dismiss(&world, &connection, &Refusal { at: Timestamp(0), ..secret.clone() }).await;
        assert_eq!(all(&world, &connection).await, std::slice::from_ref(&uri));
        // Nobody dismisses what is still to come.
        dismiss(&world, &connection, &Refusal { at: Timestamp(i64::MAX), ..uri }).await;
        assert_eq!(all(&world, &connection).await, []);
        world.clock.advance_seconds(1);
        flood(&world, &connection, 1).await;
        assert_eq!(all(&world, &connection).await.len(), 1);

        type Row = (String, Timestamp, Option<UserId>);
        const WHO: &str = "SELECT kind, until, dismissed_by FROM dismissed_refusals ORDER BY kind";
        let rows: Vec<Row> = read!(world.db(), |c| sqlx::query_as(WHO).fetch_all(c).await).unwrap();
        let by = Some(connection.owner.0.user_id().clone());
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[1].0.as_str(), rows[1].1), ("wrong_secret", secret.at));
        assert!(rows.iter().all(|row| row.2 == by));

        let bob = world.person("bob@example.com").await;
        let elsewhere = world.access::<Admin>(&bob).await;
        let integrations = &world.services.integrations;
        let id = &connection.integration.id;
        let of_bob = integrations.dismiss_refusal(&elsewhere, id, RefusalKind::Inactive, secret.at);
        assert!(matches!(of_bob.await, Err(Error::NotFound(_))));
    }
}

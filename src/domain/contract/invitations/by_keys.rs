//! Invitations that a key made.

use super::*;
use crate::api_keys::{ApiKey, NewApiKey};

/// A key of a project, and who may do what with it.
async fn key(world: &World, by: &Person, days: Option<i64>) -> (ApiKey, Person) {
    let admin = world.access::<Admin>(by).await;
    let proof = match &by.0 {
        Actor::Person { .. } => Some(world.proof(&by.0).await),
        Actor::ApiKey { .. } => None,
    };
    let new = NewApiKey {
        expires_in_days: days,
        ..NewApiKey::named("ci", Role::Admin)
    };
    let keys = &world.services.api_keys;
    let (key, secret) = keys.create(&admin, &new, proof.as_ref()).await.unwrap();
    let actor = keys.authenticate(secret.reveal()).await.unwrap();
    (key, (actor, by.1.clone()))
}

async fn made_by(world: &World, by: &Person, new: NewInvitation) -> Result<(Invitation, String)> {
    let access = world.services.members.access::<Admin>(&by.0, &by.1).await?;
    let invitations = &world.services.invitations;
    let (made, token) = invitations
        .create(&access, Role::Developer, &new, None)
        .await?;
    Ok((made, token.reveal().to_owned()))
}

async fn looks(world: &World, token: &str) -> bool {
    let invitations = &world.services.invitations;
    invitations.look_at(token, HERE).await.is_ok()
}

on_both! {
    async fn a_thief_of_a_key_leaves_no_invitation_behind(world) {
        let ada = world.person("ada@example.com").await;
        let (stolen, thief) = key(&world, &ada, None).await;
        let (_, child) = key(&world, &thief, None).await;
        let many = NewInvitation { most_uses: Some(100), ..NewInvitation::default() };
        let (_, used) = made_by(&world, &thief, many).await.unwrap();
        let eve = actor(&world, "eve@example.com").await;
        accept(&world, &used, &eve).await.unwrap();
        let (listed, by_child) = made_by(&world, &child, NewInvitation::default()).await.unwrap();
        let (_, by_ada) = made(&world, &ada, Role::Viewer, NewInvitation::default()).await;
        let (_, other) = key(&world, &ada, None).await;
        let (_, by_other) = made_by(&world, &other, NewInvitation::default()).await.unwrap();
        let (_, to_bob) = made_by(&world, &thief, of_address("bob@example.com", false)).await.unwrap();
        let late = world.access::<Admin>(&thief).await;

        let viewer = world.access::<Viewer>(&ada).await;
        assert_eq!(world.services.api_keys.revoke(&viewer, &stolen.id).await.unwrap(), 2);
        let mallory = actor(&world, "mallory@example.com").await;
        for gone in [&used, &by_child, &to_bob] {
            assert!(!looks(&world, gone).await);
            assert!(matches!(accept(&world, gone, &mallory).await, Err(Error::NotFound(_))));
            assert!(sign_up(&world, "bob@example.com", Some(gone)).await.is_err());
        }
        assert_eq!(state(&world, &ada, &listed).await, InvitationState::Revoked);
        assert!(looks(&world, &by_ada).await && looks(&world, &by_other).await);
        // Nor by a request that began before.
        let invitations = &world.services.invitations;
        let made = invitations.create(&late, Role::Viewer, &NewInvitation::default(), None).await;
        assert!(matches!(made, Err(Error::WrongCredentials)), "{made:?}");
    }

    async fn an_invitation_ends_with_the_last_day_of_its_key(world) {
        let ada = world.person("ada@example.com").await;
        let (key, by_key) = key(&world, &ada, Some(2)).await;
        let (long, of_long) = made_by(&world, &by_key, NewInvitation::default()).await.unwrap();
        assert_eq!(Some(long.expires_at), key.expires_at);
        let hour = NewInvitation { valid_seconds: Some(3_600), ..NewInvitation::default() };
        let (short, _) = made_by(&world, &by_key, hour).await.unwrap();
        assert_eq!(short.expires_at, short.created_at.plus_seconds(3_600));
        world.clock.advance_seconds(2 * 86_400 - 1);
        assert!(looks(&world, &of_long).await);
        world.clock.advance_seconds(1);
        let eve = actor(&world, "eve@example.com").await;
        assert!(!looks(&world, &of_long).await && accept(&world, &of_long, &eve).await.is_err());
        assert_eq!(state(&world, &ada, &long).await, InvitationState::Expired);
    }

    async fn a_key_that_is_revoked_while_it_invites_takes_the_invitation_along(world) {
        let ada = world.person("ada@example.com").await;
        let viewer = world.access::<Viewer>(&ada).await;
        for _ in 0..10 {
            let (key, by_key) = key(&world, &ada, None).await;
            let (made, ended) = tokio::join!(
                made_by(&world, &by_key, NewInvitation::default()),
                world.services.api_keys.revoke(&viewer, &key.id)
            );
            ended.unwrap();
            match made {
                Ok((_, token)) => assert!(!looks(&world, &token).await),
                Err(error) => assert!(matches!(error, Error::WrongCredentials), "{error}"),
            }
        }
    }

    async fn an_owners_key_leaves_no_way_onto_the_instance_behind(world) {
        let ada = world.person("ada@example.com").await;
        let closed = closed(&world).await;
        let (keys, proof) = (&closed.services.api_keys, closed.proof(&ada.0).await);
        let new = NewApiKey::named("cli", Role::Owner);
        let (key, secret) = keys.create_own(&ada.0, &new, Some(&proof), HERE).await.unwrap();
        let by_key = keys.authenticate(secret.reveal()).await.unwrap();
        let owner = closed.services.instance.owner(&by_key).await.unwrap();
        let invitations = &closed.services.invitations;
        let new = NewInvitation { most_uses: Some(50), ..NewInvitation::default() };
        let (_, token) = invitations.create_for_instance(&owner, &new, None).await.unwrap();
        sign_up(&closed, "bob@example.com", Some(token.reveal())).await.unwrap();
        keys.revoke_own(&ada.0, &key.id).await.unwrap();
        let late = sign_up(&closed, "eve@example.com", Some(token.reveal())).await;
        assert!(matches!(late, Err(Error::NotFound(_))));
    }

    async fn a_flood_of_mailed_invitations_is_refused_with_when_to_try_again(world) {
        let ada = world.person("ada@example.com").await;
        let bob = world.person("bob@example.com").await;
        let to_eve = || of_address("eve@example.com", true);
        let (_, by_key) = key(&world, &ada, None).await;
        made(&world, &ada, Role::Viewer, to_eve()).await;
        made_by(&world, &by_key, to_eve()).await.unwrap();
        made(&world, &bob, Role::Viewer, to_eve()).await;
        // Whoever makes it: the mailbox is one.
        for by in [&by_key, &bob] {
            let Err(error) = made_by(&world, by, to_eve()).await else { panic!("a fourth") };
            assert!(matches!(error, Error::LimitReached { .. }), "{error}");
            assert!(error.to_string().contains("Try again in 20 minutes"), "{error}");
        }
        let admin = world.access::<Admin>(&ada).await;
        assert_eq!(world.services.invitations.list(&admin).await.unwrap().len(), 2, "nothing was made");
        // A link that nobody is mailed is no mail.
        made_by(&world, &by_key, of_address("eve@example.com", false)).await.unwrap();
        world.clock.advance_seconds(1_200);
        made_by(&world, &by_key, to_eve()).await.unwrap();
    }
}

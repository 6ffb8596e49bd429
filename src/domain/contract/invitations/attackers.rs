//! What strangers, former members and thieves try with invitations.

use super::*;

on_both! {
    async fn whatever_does_not_work_is_told_the_same_of(world) {
        let ada = world.person("ada@example.com").await;
        let bob = actor(&world, "bob@example.com").await;
        let eve = actor(&world, "eve@example.com").await;
        let (revoked, revoked_token) = made(&world, &ada, Role::Viewer, NewInvitation::default()).await;
        let (used, used_token) = made(&world, &ada, Role::Viewer, NewInvitation::default()).await;
        let (bound, bound_token) = made(&world, &ada, Role::Viewer, of_address("bob@example.com", false)).await;
        let (expired, expired_token) = made(&world, &ada, Role::Viewer, NewInvitation::default()).await;
        let admin = world.access::<Admin>(&ada).await;
        let invitations = &world.services.invitations;
        invitations.revoke(&admin, &revoked.id).await.unwrap();
        invitations.revoke(&admin, &revoked.id).await.unwrap();
        invitations.revoke(&admin, &bound.id).await.unwrap();
        accept(&world, &used_token, &bob).await.unwrap();
        world.clock.advance_seconds(7 * 86_400);
        assert_eq!(state(&world, &ada, &revoked).await, InvitationState::Revoked);
        assert_eq!(state(&world, &ada, &used).await, InvitationState::UsedUp);
        assert_eq!(state(&world, &ada, &expired).await, InvitationState::Expired);
        let expected = refusal(&world, &unknown(), &eve).await;
        for token in [&revoked_token, &used_token, &bound_token, &expired_token, "", "tng_inv_", "\0", &"x".repeat(9_999)] {
            assert_eq!(refusal(&world, token, &eve).await, expected);
        }
        assert!(matches!(invitations.revoke(&admin, &"inv_nothing".into()).await, Err(Error::NotFound(_))));
        let other = world.person("mallory@example.com").await;
        let elsewhere = world.access::<Admin>(&other).await;
        assert!(matches!(invitations.revoke(&elsewhere, &expired.id).await, Err(Error::NotFound(_))));
        world.services.expire().await.unwrap();
        assert_eq!(invitations.list(&admin).await.unwrap().len(), 4, "people look at them");
        world.clock.advance_seconds(31 * 86_400);
        world.services.expire().await.unwrap();
        let admin = world.access::<Admin>(&ada).await;
        assert!(invitations.list(&admin).await.unwrap().is_empty());
    }

    async fn a_forwarded_invitation_of_one_address_is_of_no_use_to_another(world) {
        let ada = world.person("ada@example.com").await;
        let (_, token) = made(&world, &ada, Role::Developer, of_address(" Bob@Example.com", false)).await;
        let eve = actor(&world, "eve@example.com").await;
        let invitations = &world.services.invitations;
        let looked = invitations.look_at(&token, HERE).await.unwrap();
        assert!(looked.is_bound && !format!("{looked:?}").contains("bob"), "the address is not told");
        assert!(matches!(accept(&world, &token, &eve).await, Err(Error::Forbidden(text)) if !text.contains("bob")));
        let Err(Error::Invalid(fields)) = sign_up(&world, "mallory@example.com", Some(&token)).await else {
            panic!("another address signed up");
        };
        assert_eq!(fields[0].field, "email");
        assert!(world.services.accounts.by_email("mallory@example.com").await.unwrap().is_none());
        let bob = sign_up(&world, "bob@example.com", Some(&token)).await.unwrap();
        assert_eq!(bob.email_verified_at, None, "a link that was handed over shows nothing of an address");
        let bob = (Actor::Person { user_id: bob.id }, ada.1.clone());
        assert_eq!(world.access::<Viewer>(&bob).await.role(), Role::Developer);
    }

    async fn who_was_removed_does_not_come_back_by_a_link_from_before(world) {
        let ada = world.person("ada@example.com").await;
        let many = NewInvitation { most_uses: Some(100), ..NewInvitation::default() };
        let (_, token) = made(&world, &ada, Role::Developer, many.clone()).await;
        let bob = actor(&world, "bob@example.com").await;
        let eve = actor(&world, "eve@example.com").await;
        accept(&world, &token, &bob).await.unwrap();
        accept(&world, &token, &eve).await.unwrap();
        let (members, admin) = (&world.services.members, world.access::<Admin>(&ada).await);
        world.clock.advance_seconds(60);
        members.set_role(&admin, bob.user_id(), Role::Viewer, None).await.unwrap();
        assert!(matches!(accept(&world, &token, &bob).await, Err(Error::NotFound(_))), "up again");
        // Nor by leaving and coming again.
        members.leave(&bob, &ada.1, &Visit::default()).await.unwrap();
        assert!(matches!(accept(&world, &token, &bob).await, Err(Error::NotFound(_))));
        let mallory = actor(&world, "mallory@example.com").await;
        assert_eq!(accept(&world, &token, &mallory).await.unwrap(), Outcome::Joined, "others may");
        // Who left by themselves may.
        members.leave(&mallory, &ada.1, &Visit::default()).await.unwrap();
        assert_eq!(accept(&world, &token, &mallory).await.unwrap(), Outcome::Joined);
        let (_, bound) = made(&world, &ada, Role::Developer, of_address("eve@example.com", false)).await;
        members.remove(&admin, eve.user_id(), None, &Visit::default()).await.unwrap();
        for token in [&token, &bound] {
            assert!(matches!(accept(&world, token, &eve).await, Err(Error::NotFound(_))), "in again");
        }
        world.clock.advance_seconds(1);
        let (_, token) = made(&world, &ada, Role::Viewer, many).await;
        assert_eq!(accept(&world, &token, &eve).await.unwrap(), Outcome::Joined);
        // A newer one raises, and does not lower.
        let (_, token) = made(&world, &ada, Role::Admin, NewInvitation::default()).await;
        assert_eq!(accept(&world, &token, &eve).await.unwrap(), Outcome::Raised);
        let (_, token) = made(&world, &ada, Role::Viewer, NewInvitation::default()).await;
        assert_eq!(accept(&world, &token, &eve).await.unwrap(), Outcome::WasMember);
        assert_eq!(members.role(&ada.1, eve.user_id()).await.unwrap(), Some(Role::Admin));
    }

    async fn nobody_invites_above_themselves_nor_a_thief_somebody_who_lets_others_in(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada, "bob@example.com", Role::Admin).await;
        let invitations = &world.services.invitations;
        let new = NewInvitation::default();
        let admin = world.access::<Admin>(&bob).await;
        let proof = world.proof(&bob.0).await;
        assert!(matches!(
            invitations.create(&admin, Role::Owner, &new, Some(&proof)).await,
            Err(Error::Forbidden(_))
        ));
        for role in [Role::Admin, Role::Owner] {
            assert!(matches!(invitations.create(&admin, role, &new, None).await, Err(Error::ProofNeeded)));
        }
        assert!(invitations.create(&admin, Role::Developer, &new, None).await.is_ok());
        // A link for several is a way in for a thief's second account.
        let two = NewInvitation { most_uses: Some(2), ..NewInvitation::default() };
        assert!(matches!(invitations.create(&admin, Role::Viewer, &two, None).await, Err(Error::ProofNeeded)));
        let many = NewInvitation { most_uses: Some(2), ..new };
        let owner = world.access::<Admin>(&ada).await;
        let proof = world.proof(&ada.0).await;
        assert!(matches!(
            invitations.create(&owner, Role::Owner, &many, Some(&proof)).await,
            Err(Error::Invalid(_))
        ));
    }

    async fn links_that_are_tried_at_random_are_slowed_down(world) {
        let ada = world.person("ada@example.com").await;
        let (_, token) = made(&world, &ada, Role::Viewer, NewInvitation::default()).await;
        let core = &world.services.core;
        let core = Core::new(crate::services::CoreParts {
            db: world.db().clone(),
            clock: core.clock.clone(),
            random: core.random.clone(),
            sealer: core.sealer.clone(),
            public_url: core.public_url.clone(),
            fixed: core.fixed.clone(),
            is_exposed: false,
            limits: true,
            lifetimes: core.lifetimes,
            mailer: crate::mail::Mailer::none(),
            session_limits: core.session_limits,
                details: core.details,
        });
        let invitations = &Invitations::new(core);
        let mallory = actor(&world, "mallory@example.com").await;
        let mut guesses = 0;
        let slowed = loop {
            let guess = unknown();
            let answer = if guesses % 2 == 0 {
                invitations.look_at(&guess, HERE).await.unwrap_err()
            } else {
                invitations.accept(&guess, &mallory, HERE).await.unwrap_err()
            };
            match answer {
                Error::NotFound(_) => guesses += 1,
                other => break other,
            }
            assert!(guesses <= 50);
        };
        assert!(matches!(slowed, Error::Throttled { .. }));
        assert!(matches!(invitations.look_at(&token, HERE).await, Err(Error::Throttled { .. })));
        let elsewhere = "192.0.2.1".parse().unwrap();
        for _ in 0..60 {
            invitations.look_at(&token, elsewhere).await.unwrap();
        }
        world.clock.advance_seconds(3_600);
        assert!(invitations.look_at(&token, HERE).await.is_ok());
    }
}

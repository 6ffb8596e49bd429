//! A project keeps an owner.

use super::*;

on_both! {
    async fn the_last_owner_cannot_vanish(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada, "bob@example.com", Role::Admin).await;
        is_conflict(set_role(&world, &ada, &ada, Role::Admin).await, "role");
        is_conflict(remove(&world, &ada, &ada).await, "user_id");
        is_conflict(leave(&world, &ada).await, "user_id");
        // One whose account is disabled does not count.
        set_role(&world, &ada, &bob, Role::Owner).await.unwrap();
        world.services.accounts.disable_by_operator("bob@example.com").await.unwrap();
        is_conflict(leave(&world, &ada).await, "user_id");
        is_conflict(set_role(&world, &ada, &ada, Role::Viewer).await, "role");
        world.services.accounts.enable_by_operator("bob@example.com").await.unwrap();
        leave(&world, &ada).await.unwrap();
        assert_eq!((role(&world, &ada).await, role(&world, &bob).await), (None, Some(Role::Owner)));
    }

    async fn of_two_owners_who_unmake_each_other_at_once_one_stays(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada, "bob@example.com", Role::Owner).await;
        for round in 0..6 {
            let (one, two) = match round % 3 {
                0 => {
                    let (one, two) = tokio::join!(
                        set_role(&world, &ada, &bob, Role::Viewer),
                        set_role(&world, &bob, &ada, Role::Viewer),
                    );
                    (one.is_ok(), two.is_ok())
                }
                1 => {
                    let (one, two) = tokio::join!(
                        set_role(&world, &ada, &ada, Role::Admin),
                        set_role(&world, &bob, &bob, Role::Admin),
                    );
                    (one.is_ok(), two.is_ok())
                }
                _ => {
                    let (one, two) = tokio::join!(leave(&world, &ada), leave(&world, &bob));
                    (one.is_ok(), two.is_ok())
                }
            };
            assert!(one != two, "{round}: one of the two was refused");
            let (owner, other) = if two { (&bob, &ada) } else { (&ada, &bob) };
            let (owner, other) = if role(&world, owner).await == Some(Role::Owner) {
                (owner, other)
            } else {
                (other, owner)
            };
            assert_eq!(owners(&world, owner).await, 1, "{round}");
            // Both again, for the next round.
            world.clock.advance_seconds(1);
            if role(&world, other).await.is_none() {
                let token = invited(&world, owner, Role::Owner).await;
                world.services.invitations.accept(&token, &other.0, HERE).await.unwrap();
            } else {
                set_role(&world, owner, other, Role::Owner).await.unwrap();
            }
        }
    }

    async fn ownership_is_handed_over_to_who_can_take_it(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada, "bob@example.com", Role::Viewer).await;
        let stranger = world.sign_up("eve@example.com").await;
        let members = &world.services.members;
        let owner = world.access::<Owner>(&ada).await;
        let proof = world.proof(&ada.0).await;
        let transfer = async |to: &UserId| members.transfer(&owner, to, Some(&proof)).await;
        assert!(matches!(transfer(&stranger.id).await, Err(Error::NotFound("member"))));
        assert!(matches!(transfer(ada.0.user_id()).await, Err(Error::Invalid(_))));
        world.services.accounts.disable_by_operator("bob@example.com").await.unwrap();
        assert!(matches!(transfer(bob.0.user_id()).await, Err(Error::Invalid(_))));
        world.services.accounts.enable_by_operator("bob@example.com").await.unwrap();
        transfer(bob.0.user_id()).await.unwrap();
        assert_eq!(role(&world, &ada).await, Some(Role::Admin));
        assert_eq!(role(&world, &bob).await, Some(Role::Owner));
        assert!(matches!(transfer(bob.0.user_id()).await, Err(Error::Forbidden(_))), "twice");
        assert_eq!(owners(&world, &ada).await, 1);
    }
}

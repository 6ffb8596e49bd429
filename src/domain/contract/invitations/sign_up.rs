//! Accounts that are made with an invitation.

use super::*;

on_both! {
    async fn an_invitation_that_came_by_mail_shows_that_the_address_is_theirs(world) {
        let ada = world.person("ada@example.com").await;
        let (_, token) = made(&world, &ada, Role::Viewer, of_address("bob@example.com", true)).await;
        let bob = sign_up(&world, "bob@example.com", Some(&token)).await.unwrap();
        assert_eq!(bob.email_verified_at, Some(world.services.core.now()));
        let eve = world.sign_up("eve@example.com").await;
        let (_, token) = made(&world, &ada, Role::Viewer, of_address("eve@example.com", true)).await;
        accept(&world, &token, &Actor::Person { user_id: eve.id.clone() }).await.unwrap();
        let eve = world.services.accounts.enabled(&eve.id).await.unwrap().unwrap();
        assert!(eve.email_verified_at.is_some());
    }

    async fn a_stranger_comes_in_by_invitation_where_sign_up_is_closed(world) {
        let ada = world.person("ada@example.com").await;
        let closed = closed(&world).await;
        assert!(matches!(sign_up(&closed, "bob@example.com", None).await, Err(Error::Forbidden(_))));
        // Said at once: before the email is looked at, whoever has it.
        for email in ["ada@example.com", "new@example.com", "none"] {
            assert!(matches!(sign_up(&closed, email, Some(&unknown())).await, Err(Error::NotFound(_))));
        }
        let (_, token) = made(&closed, &ada, Role::Viewer, NewInvitation::default()).await;
        let Err(Error::Invalid(fields)) = sign_up(&closed, "none", Some(&token)).await else {
            panic!("it is no address");
        };
        assert_eq!(fields[0].field, "email");
        assert!(matches!(sign_up(&closed, "ada@example.com", Some(&token)).await, Err(Error::Conflict(_))));
        let bob = sign_up(&closed, "bob@example.com", Some(&token)).await.unwrap();
        assert!(!bob.is_instance_owner);
        let bob = (Actor::Person { user_id: bob.id }, ada.1.clone());
        assert_eq!(closed.access::<Viewer>(&bob).await.role(), Role::Viewer);
        assert!(matches!(sign_up(&closed, "eve@example.com", Some(&token)).await, Err(Error::NotFound(_))));
    }

    async fn the_mail_domains_of_the_instance_hold_for_who_is_invited_too(world) {
        let ada = world.person("ada@example.com").await;
        let owner = world.services.instance.owner(&ada.0).await.unwrap();
        let change = SettingsChange {
            sign_up_domains: Some(vec!["example.com".to_owned()]),
            ..SettingsChange::default()
        };
        world.services.instance.change(&owner, change, Some(&crate::contract::World::proved(owner.actor()))).await.unwrap();
        let (_, token) = made(&world, &ada, Role::Viewer, NewInvitation::default()).await;
        for invitation in [None, Some(token.as_str())] {
            let Err(Error::Invalid(fields)) = sign_up(&world, "eve@evil.example", invitation).await else {
                panic!("another domain signed up");
            };
            assert_eq!(fields[0].field, "email");
        }
        sign_up(&world, "bob@example.com", Some(&token)).await.unwrap();
    }

    async fn an_invitation_to_the_instance_gives_an_account_and_nothing_else(world) {
        let ada = world.person("ada@example.com").await;
        let closed = closed(&world).await;
        let owner = closed.services.instance.owner(&ada.0).await.unwrap();
        let invitations = &closed.services.invitations;
        let (made, token) = invitations
            .create_for_instance(&owner, &NewInvitation::default(), Some(&crate::contract::World::proved(owner.actor())))
            .await
            .unwrap();
        let token = token.reveal();
        let looked = invitations.look_at(token, HERE).await.unwrap();
        assert_eq!((looked.project_name, looked.role), (None, None));
        // Who has an account needs none.
        assert_eq!(accept(&closed, token, &ada.0).await.unwrap(), Outcome::WasMember);
        let bob = sign_up(&closed, "bob@example.com", Some(token)).await.unwrap();
        let bob = Actor::Person { user_id: bob.id };
        assert!(closed.services.projects.list(&bob).await.unwrap().is_empty());
        let all = invitations.list_of_instance(&owner).await.unwrap();
        assert_eq!((all[0].id.clone(), all[0].state), (made.id.clone(), InvitationState::UsedUp));
        assert!(sign_up(&closed, "eve@example.com", Some(token)).await.is_err());
        let (second, token) = invitations
            .create_for_instance(&owner, &NewInvitation::default(), Some(&crate::contract::World::proved(owner.actor())))
            .await
            .unwrap();
        // An admin of a project has no say here.
        let admin = closed.access::<Admin>(&ada).await;
        assert!(matches!(invitations.revoke(&admin, &second.id).await, Err(Error::NotFound(_))));
        invitations.revoke_of_instance(&owner, &second.id).await.unwrap();
        assert!(sign_up(&closed, "eve@example.com", Some(token.reveal())).await.is_err());
        assert!(closed.services.instance.owner(&bob).await.is_err());
    }
}

//! Invitations, and what strangers, former members and thieves try with them.

use super::{
    HERE, PASSWORD, World,
    members::{Person, joined},
    on_both,
};
use crate::{
    Core, Error, Result,
    accounts::{Account, Actor, SignUp, SignUpPolicy},
    audit::{self, Act},
    crypto::BearerSecret,
    events::Visit,
    instance::SettingsChange,
    invitations::{
        Invitation, InvitationState, Invitations, Joined, NewInvitation, Outcome, PREFIX,
    },
    members::{Admin, Owner, Role, Viewer},
};

async fn actor(world: &World, email: &str) -> Actor {
    let user_id = world.sign_up(email).await.id;
    Actor::Person { user_id }
}

async fn made(world: &World, by: &Person, role: Role, new: NewInvitation) -> (Invitation, String) {
    let admin = world.access::<Admin>(by).await;
    let proof = world.proof(&by.0).await;
    let made = world
        .services
        .invitations
        .create(&admin, role, &new, Some(&proof))
        .await;
    let (invitation, token) = made.unwrap();
    (invitation, token.reveal().to_owned())
}

async fn accept(world: &World, token: &str, actor: &Actor) -> Result<Outcome> {
    let joined = world
        .services
        .invitations
        .accept(token, actor, HERE)
        .await?;
    Ok(joined.outcome)
}

async fn sign_up(world: &World, email: &str, invitation: Option<&str>) -> Result<Account> {
    let sign_up = SignUp {
        email,
        password: PASSWORD,
        setup_code: None,
        invitation,
    };
    world.services.accounts.sign_up(sign_up, HERE).await
}

async fn state(world: &World, by: &Person, of: &Invitation) -> InvitationState {
    let admin = world.access::<Admin>(by).await;
    let all = world.services.invitations.list(&admin).await.unwrap();
    all.iter().find(|one| one.id == of.id).unwrap().state
}

/// What anybody is told of a token that does not work.
async fn refusal(world: &World, token: &str, actor: &Actor) -> String {
    let invitations = &world.services.invitations;
    let looked = invitations
        .look_at(token, HERE)
        .await
        .unwrap_err()
        .to_string();
    let accepted = invitations
        .accept(token, actor, HERE)
        .await
        .unwrap_err()
        .to_string();
    let signed_up = sign_up(world, "somebody@example.com", Some(token))
        .await
        .unwrap_err();
    assert_eq!(looked, accepted);
    assert_eq!(looked, signed_up.to_string());
    looked
}

fn unknown() -> String {
    BearerSecret::generate(&crate::clock::SystemRandom, PREFIX)
        .reveal()
        .to_owned()
}

fn of_address(email: &str, is_mailed: bool) -> NewInvitation {
    NewInvitation {
        email: Some(email.to_owned()),
        is_mailed,
        ..NewInvitation::default()
    }
}

async fn closed(world: &World) -> World {
    world.with_policy(SignUpPolicy::Invite).await
}

on_both! {
    async fn people_join_by_a_link_as_often_as_it_says(world) {
        let ada = world.person("ada@example.com").await;
        let new = NewInvitation { most_uses: Some(2), ..NewInvitation::default() };
        let (invitation, token) = made(&world, &ada, Role::Developer, new).await;
        assert!(token.starts_with(PREFIX));
        assert_eq!(invitation.state, InvitationState::Open);
        let looked = world.services.invitations.look_at(&token, HERE).await.unwrap();
        assert_eq!(
            (looked.project_name.as_deref(), looked.role, looked.invited_by.as_str(), looked.is_bound),
            (Some("CRM"), Some(Role::Developer), "ada@example.com", false)
        );
        let [bob, eve, mallory] = [
            actor(&world, "bob@example.com").await,
            actor(&world, "eve@example.com").await,
            actor(&world, "mallory@example.com").await,
        ];
        let joined = world.services.invitations.accept(&token, &bob, HERE).await.unwrap();
        let expected = Joined {
            project_id: Some(ada.1.clone()),
            role: Some(Role::Developer),
            outcome: Outcome::Joined,
        };
        assert_eq!(joined, expected);
        // A replay by who is in spends nothing, before and after it is used up.
        assert_eq!(accept(&world, &token, &bob).await.unwrap(), Outcome::WasMember);
        assert_eq!(accept(&world, &token, &ada.0).await.unwrap(), Outcome::WasMember);
        assert_eq!(accept(&world, &token, &eve).await.unwrap(), Outcome::Joined);
        assert_eq!(accept(&world, &token, &bob).await.unwrap(), Outcome::WasMember);
        assert!(matches!(accept(&world, &token, &mallory).await, Err(Error::NotFound(_))));
        assert_eq!(state(&world, &ada, &invitation).await, InvitationState::UsedUp);
        let page = audit::Page::first(50);
        let rows = world.services.audit.of_project(&world.access(&ada).await, &page).await.unwrap();
        assert_eq!(rows.iter().filter(|row| row.act == Act::Joined).count(), 2);
        assert!(rows.iter().any(|row| row.act == Act::Invited));
        assert!(rows.iter().all(|row| !format!("{row:?}").contains(&token)));
    }

    async fn of_two_at_once_on_the_last_use_one_gets_in(world) {
        let ada = world.person("ada@example.com").await;
        for round in 0..4 {
            let (_, token) = made(&world, &ada, Role::Viewer, NewInvitation::default()).await;
            let one = actor(&world, &format!("one{round}@example.com")).await;
            let two = actor(&world, &format!("two{round}@example.com")).await;
            let (one, two) = tokio::join!(accept(&world, &token, &one), accept(&world, &token, &two));
            assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
            let (_, token) = made(&world, &ada, Role::Viewer, NewInvitation::default()).await;
            let [a, b] = [format!("a{round}@example.com"), format!("b{round}@example.com")];
            let (one, two) = tokio::join!(sign_up(&world, &a, Some(&token)), sign_up(&world, &b, Some(&token)));
            assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
            let loser = if one.is_ok() { &b } else { &a };
            assert!(world.services.accounts.by_email(loser).await.unwrap().is_none(), "nothing stays behind");
        }
    }

    async fn the_same_person_twice_at_once_spends_one_use(world) {
        let ada = world.person("ada@example.com").await;
        let bob = actor(&world, "bob@example.com").await;
        let new = NewInvitation { most_uses: Some(5), ..NewInvitation::default() };
        let (invitation, token) = made(&world, &ada, Role::Viewer, new).await;
        let (one, two) = tokio::join!(accept(&world, &token, &bob), accept(&world, &token, &bob));
        let mut both = [one.unwrap(), two.unwrap()];
        both.sort_by_key(|outcome| *outcome == Outcome::WasMember);
        assert_eq!(both, [Outcome::Joined, Outcome::WasMember]);
        let admin = world.access::<Admin>(&ada).await;
        let all = world.services.invitations.list(&admin).await.unwrap();
        assert_eq!(all.iter().find(|one| one.id == invitation.id).unwrap().uses, 1);
    }

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
        world.services.instance.change(&owner, change).await.unwrap();
        let (_, token) = made(&world, &ada, Role::Viewer, NewInvitation::default()).await;
        for invitation in [None, Some(token.as_str())] {
            let Err(Error::Invalid(fields)) = sign_up(&world, "eve@evil.example", invitation).await else {
                panic!("another domain signed up");
            };
            assert_eq!(fields[0].field, "email");
        }
        sign_up(&world, "bob@example.com", Some(&token)).await.unwrap();
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
        members.remove(&admin, eve.user_id(), None, &Visit::default()).await.unwrap();
        assert!(matches!(accept(&world, &token, &eve).await, Err(Error::NotFound(_))), "in again");
        // Nor by leaving and coming again.
        members.leave(&bob, &ada.1, &Visit::default()).await.unwrap();
        assert!(matches!(accept(&world, &token, &bob).await, Err(Error::NotFound(_))));
        let mallory = actor(&world, "mallory@example.com").await;
        assert_eq!(accept(&world, &token, &mallory).await.unwrap(), Outcome::Joined, "others may");
        // Who left by themselves may.
        members.leave(&mallory, &ada.1, &Visit::default()).await.unwrap();
        assert_eq!(accept(&world, &token, &mallory).await.unwrap(), Outcome::Joined);
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

    async fn an_invitation_ends_with_what_its_maker_may(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada, "bob@example.com", Role::Admin).await;
        let eve = actor(&world, "eve@example.com").await;
        let (members, admin) = (&world.services.members, world.access::<Admin>(&ada).await);
        let proof = world.proof(&ada.0).await;
        let bob_is = async |role| members.set_role(&admin, bob.0.user_id(), role, Some(&proof)).await.unwrap();
        let looks = async |token: &str| world.services.invitations.look_at(token, HERE).await.is_ok();
        let (invitation, token) = made(&world, &bob, Role::Developer, NewInvitation::default()).await;
        bob_is(Role::Developer).await;
        assert_eq!(state(&world, &ada, &invitation).await, InvitationState::Revoked);
        assert!(!looks(&token).await && accept(&world, &token, &eve).await.is_err());
        bob_is(Role::Owner).await;
        assert!(!looks(&token).await, "it does not come back");
        let (_, to_own) = made(&world, &bob, Role::Owner, NewInvitation::default()).await;
        let (_, to_read) = made(&world, &bob, Role::Viewer, NewInvitation::default()).await;
        bob_is(Role::Admin).await;
        assert!(!looks(&to_own).await, "an admin makes no owner");
        assert!(looks(&to_read).await);
        world.services.accounts.disable_by_operator("bob@example.com").await.unwrap();
        assert!(!looks(&to_read).await && accept(&world, &to_read, &eve).await.is_err());
        world.services.accounts.enable_by_operator("bob@example.com").await.unwrap();
        members.leave(&bob.0, &bob.1, &Visit::default()).await.unwrap();
        assert!(!looks(&to_read).await && accept(&world, &to_read, &eve).await.is_err());
    }

    async fn an_invitation_ends_with_its_project(world) {
        let ada = world.person("ada@example.com").await;
        let (_, token) = made(&world, &ada, Role::Viewer, NewInvitation::default()).await;
        let owner = world.access::<Owner>(&ada).await;
        world.services.projects.delete(&owner).await.unwrap();
        let eve = actor(&world, "eve@example.com").await;
        refusal(&world, &token, &eve).await;
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
        let many = NewInvitation { most_uses: Some(2), ..new };
        let owner = world.access::<Admin>(&ada).await;
        let proof = world.proof(&ada.0).await;
        assert!(matches!(
            invitations.create(&owner, Role::Owner, &many, Some(&proof)).await,
            Err(Error::Invalid(_))
        ));
    }

    async fn an_invitation_to_the_instance_gives_an_account_and_nothing_else(world) {
        let ada = world.person("ada@example.com").await;
        let closed = closed(&world).await;
        let owner = closed.services.instance.owner(&ada.0).await.unwrap();
        let invitations = &closed.services.invitations;
        let (made, token) = invitations
            .create_for_instance(&owner, &NewInvitation::default())
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
            .create_for_instance(&owner, &NewInvitation::default())
            .await
            .unwrap();
        // An admin of a project has no say here.
        let admin = closed.access::<Admin>(&ada).await;
        assert!(matches!(invitations.revoke(&admin, &second.id).await, Err(Error::NotFound(_))));
        invitations.revoke_of_instance(&owner, &second.id).await.unwrap();
        assert!(sign_up(&closed, "eve@example.com", Some(token.reveal())).await.is_err());
        assert!(closed.services.instance.owner(&bob).await.is_err());
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
            session_limits: core.session_limits,
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

    async fn very_many_open_invitations_are_refused(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let invitations = &world.services.invitations;
        let new = NewInvitation::default();
        let mut last = None;
        for _ in 0..200 {
            last = Some(invitations.create(&admin, Role::Viewer, &new, None).await.unwrap().0);
        }
        assert!(matches!(
            invitations.create(&admin, Role::Viewer, &new, None).await,
            Err(Error::Conflict(_))
        ));
        invitations.revoke(&admin, &last.unwrap().id).await.unwrap();
        assert!(invitations.create(&admin, Role::Viewer, &new, None).await.is_ok());
    }
}

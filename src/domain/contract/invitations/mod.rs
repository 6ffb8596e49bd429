//! Invitations: who comes in by them, and until when.

mod addresses;
mod attackers;
mod by_keys;
mod sign_up;

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
        link: None,
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
        world.services.projects.delete(&owner, &world.proof(owner.actor()).await).await.unwrap();
        let eve = actor(&world, "eve@example.com").await;
        refusal(&world, &token, &eve).await;
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

//! Who the members of a project are, what they may do, and what ends with them.

mod owners;
mod removal;

use super::{HERE, World, on_both};
use crate::{
    Error, Result,
    accounts::{Actor, FreshIdentity},
    audit::{self, Act},
    db::{Db, execute},
    events::Visit,
    ids::{ProjectId, UserId},
    invitations::NewInvitation,
    members::{Access, Admin, Ends, Level, Owner, Role, Viewer},
};

pub(super) type Person = (Actor, ProjectId);

/// Somebody who was invited to a project and came.
pub(super) async fn joined(world: &World, owner: &Person, email: &str, role: Role) -> Person {
    let actor = Actor::Person {
        user_id: world.sign_up(email).await.id,
    };
    let token = invited(world, owner, role).await;
    let invitations = &world.services.invitations;
    invitations.accept(&token, &actor, HERE).await.unwrap();
    (actor, owner.1.clone())
}

/// The token of an invitation by `by`.
pub(super) async fn invited(world: &World, by: &Person, role: Role) -> String {
    let admin = world.access::<Admin>(by).await;
    let proof = world.proof(&by.0).await;
    let new = NewInvitation::default();
    let invitations = &world.services.invitations;
    let made = invitations.create(&admin, role, &new, Some(&proof)).await;
    made.unwrap().1.reveal().to_owned()
}

/// As if they had an authenticator app.
pub(super) async fn with_second_factor(db: &Db, user: &UserId) {
    const SQL: &str = "INSERT INTO totp (user_id, secret, created_at, last_step) \
         VALUES ($1, $2, 0, 0)";
    let mut tx = db.begin().await.unwrap();
    execute!(
        &mut tx,
        sqlx::query(SQL).bind(user).bind(b"sealed".as_slice())
    )
    .unwrap();
    tx.commit().await.unwrap();
}

async fn set_role(world: &World, by: &Person, of: &Person, role: Role) -> Result<Role> {
    let admin = world.services.members.access(&by.0, &by.1).await?;
    let proof = world.proof(&by.0).await;
    let members = &world.services.members;
    let changed = members
        .set_role(&admin, of.0.user_id(), role, Some(&proof))
        .await;
    changed.map(|member| member.role)
}

async fn remove(world: &World, by: &Person, of: &Person) -> Result<Ends> {
    let admin = world.services.members.access(&by.0, &by.1).await?;
    let proof = world.proof(&by.0).await;
    let members = &world.services.members;
    members
        .remove(&admin, of.0.user_id(), Some(&proof), &Visit::default())
        .await
}

async fn leave(world: &World, person: &Person) -> Result<Ends> {
    let members = &world.services.members;
    members.leave(&person.0, &person.1, &Visit::default()).await
}

async fn role(world: &World, of: &Person) -> Option<Role> {
    world
        .services
        .members
        .role(&of.1, of.0.user_id())
        .await
        .unwrap()
}

async fn owners(world: &World, of: &Person) -> usize {
    let viewer = world.access::<Viewer>(of).await;
    let members = world.services.members.list(&viewer).await.unwrap();
    members
        .iter()
        .filter(|member| member.role == Role::Owner)
        .count()
}

fn is_conflict<T: std::fmt::Debug>(result: Result<T>, field: &str) {
    match result {
        Err(Error::Conflict(found)) => assert_eq!(found.field, field),
        other => panic!("{other:?}"),
    }
}

/// A stolen session: all that somebody may do, and no proof of who they are.
async fn thief<L: Level>(world: &World, of: &Person) -> (Access<L>, Option<FreshIdentity>) {
    (world.access::<L>(of).await, None)
}

on_both! {
    async fn members_are_listed_and_who_is_below_admin_sees_less(world) {
        let ada = world.person("ada@example.com").await;
        world.clock.advance_seconds(1);
        let bob = joined(&world, &ada, "bob@example.com", Role::Developer).await;
        with_second_factor(world.db(), bob.0.user_id()).await;
        let members = &world.services.members;
        let seen = members.list(&world.access(&ada).await).await.unwrap();
        let shown: Vec<_> = seen.iter().map(|one| (one.email.as_str(), one.role, one.has_second_factor)).collect();
        assert_eq!(shown, [
            ("ada@example.com", Role::Owner, Some(false)),
            ("bob@example.com", Role::Developer, Some(true)),
        ]);
        let seen = members.list(&world.access(&bob).await).await.unwrap();
        assert!(seen.iter().all(|one| one.has_second_factor.is_none() && one.last_used_at.is_none()));
        assert_eq!(seen.len(), 2);
    }

    async fn an_admin_manages_up_to_admins_and_only_owners_manage_owners(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada, "bob@example.com", Role::Admin).await;
        let eve = joined(&world, &ada, "eve@example.com", Role::Viewer).await;
        assert_eq!(set_role(&world, &bob, &eve, Role::Admin).await.unwrap(), Role::Admin);
        assert!(matches!(set_role(&world, &bob, &eve, Role::Owner).await, Err(Error::Forbidden(_))));
        assert!(matches!(set_role(&world, &bob, &bob, Role::Owner).await, Err(Error::Forbidden(_))));
        assert!(matches!(set_role(&world, &bob, &ada, Role::Viewer).await, Err(Error::Forbidden(_))));
        assert!(matches!(remove(&world, &bob, &ada).await, Err(Error::Forbidden(_))));
        assert_eq!(set_role(&world, &ada, &eve, Role::Owner).await.unwrap(), Role::Owner);
        assert_eq!(set_role(&world, &eve, &ada, Role::Developer).await.unwrap(), Role::Developer);
        assert!(matches!(set_role(&world, &ada, &bob, Role::Viewer).await, Err(Error::Forbidden(_))));
        assert_eq!(set_role(&world, &eve, &bob, Role::Viewer).await.unwrap(), Role::Viewer);
        // Who may only look changes nothing, and nobody is a member by being named.
        assert!(set_role(&world, &bob, &bob, Role::Admin).await.is_err());
        let nobody = (Actor::Person { user_id: "usr_nobody".into() }, ada.1.clone());
        assert!(matches!(set_role(&world, &eve, &nobody, Role::Viewer).await, Err(Error::NotFound("member"))));
        remove(&world, &eve, &bob).await.unwrap();
        assert_eq!(role(&world, &bob).await, None);
        let page = audit::Page::first(50);
        let rows = world.services.audit.of_project(&world.access(&eve).await, &page).await.unwrap();
        let removed = rows.iter().find(|row| row.act == Act::MemberRemoved).unwrap();
        assert_eq!(removed.user_email.as_deref(), Some("bob@example.com"));
        assert_eq!(removed.actor_email.as_deref(), Some("eve@example.com"));
        assert!(rows.iter().any(|row| row.detail.as_deref() == Some("owner → developer")));
    }

    async fn a_stolen_session_makes_no_admin_and_unmakes_no_owner(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada, "bob@example.com", Role::Viewer).await;
        let eve = joined(&world, &ada, "eve@example.com", Role::Owner).await;
        let members = &world.services.members;
        let (stolen, proof) = thief::<Admin>(&world, &ada).await;
        for (user, role) in [(&bob, Role::Admin), (&bob, Role::Owner), (&eve, Role::Viewer)] {
            let done = members.set_role(&stolen, user.0.user_id(), role, proof.as_ref()).await;
            assert!(matches!(done, Err(Error::ProofNeeded)));
        }
        let done = members.remove(&stolen, eve.0.user_id(), proof.as_ref(), &Visit::default()).await;
        assert!(matches!(done, Err(Error::ProofNeeded)));
        let (owner, proof) = thief::<Owner>(&world, &ada).await;
        let done = members.transfer(&owner, bob.0.user_id(), proof.as_ref()).await;
        assert!(matches!(done, Err(Error::ProofNeeded)));
        // Another one's proof is none.
        let of_eve = world.proof(&eve.0).await;
        let done = members.transfer(&owner, bob.0.user_id(), Some(&of_eve)).await;
        assert!(matches!(done, Err(Error::ProofNeeded)));
        assert!(members.set_role(&stolen, bob.0.user_id(), Role::Developer, None).await.is_ok());
    }

    async fn a_role_changed_while_a_request_is_under_way_is_not_used(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada, "bob@example.com", Role::Admin).await;
        let eve = joined(&world, &ada, "eve@example.com", Role::Viewer).await;
        // What their requests were allowed at their beginnings.
        let admin = world.access::<Admin>(&bob).await;
        let proof = world.proof(&bob.0).await;
        let members = &world.services.members;
        let invitations = &world.services.invitations;
        set_role(&world, &ada, &bob, Role::Developer).await.unwrap();
        let new = NewInvitation::default();
        for _ in 0..2 {
            let raised = members.set_role(&admin, bob.0.user_id(), Role::Admin, Some(&proof)).await;
            assert!(matches!(raised, Err(Error::Forbidden(_) | Error::NotFound(_))), "{raised:?}");
            let removed = members.remove(&admin, eve.0.user_id(), Some(&proof), &Visit::default()).await;
            assert!(matches!(removed, Err(Error::Forbidden(_) | Error::NotFound(_))));
            let made = invitations.create(&admin, Role::Viewer, &new, Some(&proof)).await;
            assert!(matches!(made, Err(Error::Forbidden(_) | Error::NotFound(_))));
            if role(&world, &bob).await.is_some() {
                remove(&world, &ada, &bob).await.unwrap();
            }
        }
        assert_eq!(role(&world, &eve).await, Some(Role::Viewer));
    }

    async fn a_project_may_ask_for_a_second_factor_and_nobody_locks_themselves_out(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada, "bob@example.com", Role::Developer).await;
        let members = &world.services.members;
        let owner = world.access::<Owner>(&ada).await;
        let proof = world.proof(&ada.0).await;
        let require = async |is_on| members.require_second_factor(&owner, is_on, Some(&proof)).await;
        assert!(matches!(require(true).await, Err(Error::Invalid(_))));
        with_second_factor(world.db(), ada.0.user_id()).await;
        assert!(matches!(
            members.require_second_factor(&owner, true, None).await,
            Err(Error::ProofNeeded)
        ));
        require(true).await.unwrap();
        let viewer = world.access::<Viewer>(&ada).await;
        assert!(members.requires_second_factor(&viewer).await.unwrap());
        assert!(matches!(
            members.access::<Viewer>(&bob.0, &bob.1).await,
            Err(Error::SecondFactorNeeded("This project"))
        ));
        assert!(matches!(
            members.transfer(&owner, bob.0.user_id(), Some(&proof)).await,
            Err(Error::Invalid(_))
        ));
        leave(&world, &bob).await.unwrap();
        require(false).await.unwrap();
        assert!(!members.requires_second_factor(&viewer).await.unwrap());
    }

    async fn a_key_manages_members_up_to_its_role_and_leaves_for_nobody(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada, "bob@example.com", Role::Viewer).await;
        let admin = world.access::<Admin>(&ada).await;
        let (_, secret) = world.key(&admin, "ci", Role::Admin).await;
        let key = world.services.api_keys.authenticate(secret.reveal()).await.unwrap();
        let members = &world.services.members;
        let access = members.access::<Admin>(&key, &ada.1).await.unwrap();
        assert!(matches!(members.access::<Owner>(&key, &ada.1).await, Err(Error::Forbidden(_))));
        let to = async |role| members.set_role(&access, bob.0.user_id(), role, None).await;
        assert_eq!(to(Role::Admin).await.unwrap().role, Role::Admin);
        assert!(matches!(to(Role::Owner).await, Err(Error::Forbidden(_))));
        assert!(matches!(members.leave(&key, &ada.1, &Visit::default()).await, Err(Error::Forbidden(_))));
        let new = NewInvitation::default();
        let invitations = &world.services.invitations;
        assert!(matches!(invitations.create(&access, Role::Owner, &new, None).await, Err(Error::Forbidden(_))));
        assert!(invitations.create(&access, Role::Admin, &new, None).await.is_ok());
    }
}

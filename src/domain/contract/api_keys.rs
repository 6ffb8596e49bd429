//! Keys of the REST API: what they may do, what ends them, and what a thief of one gains.

use std::time::Duration;

use super::{HERE, World, on_both, tool};
use crate::{
    Error,
    accounts::Actor,
    api_keys::{ApiKey, MOST_KEYS, NewApiKey},
    audit::{Act, Page},
    changes::{Change, ChangeKind, changed},
    crypto::BearerSecret,
    db::execute,
    events::Visit,
    ids::{ApiKeyId, ProjectId},
    members::{Admin, Developer, Owner, Role, Viewer},
};

type Person = (Actor, ProjectId);

/// Somebody with a role in a project that there is.
async fn joined(world: &World, project: &ProjectId, email: &str, role: Role) -> Person {
    let user_id = world.sign_up(email).await.id;
    let now = world.services.core.now();
    let mut tx = world.db().begin().await.unwrap();
    crate::members::store::insert(&mut tx, project, &user_id, role, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    (Actor::Person { user_id }, project.clone())
}

async fn made(world: &World, of: &Person, role: Role) -> (ApiKey, BearerSecret) {
    let admin = world.access::<Admin>(of).await;
    let proof = match &of.0 {
        Actor::Person { .. } => Some(world.proof(&of.0).await),
        Actor::ApiKey { .. } => None,
    };
    let new = NewApiKey::named("ci", role);
    let keys = &world.services.api_keys;
    keys.create(&admin, &new, proof.as_ref()).await.unwrap()
}

async fn made_own(world: &World, of: &Actor, role: Role) -> (ApiKey, BearerSecret) {
    let proof = world.proof(of).await;
    let new = NewApiKey::named("cli", role);
    let keys = &world.services.api_keys;
    keys.create_own(of, &new, Some(&proof), HERE).await.unwrap()
}

async fn actor(world: &World, secret: &BearerSecret) -> Actor {
    let keys = &world.services.api_keys;
    keys.authenticate(secret.reveal()).await.unwrap()
}

async fn works(world: &World, secret: &BearerSecret) -> bool {
    let keys = &world.services.api_keys;
    match keys.authenticate(secret.reveal()).await {
        Ok(_) => true,
        Err(Error::WrongCredentials) => false,
        Err(error) => panic!("{error}"),
    }
}

/// A change by hand, and a note of it where there is one.
async fn change(world: &World, sql: &'static str, id: &str, note: Option<ChangeKind>) {
    let now = world.services.core.now();
    let mut tx = world.db().begin().await.unwrap();
    execute!(&mut tx, sqlx::query(sql).bind(id)).unwrap();
    if let Some(kind) = note {
        changed(&mut tx, kind, id, now).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// What is written beside a request, or by another process.
async fn soon(what: impl AsyncFn() -> bool) -> bool {
    for _ in 0..60 {
        if what().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

fn is_invalid<T>(result: Result<T, Error>, field: &str) -> bool {
    matches!(result, Err(Error::Invalid(fields)) if fields.iter().any(|one| one.field == field))
}

on_both! {
    async fn a_key_is_made_listed_used_and_revoked(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let keys = &world.services.api_keys;
        let (key, secret) = made(&world, &ada, Role::Admin).await;
        assert!(secret.reveal().starts_with(&key.prefix));
        let last_used = async || {
            let listed = keys.list(&admin).await.unwrap();
            assert_eq!(listed.len(), 1);
            assert_eq!((&listed[0].key.id, listed[0].made_by.as_str()), (&key.id, "ada@example.com"));
            listed[0].key.last_used_at
        };
        assert_eq!(last_used().await, None);
        let first = world.services.core.now();
        let by_key = actor(&world, &secret).await;
        assert_eq!(keys.current(&by_key).await.unwrap().id, key.id);
        assert!(soon(async || last_used().await == Some(first)).await);
        // The note of a second use within the minute would be of another time.
        world.clock.advance_seconds(59);
        assert!(works(&world, &secret).await);
        world.clock.advance_seconds(1);
        let later = world.services.core.now();
        assert!(works(&world, &secret).await);
        assert!(soon(async || last_used().await != Some(first)).await);
        assert_eq!(last_used().await, Some(later));

        assert_eq!(keys.revoke(&admin.as_viewer(), &key.id).await.unwrap(), 1);
        assert!(!works(&world, &secret).await);
        assert!(keys.list(&admin).await.unwrap().is_empty());
        assert!(matches!(keys.revoke(&admin.as_viewer(), &key.id).await, Err(Error::NotFound(_))));
        assert!(matches!(keys.current(&by_key).await, Err(Error::NotFound(_))));
        let rows = world.services.audit.of_project(&admin, &Page::first(10)).await.unwrap();
        let acts: Vec<_> = rows.iter().map(|row| row.act).collect();
        assert_eq!(acts, [Act::ApiKeyRevoked, Act::ApiKeyMade, Act::ProjectMade]);
        for row in rows.into_iter().take(2) {
            let detail = row.detail.unwrap();
            assert!(detail.contains(key.id.as_str()) && detail.ends_with("admin"), "{detail}");
            assert!(!detail.contains(secret.reveal()), "{detail}");
        }
    }

    async fn a_key_keeps_the_rules_of_its_fields(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let keys = &world.services.api_keys;
        for (name, days, field) in [
            ("", None, "name"),
            ("a\0b", None, "name"),
            ("a", Some(0), "expires_in_days"),
            ("a", Some(-1), "expires_in_days"),
            ("a", Some(367), "expires_in_days"),
            ("a", Some(i64::MAX), "expires_in_days"),
        ] {
            let new = NewApiKey { expires_in_days: days, ..NewApiKey::named(name, Role::Viewer) };
            assert!(is_invalid(keys.create(&admin, &new, None).await, field), "{name:?} {days:?}");
        }
        let new = NewApiKey { expires_in_days: Some(366), ..NewApiKey::named("", Role::Viewer) };
        let Err(Error::Invalid(fields)) = keys.create(&admin, &new, None).await else { panic!() };
        assert_eq!(fields.len(), 1);
        assert!(keys.list(&admin).await.unwrap().is_empty());
    }

    async fn a_stolen_session_leaves_no_key_behind(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let bob = world.person("bob@example.com").await;
        let bobs = world.proof(&bob.0).await;
        let keys = &world.services.api_keys;
        for proof in [None, Some(&bobs)] {
            // Even one that only reads outlives the session, and a thief would have it.
            for role in Role::ALL {
                let made = keys.create(&admin, &NewApiKey::named("x", *role), proof).await;
                assert!(matches!(made, Err(Error::ProofNeeded)), "{role}");
                let made = keys.create_own(&ada.0, &NewApiKey::named("x", *role), proof, HERE).await;
                assert!(matches!(made, Err(Error::ProofNeeded)), "{role}");
            }
        }
        assert!(keys.list(&admin).await.unwrap().is_empty());
        assert!(keys.list_own(&ada.0).await.unwrap().is_empty());
    }

    async fn a_key_can_do_no_more_than_who_makes_it(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada.1, "bob@example.com", Role::Admin).await;
        let keys = &world.services.api_keys;
        let (_, bobs) = made(&world, &bob, Role::Admin).await;
        let (_, own) = made_own(&world, &ada.0, Role::Admin).await;
        let owners = NewApiKey::named("x", Role::Owner);
        for (maker, proof) in [
            (bob.0.clone(), Some(world.proof(&bob.0).await)),
            (actor(&world, &bobs).await, None),
            (actor(&world, &own).await, None),
        ] {
            let admin = world.access::<Admin>(&(maker.clone(), ada.1.clone())).await;
            assert!(is_invalid(keys.create(&admin, &owners, proof.as_ref()).await, "role"));
            if let Actor::ApiKey { project_id: None, .. } = &maker {
                assert!(is_invalid(keys.create_own(&maker, &owners, None, HERE).await, "role"));
            }
        }
        // A project's key makes none that reaches further.
        let by_bobs = actor(&world, &bobs).await;
        let viewers = NewApiKey::named("x", Role::Viewer);
        assert!(matches!(keys.create_own(&by_bobs, &viewers, None, HERE).await, Err(Error::Forbidden(_))));
        assert!(matches!(keys.list_own(&by_bobs).await, Err(Error::Forbidden(_))));
        // Whoever becomes less makes their keys less.
        change(&world, "UPDATE members SET role = 'viewer' WHERE user_id = $1",
            bob.0.user_id().as_str(), Some(ChangeKind::Member)).await;
        let members = &world.services.members;
        assert!(matches!(members.access::<Developer>(&by_bobs, &ada.1).await, Err(Error::Forbidden(_))));
        change(&world, "DELETE FROM members WHERE user_id = $1",
            bob.0.user_id().as_str(), Some(ChangeKind::Member)).await;
        assert!(matches!(members.access::<Viewer>(&by_bobs, &ada.1).await, Err(Error::NotFound(_))));
    }

    async fn a_thief_of_a_key_leaves_no_other_behind(world) {
        let ada = world.person("ada@example.com").await;
        let keys = &world.services.api_keys;
        let (stolen, secret) = made(&world, &ada, Role::Admin).await;
        let thief = (actor(&world, &secret).await, ada.1.clone());
        let (child, of_child) = made(&world, &thief, Role::Admin).await;
        assert_eq!(child.made_by_key.as_ref(), Some(&stolen.id));
        let (_, grandchild) =
            made(&world, &(actor(&world, &of_child).await, ada.1.clone()), Role::Viewer).await;
        let (_, other) = made(&world, &ada, Role::Viewer).await;
        let viewer = world.access::<Viewer>(&ada).await;
        assert_eq!(keys.revoke(&viewer, &stolen.id).await.unwrap(), 3);
        for gone in [&secret, &of_child, &grandchild] {
            assert!(!works(&world, gone).await);
        }
        assert!(works(&world, &other).await);
        // Nor by a request that began before.
        let access = crate::members::Members::new(world.services.core.clone())
            .access::<Admin>(&thief.0, &ada.1).await.unwrap();
        let late = keys.create(&access, &NewApiKey::named("x", Role::Viewer), None).await;
        assert!(matches!(late, Err(Error::WrongCredentials)));
    }

    async fn what_an_account_key_made_ends_with_it(world) {
        let ada = world.person("ada@example.com").await;
        let keys = &world.services.api_keys;
        let (own, secret) = made_own(&world, &ada.0, Role::Owner).await;
        let by_own = actor(&world, &secret).await;
        let (_, of_project) = made(&world, &(by_own.clone(), ada.1.clone()), Role::Owner).await;
        let second = NewApiKey::named("second", Role::Admin);
        let (second, of_account) = keys.create_own(&by_own, &second, None, HERE).await.unwrap();
        assert!(works(&world, &of_project).await && works(&world, &of_account).await);
        let listed = keys.list_own(&ada.0).await.unwrap();
        let ids: Vec<_> = listed.iter().map(|one| &one.key.id).collect();
        assert_eq!(ids, [&second.id, &own.id]);
        assert_eq!(keys.revoke_own(&ada.0, &own.id).await.unwrap(), 3);
        assert!(!works(&world, &of_project).await && !works(&world, &of_account).await);
        assert!(keys.list_own(&ada.0).await.unwrap().is_empty());
    }

    async fn a_key_that_is_revoked_while_it_makes_another_takes_it_along(world) {
        let ada = world.person("ada@example.com").await;
        let keys = &world.services.api_keys;
        let viewer = world.access::<Viewer>(&ada).await;
        for _ in 0..10 {
            let (key, secret) = made(&world, &ada, Role::Admin).await;
            let by_key = (actor(&world, &secret).await, ada.1.clone());
            let admin = world.access::<Admin>(&by_key).await;
            let new = NewApiKey::named("x", Role::Viewer);
            let (made, ended) =
                tokio::join!(keys.create(&admin, &new, None), keys.revoke(&viewer, &key.id));
            ended.unwrap();
            match made {
                Ok((_, child)) => assert!(!works(&world, &child).await),
                Err(error) => assert!(matches!(error, Error::WrongCredentials), "{error}"),
            }
        }
    }

    async fn a_key_that_has_expired_is_no_key_and_neither_is_what_it_made(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let proof = world.proof(&ada.0).await;
        let keys = &world.services.api_keys;
        let in_days = |role, days| NewApiKey { expires_in_days: days, ..NewApiKey::named("x", role) };
        let (key, secret) =
            keys.create(&admin, &in_days(Role::Admin, Some(2)), Some(&proof)).await.unwrap();
        let by_key = (actor(&world, &secret).await, ada.1.clone());
        let as_key = world.access::<Admin>(&by_key).await;
        for (days, ends_in) in [(None, 2), (Some(1), 1), (Some(300), 2)] {
            let (child, _) = keys.create(&as_key, &in_days(Role::Viewer, days), None).await.unwrap();
            assert_eq!(child.expires_at, Some(child.created_at.plus_seconds(ends_in * 86_400)));
        }
        world.clock.advance_seconds(2 * 86_400 - 1);
        assert!(works(&world, &secret).await);
        world.clock.advance_seconds(1);
        assert!(!works(&world, &secret).await);
        let late = keys.create(&as_key, &in_days(Role::Viewer, None), None).await;
        assert!(matches!(late, Err(Error::WrongCredentials)));
        assert!(keys.list(&admin).await.unwrap().iter().any(|one| one.key.id == key.id));
        world.clock.advance_seconds(31 * 86_400);
        assert!(keys.list(&admin).await.unwrap().is_empty());
    }

    async fn a_keys_row_is_not_read_at_each_request_and_what_it_rests_on_is_heard_of(world) {
        let ada = world.person("ada@example.com").await;
        let (key, secret) = made(&world, &ada, Role::Viewer).await;
        assert!(works(&world, &secret).await);
        let quiet = "UPDATE api_keys SET revoked_at = 1 WHERE id = $1";
        change(&world, quiet, key.id.as_str(), None).await;
        assert!(works(&world, &secret).await, "nobody said that it changed");
        world.db().feed().wake();
        assert!(!works(&world, &secret).await);

        let (_, secret) = made(&world, &ada, Role::Viewer).await;
        assert!(works(&world, &secret).await);
        let user = ada.0.user_id().as_str();
        let disable = "UPDATE users SET disabled_at = 1 WHERE id = $1";
        change(&world, disable, user, Some(ChangeKind::Account)).await;
        assert!(!works(&world, &secret).await);
        let enable = "UPDATE users SET disabled_at = NULL WHERE id = $1";
        change(&world, enable, user, Some(ChangeKind::Account)).await;
        assert!(works(&world, &secret).await);
        let owner = world.access::<Owner>(&ada).await;
        world.services.projects.delete(&owner, &world.proof(owner.actor()).await).await.unwrap();
        assert!(!works(&world, &secret).await);
    }

    async fn another_process_hears_of_a_revocation(world) {
        let ada = world.person("ada@example.com").await;
        let (key, secret) = made(&world, &ada, Role::Viewer).await;
        let other = world.another_process().await;
        let mut changes = other.db().feed().stream();
        let services = other.services.clone();
        let following = tokio::spawn(async move { services.follow_changes().await });
        assert_eq!(changes.recv().await, Ok(Change::Anything));
        assert!(works(&other, &secret).await);
        let viewer = world.access::<Viewer>(&ada).await;
        world.services.api_keys.revoke(&viewer, &key.id).await.unwrap();
        assert!(soon(async || !works(&other, &secret).await).await);
        following.abort();
    }

    async fn an_admin_does_not_end_an_owners_key_and_everybody_ends_their_own(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada.1, "bob@example.com", Role::Admin).await;
        let eve = joined(&world, &ada.1, "eve@example.com", Role::Developer).await;
        let keys = &world.services.api_keys;
        let (owners, owners_secret) = made(&world, &ada, Role::Owner).await;
        let (adas, _) = made(&world, &ada, Role::Developer).await;
        let (bobs, bobs_secret) = made(&world, &bob, Role::Developer).await;
        let as_bob = world.access::<Viewer>(&bob).await;
        let as_eve = world.access::<Viewer>(&eve).await;
        assert!(matches!(keys.revoke(&as_bob, &owners.id).await, Err(Error::Forbidden(_))));
        assert!(matches!(keys.revoke(&as_eve, &adas.id).await, Err(Error::Forbidden(_))));
        assert!(matches!(keys.revoke_own(&eve.0, &adas.id).await, Err(Error::NotFound(_))));
        assert!(matches!(keys.revoke(&as_bob, &"key_0".into()).await, Err(Error::NotFound(_))));
        // A key is no person: others of its maker's are not its own.
        let by_bobs = (actor(&world, &bobs_secret).await, ada.1.clone());
        let (second, _) = made(&world, &bob, Role::Developer).await;
        let as_key = world.access::<Viewer>(&by_bobs).await;
        assert!(matches!(keys.revoke(&as_key, &second.id).await, Err(Error::Forbidden(_))));
        assert!(matches!(keys.revoke_own(&by_bobs.0, &second.id).await, Err(Error::NotFound(_))));
        assert_eq!(keys.revoke(&as_bob, &adas.id).await.unwrap(), 1);
        // It ends itself, whatever its role.
        assert_eq!(keys.revoke(&as_key, &bobs.id).await.unwrap(), 1);
        assert!(!works(&world, &bobs_secret).await);
        // Whoever was removed still ends what they made.
        change(&world, "DELETE FROM members WHERE user_id = $1",
            bob.0.user_id().as_str(), Some(ChangeKind::Member)).await;
        assert_eq!(keys.revoke_own(&bob.0, &second.id).await.unwrap(), 1);
        assert!(works(&world, &owners_secret).await);
        // A key of another project is none of this one.
        let other = world.services.projects.create(&ada.0, "Other").await.unwrap();
        let elsewhere = world.access::<Viewer>(&(ada.0.clone(), other.id)).await;
        assert!(matches!(keys.revoke(&elsewhere, &owners.id).await, Err(Error::NotFound(_))));
    }

    async fn a_small_key_of_an_account_does_not_manage_its_others(world) {
        let ada = world.person("ada@example.com").await;
        let keys = &world.services.api_keys;
        let (small, secret) = made_own(&world, &ada.0, Role::Developer).await;
        let (large, _) = made_own(&world, &ada.0, Role::Owner).await;
        let (_, admins) = made_own(&world, &ada.0, Role::Admin).await;
        let by_small = actor(&world, &secret).await;
        assert!(matches!(keys.list_own(&by_small).await, Err(Error::Forbidden(_))));
        let new = NewApiKey::named("x", Role::Viewer);
        assert!(matches!(keys.create_own(&by_small, &new, None, HERE).await, Err(Error::Forbidden(_))));
        assert!(matches!(keys.revoke_own(&by_small, &large.id).await, Err(Error::Forbidden(_))));
        let by_admins = actor(&world, &admins).await;
        assert!(matches!(keys.revoke_own(&by_admins, &large.id).await, Err(Error::Forbidden(_))));
        assert_eq!(keys.revoke_own(&by_admins, &small.id).await.unwrap(), 1);
        assert!(!works(&world, &secret).await);
    }

    async fn an_account_key_reaches_its_projects_and_makes_others_as_owner_only(world) {
        let ada = world.person("ada@example.com").await;
        let (_, secret) = made_own(&world, &ada.0, Role::Developer).await;
        let by_key = actor(&world, &secret).await;
        let projects = &world.services.projects;
        assert!(matches!(projects.create(&by_key, "New").await, Err(Error::Forbidden(_))));
        let later = projects.create(&ada.0, "Later").await.unwrap();
        let members = &world.services.members;
        for project in [&ada.1, &later.id] {
            let developer = members.access::<Developer>(&by_key, project).await.unwrap();
            world.services.tools.create(&developer, &tool("a")).await.unwrap();
            assert!(matches!(members.access::<Admin>(&by_key, project).await, Err(Error::Forbidden(_))));
        }
        let bob = world.person("bob@example.com").await;
        assert!(matches!(members.access::<Viewer>(&by_key, &bob.1).await, Err(Error::NotFound(_))));
        let (_, secret) = made_own(&world, &ada.0, Role::Owner).await;
        let by_owner = actor(&world, &secret).await;
        let new = projects.create(&by_owner, "New").await.unwrap();
        assert!(members.access::<Owner>(&by_owner, &new.id).await.is_ok());
        assert_eq!(projects.list(&by_owner).await.unwrap().len(), 3);
    }

    async fn so_many_keys_live_at_once_and_no_more(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let proof = world.proof(&ada.0).await;
        let keys = &world.services.api_keys;
        let new = NewApiKey { expires_in_days: Some(1), ..NewApiKey::named("x", Role::Viewer) };
        for _ in 0..MOST_KEYS - 1 {
            keys.create(&admin, &new, Some(&proof)).await.unwrap();
            keys.create_own(&ada.0, &new, Some(&proof), HERE).await.unwrap();
        }
        let (one, two) =
            tokio::join!(keys.create(&admin, &new, Some(&proof)), keys.create(&admin, &new, Some(&proof)));
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        let (one, two) = tokio::join!(
            keys.create_own(&ada.0, &new, Some(&proof), HERE),
            keys.create_own(&ada.0, &new, Some(&proof), HERE)
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        let Err(Error::Conflict(field)) = keys.create(&admin, &new, Some(&proof)).await else { panic!() };
        assert_eq!(field.field, "api_keys");
        let other = world.services.projects.create(&ada.0, "Other").await.unwrap();
        let elsewhere = world.access::<Admin>(&(ada.0.clone(), other.id)).await;
        keys.create(&elsewhere, &new, Some(&proof)).await.unwrap();
        // One that has expired takes no place.
        world.clock.advance_seconds(86_400);
        keys.create(&admin, &new, Some(&proof)).await.unwrap();
    }

    async fn who_leaves_takes_their_keys_along(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada.1, "bob@example.com", Role::Admin).await;
        let (_, of_ada) = made(&world, &ada, Role::Viewer).await;
        let (_, of_bob) = made(&world, &bob, Role::Viewer).await;
        let (_, own) = made_own(&world, &bob.0, Role::Viewer).await;
        for secret in [&of_ada, &of_bob, &own] {
            assert!(works(&world, secret).await);
        }
        let owner = world.access::<Admin>(&ada).await;
        let (proof, visit) = (world.proof(&ada.0).await, Visit::default());
        let user = bob.0.user_id();
        let ended = world.services.members.remove(&owner, user, Some(&proof), &visit).await.unwrap();
        assert_eq!(ended.api_keys, 1);
        assert!(!works(&world, &of_bob).await);
        assert!(works(&world, &of_ada).await && works(&world, &own).await);
        let proof = world.proof(&bob.0).await;
        world.services.accounts.delete(&bob.0, &proof).await.unwrap();
        assert!(!works(&world, &own).await);
        assert!(works(&world, &of_ada).await);
    }

    async fn what_names_no_key_ends_none(world) {
        let ada = world.person("ada@example.com").await;
        let viewer = world.access::<Viewer>(&ada).await;
        let keys = &world.services.api_keys;
        for id in ["", "key_0", "\0", "' OR 1=1 --"] {
            let id = ApiKeyId::from(id);
            assert!(matches!(keys.revoke(&viewer, &id).await, Err(Error::NotFound(_))));
            assert!(matches!(keys.revoke_own(&ada.0, &id).await, Err(Error::NotFound(_))));
        }
    }
}

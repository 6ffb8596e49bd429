//! A person's own data: all of it, and its end.

use serde_json::Value;

use super::{
    HERE, PASSWORD, World,
    connecting::{connected, connection, refresh_token, shared},
    members::{invited, joined, with_second_factor},
    on_both,
};
use crate::{
    Error,
    accounts::{AccountFilter, Actor},
    audit::{self, Act},
    db::{execute, read},
    events::{EventKind, NewEvent, Visit},
    grants::{BearerError, ToolRule},
    integrations::Approval,
    invitations::NewInvitation,
    members::{Admin, Role, Viewer},
    sessions::{NewSession, SignInMethod},
};

async fn begin_session(world: &World, actor: &Actor) {
    let account = world
        .services
        .accounts
        .enabled(actor.user_id())
        .await
        .unwrap()
        .unwrap();
    let new = NewSession {
        method: SignInMethod::Password,
        provider_id: None,
        second_factor: None,
        address: "192.0.2.77".parse().unwrap(),
        user_agent: "Netscape Navigator",
    };
    world.services.sessions.begin(&account, &new).await.unwrap();
}

/// As if they had opened a link of a mail.
async fn verify(world: &World, actor: &Actor) {
    let mut tx = world.db().begin().await.unwrap();
    const SQL: &str = "UPDATE users SET email_verified_at = 1 WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(actor.user_id())).unwrap();
    tx.commit().await.unwrap();
}

async fn password_hash(world: &World, actor: &Actor) -> String {
    read!(world.db(), |c| sqlx::query_scalar(
        "SELECT password_hash FROM users WHERE id = $1"
    )
    .bind(actor.user_id())
    .fetch_one(c)
    .await)
    .unwrap()
}

/// How many rows of a table name a person.
async fn rows(world: &World, sql: &'static str, actor: &Actor) -> i64 {
    read!(world.db(), |c| sqlx::query_scalar(sql)
        .bind(actor.user_id())
        .fetch_one(c)
        .await)
    .unwrap()
}

fn ids(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|row| row["project_id"].as_str())
        .collect()
}

on_both! {
    async fn an_export_has_all_of_a_person_and_no_secret(world) {
        let connection = connection(&world, Approval::Ask).await;
        let ada = &connection.owner;
        verify(&world, &ada.0).await;
        let bob = joined(&world, ada, "bob@example.com", Role::Admin).await;
        let services = &world.services;
        let tokens = connected(&world, &connection, ToolRule::All).await;
        begin_session(&world, &ada.0).await;
        with_second_factor(world.db(), ada.0.user_id()).await;
        let admin = world.access::<Admin>(ada).await;
        let (_, key) = world.key(&admin, "my laptop", Role::Admin).await;
        let invitation = invited(&world, ada, Role::Viewer).await;
        let to_ada = NewInvitation { email: Some("ada@example.com".to_owned()), ..NewInvitation::default() };
        let by_bob = world.access::<Admin>(&bob).await;
        services.invitations.create(&by_bob, Role::Viewer, &to_ada, None).await.unwrap();
        let trail = services.grants.connected_apps(&ada.0).await.unwrap()[0].grant.trail();
        let visit = Visit::new("req".to_owned(), "192.0.2.88".to_owned(), "Lynx");
        services.events.record(&visit, NewEvent::ok(EventKind::Consent, trail)).await;

        // Rows of one moment have no order.
        world.clock.advance_seconds(1);
        let export = services.accounts.export(&ada.0).await.unwrap();
        let text = export.to_string();
        for theirs in [
            "ada@example.com", "Netscape Navigator", "192.0.2.77", "192.0.2.88", "my laptop", "CRM",
            "Claude", "account.signed_in", "member.invited",
        ] {
            assert!(text.contains(theirs), "{theirs}");
        }
        assert_eq!(export["account"]["has_password"], true);
        assert_eq!(ids(&export["memberships"]), [ada.1.as_str()]);
        let of = |key: &str| export[key].as_array().unwrap().len();
        assert_eq!((of("authenticator_apps"), of("connections"), of("api_keys")), (1, 1, 1));
        // What others made of their address is about them too; who that was is not.
        assert_eq!(export["invitations"].as_array().unwrap().iter().filter(|one| one["is_own"] == false).count(), 1);
        assert!(!text.contains("bob@example.com"));
        let kinds: Vec<_> = export["made"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
        assert!(kinds.contains(&"project") && kinds.contains(&"integration"), "{kinds:?}");
        for secret in [
            password_hash(&world, &ada.0).await.as_str(),
            "argon2",
            "sealed",
            key.reveal(),
            &invitation,
            tokens.access_token.as_str(),
            refresh_token(&tokens),
            connection.secret.reveal(),
        ] {
            assert!(!text.contains(secret), "{secret}");
        }
        let page = audit::Page::first(5);
        let newest = &services.audit.of_account(ada.0.user_id(), &page).await.unwrap()[0];
        assert_eq!(newest.act, Act::AccountExported);
        let key = services.api_keys.authenticate(key.reveal()).await.unwrap();
        assert!(matches!(services.accounts.export(&key).await, Err(Error::Forbidden(_))));
    }

    async fn who_is_the_last_owner_among_others_cannot_delete_their_account(world) {
        let ada = world.person("ada@example.com").await;
        let bob = joined(&world, &ada, "bob@example.com", Role::Developer).await;
        let accounts = &world.services.accounts;
        let what = accounts.what_deletion_ends(&ada.0).await.unwrap();
        assert_eq!(what.in_the_way, [(ada.1.clone(), "CRM".to_owned())]);
        assert!(what.is_last_instance_owner);
        let proof = world.proof(&ada.0).await;
        let Err(Error::Conflict(field)) = accounts.delete(&ada.0, &proof).await else {
            panic!("it was deleted");
        };
        assert!(field.field == "projects" && field.message.contains("CRM"), "{field:?}");
        assert!(accounts.enabled(ada.0.user_id()).await.unwrap().is_some(), "nothing happened");
        let of_bob = world.proof(&bob.0).await;
        assert!(matches!(accounts.delete(&ada.0, &of_bob).await, Err(Error::ProofNeeded)));
        // The last owner of the instance stays too.
        let members = &world.services.members;
        let owner = world.access(&ada).await;
        members.transfer(&owner, bob.0.user_id(), Some(&proof)).await.unwrap();
        let Err(Error::Conflict(field)) = accounts.delete(&ada.0, &proof).await else {
            panic!("it was deleted");
        };
        assert_eq!(field.field, "user_id");
        accounts.make_owner_by_operator("bob@example.com").await.unwrap();
        accounts.delete(&ada.0, &proof).await.unwrap();
        assert_eq!(members.list(&world.access(&bob).await).await.unwrap().len(), 1);
    }

    async fn of_two_owners_who_delete_their_accounts_at_once_one_stays(world) {
        let eve = world.person("eve@example.com").await;
        for round in 0..3 {
            let [one, two, three] = ["one", "two", "three"].map(|name| format!("{name}{round}@example.com"));
            let name = format!("Project {round}");
            let first = Actor::Person { user_id: world.sign_up(&one).await.id };
            let project = world.services.projects.create(&first, &name).await.unwrap();
            let first = (first, project.id);
            let second = joined(&world, &first, &two, Role::Owner).await;
            let third = joined(&world, &first, &three, Role::Viewer).await;
            let (a, b) = (world.proof(&first.0).await, world.proof(&second.0).await);
            let accounts = &world.services.accounts;
            let (a, b) = tokio::join!(accounts.delete(&first.0, &a), accounts.delete(&second.0, &b));
            assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
            let members = world.services.members.list(&world.access(&third).await).await.unwrap();
            assert_eq!(members.iter().filter(|one| one.role == Role::Owner && one.is_enabled).count(), 1);
        }
        assert!(world.services.accounts.enabled(eve.0.user_id()).await.unwrap().is_some());
    }

    async fn whose_address_is_not_verified_says_nothing_of_its_invitations(world) {
        let bob = world.person("bob@example.com").await;
        let admin = world.access::<Admin>(&bob).await;
        let new = NewInvitation { email: Some("ada@example.com".to_owned()), ..Default::default() };
        let invitations = &world.services.invitations;
        let (_, token) = invitations.create(&admin, Role::Viewer, &new, None).await.unwrap();
        // Somebody took the address first.
        let mallory = Actor::Person { user_id: world.sign_up("ada@example.com").await.id };
        let export = world.services.accounts.export(&mallory).await.unwrap();
        assert!(!export.to_string().contains(bob.1.as_str()), "{export}");
        let proof = world.proof(&mallory).await;
        world.services.accounts.delete(&mallory, &proof).await.unwrap();
        invitations.look_at(token.reveal(), HERE).await.unwrap();
    }

    async fn a_deleted_account_leaves_a_pseudonym_and_nothing_works_any_more(world) {
        let eve = world.person("eve@example.com").await;
        let connection = connection(&world, Approval::Ask).await;
        let (ada, services) = (&connection.owner, &world.services);
        verify(&world, &ada.0).await;
        let bob = joined(&world, ada, "bob@example.com", Role::Owner).await;
        let alone = services.projects.create(&ada.0, "Alone").await.unwrap();
        let tokens = connected(&world, &connection, ToolRule::All).await;
        begin_session(&world, &ada.0).await;
        with_second_factor(world.db(), ada.0.user_id()).await;
        let admin = world.access::<Admin>(ada).await;
        let (_, key) = world.key(&admin, "ada's laptop", Role::Admin).await;
        let invitation = invited(&world, ada, Role::Viewer).await;
        let to_ada = NewInvitation { email: Some("ada@example.com".to_owned()), ..NewInvitation::default() };
        let by_bob = world.access::<Admin>(&bob).await;
        services.invitations.create(&by_bob, Role::Viewer, &to_ada, None).await.unwrap();
        let trail = services.grants.connected_apps(&ada.0).await.unwrap()[0].grant.trail();
        let visit = Visit::new("req".to_owned(), "192.0.2.88".to_owned(), "Lynx");
        services.events.record(&visit, NewEvent::ok(EventKind::Consent, trail)).await;
        let what = services.accounts.what_deletion_ends(&ada.0).await.unwrap();
        assert_eq!(what.projects, [(alone.id.clone(), "Alone".to_owned())]);
        assert_eq!((what.in_the_way.len(), what.left.len()), (0, 1));
        assert!(!what.is_last_instance_owner);

        let proof = world.proof(&ada.0).await;
        services.accounts.delete(&ada.0, &proof).await.unwrap();
        assert!(services.accounts.by_email("ada@example.com").await.unwrap().is_none());
        assert!(services.accounts.enabled(ada.0.user_id()).await.unwrap().is_none());
        assert!(matches!(
            services.accounts.sign_in("ada@example.com", PASSWORD, HERE).await,
            Err(Error::WrongCredentials)
        ));
        assert!(matches!(
            services.grants.bearer(&tokens.access_token, &shared(&world)).await,
            Err(BearerError::InvalidToken(_))
        ));
        assert!(services.api_keys.authenticate(key.reveal()).await.is_err());
        assert!(services.invitations.look_at(&invitation, HERE).await.is_err());
        assert!(services.members.access::<Viewer>(&ada.0, &ada.1).await.is_err());
        assert!(services.projects.list(&ada.0).await.unwrap().is_empty());
        assert_eq!(services.projects.created_by(&alone.id).await.unwrap(), None, "it went with them");
        for sql in [
            "SELECT COUNT(*) FROM sessions WHERE user_id = $1",
            "SELECT COUNT(*) FROM totp WHERE user_id = $1",
            "SELECT COUNT(*) FROM members WHERE user_id = $1",
            "SELECT COUNT(*) FROM api_keys WHERE user_id = $1",
            "SELECT COUNT(*) FROM consents WHERE user_id = $1",
            "SELECT COUNT(*) FROM grants WHERE user_id = $1 AND ended_at IS NULL",
            "SELECT COUNT(*) FROM audit WHERE (user_id = $1 OR actor_id = $1) AND address IS NOT NULL",
            "SELECT COUNT(*) FROM users WHERE id = $1 AND password_hash <> ''",
            "SELECT COUNT(*) FROM users WHERE id <> $1 AND email LIKE '%ada%'",
            "SELECT COUNT(*) FROM invitations WHERE email LIKE '%ada%' AND created_by <> $1",
        ] {
            assert_eq!(rows(&world, sql, &ada.0).await, 0, "{sql}");
        }
        let viewer = world.access::<Viewer>(&bob).await;
        let id = &connection.integration.id;
        let events = services.events.of_integration(&viewer, id, 50).await.unwrap();
        assert!(!events.is_empty());
        assert!(events.iter().all(|event| !format!("{event:?}").contains("192.0.2.88")));
        assert!(events.iter().all(|event| event.visit.user_agent != "Lynx"));

        // The log stays, under a pseudonym.
        let page = audit::Page::first(100);
        let rows = services.audit.of_project(&by_bob, &page).await.unwrap();
        let of_ada: Vec<_> = rows.iter().filter(|row| row.actor_id.as_ref() == Some(ada.0.user_id())).collect();
        assert!(of_ada.iter().any(|row| row.act == Act::Invited));
        assert!(of_ada.iter().all(|row| {
            let email = row.actor_email.as_deref().unwrap();
            email.starts_with("deleted-") && email.ends_with("@deleted.invalid")
        }));
        let all = services.accounts.list_by_operator(&AccountFilter::default()).await.unwrap();
        assert!(all.iter().all(|row| row.account.id != *ada.0.user_id()));
        let pseudonym = of_ada[0].actor_email.as_deref().unwrap();
        assert!(matches!(services.accounts.enable_by_operator(pseudonym).await, Err(Error::NotFound(_))));
        assert!(matches!(services.accounts.delete(&ada.0, &proof).await, Err(Error::NotFound(_))));

        // The address is free, and whoever takes it is somebody else.
        let again = world.sign_up("ada@example.com").await;
        assert_ne!(again.id, *ada.0.user_id());
        let again = Actor::Person { user_id: again.id };
        assert!(services.projects.list(&again).await.unwrap().is_empty());
        assert!(services.instance.owner(&eve.0).await.is_ok());
    }
}

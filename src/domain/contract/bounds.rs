//! What one account may fill the database with.

use super::{World, mailing::*, on_both};
use crate::{
    Error,
    accounts::Actor,
    db::{execute, read},
    idempotency::{Answer, Begun, MOST_KEPT_OF_ACTOR, MOST_REQUESTS},
    members::{Owner, Role},
    projects, sessions,
};

fn key(id: &str) -> Actor {
    Actor::ApiKey {
        id: id.into(),
        project_id: None,
        role: Role::Owner,
        user_id: "usr_ada".into(),
    }
}

async fn begin(world: &World, actor: &Actor, key: &str) -> crate::Result<Begun> {
    let idempotency = &world.services.idempotency;
    idempotency.begin(actor, key, &[1; 32]).await
}

/// What asking again is answered with, after an answer of so many bytes.
async fn again(world: &World, actor: &Actor, key: &str, bytes: usize) -> Begun {
    let Begun::First(turn) = begin(world, actor, key).await.unwrap() else {
        panic!("{key} is taken");
    };
    let answer = Answer {
        status: 200,
        headers: Vec::new(),
        body: vec![b'x'; bytes],
    };
    let idempotency = &world.services.idempotency;
    idempotency.finish(turn, &answer).await.unwrap();
    begin(world, actor, key).await.unwrap()
}

on_both! {
    async fn an_account_makes_so_many_projects(world) {
        let ada = actor(&world.sign_up("ada@example.com").await);
        let bob = actor(&world.sign_up("bob@example.com").await);
        let services = &world.services;
        let mut made = Vec::new();
        for number in 1..projects::MOST {
            made.push(services.projects.create(&ada, &format!("P{number}")).await.unwrap().id);
        }
        // Of two who want the last one at once, one gets it.
        let (one, two) = tokio::join!(
            services.projects.create(&ada, "One"),
            services.projects.create(&ada, "Two"),
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        let refused = services.projects.create(&ada, "More").await;
        assert!(matches!(refused, Err(Error::Conflict(field)) if field.field == "projects"
            && field.message.contains("100")));
        services.projects.create(&bob, "Bob's").await.unwrap();
        let owner = services.members.access::<Owner>(&ada, &made[0]).await.unwrap();
        services.projects.delete(&owner, &World::proved(&ada)).await.unwrap();
        services.projects.create(&ada, "More").await.unwrap();
    }

    async fn of_very_many_sessions_the_one_used_longest_ago_ends(world) {
        let ada = world.sign_up("ada@example.com").await;
        let bob = world.sign_up("bob@example.com").await;
        let services = &world.services;
        let bobs = signed_in(services, &bob).await;
        let mut all = Vec::new();
        for _ in 0..sessions::MOST {
            all.push(signed_in(services, &ada).await);
            world.clock.advance_seconds(1);
        }
        world.clock.advance_seconds(60);
        let is_live = async |place: usize| {
            let all: &Vec<crate::sessions::SignedIn> = &all;
            services.sessions.current(&all[place].session.id).await.unwrap().is_some()
        };
        // The first one is used: the second one is the oldest then.
        assert!(is_live(0).await);
        signed_in(services, &ada).await;
        assert!(is_live(0).await && !is_live(1).await && is_live(2).await);
        let listed = services.sessions.list(&ada.id).await.unwrap();
        assert_eq!(i64::try_from(listed.len()).unwrap(), sessions::MOST);
        assert!(services.sessions.current(&bobs.session.id).await.unwrap().is_some());
    }

    async fn ended_sessions_do_not_pile_up(world) {
        let ada = world.sign_up("ada@example.com").await;
        let services = &world.services;
        let me = actor(&ada);
        for _ in 0..260 {
            let one = signed_in(services, &ada).await;
            let why = crate::sessions::SessionEnd::SignedOut;
            services.sessions.end(&me, &one.session.id, why).await.unwrap();
        }
        let rows = count(&world, "SELECT COUNT(*) FROM sessions WHERE user_id = $1", &ada.id).await;
        assert!(rows <= 201, "{rows}");
    }

    async fn a_key_has_so_many_idempotent_requests_remembered(world) {
        // As bytes, whatever the database calls them.
        const FILL: &str = "INSERT INTO idempotent_requests \
             (hash, request_hash, claim, created_at, owner) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $3) \
             SELECT CAST(CAST(i AS TEXT) AS BYTEA), CAST('1' AS BYTEA), '', $2, $1 FROM n";
        let (full, other) = (key("key_full"), key("key_other"));
        assert!(matches!(again(&world, &full, "first", 10).await, Begun::Again(_)));
        let mut tx = world.db().begin().await.unwrap();
        let now = world.services.core.now();
        execute!(&mut tx, sqlx::query(FILL).bind("key_full").bind(now).bind(MOST_REQUESTS - 2)).unwrap();
        tx.commit().await.unwrap();
        assert!(matches!(begin(&world, &full, "last").await, Ok(Begun::First(_))));
        let refused = begin(&world, &full, "one-more").await;
        assert!(matches!(refused, Err(Error::Conflict(field)) if field.field == "Idempotency-Key"));
        // What was done is still answered, and others go on.
        assert!(matches!(begin(&world, &full, "first").await, Ok(Begun::Again(_))));
        assert!(matches!(begin(&world, &other, "k").await, Ok(Begun::First(_))));
        const COUNT: &str = "SELECT COUNT(*) FROM idempotent_requests WHERE owner = 'key_full'";
        let rows: i64 = read!(world.db(), |c| sqlx::query_scalar(COUNT).fetch_one(c).await).unwrap();
        assert_eq!(rows, MOST_REQUESTS);
        world.clock.advance_seconds(86_401);
        assert!(matches!(begin(&world, &full, "one-more").await, Ok(Begun::First(_))));
    }

    async fn a_key_has_so_many_bytes_of_answers_kept(world) {
        const GROW: &str = "UPDATE idempotent_requests SET answer = $1 WHERE owner = 'key_full'";
        let (full, other) = (key("key_full"), key("key_other"));
        assert!(matches!(again(&world, &full, "large", 100_000).await, Begun::Again(_)));
        let bytes = vec![0_u8; usize::try_from(MOST_KEPT_OF_ACTOR).unwrap()];
        let mut tx = world.db().begin().await.unwrap();
        execute!(&mut tx, sqlx::query(GROW).bind(&bytes)).unwrap();
        tx.commit().await.unwrap();
        let large = again(&world, &full, "another", 100_000).await;
        assert!(matches!(large, Begun::NotKept { status: 200 }));
        // Small ones, such as of a secret that is shown once, are kept all the same.
        assert!(matches!(again(&world, &full, "small", 1_000).await, Begun::Again(_)));
        assert!(matches!(again(&world, &other, "large", 100_000).await, Begun::Again(_)));
    }
}

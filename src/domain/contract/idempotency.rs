//! Requests that may be sent again are done once.

use super::{World, on_both};
use crate::{
    Error,
    accounts::Actor,
    clock::SystemRandom,
    db::{execute, read},
    idempotency::{Answer, Begun, MOST_KEPT, Turn},
    sealing::{Keyring, MasterKey, Sealer},
};

const HASH: [u8; 32] = [1; 32];

fn ada() -> Actor {
    Actor::Person {
        user_id: "usr_ada".into(),
    }
}

fn key_of_ada(id: &str) -> Actor {
    Actor::ApiKey {
        id: id.into(),
        project_id: None,
        role: crate::members::Role::Owner,
        user_id: "usr_ada".into(),
    }
}

fn answer(body: impl Into<Vec<u8>>) -> Answer {
    Answer {
        status: 201,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.into(),
    }
}

async fn begin(world: &World, actor: &Actor, key: &str, hash: [u8; 32]) -> Begun {
    let idempotency = &world.services.idempotency;
    idempotency.begin(actor, key, &hash).await.unwrap()
}

async fn first(world: &World, key: &str) -> Turn {
    match begin(world, &ada(), key, HASH).await {
        Begun::First(turn) => turn,
        other => panic!("{other:?}"),
    }
}

async fn rows(world: &World) -> i64 {
    const SQL: &str = "SELECT COUNT(*) FROM idempotent_requests";
    read!(world.db(), |c| sqlx::query_scalar(SQL).fetch_one(c).await).unwrap()
}

on_both! {
    async fn the_second_request_gets_the_first_answer(world) {
        let turn = first(&world, "k").await;
        assert!(matches!(begin(&world, &ada(), "k", HASH).await, Begun::UnderWay));
        let kept = answer("{\"client_secret\":\"s3cret\",\n\"lines\": 2}");
        world.services.idempotency.finish(turn, &kept).await.unwrap();
        for _ in 0..2 {
            let Begun::Again(again) = begin(&world, &ada(), "k", HASH).await else { panic!() };
            assert_eq!(again, kept);
            assert!(!format!("{again:?}").contains("s3cret"));
        }
        assert!(matches!(begin(&world, &ada(), "k", [2; 32]).await, Begun::Differs));
        // Nobody finds the secret in the database.
        const SQL: &str = "SELECT answer FROM idempotent_requests";
        let stored: Vec<u8> =
            read!(world.db(), |c| sqlx::query_scalar(SQL).fetch_one(c).await).unwrap();
        assert!(!stored.windows(6).any(|bytes| bytes == b"s3cret"));
    }

    async fn nobody_gets_the_answer_to_anothers_request(world) {
        let turn = first(&world, "k").await;
        world.services.idempotency.finish(turn, &answer("ada's")).await.unwrap();
        let bob = Actor::Person { user_id: "usr_bob".into() };
        for other in [bob, key_of_ada("key_1"), key_of_ada("key_2")] {
            assert!(matches!(begin(&world, &other, "k", HASH).await, Begun::First(_)), "{other:?}");
        }
        assert_eq!(rows(&world).await, 4);
    }

    async fn of_many_at_once_one_is_done(world) {
        let ada = ada();
        let one = || begin(&world, &ada, "k", HASH);
        let (a, b, c, d) = tokio::join!(one(), one(), one(), one());
        let first = [&a, &b, &c, &d].iter().filter(|begun| matches!(begun, Begun::First(_))).count();
        assert_eq!(first, 1, "{a:?} {b:?} {c:?} {d:?}");
    }

    async fn what_was_not_done_frees_its_key(world) {
        let turn = first(&world, "k").await;
        world.services.idempotency.release(turn).await.unwrap();
        // With another request too: the first one did nothing.
        assert!(matches!(begin(&world, &ada(), "k", [2; 32]).await, Begun::First(_)));
    }

    async fn an_answer_that_was_lost_with_its_process_is_not_made_up(world) {
        drop(first(&world, "k").await);
        world.clock.advance_seconds(3_599);
        assert!(matches!(begin(&world, &ada(), "k", HASH).await, Begun::UnderWay));
        world.clock.advance_seconds(1);
        assert!(matches!(begin(&world, &ada(), "k", HASH).await, Begun::Lost));
        assert!(matches!(begin(&world, &ada(), "k", [2; 32]).await, Begun::Differs));
        world.clock.advance_seconds(86_400 - 3_600);
        assert!(matches!(begin(&world, &ada(), "k", HASH).await, Begun::Lost));
        world.clock.advance_seconds(1);
        assert!(matches!(begin(&world, &ada(), "k", HASH).await, Begun::First(_)));
    }

    async fn who_comes_back_too_late_takes_nothing_from_whoever_has_the_key_now(world) {
        let idempotency = &world.services.idempotency;
        let (late, later) = (first(&world, "a").await, first(&world, "b").await);
        world.clock.advance_seconds(86_401);
        let now = first(&world, "a").await;
        let _under_way = first(&world, "b").await;
        idempotency.finish(late, &answer("late")).await.unwrap();
        idempotency.release(later).await.unwrap();
        assert!(matches!(begin(&world, &ada(), "a", HASH).await, Begun::UnderWay));
        assert!(matches!(begin(&world, &ada(), "b", HASH).await, Begun::UnderWay));
        idempotency.finish(now, &answer("now")).await.unwrap();
        let Begun::Again(again) = begin(&world, &ada(), "a", HASH).await else { panic!() };
        assert_eq!(again.body, b"now");
    }

    async fn an_answer_that_is_too_large_is_said_to_be(world) {
        let idempotency = &world.services.idempotency;
        let turn = first(&world, "k").await;
        idempotency.finish(turn, &answer(vec![b'x'; MOST_KEPT + 1])).await.unwrap();
        let begun = begin(&world, &ada(), "k", HASH).await;
        assert!(matches!(begun, Begun::NotKept { status: 201 }), "{begun:?}");
        let turn = first(&world, "j").await;
        idempotency.finish(turn, &answer(vec![b'x'; MOST_KEPT])).await.unwrap();
        assert!(matches!(begin(&world, &ada(), "j", HASH).await, Begun::Again(_)));
    }

    async fn a_key_is_of_visible_characters(world) {
        let longest = "k".repeat(255);
        for good in ["k", "~!\"", longest.as_str()] {
            assert!(matches!(begin(&world, &ada(), good, HASH).await, Begun::First(_)));
        }
        let long = "k".repeat(256);
        for bad in ["", " ", "a b", "a\nb", "a\0", "é", long.as_str()] {
            let begun = world.services.idempotency.begin(&ada(), bad, &HASH).await;
            let Err(Error::Invalid(fields)) = begun else { panic!("{bad:?} {begun:?}") };
            assert_eq!(fields[0].field, "Idempotency-Key");
        }
    }

    async fn what_is_older_than_a_day_is_deleted(world) {
        let idempotency = &world.services.idempotency;
        let turn = first(&world, "old").await;
        idempotency.finish(turn, &answer("old")).await.unwrap();
        world.clock.advance_seconds(86_400);
        let turn = first(&world, "new").await;
        idempotency.finish(turn, &answer("new")).await.unwrap();
        assert!(matches!(begin(&world, &ada(), "old", HASH).await, Begun::Again(_)));
        world.clock.advance_seconds(1);
        world.services.expire().await.unwrap();
        assert_eq!(rows(&world).await, 1);
        assert!(matches!(begin(&world, &ada(), "new", HASH).await, Begun::Again(_)));
    }

    async fn an_answer_opens_in_its_own_place_only(world) {
        let idempotency = &world.services.idempotency;
        for key in ["a", "b"] {
            let turn = first(&world, key).await;
            idempotency.finish(turn, &answer(key)).await.unwrap();
        }
        let mut tx = world.db().begin().await.unwrap();
        let sql = "UPDATE idempotent_requests SET answer = \
             (SELECT answer FROM idempotent_requests ORDER BY hash LIMIT 1)";
        execute!(&mut tx, sqlx::query(sql)).unwrap();
        tx.commit().await.unwrap();
        let mut opened = 0;
        for key in ["a", "b"] {
            match idempotency.begin(&ada(), key, &HASH).await {
                Ok(Begun::Again(again)) if again.body == key.as_bytes() => opened += 1,
                Err(Error::Corrupt { .. }) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(opened, 1);
    }

    async fn a_kept_answer_is_sealed_anew_under_a_new_master_key(world) {
        let (old, new) = (MasterKey::generate(&SystemRandom), MasterKey::generate(&SystemRandom));
        let before = world.sealed_by(Sealer::new(Keyring::of(old.clone()))).await;
        for (key, size) in [("small", 10), ("large", MOST_KEPT + 1)] {
            let turn = first(&before, key).await;
            before.services.idempotency.finish(turn, &answer(vec![b'x'; size])).await.unwrap();
        }
        drop(first(&before, "under-way").await);
        let both = Sealer::new(Keyring::of(old).with_new(new.clone()));
        let during = world.sealed_by(both).await;
        let done = during.services.core.reseal(async || {}).await.unwrap();
        assert_eq!((done.values, done.resealed), (1, 1));
        let after = world.sealed_by(Sealer::new(Keyring::of(new))).await;
        assert!(matches!(begin(&after, &ada(), "small", HASH).await, Begun::Again(_)));
        assert!(matches!(begin(&after, &ada(), "large", HASH).await, Begun::NotKept { .. }));
    }
}

//! Recovery codes in place of a forgotten password.

use super::*;
use crate::{contract::World, db::execute, ids::UserId, second_factors::recovery_code_hash};

const CODE: &str = "ABCD-EFGH-IJKL-MNOP";

async fn give(world: &World, user: &UserId, code: &str) {
    let hash = recovery_code_hash(user, code);
    let mut tx = world.db().begin().await.unwrap();
    execute!(
        tx,
        sqlx::query("INSERT INTO recovery_codes (hash, user_id, created_at) VALUES ($1, $2, 1)")
            .bind(hash.to_vec())
            .bind(user)
    )
    .unwrap();
    tx.commit().await.unwrap();
}

on_both! {
    async fn a_recovery_code_sets_a_password_once(world) {
        let ada = world.sign_up("ada@example.com").await;
        give(&world, &ada.id, CODE).await;
        let Mailing { services, server } = &Mailing::of(&world).await;
        let before = signed_in(services, &ada).await;
        let recovery = &services.recovery;
        let link = recovery.by_operator("ada@example.com", false).await.unwrap();
        let short = recovery.reset_with_code("ada@example.com", CODE, "short", HERE).await;
        assert!(matches!(short, Err(Error::Invalid(_))), "and the code is not used up");
        recovery
            .reset_with_code("Ada@example.com", "abcd efgh ijkl mnop", NEW, HERE)
            .await
            .unwrap();
        services.accounts.sign_in("ada@example.com", NEW, HERE).await.unwrap();
        assert!(services.sessions.current(&before.session.id).await.unwrap().is_none());
        let again = recovery.reset_with_code("ada@example.com", CODE, PASSWORD, HERE).await;
        assert!(matches!(again, Err(Error::WrongCredentials)));
        assert!(is_dead(&recovery.look_at(link.reveal(), HERE).await));
        let acts = acts(services, &ada.id).await;
        assert_eq!(acts[..2], [Act::Recovered, Act::RecoveryCodeUsed]);
        assert!(server.next().await.text.contains("recovery code"));
    }

    async fn of_two_uses_of_a_code_at_once_one_works(world) {
        let ada = world.sign_up("ada@example.com").await;
        give(&world, &ada.id, CODE).await;
        let recovery = &world.services.recovery;
        let (one, two) = tokio::join!(
            recovery.reset_with_code("ada@example.com", CODE, NEW, HERE),
            recovery.reset_with_code("ada@example.com", CODE, "another new password", HERE),
        );
        assert!(one.is_ok() != two.is_ok());
        let password = if one.is_ok() { NEW } else { "another new password" };
        world.services.accounts.sign_in("ada@example.com", password, HERE).await.unwrap();
    }

    async fn a_code_of_somebody_else_or_of_a_disabled_account_does_nothing(world) {
        let ada = world.sign_up("ada@example.com").await;
        let bob = world.sign_up("bob@example.com").await;
        give(&world, &bob.id, CODE).await;
        let recovery = &world.services.recovery;
        for (email, code) in [
            ("ada@example.com", CODE),
            ("nobody@example.com", CODE),
            ("bob@example.com", "ABCD-EFGH-IJKL-MNOQ"),
            ("bob@example.com", ""),
            ("no address", CODE),
        ] {
            let answer = recovery.reset_with_code(email, code, NEW, HERE).await;
            assert!(matches!(answer, Err(Error::WrongCredentials)), "{email} {code}");
        }
        disable(&world, &bob.id).await;
        let answer = recovery.reset_with_code("bob@example.com", CODE, NEW, HERE).await;
        assert!(matches!(answer, Err(Error::WrongCredentials)));
        world.services.accounts.sign_in(&ada.email, PASSWORD, HERE).await.unwrap();
    }

    async fn guessing_codes_is_slowed_down_as_guessing_passwords_is(world) {
        let ada = world.sign_up("ada@example.com").await;
        give(&world, &ada.id, CODE).await;
        let recovery = &world.services.recovery;
        let mut answers = Vec::new();
        for _ in 0..11 {
            answers.push(recovery.reset_with_code(&ada.email, "WRONG", NEW, HERE).await);
        }
        assert!(matches!(answers.pop().unwrap(), Err(Error::Throttled { .. })));
        // From elsewhere its person is not.
        let there = "198.51.100.1".parse().unwrap();
        recovery.reset_with_code(&ada.email, CODE, NEW, there).await.unwrap();
    }
}

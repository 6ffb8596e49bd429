//! What an attacker tries who knows the password.

use super::{
    HERE, World,
    browser::kept,
    on_both,
    second_factors::{account, app, disable, run},
};
use crate::{Error, second_factors::totp::code_at};

on_both! {
    async fn a_code_is_not_accepted_again_in_its_window_nor_an_older_one(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let factors = &world.services.second_factors;
        let (setup, state) = factors.begin_totp(&account(&world, &ada).await).unwrap();
        let now = world.services.core.now().seconds();
        let first = code_at(&setup.secret, now);
        let proof = world.proof(&ada).await;
        factors.confirm_totp(&ada, &proof, &state, &first, HERE).await.unwrap();
        let check = async |code: String| factors.check(ada.user_id(), &code, HERE).await;
        assert!(check(first).await.is_err(), "the code of the set-up");
        let next = code_at(&setup.secret, now + 30);
        check(next.clone()).await.unwrap();
        assert!(check(next).await.is_err(), "over somebody's shoulder");
        world.clock.advance_seconds(60);
        check(code_at(&setup.secret, now + 90)).await.unwrap();
        assert!(check(code_at(&setup.secret, now + 60)).await.is_err(), "one that was kept back");
    }

    async fn of_two_with_the_same_code_at_the_same_moment_one_gets_in(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let (app, codes) = app(&world, &ada).await;
        let other = world.another_process().await;
        for code in [app.code(&world, 0), codes[0].clone()] {
            let check = |world: &World| {
                let factors = world.services.second_factors.clone();
                let (user, code) = (ada.user_id().clone(), code.clone());
                async move { factors.check(&user, &code, HERE).await }
            };
            let (a, b, c) = tokio::join!(check(&world), check(&other), check(&world));
            let right = [&a, &b, &c].into_iter().filter(|result| result.is_ok()).count();
            assert_eq!(right, 1, "{a:?} {b:?} {c:?}");
        }
    }

    async fn guessing_is_slowed_down_and_the_person_elsewhere_is_let_in(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let factors = &world.services.second_factors;
        let (app, codes) = app(&world, &ada).await;
        let guesser = "192.0.2.1".parse().unwrap();
        let mut refused = None;
        for guess in 0..6 {
            let guess = format!("00000{guess}");
            if let Err(Error::Throttled { retry_after_seconds }) =
                factors.check(ada.user_id(), &guess, guesser).await
            {
                refused = Some(retry_after_seconds);
            }
        }
        assert!(matches!(refused, Some(1..=31)), "{refused:?}");
        // Not even with the right one.
        assert!(factors.check(ada.user_id(), &app.code(&world, 0), guesser).await.is_err());
        factors.check(ada.user_id(), &app.code(&world, 0), HERE).await.unwrap();
        // From many networks: then a recovery code is left.
        for last in 2..=200_u8 {
            let from = std::net::IpAddr::from([192, 0, 2, last]);
            let _refused = factors.check(ada.user_id(), "000000", from).await;
        }
        assert!(matches!(
            factors.check(ada.user_id(), &app.code(&world, 30), HERE).await,
            Err(Error::Throttled { .. })
        ));
        factors.check(ada.user_id(), &codes[0], HERE).await.unwrap();
        world.clock.advance_seconds(121);
        factors.check(ada.user_id(), &app.code(&world, 0), HERE).await.unwrap();
    }

    async fn somebody_elses_codes_are_wrong(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let (eve, _) = world.person("eve@example.com").await;
        let factors = &world.services.second_factors;
        let (app, codes) = app(&world, &eve).await;
        for code in [app.code(&world, 0), codes[0].clone()] {
            assert!(matches!(
                factors.check(ada.user_id(), &code, HERE).await,
                Err(Error::Invalid(_))
            ));
        }
        assert!(factors.check(eve.user_id(), &codes[0], HERE).await.is_ok(), "it was not used up");
    }

    async fn a_set_up_is_its_persons_for_some_minutes_and_with_their_proof(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let (eve, _) = world.person("eve@example.com").await;
        let factors = &world.services.second_factors;
        let (setup, state) = factors.begin_totp(&account(&world, &eve).await).unwrap();
        let (adas, eves) = (world.proof(&ada).await, world.proof(&eve).await);
        let code = |seconds| code_at(&setup.secret, world.services.core.now().seconds() + seconds);
        let state = kept(&state);
        assert!(matches!(
            factors.confirm_totp(&ada, &adas, &state, &code(0), HERE).await,
            Err(Error::Invalid(_))
        ));
        for result in [
            factors.confirm_totp(&ada, &eves, &state, &code(0), HERE).await.map(|_| ()),
            factors.remove_totp(&ada, &eves, HERE).await,
            factors.make_recovery_codes(&ada, &eves, HERE).await.map(|_| ()),
        ] {
            assert!(matches!(result, Err(Error::ProofNeeded)));
        }
        world.clock.advance_seconds(900);
        assert!(factors.confirm_totp(&eve, &eves, &state, &code(0), HERE).await.is_err());
        world.clock.advance_seconds(-1);
        assert!(factors.confirm_totp(&eve, &eves, &state, &code(0), HERE).await.is_ok());
    }

    async fn the_codes_of_a_disabled_account_are_as_wrong_as_any(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let factors = &world.services.second_factors;
        let (app, codes) = app(&world, &ada).await;
        let wrong = factors.check(ada.user_id(), "000000", HERE).await.unwrap_err().to_string();
        let nobody = factors.check(&"usr_nobody".into(), "000000", HERE).await;
        assert_eq!(nobody.unwrap_err().to_string(), wrong);
        disable(&world, &ada).await;
        for code in [app.code(&world, 0), codes[0].clone()] {
            let checked = factors.check(ada.user_id(), &code, HERE).await;
            let said = checked.unwrap_err().to_string();
            assert_eq!(said.split(". ").next(), wrong.split(". ").next());
        }
        let enabled = "UPDATE users SET disabled_at = NULL WHERE id = $1";
        run(&world, enabled, ada.user_id().as_str()).await;
        assert!(factors.check(ada.user_id(), &codes[0], HERE).await.is_ok(), "it was not used up");
    }

    async fn what_is_no_code_is_said_to_be_none(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let factors = &world.services.second_factors;
        for garbage in ["", " ", "12345", "1234567", "+12345", "１２３４５６", "\0", &"A".repeat(100_000)] {
            for _ in 0..10 {
                let Err(Error::Invalid(fields)) = factors.check(ada.user_id(), garbage, HERE).await else {
                    panic!("it is one, or slows its person down");
                };
                assert!(fields[0].message.starts_with("Enter the six digits"), "{fields:?}");
            }
        }
    }
}

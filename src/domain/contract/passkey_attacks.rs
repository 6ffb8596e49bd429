//! What an attacker tries with passkeys.

use serde_json::{Value, json};

use super::{
    HERE, World,
    browser::{Browser, ORIGIN, changed, kept, with_a_bit_changed},
    on_both,
    second_factors::disable,
};
use crate::{
    Error, Result,
    accounts::Actor,
    audit::{Act, Page},
    passkeys::CEREMONY_SECONDS,
    sessions::{NewSession, SignInMethod},
};

/// What is refused without a word on why.
fn assert_not_accepted<T>(result: Result<T>, what: &str) {
    match result {
        Err(Error::Invalid(fields)) => {
            assert_eq!(fields[0].field, "passkey", "{what}");
            assert!(
                fields[0]
                    .message
                    .starts_with("This passkey was not accepted"),
                "{what}"
            );
        }
        Err(other) => panic!("{what}: {other}"),
        Ok(_) => panic!("{what} was accepted"),
    }
}

async fn is_suspended(world: &World, actor: &Actor) -> bool {
    let passkeys = world.services.passkeys.list(actor.user_id()).await.unwrap();
    passkeys[0].suspended_at.is_some()
}

on_both! {
    async fn an_answer_for_another_place_or_another_question_is_refused(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let mut browser = Browser::default();
        browser.enrol(&world, &ada).await;
        let passkeys = &world.services.passkeys;
        let (options, state) = passkeys.begin_sign_in(HERE).unwrap();
        let with = |name: &str, value: Value| {
            let mut options = options.clone();
            options[name] = value;
            options
        };
        let client_data = |kind: &str| {
            json!({ "type": kind, "challenge": options["challenge"], "origin": ORIGIN })
        };
        let other_challenge = passkeys.begin_sign_in(HERE).unwrap().0["challenge"].clone();
        let answers = [
            ("another port", browser.get(&options, "http://localhost:3001").await),
            ("https", browser.get(&options, "https://localhost:3000").await),
            ("another site", browser.get(&with("rpId", json!("evil.example")), "https://evil.example").await),
            ("another relying party", browser.forge(&client_data("webauthn.get"), "evil.example").await),
            ("another ceremony", browser.forge(&client_data("webauthn.create"), "localhost").await),
            ("another challenge", browser.get(&with("challenge", other_challenge), ORIGIN).await),
            ("an unknown person at the device", browser.get(&with("userVerification", json!("discouraged")), ORIGIN).await),
        ];
        let good = browser.get(&options, ORIGIN).await;
        let changed_ones = ["/response/signature", "/response/authenticatorData", "/rawId"]
            .map(|place| (place, with_a_bit_changed(&good, place)));
        for (what, answer) in answers.into_iter().chain(changed_ones) {
            let signed_in = passkeys.finish_sign_in(&kept(&state), &answer, HERE).await;
            assert_not_accepted(signed_in, what);
        }
        assert!(!is_suspended(&world, &ada).await);
        // Nothing else was wrong with them.
        let forged = browser.forge(&client_data("webauthn.get"), "localhost").await;
        assert!(passkeys.finish_sign_in(&kept(&state), &forged, HERE).await.is_ok());
    }

    async fn a_new_passkey_from_another_place_is_refused(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let passkeys = &world.services.passkeys;
        let proof = world.proof(&ada).await;
        let (options, state) = passkeys.begin(&ada, &proof).await.unwrap();
        let with = |place: &str, value: Value| {
            let mut options = options.clone();
            *options.pointer_mut(place).unwrap() = value;
            options
        };
        let mut browser = Browser::default();
        let unverified = with("/authenticatorSelection/userVerification", json!("discouraged"));
        let other_challenge = passkeys.begin_sign_in(HERE).unwrap().0["challenge"].clone();
        for (what, answer) in [
            ("another port", browser.create(&options, "http://localhost:3001").await),
            ("another site", browser.create(&with("/rp/id", json!("evil.example")), "https://evil.example").await),
            ("another challenge", browser.create(&with("/challenge", other_challenge), ORIGIN).await),
            ("an unknown person at the device", browser.create(&unverified, ORIGIN).await),
        ] {
            let finished = passkeys.finish(&ada, &kept(&state), &answer, "", HERE).await;
            assert_not_accepted(finished, what);
        }
        assert!(passkeys.list(ada.user_id()).await.unwrap().is_empty());
    }

    async fn an_answer_counts_once_whoever_sends_it_again_and_when(world) {
        let (ada, _) = world.person("ada@example.com").await;
        for mut browser in [Browser::default(), Browser::that_counts()] {
            browser.enrol(&world, &ada).await;
            let passkeys = &world.services.passkeys;
            let (options, state) = passkeys.begin_sign_in(HERE).unwrap();
            let answer = browser.get(&options, ORIGIN).await;
            let send = || passkeys.finish_sign_in(&state, &answer, HERE);
            let (a, b, c) = tokio::join!(send(), send(), send());
            let right = [&a, &b, &c].into_iter().filter(|result| result.is_ok()).count();
            assert_eq!(right, 1);
            assert_not_accepted(send().await, "the same answer again");
            assert!(browser.sign_in(&world).await.is_ok(), "a second click is no copy");
        }
    }

    async fn somebody_elses_passkey_proves_nothing(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let (eve, _) = world.person("eve@example.com").await;
        let (mut adas, mut eves) = (Browser::default(), Browser::default());
        adas.enrol(&world, &ada).await;
        eves.enrol(&world, &eve).await;
        let passkeys = &world.services.passkeys;
        let (options, state) = passkeys.begin_for(ada.user_id()).await.unwrap();
        // A browser would not answer with one that is not asked for.
        let mut any = options.clone();
        any["allowCredentials"] = json!([]);
        let answer = eves.get(&any, ORIGIN).await;
        let proof = passkeys.finish_for(ada.user_id(), &kept(&state), &answer, HERE).await;
        assert_not_accepted(proof, "Eve's passkey for Ada");

        // Whose it is stands beside what is signed.
        let (options, state) = passkeys.begin_sign_in(HERE).unwrap();
        let ada_says = adas.get(&options, ORIGIN).await;
        let handle = serde_json::from_str::<Value>(&ada_says).unwrap()["response"]["userHandle"].clone();
        let answer = eves.get(&options, ORIGIN).await;
        let as_ada = changed(&answer, |answer| answer["response"]["userHandle"] = handle);
        let signed_in = passkeys.finish_sign_in(&kept(&state), &as_ada, HERE).await;
        assert_not_accepted(signed_in, "Eve's passkey under Ada's handle");
        let nobodys = changed(&answer, |answer| answer["response"]["userHandle"] = Value::Null);
        let signed_in = passkeys.finish_sign_in(&kept(&state), &nobodys, HERE).await;
        assert_not_accepted(signed_in, "a passkey that does not say whose it is");
    }

    async fn a_passkey_that_is_stored_is_nobody_elses_to_add(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let (eve, _) = world.person("eve@example.com").await;
        let passkeys = &world.services.passkeys;
        let (options, state) = passkeys.begin(&ada, &world.proof(&ada).await).await.unwrap();
        let made = Browser::default().create(&options, ORIGIN).await;
        passkeys.finish(&ada, &kept(&state), &made, "", HERE).await.unwrap();
        assert!(matches!(
            passkeys.finish(&ada, &kept(&state), &made, "", HERE).await,
            Err(Error::Conflict(_))
        ));
        let finished = passkeys.finish(&eve, &kept(&state), &made, "", HERE).await;
        let Err(Error::Invalid(fields)) = finished else { panic!("it is Eve's too") };
        assert!(fields[0].message.contains("begun for something else"), "{fields:?}");
    }

    async fn a_copied_passkey_is_suspended_and_nobody_stays_signed_in(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let mut browser = Browser::that_counts();
        browser.enrol(&world, &ada).await;
        let mut copy = browser.clone();
        browser.sign_in(&world).await.unwrap();
        let account = browser.sign_in(&world).await.unwrap();
        let new = NewSession {
            method: SignInMethod::Passkey,
            provider_id: None,
            second_factor: None,
            address: HERE,
            user_agent: "test",
        };
        let session = world.services.sessions.begin(&account, &new).await.unwrap();
        let Err(Error::Forbidden(why)) = copy.sign_in(&world).await else {
            panic!("the copy was not seen");
        };
        assert!(why.contains("Sign in another way"), "{why}");
        assert!(is_suspended(&world, &ada).await);
        assert!(world.services.sessions.current(&session.id).await.unwrap().is_none());
        let log = world.services.audit.of_account(ada.user_id(), &Page::first(10)).await.unwrap();
        let row = log.iter().find(|row| row.act == Act::PasskeySuspended).unwrap();
        assert_eq!(row.address.as_deref(), Some("127.0.0.1"));

        assert!(matches!(browser.sign_in(&world).await, Err(Error::Forbidden(_))), "nor the first");
        let passkeys = &world.services.passkeys;
        assert!(passkeys.begin_for(ada.user_id()).await.is_err());
        // Who cannot sign with it is not told.
        let (options, state) = passkeys.begin_sign_in(HERE).unwrap();
        let answer = with_a_bit_changed(&browser.get(&options, ORIGIN).await, "/response/signature");
        let signed_in = passkeys.finish_sign_in(&kept(&state), &answer, HERE).await;
        assert_not_accepted(signed_in, "a signature that is wrong");

        // Its person signs in with the password, and is rid of it.
        let factors = &world.services.second_factors;
        assert!(factors.required_at_sign_in(ada.user_id()).await.unwrap().is_empty());
        let id = passkeys.list(ada.user_id()).await.unwrap()[0].id.clone();
        passkeys.remove(&ada, &world.proof(&ada).await, &id, HERE).await.unwrap();
    }

    async fn a_ceremony_is_for_one_thing_one_person_and_a_few_minutes(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let (bob, _) = world.person("bob@example.com").await;
        let mut browser = Browser::default();
        browser.enrol(&world, &ada).await;
        let passkeys = &world.services.passkeys;
        let (options, state) = passkeys.begin_sign_in(HERE).unwrap();
        let answer = browser.get(&options, ORIGIN).await;
        assert!(passkeys.finish_for(ada.user_id(), &state, &answer, HERE).await.is_err());
        let (options, proof_state) = passkeys.begin_for(ada.user_id()).await.unwrap();
        let proof = browser.get(&options, ORIGIN).await;
        assert!(passkeys.finish_sign_in(&proof_state, &proof, HERE).await.is_err());
        assert!(passkeys.finish_for(bob.user_id(), &proof_state, &proof, HERE).await.is_err());
        let (options, registration) = passkeys.begin(&ada, &world.proof(&ada).await).await.unwrap();
        let made = Browser::default().create(&options, ORIGIN).await;

        world.clock.advance_seconds(CEREMONY_SECONDS);
        for late in [
            passkeys.finish_sign_in(&state, &answer, HERE).await.map(|_| ()),
            passkeys.finish_for(ada.user_id(), &proof_state, &proof, HERE).await.map(|_| ()),
            passkeys.finish(&ada, &registration, &made, "", HERE).await.map(|_| ()),
        ] {
            let Err(Error::Invalid(fields)) = late else { panic!("it is still accepted") };
            assert!(fields[0].message.contains("too long"), "{fields:?}");
        }
        world.clock.advance_seconds(-1);
        passkeys.finish_sign_in(&state, &answer, HERE).await.unwrap();
        passkeys.finish(&ada, &registration, &made, "", HERE).await.unwrap();
    }

    async fn the_passkey_of_a_disabled_account_is_refused_as_an_unknown_one(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let (bob, _) = world.person("bob@example.com").await;
        let (mut adas, mut bobs) = (Browser::default(), Browser::default());
        adas.enrol(&world, &ada).await;
        let passkey = bobs.enrol(&world, &bob).await;
        disable(&world, &ada).await;
        let passkeys = &world.services.passkeys;
        passkeys.remove(&bob, &world.proof(&bob).await, &passkey.id, HERE).await.unwrap();
        let disabled = adas.sign_in(&world).await.unwrap_err().to_string();
        let unknown = bobs.sign_in(&world).await.unwrap_err().to_string();
        assert_eq!(disabled, unknown);
    }

    async fn garbage_is_no_answer(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let mut browser = Browser::default();
        browser.enrol(&world, &ada).await;
        let passkeys = &world.services.passkeys;
        let (options, state) = passkeys.begin_sign_in(HERE).unwrap();
        let (_, registration) = passkeys.begin(&ada, &world.proof(&ada).await).await.unwrap();
        let good = browser.get(&options, ORIGIN).await;
        let mut garbage = vec![
            String::new(),
            "null".to_owned(),
            "[]".to_owned(),
            "{}".to_owned(),
            "{\"id\":1}".to_owned(),
            "[".repeat(10_000),
            "x".repeat(100_000),
            good[..good.len() / 2].to_owned(),
        ];
        for place in ["/rawId", "/response/clientDataJSON", "/response/authenticatorData", "/response/signature"] {
            for value in [json!(""), json!("%%"), json!(null), json!(7), json!("AAAA"), json!("\0")] {
                garbage.push(changed(&good, |answer| *answer.pointer_mut(place).unwrap() = value));
            }
        }
        for answer in garbage {
            for result in [
                passkeys.finish_sign_in(&state, &answer, HERE).await.map(|_| ()),
                passkeys.finish(&ada, &registration, &answer, "", HERE).await.map(|_| ()),
            ] {
                let Err(Error::Invalid(fields)) = result else { panic!("{answer}: {result:?}") };
                assert_eq!(fields[0].field, "passkey", "{answer}");
            }
        }
    }
}

use serde_json::json;

use super::{
    HERE,
    browser::{Browser, ORIGIN, changed, kept},
    on_both,
    second_factors::{account, run},
};
use crate::{
    Error,
    accounts::Actor,
    audit::{Act, Page},
    members::{Admin, Role},
    sessions::SecondFactor,
};

/// As one who signs in with an identity provider or with passkeys alone.
async fn without_password(world: &super::World, actor: &Actor) {
    let sql = "UPDATE users SET password_hash = '' WHERE id = $1";
    run(world, sql, actor.user_id().as_str()).await;
}

on_both! {
    async fn a_passkey_signs_its_person_in_without_a_name(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let mut browser = Browser::default();
        let passkey = browser.enrol(&world, &ada).await;
        assert_eq!(passkey.name, "1Password", "as its authenticator says");
        let passkeys = &world.services.passkeys;
        assert!(passkeys.unavailable().is_none());
        world.clock.advance_seconds(60);
        for _ in 0..2 {
            assert_eq!(browser.sign_in(&world).await.unwrap(), account(&world, &ada).await);
        }
        let listed = passkeys.list(ada.user_id()).await.unwrap();
        assert_eq!(listed[0].id, passkey.id);
        assert_eq!(listed[0].last_used_at, Some(passkey.created_at.plus_seconds(60)));
        let status = world.services.second_factors.status(ada.user_id()).await.unwrap();
        assert_eq!((status.passkeys, status.recovery_codes), (1, 0));
        let required = world.services.second_factors.required_at_sign_in(ada.user_id()).await;
        assert_eq!(required.unwrap(), [SecondFactor::Passkey]);
        let log = world.services.audit.of_account(ada.user_id(), &Page::first(10)).await.unwrap();
        assert!(log.iter().any(|row| row.act == Act::PasskeyAdded));
    }

    async fn a_new_passkey_is_one_that_needs_no_name_and_knows_its_person(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let mut browser = Browser::default();
        browser.enrol(&world, &ada).await;
        let proof = world.proof(&ada).await;
        let (options, _) = world.services.passkeys.begin(&ada, &proof).await.unwrap();
        assert_eq!(options["rp"], json!({ "name": "TengineAI", "id": "localhost" }));
        let selection = &options["authenticatorSelection"];
        assert_eq!(selection["residentKey"], "required");
        assert_eq!(selection["requireResidentKey"], true);
        assert_eq!(selection["userVerification"], "required");
        assert_eq!(options["attestation"], "none");
        assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1);
        let (options, _) = world.services.passkeys.begin_sign_in(HERE).unwrap();
        assert_eq!(options["userVerification"], "required");
        assert_eq!(options["rpId"], "localhost");
        assert_eq!(options["allowCredentials"], json!([]));
    }

    async fn a_passkey_is_a_second_factor_and_a_fresh_proof_of_its_person(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let passkeys = &world.services.passkeys;
        assert!(matches!(passkeys.begin_for(ada.user_id()).await, Err(Error::NotFound("passkey"))));
        let mut browser = Browser::that_counts();
        browser.enrol(&world, &ada).await;
        for drops_the_handle in [false, true] {
            let (options, state) = passkeys.begin_for(ada.user_id()).await.unwrap();
            assert_eq!(options["allowCredentials"].as_array().unwrap().len(), 1);
            let answer = browser.get(&options, ORIGIN).await;
            // A security key does not send back what it was not asked for.
            let answer = changed(&answer, |answer| if drops_the_handle {
                answer["response"].as_object_mut().unwrap().remove("userHandle");
            });
            let proof = passkeys.finish_for(ada.user_id(), &kept(&state), &answer, HERE).await;
            assert!(proof.unwrap().is_of(&ada));
        }
    }

    async fn passkeys_are_named_and_removed_by_their_person_alone(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let (bob, _) = world.person("bob@example.com").await;
        let mut browser = Browser::default();
        let passkey = browser.enrol(&world, &ada).await;
        let passkeys = &world.services.passkeys;
        passkeys.rename(&ada, &passkey.id, " Laptop ").await.unwrap();
        assert_eq!(passkeys.list(ada.user_id()).await.unwrap()[0].name, "Laptop");
        for wrong in ["", "a\u{7}", &"x".repeat(61)] {
            let Err(Error::Invalid(fields)) = passkeys.rename(&ada, &passkey.id, wrong).await else {
                panic!("{wrong:?} is a name");
            };
            assert_eq!(fields[0].field, "name");
        }
        assert!(matches!(
            passkeys.rename(&bob, &passkey.id, "Mine").await,
            Err(Error::NotFound("passkey"))
        ));
        let (proof, bobs) = (world.proof(&ada).await, world.proof(&bob).await);
        assert!(matches!(
            passkeys.remove(&bob, &bobs, &passkey.id, HERE).await,
            Err(Error::NotFound("passkey"))
        ));
        assert!(matches!(
            passkeys.remove(&ada, &bobs, &passkey.id, HERE).await,
            Err(Error::ProofNeeded)
        ));
        passkeys.remove(&ada, &proof, &passkey.id, HERE).await.unwrap();
        assert!(passkeys.list(ada.user_id()).await.unwrap().is_empty());
        assert!(browser.sign_in(&world).await.is_err());
    }

    async fn a_key_of_the_rest_api_adds_no_way_to_sign_in(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let (_, secret) = world.key(&admin, "ci", Role::Admin).await;
        let key = world.services.api_keys.authenticate(secret.reveal()).await.unwrap();
        let proof = world.proof(&ada.0).await;
        let services = &world.services;
        assert!(matches!(services.passkeys.begin(&key, &proof).await, Err(Error::Forbidden(_))));
        assert!(services.second_factors.make_recovery_codes(&key, &proof, HERE).await.is_err());
        assert!(services.second_factors.remove_totp(&key, &proof, HERE).await.is_err());
    }

    async fn the_last_way_into_an_account_stays(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let proof = world.proof(&ada).await;
        let (mut one, mut other) = (Browser::default(), Browser::default());
        let passkeys = &world.services.passkeys;
        let first = one.enrol(&world, &ada).await;
        let second = other.enrol(&world, &ada).await;
        without_password(&world, &ada).await;
        // Two at the same moment: one stays.
        let (a, b) = tokio::join!(
            passkeys.remove(&ada, &proof, &first.id, HERE),
            passkeys.remove(&ada, &proof, &second.id, HERE),
        );
        assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1);
        let Err(Error::Forbidden(why)) = a.and(b) else { panic!("it is another error") };
        assert!(why.contains("only way into your account"), "{why}");
        assert_eq!(passkeys.list(ada.user_id()).await.unwrap().len(), 1);
    }

    async fn an_account_has_at_most_twenty(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let proof = world.proof(&ada).await;
        let passkeys = &world.services.passkeys;
        let (options, state) = passkeys.begin(&ada, &proof).await.unwrap();
        for _ in 0..crate::passkeys::MOST {
            Browser::default().enrol(&world, &ada).await;
        }
        assert!(matches!(passkeys.begin(&ada, &proof).await, Err(Error::Invalid(_))));
        // One that was begun when there was room.
        let made = Browser::default().create(&options, ORIGIN).await;
        let finished = passkeys.finish(&ada, &kept(&state), &made, "late", HERE).await;
        let Err(Error::Invalid(fields)) = finished else { panic!("there was room for one more") };
        assert!(fields[0].message.contains("at most 20"), "{fields:?}");
    }
}

//! What somebody else would like to do with a way back.

use super::*;
use crate::{api_keys::NewApiKey, members::Role};

on_both! {
    async fn of_two_uses_of_a_link_at_once_one_works(world) {
        world.sign_up("ada@example.com").await;
        let recovery = &world.services.recovery;
        let token = recovery.by_operator("ada@example.com", false).await.unwrap();
        let (one, two) = tokio::join!(
            recovery.reset(token.reveal(), NEW, HERE),
            recovery.reset(token.reveal(), "another new password", HERE),
        );
        assert!(one.is_ok() != two.is_ok());
        assert!(is_dead(&one) || is_dead(&two));
        let password = if one.is_ok() { NEW } else { "another new password" };
        world.services.accounts.sign_in("ada@example.com", password, HERE).await.unwrap();
    }

    async fn of_two_links_of_one_person_at_once_one_works(world) {
        world.sign_up("ada@example.com").await;
        let recovery = &world.services.recovery;
        for _ in 0..5 {
            let first = recovery.by_operator("ada@example.com", false).await.unwrap();
            let second = recovery.by_operator("ada@example.com", true).await.unwrap();
            let (one, two) = tokio::join!(
                recovery.reset(first.reveal(), NEW, HERE),
                recovery.reset(second.reveal(), "another new password", HERE),
            );
            assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
            assert!(is_dead(&one) || is_dead(&two), "{one:?} {two:?}");
        }
    }

    async fn made_up_links_are_dead_alike(world) {
        let ada = world.sign_up("ada@example.com").await;
        let recovery = &world.services.recovery;
        let token = recovery.by_operator("ada@example.com", false).await.unwrap();
        let random = &*world.services.core.random;
        let made_up = crate::crypto::BearerSecret::generate(random, PREFIX);
        let typo = format!("{}~", &token.reveal()[..token.reveal().len() - 1]);
        for wrong in ["", "tng_link_", "\0", "é", made_up.reveal(), &typo] {
            assert!(is_dead(&recovery.look_at(wrong, HERE).await), "{wrong}");
            assert!(is_dead(&recovery.reset(wrong, NEW, HERE).await), "{wrong}");
            assert!(is_dead(&world.services.accounts.confirm_email(&actor(&ada), wrong, HERE).await), "{wrong}");
        }
        world.services.accounts.sign_in(&ada.email, PASSWORD, HERE).await.unwrap();
    }

    async fn a_link_for_one_thing_does_no_other(world) {
        let ada = world.sign_up("ada@example.com").await;
        let Mailing { services, server } = &Mailing::of(&world).await;
        services.accounts.begin_email_verification(&actor(&ada), HERE).await.unwrap();
        let confirms = server.next().await.token();
        assert!(is_dead(&services.recovery.look_at(&confirms, HERE).await));
        assert!(is_dead(&services.recovery.reset(&confirms, NEW, HERE).await));
        let resets = services.recovery.by_operator(&ada.email, false).await.unwrap();
        assert!(is_dead(&services.accounts.look_at_email_link(&actor(&ada), resets.reveal(), HERE).await));
        assert!(is_dead(&services.accounts.confirm_email(&actor(&ada), resets.reveal(), HERE).await));
    }

    async fn who_asks_again_and_again_ends_no_link_and_fills_no_mailbox(world) {
        let ada = world.sign_up("ada@example.com").await;
        let mailing = Mailing::of(&world).await;
        let first = mailing.asked(&ada.email).await;
        for _ in 0..20 {
            mailing.services.recovery.ask(&ada.email, HERE).await.unwrap();
        }
        mailing.services.core.mailer.idle().await;
        let mut more = 0;
        while mailing.server.ready().await.is_some() {
            more += 1;
        }
        assert_eq!(more, 2, "three an hour");
        mailing.services.recovery.reset(&first, NEW, HERE).await.unwrap();
    }

    async fn older_links_end_when_one_is_used(world) {
        let ada = world.sign_up("ada@example.com").await;
        let mailing = Mailing::of(&world).await;
        let first = mailing.asked(&ada.email).await;
        let second = mailing.asked(&ada.email).await;
        let recovery = &mailing.services.recovery;
        recovery.look_at(&first, HERE).await.unwrap();
        recovery.reset(&second, NEW, HERE).await.unwrap();
        assert!(is_dead(&recovery.reset(&first, PASSWORD, HERE).await));
    }

    async fn an_address_that_only_looks_like_one_gets_no_link(world) {
        world.sign_up("mike@example.com").await;
        let mailing = Mailing::of(&world).await;
        // The Kelvin sign is lower-cased to k; whoever has such a mailbox is not Mike.
        mailing.services.recovery.ask("mi\u{212a}e@example.com", HERE).await.unwrap();
        assert_eq!(mailing.server.next().await.to, ["mike@example.com"]);
        // A dotless i is not.
        mailing.services.recovery.ask("m\u{131}ke@example.com", HERE).await.unwrap();
        assert!(mailing.is_silent().await);
    }

    async fn a_link_in_an_old_mailbox_ends_when_the_address_is_another(world) {
        let ada = world.sign_up("ada@example.com").await;
        let mailing = Mailing::of(&world).await;
        let token = mailing.asked(&ada.email).await;
        // As if the change and the link had crossed.
        run(&world, &ada.id, &["UPDATE users SET email = 'new@example.com' WHERE id = $1"]).await;
        assert!(is_dead(&mailing.services.recovery.look_at(&token, HERE).await));
        assert!(is_dead(&mailing.services.recovery.reset(&token, NEW, HERE).await));
    }

    async fn a_link_that_somebody_asked_for_ends_when_the_password_is_changed(world) {
        let ada = world.sign_up("ada@example.com").await;
        let mailing = Mailing::of(&world).await;
        let token = mailing.asked(&ada.email).await;
        let actor = actor(&ada);
        let proof = world.proof(&actor).await;
        let accounts = &mailing.services.accounts;
        accounts.change_password(&actor, &proof, NEW, None, HERE).await.unwrap();
        assert!(is_dead(&mailing.services.recovery.reset(&token, PASSWORD, HERE).await));
    }

    async fn who_made_an_account_in_another_s_name_comes_in_no_more_once_they_recover_it(world) {
        let ada = world.sign_up("ada@example.com").await;
        run(&world, &ada.id, &[
            "INSERT INTO identity_providers (id, kind, name, issuer, client_id, allowed_domains, \
             may_sign_up, is_enabled, created_by, created_at, updated_at) \
             VALUES ('idp_1', 'oidc', 'x', 'x', 'x', '[]', FALSE, TRUE, $1, 1, 1)",
            "INSERT INTO identities (provider_id, subject, user_id, created_at) \
             VALUES ('idp_1', 'mallory', $1, 1)",
        ])
        .await;
        const SQL: &str = "SELECT COUNT(*) FROM identities WHERE user_id = $1";
        const LEFT: &str = "SELECT (SELECT COUNT(*) FROM passkeys WHERE user_id = $1) \
             + (SELECT COUNT(*) FROM totp WHERE user_id = $1)";
        run(&world, &ada.id, &[
            "INSERT INTO totp (user_id, secret, created_at, last_step) VALUES ($1, '', 1, 1)",
            "INSERT INTO passkeys (id, user_id, name, credential_id, credential, created_at) \
             VALUES ('pky_1', $1, 'x', '', '{}', 1)",
        ])
        .await;
        let mallory = actor(&ada);
        let proof = world.proof(&mallory).await;
        let new = NewApiKey::named("mine", Role::Owner);
        let keys = &world.services.api_keys;
        let (_, key) = keys.create_own(&mallory, &new, Some(&proof), HERE).await.unwrap();
        let mailing = Mailing::of(&world).await;
        let recovery = &mailing.services.recovery;
        let token = recovery.by_operator(&ada.email, false).await.unwrap();
        recovery.reset(token.reveal(), NEW, HERE).await.unwrap();
        mailing.server.next().await;
        assert_eq!(count(&world, SQL, &ada.id).await, 1, "the mailbox was not shown");
        let token = mailing.asked(&ada.email).await;
        recovery.reset(&token, NEW, HERE).await.unwrap();
        assert_eq!(count(&world, SQL, &ada.id).await, 0);
        assert_eq!(count(&world, LEFT, &ada.id).await, 0);
        assert!(keys.authenticate(key.reveal()).await.is_err());
        assert!(acts(&mailing.services, &ada.id).await.contains(&Act::IdentityUnlinked));
        // Once it is verified, a forgotten password takes nothing away.
        run(&world, &ada.id, &["INSERT INTO identities (provider_id, subject, user_id, created_at) \
             VALUES ('idp_1', 'ada', $1, 1)"])
        .await;
        world.clock.advance_seconds(3_600);
        mailing.server.next().await;
        let token = mailing.asked(&ada.email).await;
        recovery.reset(&token, PASSWORD, HERE).await.unwrap();
        assert_eq!(count(&world, SQL, &ada.id).await, 1);
    }
}

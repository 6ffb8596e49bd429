//! Links from an owner of the instance and from whoever holds the server.

use super::*;

const TOTP: &str =
    "INSERT INTO totp (user_id, secret, created_at, last_step) VALUES ($1, 'x', 1, 1)";
const CODE: &str = "INSERT INTO recovery_codes (hash, user_id, created_at) VALUES ('h', $1, 1)";
const PASSKEY: &str = "INSERT INTO passkeys (id, user_id, name, credential_id, credential, created_at) \
     VALUES ('pky_1', $1, 'phone', 'c', '{}', 1)";
const FACTORS: &str = "SELECT (SELECT COUNT(*) FROM totp WHERE user_id = $1) \
     + (SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1) \
     + (SELECT COUNT(*) FROM passkeys WHERE user_id = $1)";

on_both! {
    async fn a_link_of_the_operator_sets_a_password_and_leaves_the_second_factor(world) {
        let ada = world.sign_up("ada@example.com").await;
        run(&world, &ada.id, &[TOTP, CODE, PASSKEY]).await;
        let recovery = &world.services.recovery;
        let token = recovery.by_operator("ADA@example.com", false).await.unwrap();
        assert!(recovery.url(&token).starts_with("http://localhost:3000/recover?token=tng_link_"));
        world.clock.advance_seconds(86_399);
        let account = recovery.reset(token.reveal(), NEW, HERE).await.unwrap();
        assert_eq!(account.id, ada.id);
        assert_eq!(count(&world, FACTORS, &ada.id).await, 3);
        let accounts = &world.services.accounts;
        let account = accounts.sign_in("ada@example.com", NEW, HERE).await.unwrap();
        assert_eq!(account.email_verified_at, None, "nobody showed that they have the mailbox");
    }

    async fn who_lost_everything_gets_a_link_that_takes_the_second_factor_away(world) {
        let ada = world.sign_up("ada@example.com").await;
        run(&world, &ada.id, &[TOTP, CODE, PASSKEY]).await;
        let recovery = &world.services.recovery;
        let token = recovery.by_operator("ada@example.com", true).await.unwrap();
        let shown = recovery.look_at(token.reveal(), HERE).await.unwrap();
        assert_eq!(shown.kind, LinkKind::ResetAll);
        recovery.reset(token.reveal(), NEW, HERE).await.unwrap();
        assert_eq!(count(&world, FACTORS, &ada.id).await, 0);
        let acts = acts(&world.services, &ada.id).await;
        assert_eq!(
            acts[..4],
            [Act::Recovered, Act::PasskeyRemoved, Act::TotpRemoved, Act::ResetLinkMade]
        );
    }

    async fn an_owner_makes_a_link_with_a_proof_of_their_own(world) {
        let ada = actor(&world.sign_up("ada@example.com").await);
        let bob = world.sign_up("bob@example.com").await;
        let services = &world.services;
        let owner = services.instance.owner(&ada).await.unwrap();
        let proof = world.proof(&ada).await;
        let token = services.recovery.by_owner(&owner, &proof, &bob.id, false).await.unwrap();
        services.recovery.reset(token.reveal(), NEW, HERE).await.unwrap();
        let rows = services
            .audit
            .of_account(&bob.id, &crate::audit::Page::first(10))
            .await
            .unwrap();
        let made = rows.iter().find(|row| row.act == Act::ResetLinkMade).unwrap();
        assert_eq!(made.actor_id.as_ref(), Some(ada.user_id()));
        assert_eq!(made.detail.as_deref(), Some("reset by owner"));
        let unknown = services.recovery.by_owner(&owner, &proof, &"usr_nobody".into(), false).await;
        assert!(matches!(unknown, Err(Error::NotFound("account"))));
    }

    async fn somebody_else_s_proof_makes_no_link(world) {
        let ada = actor(&world.sign_up("ada@example.com").await);
        let bob = world.sign_up("bob@example.com").await;
        let services = &world.services;
        let owner = services.instance.owner(&ada).await.unwrap();
        let accounts = &services.accounts;
        let proof = accounts.prove(&actor(&bob), PASSWORD, HERE).await.unwrap();
        let made = services.recovery.by_owner(&owner, &proof, ada.user_id(), true).await;
        assert!(matches!(made, Err(Error::Forbidden(_))));
    }

    async fn a_disabled_or_unknown_account_gets_no_link_and_a_clear_answer(world) {
        let ada = world.sign_up("ada@example.com").await;
        let recovery = &world.services.recovery;
        let token = recovery.by_operator("ada@example.com", false).await.unwrap();
        disable(&world, &ada.id).await;
        assert!(is_dead(&recovery.reset(token.reveal(), NEW, HERE).await));
        let made = recovery.by_operator("ada@example.com", false).await;
        assert!(matches!(made, Err(Error::Forbidden(why)) if why.contains("Enable it")));
        let made = recovery.by_operator("bob@example.com", false).await;
        assert!(matches!(made, Err(Error::NotFound("account"))));
        let made = recovery.by_operator("no address", false).await;
        assert!(matches!(made, Err(Error::Invalid(_))));
    }
}

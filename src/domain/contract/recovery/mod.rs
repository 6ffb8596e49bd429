//! Ways back into an account, and what somebody else would like to do with them.

mod by_code;
mod by_hand;
mod hostile;

use super::{HERE, PASSWORD, mailing::*, on_both};
use crate::{
    Error,
    audit::Act,
    recovery::{LinkKind, PREFIX},
};

const NEW: &str = "a wholly new password";

on_both! {
    async fn a_forgotten_password_is_set_by_the_link_of_a_mail(world) {
        let ada = world.sign_up("ada@example.com").await;
        let Mailing { services, server } = &Mailing::of(&world).await;
        let before = signed_in(services, &ada).await;
        services.recovery.ask(" Ada@Example.com ", HERE).await.unwrap();
        let caught = server.next().await;
        assert_eq!(caught.to, ["ada@example.com"]);
        assert!(caught.text.contains("http://localhost:3000/recover?token=tng_link_"));
        let token = caught.token();
        for _ in 0..3 {
            let shown = services.recovery.look_at(&token, HERE).await.unwrap();
            assert_eq!((shown.kind, shown.masked_email.as_str()), (LinkKind::Reset, "a…@example.com"));
        }
        let short = services.recovery.reset(&token, "short", HERE).await;
        assert!(matches!(short, Err(Error::Invalid(fields)) if fields[0].field == "password"));

        services.recovery.reset(&token, NEW, HERE).await.unwrap();
        assert!(is_dead(&services.recovery.reset(&token, NEW, HERE).await), "it works once");
        assert!(is_dead(&services.recovery.look_at(&token, HERE).await));
        let accounts = &services.accounts;
        assert!(accounts.sign_in("ada@example.com", PASSWORD, HERE).await.is_err());
        let account = accounts.sign_in("ada@example.com", NEW, HERE).await.unwrap();
        assert_eq!(account.email_verified_at, Some(services.core.now()));
        assert!(services.sessions.current(&before.session.id).await.unwrap().is_none());
        let acts = acts(services, &ada.id).await;
        assert_eq!(acts[..2], [Act::Recovered, Act::ResetLinkMade]);
        let notice = server.next().await;
        assert_eq!(notice.subject, "Your TengineAI account was recovered");
        assert_eq!(notice.to, ["ada@example.com"]);
    }

    async fn an_account_of_which_there_is_none_or_a_disabled_one_gets_no_mail(world) {
        let ada = world.sign_up("ada@example.com").await;
        let mailing = Mailing::of(&world).await;
        disable(&world, &ada.id).await;
        for email in ["ada@example.com", "nobody@example.com"] {
            mailing.services.recovery.ask(email, HERE).await.unwrap();
        }
        assert!(mailing.is_silent().await);
    }

    async fn an_instance_without_a_mail_server_says_so_to_everyone_alike(world) {
        world.sign_up("ada@example.com").await;
        let mut answers = Vec::new();
        for email in ["ada@example.com", "nobody@example.com"] {
            answers.push(world.services.recovery.ask(email, HERE).await.unwrap_err().to_string());
        }
        assert_eq!(answers[0], answers[1]);
        assert!(answers[0].contains("sends no mail"));
    }

    async fn a_link_works_for_an_hour(world) {
        world.sign_up("ada@example.com").await;
        let mailing = Mailing::of(&world).await;
        let token = mailing.asked("ada@example.com").await;
        world.clock.advance_seconds(3_599);
        let recovery = &mailing.services.recovery;
        recovery.look_at(&token, HERE).await.unwrap();
        world.clock.advance_seconds(1);
        assert!(is_dead(&recovery.look_at(&token, HERE).await));
        assert!(is_dead(&recovery.reset(&token, NEW, HERE).await));
    }

    async fn links_are_kept_a_day_beyond_their_time(world) {
        let ada = world.sign_up("ada@example.com").await;
        let mailing = Mailing::of(&world).await;
        mailing.asked("ada@example.com").await;
        const SQL: &str = "SELECT COUNT(*) FROM account_links WHERE user_id = $1";
        world.clock.advance_seconds(3_600 + 86_400);
        mailing.services.expire().await.unwrap();
        assert_eq!(count(&world, SQL, &ada.id).await, 1);
        world.clock.advance_seconds(1);
        mailing.services.expire().await.unwrap();
        assert_eq!(count(&world, SQL, &ada.id).await, 0);
    }

    async fn a_link_is_stored_as_its_hash(world) {
        let ada = world.sign_up("ada@example.com").await;
        let token = world.services.recovery.by_operator("ada@example.com", false).await.unwrap();
        assert!(token.reveal().starts_with(PREFIX));
        let hash: Vec<u8> = crate::db::read!(world.db(), |c| {
            sqlx::query_scalar("SELECT hash FROM account_links WHERE user_id = $1")
                .bind(&ada.id)
                .fetch_one(c)
                .await
        })
        .unwrap();
        assert_eq!(hash, crate::crypto::sha256(token.reveal().as_bytes()));
    }
}

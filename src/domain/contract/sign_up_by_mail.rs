//! Signing up where anybody may and there is a mail server.

use super::{HERE, PASSWORD, mailing::*, on_both};
use crate::{
    Error,
    accounts::{SignUp, SignUpState},
    db::work,
};

const FREE: &str = "bob@example.com";

fn by_link(link: &str) -> SignUp<'_> {
    SignUp {
        // What a form says besides does not count.
        email: "eve@example.com",
        password: PASSWORD,
        setup_code: None,
        invitation: None,
        link: Some(link),
    }
}

on_both! {
    async fn an_account_is_made_by_the_link_that_went_to_its_address(world) {
        world.sign_up("ada@example.com").await;
        let Mailing { services, server } = &Mailing::of(&world).await;
        let accounts = &services.accounts;
        assert_eq!(accounts.sign_up_state().await.unwrap(), SignUpState::ByMail);
        accounts.ask_to_sign_up(" Bob@Example.com ", Some("/projects?a=b&c"), None, HERE).await.unwrap();
        let caught = server.next().await;
        assert_eq!(caught.to, [FREE]);
        let (token, next) = caught.text.split_once("token=").unwrap().1.split_once("&next=").unwrap();
        assert!(next.starts_with("%2Fprojects%3Fa%3Db%26c"), "{next}");
        assert!(accounts.by_email(FREE).await.unwrap().is_none(), "nothing is made before");
        assert_eq!(accounts.address_of_link(token).unwrap(), FREE);
        let account = accounts.sign_up(by_link(token), HERE).await.unwrap();
        assert_eq!((account.email.as_str(), account.email_verified_at), (FREE, Some(services.core.now())));
        assert!(!account.is_instance_owner);
        accounts.sign_in(FREE, PASSWORD, HERE).await.unwrap();
        // It is no way into the account that it made.
        let again = accounts.sign_up(by_link(token), HERE).await;
        assert!(matches!(again, Err(Error::Conflict(_))));
    }

    async fn who_asks_is_told_of_nobody(world) {
        world.sign_up("ada@example.com").await;
        let Mailing { services, server } = &Mailing::of(&world).await;
        let accounts = &services.accounts;
        // The first asks for the settings, which are remembered from then on.
        accounts.sign_up_state().await.unwrap();
        accounts.ask_to_sign_up("warm@example.com", None, None, HERE).await.unwrap();
        server.next().await;
        let (known, of_known) = work::of(accounts.ask_to_sign_up("ada@example.com", None, None, HERE)).await;
        let (unknown, of_unknown) = work::of(accounts.ask_to_sign_up(FREE, None, None, HERE)).await;
        assert_eq!(of_known, of_unknown);
        known.unwrap();
        unknown.unwrap();
        let mut subjects = vec![server.next().await.subject, server.next().await.subject];
        subjects.sort_unstable();
        assert_eq!(subjects, ["Make your TengineAI account", "You have a TengineAI account already"]);
        // With a password alone nobody signs up, whoever has the address.
        for email in ["ada@example.com", FREE] {
            let sign_up = SignUp { email, password: PASSWORD, setup_code: None, invitation: None, link: None };
            assert!(matches!(accounts.sign_up(sign_up, HERE).await, Err(Error::Forbidden(_))));
        }
        // And nobody's mailbox is filled.
        for _ in 0..10 {
            accounts.ask_to_sign_up(FREE, None, None, HERE).await.unwrap();
        }
        services.core.mailer.idle().await;
        let mut more = 0;
        while server.ready().await.is_some() {
            more += 1;
        }
        assert_eq!(more, 2, "three in all");
    }

    async fn a_link_that_is_old_or_made_up_makes_nothing(world) {
        world.sign_up("ada@example.com").await;
        let Mailing { services, server } = &Mailing::of(&world).await;
        let accounts = &services.accounts;
        accounts.ask_to_sign_up(FREE, None, None, HERE).await.unwrap();
        let token = server.next().await.token();
        let cut = &token[..token.len() - 2];
        // Sealed by us, and for something else.
        let core = &services.core;
        let other = crate::crypto::base64url(&core.sealer.seal(&*core.random, "totp usr_1", b"{}"));
        for wrong in ["", "x", "é", cut, other.as_str()] {
            let refused = accounts.sign_up(by_link(wrong), HERE).await;
            assert!(matches!(&refused, Err(Error::Invalid(fields)) if fields[0].field == "link"), "{wrong}");
        }
        world.clock.advance_seconds(86_400);
        assert!(accounts.sign_up(by_link(&token), HERE).await.is_err());
        assert!(accounts.by_email(FREE).await.unwrap().is_none());
    }

    async fn what_was_shown_before_all_sessions_ended_begins_none(world) {
        let ada = world.sign_up("ada@example.com").await;
        let accounts = &world.services.accounts;
        let shown = accounts.sign_in(&ada.email, PASSWORD, HERE).await.unwrap();
        let token = world.services.recovery.by_operator(&ada.email, false).await.unwrap();
        world.services.recovery.reset(token.reveal(), "seven purple bicycles", HERE).await.unwrap();
        let begun = world.services.sessions.begin(&shown, &new_session()).await;
        assert!(matches!(begun, Err(Error::WrongCredentials)));
        let shown = accounts.sign_in(&ada.email, "seven purple bicycles", HERE).await.unwrap();
        disable(&world, &ada.id).await;
        assert!(world.services.sessions.begin(&shown, &new_session()).await.is_err());
        assert!(world.services.sessions.list(&ada.id).await.unwrap().is_empty());
    }
}

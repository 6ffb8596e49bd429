//! A stranger who would like to know who has an account: what they are told, and what the server
//! does before it tells them, is the same. Compared by what is done, and not by a clock.

use std::net::IpAddr;

use super::{HERE, PASSWORD, mailing::*, on_both};
use crate::{
    Error,
    accounts::SignUp,
    db::work::{self, Work},
};

const KNOWN: &str = "ada@example.com";
const UNKNOWN: &str = "nobody@example.com";

/// What was said, and what it cost.
async fn told<T: std::fmt::Debug>(act: impl Future<Output = crate::Result<T>>) -> (String, Work) {
    let (answer, work) = work::of(act).await;
    let said = match answer {
        Ok(value) => format!("{value:?}"),
        Err(error) => error.to_string(),
    };
    (said, work)
}

on_both! {
    async fn sign_in_tells_nobody_who_has_an_account(world) {
        let ada = world.sign_up(KNOWN).await;
        let accounts = &world.services.accounts;
        let known = told(accounts.sign_in(KNOWN, "wrong password", HERE)).await;
        let unknown = told(accounts.sign_in(UNKNOWN, "wrong password", HERE)).await;
        assert_eq!(known, unknown);
        assert_eq!(known.1, Work { queries: 1, hashes: 1 });
        disable(&world, &ada.id).await;
        let disabled = told(accounts.sign_in(KNOWN, PASSWORD, HERE)).await;
        assert_eq!(disabled, unknown);
        // One that nobody hashes is hashed for nobody.
        let long = "x".repeat(201);
        let known = told(accounts.sign_in(KNOWN, &long, HERE)).await;
        assert_eq!(known, told(accounts.sign_in(UNKNOWN, &long, HERE)).await);
    }

    async fn asking_for_a_link_tells_nobody_who_has_an_account(world) {
        world.sign_up(KNOWN).await;
        let mailing = Mailing::of(&world).await;
        let recovery = &mailing.services.recovery;
        // Beyond the three mails of an hour too.
        for _ in 0..5 {
            let known = told(recovery.ask(KNOWN, HERE)).await;
            assert_eq!(known, told(recovery.ask(UNKNOWN, HERE)).await);
            assert_eq!(known, ("()".to_owned(), Work { queries: 1, hashes: 0 }));
        }
    }

    async fn a_recovery_code_tells_nobody_who_has_an_account(world) {
        let ada = world.sign_up(KNOWN).await;
        let recovery = &world.services.recovery;
        let known = told(recovery.reset_with_code(KNOWN, "WRONG", PASSWORD, HERE)).await;
        let unknown = told(recovery.reset_with_code(UNKNOWN, "WRONG", PASSWORD, HERE)).await;
        assert_eq!(known, unknown);
        assert_eq!(known.1, Work { queries: 2, hashes: 0 });
        // Nor does a password that breaks a rule.
        let known = told(recovery.reset_with_code(KNOWN, "WRONG", "short", HERE)).await;
        assert_eq!(known, unknown);
        disable(&world, &ada.id).await;
        let disabled = told(recovery.reset_with_code(KNOWN, "WRONG", PASSWORD, HERE)).await;
        assert_eq!(disabled, unknown);
    }

    async fn sign_up_where_it_is_open_costs_a_hash_for_a_known_address_too(world) {
        world.sign_up(KNOWN).await;
        let accounts = &world.services.accounts;
        let sign_up = |email| SignUp { email, password: PASSWORD, setup_code: None, invitation: None, link: None };
        let (known, cost) = work::of(accounts.sign_up(sign_up(KNOWN), HERE)).await;
        let (unknown, cost_of_unknown) = work::of(accounts.sign_up(sign_up(UNKNOWN), HERE)).await;
        // Judging how guessable it is runs with the hashes and counts as one.
        assert_eq!((cost.hashes, cost_of_unknown.hashes), (2, 2));
        // It cannot be silent: without a mail it is the answer that makes the account.
        assert!(matches!(known, Err(Error::Conflict(field)) if field.field == "email"));
        unknown.unwrap();
    }

    async fn nobody_is_kept_out_by_who_guesses_from_everywhere(world) {
        let ada = world.sign_up(KNOWN).await;
        let accounts = &world.services.accounts;
        let home: IpAddr = "198.51.100.7".parse().unwrap();
        let new = crate::sessions::NewSession {
            method: crate::sessions::SignInMethod::Password,
            provider_id: None,
            second_factor: None,
            address: home,
            user_agent: "test",
        };
        world.services.sessions.begin(&ada, &new).await.unwrap();
        // A botnet: one guess from each network. None is hashed: it is too long.
        let long = "x".repeat(201);
        let guess = |n: u8| accounts.sign_in(KNOWN, &long, IpAddr::from([192, 0, 2, n]));
        let mut refused = 0;
        for n in 0..=110 {
            if let Err(Error::Throttled { retry_after_seconds }) = guess(n).await {
                assert!(retry_after_seconds <= 2, "{retry_after_seconds}");
                refused += 1;
            }
        }
        assert!(refused > 0, "the botnet is slowed down");
        // Its person comes in from where they were before, however long that goes on,
        for _ in 0..3 {
            accounts.sign_in(KNOWN, PASSWORD, home).await.unwrap();
        }
        let elsewhere: IpAddr = "203.0.113.9".parse().unwrap();
        assert!(matches!(
            accounts.sign_in(KNOWN, PASSWORD, elsewhere).await,
            Err(Error::Throttled { .. })
        ));
        // and from anywhere in a moment.
        world.clock.advance_seconds(2);
        accounts.sign_in(KNOWN, PASSWORD, elsewhere).await.unwrap();
    }

    async fn a_slowed_down_account_is_told_apart_by_nothing(world) {
        world.sign_up(KNOWN).await;
        let accounts = &world.services.accounts;
        let mut last = Vec::new();
        for email in [KNOWN, UNKNOWN] {
            let mut answers = Vec::new();
            for n in 0..=101 {
                let from = IpAddr::from([192, 0, 2, n]);
                answers.push(told(accounts.sign_in(email, &"x".repeat(201), from)).await);
            }
            last.push(answers);
        }
        assert_eq!(last[0], last[1]);
        assert!(last[0].last().unwrap().0.contains("Too many tries"));
    }
}

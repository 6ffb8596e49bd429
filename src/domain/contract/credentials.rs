//! Changing a password and an address.

use super::{HERE, PASSWORD, mailing::*, on_both};
use crate::{
    Error,
    accounts::{Actor, EmailChange},
    audit::Act,
    db::work,
    members::Role,
};

const NEW: &str = "a wholly new password";

on_both! {
    async fn a_new_password_ends_the_other_sessions(world) {
        let ada = world.sign_up("ada@example.com").await;
        let Mailing { services, server } = &Mailing::of(&world).await;
        let kept = signed_in(services, &ada).await;
        let other = signed_in(services, &ada).await;
        let proof = services.sessions.fresh(&kept).unwrap();
        let me = kept.actor();
        let accounts = &services.accounts;
        let change = |new, proof| accounts.change_password(&me, proof, new, Some(&kept.session.id), HERE);
        assert!(matches!(change("short", &proof).await, Err(Error::Invalid(_))));
        assert!(services.sessions.current(&other.session.id).await.unwrap().is_some());
        change(NEW, &proof).await.unwrap();
        assert!(services.sessions.current(&kept.session.id).await.unwrap().is_some());
        assert!(services.sessions.current(&other.session.id).await.unwrap().is_none());
        assert!(accounts.sign_in(&ada.email, PASSWORD, HERE).await.is_err());
        accounts.sign_in(&ada.email, NEW, HERE).await.unwrap();
        assert_eq!(acts(services, &ada.id).await[0], Act::PasswordChanged);
        let notice = server.next().await;
        assert_eq!(notice.to, ["ada@example.com"]);
        assert_eq!(notice.subject, "Your TengineAI password was changed");
    }

    async fn another_s_proof_and_a_key_change_nothing(world) {
        let ada = actor(&world.sign_up("ada@example.com").await);
        let bob = actor(&world.sign_up("bob@example.com").await);
        let proof = world.proof(&ada).await;
        let key = Actor::ApiKey {
            id: "key_1".into(),
            project_id: None,
            role: Role::Owner,
            user_id: ada.user_id().clone(),
        };
        let accounts = &world.services.accounts;
        for who in [&bob, &key] {
            let changed = accounts.change_password(who, &proof, NEW, None, HERE).await;
            assert!(matches!(changed, Err(Error::Forbidden(_))));
            let changed = accounts.begin_email_change(who, &proof, "new@example.com", HERE).await;
            assert!(matches!(changed, Err(Error::Forbidden(_))));
        }
        for email in ["ada@example.com", "bob@example.com"] {
            accounts.sign_in(email, PASSWORD, HERE).await.unwrap();
        }
    }

    async fn an_account_without_a_password_has_none_that_anybody_could_guess(world) {
        let ada = world.sign_up("ada@example.com").await;
        run(&world, &ada.id, &["UPDATE users SET password_hash = '' WHERE id = $1"]).await;
        let accounts = &world.services.accounts;
        let mut costs = Vec::new();
        // The last is what is hashed in the place of a password that is not there.
        for password in ["", PASSWORD, "nobody has this password"] {
            for email in ["ada@example.com", "nobody@example.com"] {
                let (answer, cost) = work::of(accounts.sign_in(email, password, HERE)).await;
                assert!(matches!(answer, Err(Error::WrongCredentials)), "{email} {password}");
                costs.push(cost);
            }
        }
        assert!(costs.iter().all(|cost| *cost == costs[0] && cost.hashes == 1), "{costs:?}");
        let signed_in = signed_in(&world.services, &ada).await;
        let proof = world.services.sessions.fresh(&signed_in).unwrap();
        accounts.change_password(&signed_in.actor(), &proof, NEW, None, HERE).await.unwrap();
        accounts.sign_in("ada@example.com", NEW, HERE).await.unwrap();
    }

    async fn an_address_is_another_once_its_mailbox_is_shown(world) {
        let ada = world.sign_up("ada@example.com").await;
        let Mailing { services, server } = &Mailing::of(&world).await;
        let me = actor(&ada);
        let proof = world.proof(&me).await;
        let accounts = &services.accounts;
        let begun = accounts.begin_email_change(&me, &proof, " New@Example.com", HERE).await;
        assert_eq!(begun.unwrap(), EmailChange::LinkSent);
        let caught = server.next().await;
        assert_eq!(caught.to, ["new@example.com"]);
        let token = caught.token();
        assert_eq!(accounts.enabled(&ada.id).await.unwrap().unwrap().email, "ada@example.com");
        let shown = accounts.look_at_email_link(&me, &token, HERE).await.unwrap();
        assert_eq!(shown.masked_email, "n…@example.com");
        let changed = accounts.confirm_email(&me, &token, HERE).await.unwrap();
        assert_eq!(changed.email, "new@example.com");
        assert_eq!(changed.email_verified_at, Some(services.core.now()));
        let notice = server.next().await;
        assert_eq!(notice.to, ["ada@example.com"], "the old one");
        assert!(notice.text.contains("n…@example.com"));
        accounts.sign_in("new@example.com", PASSWORD, HERE).await.unwrap();
        assert!(is_dead(&accounts.confirm_email(&me, &token, HERE).await));
        assert_eq!(acts(services, &ada.id).await[0], Act::EmailChanged);
    }

    async fn a_session_sees_its_new_address_at_once(world) {
        let ada = world.sign_up("ada@example.com").await;
        let services = &world.services;
        let session = signed_in(services, &ada).await;
        let proof = services.sessions.fresh(&session).unwrap();
        let accounts = &services.accounts;
        let me = session.actor();
        let changed = accounts.begin_email_change(&me, &proof, "new@example.com", HERE).await;
        let EmailChange::Changed(changed) = changed.unwrap() else {
            panic!("there is no mail server");
        };
        assert_eq!((changed.email.as_str(), changed.email_verified_at), ("new@example.com", None));
        let current = services.sessions.current(&session.session.id).await.unwrap().unwrap();
        assert_eq!(current.account.email, "new@example.com");
    }

    async fn without_a_mail_server_an_address_that_somebody_has_is_a_conflict(world) {
        let ada = actor(&world.sign_up("ada@example.com").await);
        world.sign_up("bob@example.com").await;
        let proof = world.proof(&ada).await;
        let accounts = &world.services.accounts;
        let changed = accounts.begin_email_change(&ada, &proof, "BOB@example.com", HERE).await;
        assert!(matches!(changed, Err(Error::Conflict(field)) if field.field == "email"));
        for (wrong, mend) in [("ada@example.com", "already"), ("no address", "Enter an email")] {
            let changed = accounts.begin_email_change(&ada, &proof, wrong, HERE).await;
            assert!(changed.unwrap_err().to_string().contains(mend), "{wrong}");
        }
    }

    async fn who_has_an_address_is_told_and_who_asked_is_not(world) {
        let ada = actor(&world.sign_up("ada@example.com").await);
        world.sign_up("bob@example.com").await;
        let mailing = Mailing::of(&world).await;
        let accounts = &mailing.services.accounts;
        let proof = world.proof(&ada).await;
        // Remembered from then on.
        mailing.services.core.settings().await.unwrap();
        let mut begun = Vec::new();
        for email in ["bob@example.com", "free@example.com"] {
            begun.push(work::of(accounts.begin_email_change(&ada, &proof, email, HERE)).await);
        }
        let [(taken, cost), (free, cost_of_free)] = <[_; 2]>::try_from(begun).unwrap();
        assert_eq!(taken.unwrap(), free.unwrap());
        assert_eq!(cost, cost_of_free);
        let mut mails = [mailing.server.next().await, mailing.server.next().await];
        mails.sort_by(|a, b| a.to.cmp(&b.to));
        assert_eq!(mails[0].to, ["bob@example.com"]);
        assert_eq!(mails[0].subject, "Your email address was given for another account");
        assert!(!mails[0].text.contains("token="));
        assert_eq!(mails[1].to, ["free@example.com"]);
    }

    async fn of_two_who_confirm_one_address_at_once_one_has_it(world) {
        let ada = actor(&world.sign_up("ada@example.com").await);
        let bob = actor(&world.sign_up("bob@example.com").await);
        let mailing = Mailing::of(&world).await;
        let accounts = &mailing.services.accounts;
        let mut tokens = Vec::new();
        for who in [&ada, &bob] {
            let proof = world.proof(who).await;
            accounts.begin_email_change(who, &proof, "new@example.com", HERE).await.unwrap();
            tokens.push(mailing.server.next().await.token());
        }
        let (one, two) = tokio::join!(
            accounts.confirm_email(&ada, &tokens[0], HERE),
            accounts.confirm_email(&bob, &tokens[1], HERE),
        );
        assert!(one.is_ok() != two.is_ok());
        let lost = one.err().or(two.err()).unwrap();
        assert!(matches!(lost, Error::Conflict(field) if field.field == "email"));
    }

    async fn a_mistyped_address_is_not_theirs_who_have_it_once_it_is_corrected(world) {
        let ada = actor(&world.sign_up("ada@example.com").await);
        let mailing = Mailing::of(&world).await;
        let accounts = &mailing.services.accounts;
        let proof = world.proof(&ada).await;
        let mut tokens = Vec::new();
        for email in ["mistyped@example.com", "right@example.com"] {
            accounts.begin_email_change(&ada, &proof, email, HERE).await.unwrap();
            tokens.push(mailing.server.next().await.token());
        }
        assert!(is_dead(&accounts.confirm_email(&ada, &tokens[0], HERE).await));
        let changed = accounts.confirm_email(&ada, &tokens[1], HERE).await.unwrap();
        assert_eq!(changed.email, "right@example.com");
    }

    async fn a_change_that_a_thief_began_ends_with_the_password(world) {
        let ada = world.sign_up("ada@example.com").await;
        let me = actor(&ada);
        let mailing = Mailing::of(&world).await;
        let accounts = &mailing.services.accounts;
        let proof = world.proof(&me).await;
        accounts.begin_email_change(&me, &proof, "thief@example.com", HERE).await.unwrap();
        let token = mailing.server.next().await.token();
        accounts.change_password(&me, &proof, NEW, None, HERE).await.unwrap();
        assert!(is_dead(&accounts.confirm_email(&me, &token, HERE).await));
        assert_eq!(accounts.enabled(&ada.id).await.unwrap().unwrap().email, "ada@example.com");
    }

    async fn nobody_has_more_than_a_few_strangers_written_to(world) {
        let ada = actor(&world.sign_up("ada@example.com").await);
        let mailing = Mailing::of(&world).await;
        let accounts = &mailing.services.accounts;
        let proof = world.proof(&ada).await;
        for n in 0..5 {
            let email = format!("u{n}@example.com");
            accounts.begin_email_change(&ada, &proof, &email, HERE).await.unwrap();
        }
        let sixth = accounts.begin_email_change(&ada, &proof, "u6@example.com", HERE).await;
        assert!(matches!(sixth, Err(Error::Throttled { .. })));
    }

    async fn an_address_is_verified_by_a_link(world) {
        let ada = world.sign_up("ada@example.com").await;
        let me = actor(&ada);
        let refused = world.services.accounts.begin_email_verification(&me, HERE).await;
        assert!(matches!(refused, Err(Error::Forbidden(why)) if why.contains("sends no mail")));
        let mailing = Mailing::of(&world).await;
        let accounts = &mailing.services.accounts;
        accounts.begin_email_verification(&me, HERE).await.unwrap();
        let token = mailing.server.next().await.token();
        let verified = accounts.confirm_email(&me, &token, HERE).await.unwrap();
        assert_eq!(verified.email_verified_at, Some(mailing.services.core.now()));
        assert_eq!(acts(&mailing.services, &ada.id).await[0], Act::EmailVerified);
        let again = accounts.begin_email_verification(&me, HERE).await;
        assert!(matches!(again, Err(Error::Invalid(_))));
        assert!(mailing.is_silent().await, "nothing was changed");
    }

    async fn who_is_signed_in_to_another_account_verifies_nothing(world) {
        // Mallory gives the victim's address, and hopes that they open what is sent there.
        let mallory = world.sign_up("mallory@example.com").await;
        let victim = actor(&world.sign_up("victim@example.com").await);
        let Mailing { services, server } = &Mailing::of(&world).await;
        let accounts = &services.accounts;
        let theirs = actor(&mallory);
        let proof = world.proof(&theirs).await;
        accounts.begin_email_change(&theirs, &proof, "boss@example.com", HERE).await.unwrap();
        let token = server.next().await.token();
        let key = Actor::ApiKey {
            id: "key_1".into(),
            project_id: None,
            role: Role::Owner,
            user_id: mallory.id.clone(),
        };
        for other in [&victim, &key] {
            let looked = accounts.look_at_email_link(other, &token, HERE).await;
            assert!(matches!(looked, Err(Error::Forbidden(_))));
            let confirmed = accounts.confirm_email(other, &token, HERE).await;
            assert!(matches!(confirmed, Err(Error::Forbidden(why)) if why.contains("another account")));
        }
        let now = accounts.enabled(&mallory.id).await.unwrap().unwrap();
        assert_eq!((now.email.as_str(), now.email_verified_at), ("mallory@example.com", None));
        // It was not used up.
        assert!(accounts.confirm_email(&theirs, &token, HERE).await.is_ok());
    }

    async fn an_address_keeps_to_the_instance_s_domains(world) {
        let ada = actor(&world.sign_up("ada@example.com").await);
        let services = &world.services;
        let owner = services.instance.owner(&ada).await.unwrap();
        let change = crate::instance::SettingsChange {
            sign_up_domains: Some(vec!["example.com".to_owned()]),
            ..crate::instance::SettingsChange::default()
        };
        services.instance.change(&owner, change, Some(&crate::contract::World::proved(owner.actor()))).await.unwrap();
        let proof = world.proof(&ada).await;
        let accounts = &services.accounts;
        let changed = accounts.begin_email_change(&ada, &proof, "ada@elsewhere.com", HERE).await;
        assert!(matches!(changed, Err(Error::Invalid(fields)) if fields[0].field == "email"));
        accounts.begin_email_change(&ada, &proof, "new@example.com", HERE).await.unwrap();
    }
}

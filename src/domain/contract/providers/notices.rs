//! What people hear of by mail: whatever changes how their account is entered.

use super::*;
use crate::{
    accounts::EmailChange,
    api_keys::NewApiKey,
    contract::{PASSWORD, browser::Browser, mailing::Mailing, second_factors::app},
    mail::testing::Caught,
    members::Role,
};

/// The story on an instance that sends mail.
async fn mailing(world: &World) -> (Story, Mailing) {
    let story = Story::new(world).await;
    let network = Network::new("127.0.0.1".parse().unwrap(), Vec::new(), None);
    let mailing = Mailing::with(&story.world, network).await;
    let world = World {
        services: mailing.services.clone(),
        ..story.world
    };
    (Story { world, ..story }, mailing)
}

async fn told(mailing: &Mailing, subject: &str) -> Caught {
    let mail = mailing.server.next().await;
    assert_eq!(
        (mail.subject.as_str(), &mail.to[..]),
        (subject, &["ada@example.com".to_owned()][..])
    );
    assert!(mail.text.contains("127.0.0.1"), "{}", mail.text);
    mail
}

on_both! {
    async fn each_change_of_how_an_account_is_entered_is_told_its_person(world) {
        let (story, mailing) = mailing(&world).await;
        let (world, ada, services) = (&story.world, &story.ada, &mailing.services);
        let proof = proof_of(ada);
        let (passkeys, factors) = (&services.passkeys, &services.second_factors);

        let passkey = Browser::default().enrol(world, ada).await;
        told(&mailing, "A passkey was added to your TengineAI account").await;
        app(world, ada).await;
        told(&mailing, "An authenticator app was added to your TengineAI account").await;
        let codes = factors.make_recovery_codes(ada, &proof, HERE).await.unwrap();
        let mail = told(&mailing, "New recovery codes of your TengineAI account").await;
        assert!(codes.reveal().all(|code| !mail.text.contains(&*code)));

        let new = NewApiKey::named("laptop", Role::Admin);
        let (key, secret) = services.api_keys.create_own(ada, &new, Some(&proof), HERE).await.unwrap();
        let mail = told(&mailing, "An API key of your TengineAI account was made").await;
        assert!(mail.text.contains(&key.prefix) && !mail.text.contains(secret.reveal()));
        // One that a key makes too: its person may know of none of them.
        let by_key = services.api_keys.authenticate(secret.reveal()).await.unwrap();
        services.api_keys.create_own(&by_key, &new, None, HERE).await.unwrap();
        told(&mailing, "An API key of your TengineAI account was made").await;

        story.links(ada, &ADA).await.unwrap();
        let mail = told(&mailing, "A way to sign in was added to your TengineAI account").await;
        assert!(mail.text.contains("An account at Example was linked"), "{}", mail.text);
        let (id, subject) = (&story.provider.id, "1815");
        services.providers.unlink(ada, &proof, id, subject, HERE).await.unwrap();
        told(&mailing, "A way to sign in was removed from your TengineAI account").await;

        factors.remove_totp(ada, &proof, HERE).await.unwrap();
        told(&mailing, "Your TengineAI second factor was removed").await;
        passkeys.remove(ada, &proof, &passkey.id, HERE).await.unwrap();
        told(&mailing, "A passkey was removed from your TengineAI account").await;

        let accounts = &services.accounts;
        accounts.change_password(ada, &proof, "another battery entirely", None, HERE).await.unwrap();
        told(&mailing, "Your TengineAI password was changed").await;
        let begun = accounts.begin_email_change(ada, &proof, "new@example.com", HERE).await.unwrap();
        assert_eq!(begun, EmailChange::LinkSent);
        let token = mailing.server.next().await.token();
        accounts.confirm_email(ada, &token, HERE).await.unwrap();
        told(&mailing, "Your TengineAI email address was changed").await;

        // What changes nothing tells nobody.
        assert!(factors.remove_totp(ada, &proof, HERE).await.is_err());
        assert!(passkeys.remove(ada, &proof, &passkey.id, HERE).await.is_err());
        assert!(services.providers.unlink(ada, &proof, id, subject, HERE).await.is_err());
        assert!(factors.make_recovery_codes(ada, &proof, HERE).await.is_err());
        assert!(services.api_keys.create_own(ada, &new, None, HERE).await.is_err());
        assert!(mailing.is_silent().await);
    }

    async fn a_mail_server_that_refuses_holds_nothing_up(world) {
        let (story, mailing) = mailing(&world).await;
        let (ada, services) = (&story.ada, &mailing.services);
        mailing.server.refuse("550 nobody here");
        let new = NewApiKey::named("laptop", Role::Admin);
        let proof = services.accounts.prove(ada, PASSWORD, HERE).await.unwrap();
        services.api_keys.create_own(ada, &new, Some(&proof), HERE).await.unwrap();
        assert!(mailing.is_silent().await);
        assert!(services.core.mailer.status().last_failure.is_some());
    }
}

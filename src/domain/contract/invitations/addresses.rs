//! Whose an address is, where an invitation or the instance rests on it and there is a mail server.

use super::{
    super::mailing::{Mailing, run},
    *,
};
use crate::{
    Services,
    accounts::{EmailChange, SignUpState},
    db::Db,
    ids::UserId,
};

const BOB: &str = "bob@example.com";

fn by_link<'a>(link: Option<&'a str>, email: &'a str, invitation: &'a str) -> SignUp<'a> {
    SignUp {
        email,
        password: PASSWORD,
        setup_code: None,
        invitation: Some(invitation),
        link,
    }
}

/// Has a link mailed to an address, and gives it.
async fn mailed(mailing: &Mailing, email: &str, invitation: &str) -> Result<String> {
    let next = format!("/invite/{invitation}");
    let accounts = &mailing.services.accounts;
    accounts
        .ask_to_sign_up(email, Some(&next), Some(invitation), HERE)
        .await?;
    let token = mailing.server.next().await.token();
    Ok(token.split('&').next().unwrap().to_owned())
}

async fn uses(services: &Services, by: &Person) -> i64 {
    let admin = services.members.access(&by.0, &by.1).await.unwrap();
    let all = services.invitations.list(&admin).await.unwrap();
    all.iter().map(|one| one.uses).sum()
}

async fn is_verified(db: &Db, user: &UserId) -> bool {
    let account = crate::accounts::by_id(db, user).await.unwrap();
    account.unwrap().email_verified_at.is_some()
}

async fn only_from(services: &Services, owner: &Actor, domain: &str) {
    let owner = services.instance.owner(owner).await.unwrap();
    let change = SettingsChange {
        sign_up_domains: Some(vec![domain.to_owned()]),
        ..SettingsChange::default()
    };
    let proof = World::proved(owner.actor());
    services
        .instance
        .change(&owner, change, Some(&proof))
        .await
        .unwrap();
}

on_both! {
    async fn whoever_claims_an_address_does_not_get_what_is_meant_for_it(world) {
        let ada = world.person("ada@example.com").await;
        // Mallory, from before there was a mail server.
        let mallory = actor(&world, BOB).await;
        let mailing = Mailing::of(&world).await;
        let Mailing { services, .. } = &mailing;
        let (_, token) = made(&world, &ada, Role::Admin, of_address(BOB, false)).await;
        let tries = async || services.invitations.accept(&token, &mallory, HERE).await;
        let Err(Error::Forbidden(text)) = tries().await else { panic!("a claim was enough") };
        assert!(text.starts_with("Confirm your address first"), "{text}");
        assert_eq!(uses(services, &ada).await, 0, "it is there for Bob still");
        // An invitation for nobody in particular asks for no address.
        let (_, open) = made(&world, &ada, Role::Viewer, NewInvitation::default()).await;
        services.invitations.accept(&open, &mallory, HERE).await.unwrap();
        // Nor does a role rise by it.
        assert!(matches!(tries().await, Err(Error::Forbidden(_))));
        run(&world, mallory.user_id(), &["UPDATE users SET email_verified_at = 1 WHERE id = $1"]).await;
        assert_eq!(tries().await.unwrap().outcome, Outcome::Raised);
    }

    async fn a_mailed_invitation_shows_the_address_by_itself(world) {
        let ada = world.person("ada@example.com").await;
        let bob = actor(&world, BOB).await;
        let Mailing { services, .. } = &Mailing::of(&world).await;
        let (_, token) = made(&world, &ada, Role::Viewer, of_address(BOB, true)).await;
        services.invitations.accept(&token, &bob, HERE).await.unwrap();
        assert!(is_verified(world.db(), bob.user_id()).await);
    }

    async fn without_a_mail_server_the_link_itself_is_the_proof(world) {
        let ada = world.person("ada@example.com").await;
        let bob = actor(&world, BOB).await;
        let (_, token) = made(&world, &ada, Role::Viewer, of_address(BOB, false)).await;
        accept(&world, &token, &bob).await.unwrap();
        assert!(!is_verified(world.db(), bob.user_id()).await);
    }

    async fn a_stranger_with_an_invitation_for_one_address_signs_up_by_a_mail_to_it(world) {
        let ada = world.person("ada@example.com").await;
        let closed = closed(&world).await;
        let mailing = Mailing::of(&closed).await;
        let accounts = &mailing.services.accounts;
        let (_, token) = made(&closed, &ada, Role::Developer, of_address(BOB, false)).await;
        assert_eq!(accounts.sign_up_state_with(&token).await.unwrap(), SignUpState::ByMail);
        let Err(Error::Invalid(fields)) = accounts.sign_up(by_link(None, BOB, &token), HERE).await else {
            panic!("a claim was enough");
        };
        assert_eq!(fields[0].field, "email");
        assert!(fields[0].message.starts_with("Confirm this address first"), "{fields:?}");
        assert!(accounts.by_email(BOB).await.unwrap().is_none());
        // To nobody else's address, and not without an invitation.
        let other = mailed(&mailing, "mallory@example.com", &token).await;
        assert!(matches!(other, Err(Error::Invalid(_))));
        assert!(matches!(accounts.ask_to_sign_up(BOB, None, None, HERE).await, Err(Error::Forbidden(_))));
        assert!(matches!(mailed(&mailing, BOB, &unknown()).await, Err(Error::Forbidden(_))));

        let link = mailed(&mailing, BOB, &token).await.unwrap();
        let bob = accounts.sign_up(by_link(Some(&link), BOB, &token), HERE).await.unwrap();
        assert!(bob.email_verified_at.is_some());
        let bob = (Actor::Person { user_id: bob.id }, ada.1.clone());
        assert_eq!(closed.access::<Viewer>(&bob).await.role(), Role::Developer);
        assert!(mailing.is_silent().await);
    }

    async fn an_invitation_for_nobody_in_particular_needs_no_mail(world) {
        let ada = world.person("ada@example.com").await;
        let closed = closed(&world).await;
        let Mailing { services, .. } = &Mailing::of(&closed).await;
        let (_, token) = made(&closed, &ada, Role::Viewer, NewInvitation::default()).await;
        assert_eq!(services.accounts.sign_up_state_with(&token).await.unwrap(), SignUpState::Open);
        services.accounts.sign_up(by_link(None, BOB, &token), HERE).await.unwrap();
    }

    async fn an_address_of_an_allowed_domain_counts_once_it_is_shown(world) {
        let ada = world.person("ada@example.com").await;
        let eve = actor(&world, "eve@evil.example").await;
        let closed = closed(&world).await;
        let mailing = Mailing::of(&closed).await;
        let Mailing { services, server } = &mailing;
        only_from(services, &ada.0, "example.com").await;
        let many = NewInvitation { most_uses: Some(9), ..NewInvitation::default() };
        let (_, token) = made(&closed, &ada, Role::Viewer, many).await;
        let accounts = &services.accounts;
        assert_eq!(accounts.sign_up_state_with(&token).await.unwrap(), SignUpState::ByMail);
        for email in ["ceo@example.com", "eve@evil.example"] {
            let claimed = accounts.sign_up(by_link(None, email, &token), HERE).await;
            assert!(matches!(&claimed, Err(Error::Invalid(fields)) if fields[0].field == "email"), "{claimed:?}");
        }
        assert!(matches!(mailed(&mailing, "x@evil.example", &token).await, Err(Error::Invalid(_))));
        let link = mailed(&mailing, BOB, &token).await.unwrap();
        let bob = accounts.sign_up(by_link(Some(&link), "x@evil.example", &token), HERE).await.unwrap();
        assert_eq!((bob.email.as_str(), bob.email_verified_at.is_some()), (BOB, true));

        // Nor by changing to one.
        let proof = closed.proof(&eve).await;
        let changed = accounts.begin_email_change(&eve, &proof, "ceo@example.com", HERE).await;
        assert_eq!(changed.unwrap(), EmailChange::LinkSent);
        server.next().await;
        assert!(accounts.by_email("ceo@example.com").await.unwrap().is_none());
    }
}

//! More ways into an account, and fewer.

use super::*;
use crate::{accounts, providers::PendingLink};

/// What is left for a person whose address the provider knows and we do too.
async fn pending(story: &Story) -> PendingLink {
    match story.comes(&ADA).await {
        Ok(Outcome::LinkNeeded(pending)) => pending,
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn an_account_is_linked_once_it_is_proved_too(world) {
        let story = Story::new(&world).await;
        let pending = pending(&story).await;
        assert_eq!((pending.email(), pending.provider_name()), ("ada@example.com", "Example"));
        // Through the session's store.
        let pending: PendingLink =
            serde_json::from_str(&serde_json::to_string(&pending).unwrap()).unwrap();
        let providers = story.providers();
        let proof = story.world.proof(&story.ada).await;
        providers.finish_link(&story.ada, &proof, pending.clone(), HERE).await.unwrap();
        let account = story.signed_in(&ADA).await;
        assert_eq!(account.id, *story.ada.user_id());
        assert_eq!(story.acts(&story.ada).await[0], audit::Act::IdentityLinked);
        // Again changes nothing.
        providers.finish_link(&story.ada, &proof, pending, HERE).await.unwrap();
        assert_eq!(providers.identities(&story.ada).await.unwrap().len(), 1);
    }

    async fn nobody_else_links_what_waits_for_an_account(world) {
        let story = Story::new(&world).await;
        let bob = person(&story.signed_in(&BOB).await);
        let waiting = pending(&story).await;
        let providers = story.providers();
        let tried = providers.finish_link(&bob, &proof_of(&bob), waiting.clone(), HERE).await;
        assert!(matches!(tried, Err(NotSignedIn::NotBegun)), "{tried:?}");
        let tried = providers.finish_link(&story.ada, &proof_of(&bob), waiting.clone(), HERE).await;
        assert!(matches!(tried, Err(NotSignedIn::Failed(Error::ProofNeeded))), "{tried:?}");
        story.world.clock.advance_seconds(600);
        let tried = providers.finish_link(&story.ada, &proof_of(&story.ada), waiting, HERE).await;
        assert!(matches!(tried, Err(NotSignedIn::NotBegun)), "{tried:?}");
        let waiting = pending(&story).await;
        disable(&story).await;
        let tried = providers.finish_link(&story.ada, &proof_of(&story.ada), waiting, HERE).await;
        assert!(matches!(tried, Err(NotSignedIn::Failed(Error::NotFound(_)))), "{tried:?}");
        assert!(providers.identities(&story.ada).await.unwrap().is_empty());
    }

    async fn an_identity_opens_one_account(world) {
        let story = Story::new(&world).await;
        let bob = person(&story.signed_in(&BOB).await);
        let came = story.links(&story.ada, &BOB).await;
        assert_eq!(refusal(came), Refusal::LinkedElsewhere);
        assert_eq!(story.signed_in(&BOB).await.id, *bob.user_id());
        // An address is not needed, and need not be the account's.
        let other = Person { email: None, ..Person::new("a-2", "") };
        assert!(matches!(story.links(&story.ada, &other).await, Ok(Outcome::Linked)));
        assert_eq!(story.signed_in(&other).await.id, *story.ada.user_id());
    }

    async fn a_link_needs_a_proof_and_whoever_began_it(world) {
        let story = Story::new(&world).await;
        let bob = person(&story.signed_in(&BOB).await);
        let (id, providers) = (&story.provider.id, story.providers());
        let tried = providers.begin_link(id, &story.ada, &proof_of(&bob), HERE).await;
        assert!(matches!(tried.err(), Some(NotSignedIn::Failed(Error::ProofNeeded))));
        let key = Actor::ApiKey {
            id: "key_1".into(),
            project_id: None,
            role: crate::members::Role::Owner,
            user_id: story.ada.user_id().clone(),
        };
        let tried = providers.begin_link(id, &key, &proof_of(&story.ada), HERE).await;
        assert!(matches!(tried.err(), Some(NotSignedIn::Failed(Error::Forbidden(_)))));
        // Bob signs in to the browser in which Ada began.
        for now in [None, Some(&bob), Some(&key)] {
            let begun = providers.begin_link(id, &story.ada, &proof_of(&story.ada), HERE).await.unwrap();
            let callback = story.server.signs_in(&begun.url.parse().unwrap(), &ADA);
            let came = providers.finish(id, Some(begun.pending), callback, now, HERE).await;
            assert!(matches!(came, Err(NotSignedIn::NotBegun)), "{came:?}");
        }
        assert!(providers.identities(&story.ada).await.unwrap().is_empty());
    }

    async fn the_last_way_in_stays(world) {
        let story = Story::new(&world).await;
        let bob = person(&story.signed_in(&BOB).await);
        let (id, providers) = (&story.provider.id, story.providers());
        let unlink = async |who: &Actor, subject: &str| {
            providers.unlink(who, &proof_of(who), id, subject, HERE).await
        };
        let Err(Error::Conflict(field)) = unlink(&bob, "b-7").await else {
            panic!("he has locked himself out");
        };
        assert!(field.message.contains("only way"));
        story.links(&bob, &Person::new("b-8", "bob@example.org")).await.unwrap();
        // Of two at once, one stays.
        let both = tokio::join!(unlink(&bob, "b-7"), unlink(&bob, "b-8"));
        assert!(matches!(both, (Ok(()), Err(Error::Conflict(_))) | (Err(Error::Conflict(_)), Ok(()))), "{both:?}");
        assert_eq!(story.acts(&bob).await[0], audit::Act::IdentityUnlinked);
        // With a password it is not the last; and it is nobody else's to take away.
        story.links(&story.ada, &ADA).await.unwrap();
        assert!(matches!(unlink(&bob, "1815").await, Err(Error::NotFound(_))));
        let tried = providers.unlink(&story.ada, &proof_of(&bob), id, "1815", HERE).await;
        assert!(matches!(tried, Err(Error::ProofNeeded)));
        unlink(&story.ada, "1815").await.unwrap();
        assert!(matches!(story.comes(&ADA).await, Ok(Outcome::LinkNeeded(_))));
    }

    async fn a_provider_that_is_switched_off_is_no_way_in(world) {
        let story = Story::new(&world).await;
        let bob = person(&story.signed_in(&BOB).await);
        let mut other = input(&story.server);
        other["name"] = "Other".into();
        let other = created(&story.world, &story.ada, &other).await.unwrap();
        let providers = story.providers();
        let begun = providers.begin_link(&other.id, &bob, &proof_of(&bob), HERE).await.unwrap();
        let callback = story.server.signs_in(&begun.url.parse().unwrap(), &BOB);
        let linked = providers.finish(&other.id, Some(begun.pending), callback, Some(&bob), HERE).await;
        linked.unwrap();
        let (url, begun) = story.begin().await;
        disable(&story).await;
        let callback = story.server.signs_in(&url, &BOB);
        let came = story.finish(Some(begun), callback).await;
        assert!(matches!(came, Err(NotSignedIn::Failed(Error::NotFound(_)))), "{came:?}");
        let tried = providers.begin_sign_in(&story.provider.id, HERE).await;
        assert!(matches!(tried.err(), Some(NotSignedIn::Failed(Error::NotFound(_)))));
        let unlinked = providers.unlink(&bob, &proof_of(&bob), &other.id, "b-7", HERE).await;
        assert!(matches!(unlinked, Err(Error::Conflict(_))), "{unlinked:?}");
        let off = &story.provider.id;
        providers.unlink(&bob, &proof_of(&bob), off, "b-7", HERE).await.unwrap();
        assert!(accounts::by_id(story.world.db(), bob.user_id()).await.unwrap().is_some());
    }
}

async fn disable(story: &Story) {
    let owner = owner(&story.world, &story.ada).await;
    let mut off = input(&story.server);
    off["is_enabled"] = false.into();
    let (id, proof) = (&story.provider.id, proof_of(&story.ada));
    let replaced = story
        .providers()
        .replace(&owner, &proof, id, &read(&off))
        .await;
    assert!(!replaced.unwrap().provider.is_enabled);
}

//! What attackers try with a provider, at one, and as one.

use super::*;
use crate::{
    execute::{Allowlist, network::Resolver},
    providers::Purpose,
};

on_both! {
    async fn an_unconfirmed_address_of_somebody_else_opens_nothing(world) {
        let story = Story::new(&world).await;
        for eve in [
            Person::unverified("e-1", "ada@example.com"),
            Person::unverified("e-1", "new@example.com"),
            Person { is_verified: None, ..Person::new("e-1", "ada@example.com") },
            Person { email: None, ..Person::new("e-1", "") },
            Person::new("e-1", "not an address"),
        ] {
            assert_eq!(story.refusal(&eve).await, Refusal::NoVerifiedEmail);
            story.server.inner().is_short = true;
            assert_eq!(story.refusal(&eve).await, Refusal::NoVerifiedEmail);
            story.server.inner().is_short = false;
        }
        assert!(story.providers().identities(&story.ada).await.unwrap().is_empty());
        let accounts = &story.world.services.accounts;
        assert!(accounts.by_email("new@example.com").await.unwrap().is_none());
    }

    async fn a_confirmed_address_alone_opens_no_account_that_has_it(world) {
        let story = Story::new(&world).await;
        for _ in 0..2 {
            let Ok(Outcome::LinkNeeded(pending)) = story.comes(&ADA).await else {
                panic!("the address was enough");
            };
            assert!(pending.is_for(story.ada.user_id()));
        }
        assert!(story.providers().identities(&story.ada).await.unwrap().is_empty());
    }

    async fn an_answer_of_another_provider_is_refused(world) {
        let story = Story::new(&world).await;
        let issuer = story.provider.issuer.clone();
        let with = async |iss: Option<&str>, error: Option<&str>| {
            let (url, pending) = story.begin().await;
            let callback = Callback {
                iss: iss.map(str::to_owned),
                error: error.map(str::to_owned),
                ..story.server.signs_in(&url, &BOB)
            };
            story.finish(Some(pending), callback).await
        };
        for iss in ["https://evil.example", &format!("{issuer}/"), ""] {
            for error in [None, Some("access_denied")] {
                let came = with(Some(iss), error).await;
                assert!(matches!(came, Err(NotSignedIn::Provider(Cause::OtherIssuer))), "{came:?}");
            }
        }
        assert!(with(Some(&issuer), None).await.is_ok());
        // One that says that it names itself has to.
        story.world.clock.advance_seconds(3_600);
        story.server.inner().edit_discovery = Some(Box::new(|document| {
            document["authorization_response_iss_parameter_supported"] = true.into();
        }));
        let came = with(None, None).await;
        assert!(matches!(came, Err(NotSignedIn::Provider(Cause::OtherIssuer))), "{came:?}");
        assert!(with(Some(&issuer), None).await.is_ok());
    }

    async fn what_was_not_begun_in_this_browser_signs_nobody_in(world) {
        let story = Story::new(&world).await;
        let mut other = input(&story.server);
        other["name"] = "Other".into();
        let other = created(&story.world, &story.ada, &other).await.unwrap();
        let (url, pending) = story.begin().await;
        let not_begun = async |pending: Option<Pending>, callback: Callback| {
            let came = story.finish(pending, callback).await;
            assert!(matches!(came, Err(NotSignedIn::NotBegun)), "{came:?}");
        };
        let callback = story.server.signs_in(&url, &BOB);
        // Nothing was begun here, or it was ended before: the session has nothing any more.
        not_begun(None, callback.clone()).await;
        // Another browser's: Eve's answer, in Bob's session.
        let (_, anothers) = story.begin().await;
        not_begun(Some(anothers), callback.clone()).await;
        for state in [None, Some(""), Some("guess")] {
            let state = state.map(str::to_owned);
            not_begun(Some(pending.clone()), Callback { state, ..callback.clone() }).await;
        }
        // Begun with one provider and ended at another's address.
        let came = story
            .providers()
            .finish(&other.id, Some(pending.clone()), callback.clone(), None, HERE)
            .await;
        assert!(matches!(came, Err(NotSignedIn::NotBegun)), "{came:?}");
        story.world.clock.advance_seconds(600);
        not_begun(Some(pending), callback).await;
    }

    async fn a_code_works_once(world) {
        let story = Story::new(&world).await;
        let (url, pending) = story.begin().await;
        let callback = story.server.signs_in(&url, &BOB);
        story.finish(Some(pending.clone()), callback.clone()).await.unwrap();
        let again = story.finish(Some(pending), callback.clone()).await;
        assert!(matches!(again, Err(NotSignedIn::Provider(Cause::CodeRefused))), "{again:?}");
        // Nor in a visit of somebody else's: it belongs to its verifier.
        let (url, _) = story.begin().await;
        let stolen = story.server.signs_in(&url, &BOB);
        let (url, pending) = story.begin().await;
        let injected = Callback { code: stolen.code, ..story.server.signs_in(&url, &ADA) };
        let came = story.finish(Some(pending), injected).await;
        assert!(matches!(came, Err(NotSignedIn::Provider(Cause::CodeRefused))), "{came:?}");
    }

    async fn who_turns_back_there_is_told_so(world) {
        let story = Story::new(&world).await;
        for (error, is_denial) in [("access_denied", true), ("login_required", true), ("server_error", false), ("<b>", false)] {
            let (url, pending) = story.begin().await;
            let state = story.server.signs_in(&url, &BOB).state;
            let callback = Callback { state, error: Some(error.to_owned()), ..Callback::default() };
            match story.finish(Some(pending), callback).await {
                Err(NotSignedIn::Denied) => assert!(is_denial),
                Err(NotSignedIn::Provider(Cause::SentError)) => assert!(!is_denial),
                other => panic!("{other:?}"),
            }
        }
        for code in [None, Some(String::new()), Some("x".repeat(5_000))] {
            let (url, pending) = story.begin().await;
            let callback = Callback { code, ..story.server.signs_in(&url, &BOB) };
            let came = story.finish(Some(pending), callback).await;
            assert!(matches!(came, Err(NotSignedIn::Provider(Cause::SentError))), "{came:?}");
        }
    }

    async fn a_proof_is_of_who_is_signed_in_and_of_now(world) {
        let story = Story::new(&world).await;
        story.links(&story.ada, &ADA).await.unwrap();
        let bob = person(&story.signed_in(&BOB).await);
        let proves = async |now: Option<&Actor>, who: &Person, auth_time: Option<i64>| {
            let (id, providers) = (&story.provider.id, story.providers());
            let begun = providers.begin_proof(id, &story.ada, HERE).await.unwrap();
            assert!(begun.url.contains("max_age=0") && begun.url.contains("prompt=login"));
            assert!(matches!(begun.pending.purpose(), Purpose::Prove { .. }));
            story.server.inner().auth_time = auth_time;
            let callback = story.server.signs_in(&begun.url.parse().unwrap(), who);
            providers.finish(id, Some(begun.pending), callback, now, HERE).await
        };
        let Ok(Outcome::Proved(proof)) = proves(Some(&story.ada), &ADA, Some(0)).await else {
            panic!("it proved nothing");
        };
        assert!(proof.is_of(&story.ada) && !proof.is_of(&bob));
        // A sign-in of before, or of nobody knows when.
        for auth_time in [Some(-61), None] {
            let came = proves(Some(&story.ada), &ADA, auth_time).await;
            assert_eq!(refusal(came), Refusal::NotFresh, "{auth_time:?}");
        }
        let came = proves(Some(&story.ada), &BOB, Some(0)).await;
        assert_eq!(refusal(came), Refusal::NotLinked);
        // Somebody else signed in to this browser meanwhile.
        for now in [None, Some(&bob)] {
            let came = proves(now, &ADA, Some(0)).await;
            assert!(matches!(came, Err(NotSignedIn::NotBegun)), "{came:?}");
        }
    }
}

/// A name that leads inside.
#[derive(Debug)]
struct Inside;

impl Resolver for Inside {
    fn look_up(&self, _: &str, port: u16) -> crate::execute::network::LookUp {
        Box::pin(async move { Ok(vec![([10, 0, 0, 1], port).into()]) })
    }
}

#[tokio::test]
async fn a_token_endpoint_inside_the_network_is_not_asked() {
    let world = World::new(
        crate::db::testing::TestDatabase::sqlite().await,
        SignUpPolicy::Open,
    );
    let mut story = Story::new(&world).await;
    story.server.inner().edit_discovery = Some(Box::new(|document| {
        document["token_endpoint"] = "https://token.example/token".into();
    }));
    let allow: Allowlist = "127.0.0.1".parse().unwrap();
    let core = &story.world.services.core;
    story.world = World::of(
        story.world.database.opened_again().await,
        story.world.clock.clone(),
        core.sealer.clone(),
        SignUpPolicy::Open,
        core.lifetimes,
        Network::with_resolver(allow, Vec::new(), None, Inside),
    );
    assert_eq!(story.cause(&BOB).await, Cause::Unreachable);
    assert!(story.server.inner().asked.is_empty());
}

#[tokio::test]
async fn one_network_cannot_make_us_ask_a_provider_all_the_time() {
    let world = World::new(
        crate::db::testing::TestDatabase::sqlite().await,
        SignUpPolicy::Open,
    );
    let core = &world.services.core;
    let limited = crate::Core::new(crate::services::CoreParts {
        db: world.db().clone(),
        clock: core.clock.clone(),
        random: core.random.clone(),
        sealer: core.sealer.clone(),
        public_url: core.public_url.clone(),
        fixed: core.fixed.clone(),
        is_exposed: false,
        limits: true,
        lifetimes: core.lifetimes,
        mailer: crate::mail::Mailer::none(),
        session_limits: core.session_limits,
        details: core.details,
    });
    let network = Network::new(Allowlist::default(), Vec::new(), None);
    let providers = crate::providers::Providers::new(limited, network);
    let begin = async |from: &str| {
        let (id, from) = ("idp_none".into(), from.parse().unwrap());
        match providers.begin_sign_in(&id, from).await {
            Err(NotSignedIn::Failed(error)) => error,
            other => panic!("{:?}", other.err()),
        }
    };
    for _ in 0..30 {
        assert!(matches!(begin("2001:db8::1").await, Error::NotFound(_)));
    }
    assert!(matches!(
        begin("2001:db8::2").await,
        Error::Throttled { .. }
    ));
    assert!(matches!(begin("192.0.2.1").await, Error::NotFound(_)));
}

//! People who come in by a provider, and those who do not.

use super::*;

on_both! {
    async fn who_comes_for_the_first_time_gets_an_account_without_a_password(world) {
        let story = Story::new(&world).await;
        let (url, _) = story.begin().await;
        let asked: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
        let callback = format!("http://localhost:3000/sign-in/with/{}/callback", story.provider.id);
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", "tengine"),
            ("scope", "openid email"),
            ("code_challenge_method", "S256"),
            ("redirect_uri", &callback),
        ] {
            assert_eq!(asked[name], value);
        }
        for name in ["state", "nonce", "code_challenge"] {
            assert_eq!(asked[name].len(), 43, "256 bits of {name}");
        }

        let Ok(Outcome::SignedIn { account, is_new: true }) = story.comes(&BOB).await else {
            panic!("he did not come in");
        };
        assert_eq!(account.email, "bob@example.com");
        assert!(account.email_verified_at.is_some() && !account.is_instance_owner);
        // base64 of tengine:cl1ent-s3cret
        let basic = Some("Basic dGVuZ2luZTpjbDFlbnQtczNjcmV0");
        assert_eq!(story.server.inner().authorization.as_deref(), basic);
        let Ok(Outcome::SignedIn { account: again, is_new: false }) = story.comes(&BOB).await else {
            panic!("he did not come in again");
        };
        assert_eq!(again, account);
        let identities = story.providers().identities(&person(&account)).await.unwrap();
        let [identity] = &identities[..] else { panic!("{identities:?}") };
        assert_eq!((identity.subject.as_str(), identity.provider_name.as_str()), ("b-7", "Example"));
        assert!(matches!(
            story.acts(&person(&account)).await[..],
            [audit::Act::IdentityLinked, audit::Act::SignedUp]
        ));
        // There is no password that opens it.
        for guess in ["", "nobody has this password", "correct horse battery"] {
            let accounts = &story.world.services.accounts;
            let tried = accounts.sign_in("bob@example.com", guess, HERE).await;
            assert!(matches!(tried, Err(Error::WrongCredentials)), "{guess:?}");
        }
    }

    async fn an_address_that_changes_there_changes_nothing_here(world) {
        let story = Story::new(&world).await;
        let account = story.signed_in(&BOB).await;
        // Even Ada's: he is who he was, by his subject.
        let moved = Person::new("b-7", "ada@example.com");
        let again = story.signed_in(&moved).await;
        assert_eq!(again, account);
        let identities = story.providers().identities(&person(&account)).await.unwrap();
        assert_eq!(identities[0].email.as_deref(), Some("ada@example.com"));
    }

    async fn accounts_are_made_where_the_policy_or_the_provider_says_so(world) {
        let closed = Story::with(&world, SignUpPolicy::First, |_| {}).await;
        assert_eq!(closed.refusal(&BOB).await, Refusal::NoAccount);
        let accounts = &closed.world.services.accounts;
        assert!(accounts.by_email("bob@example.com").await.unwrap().is_none());
        let owner = owner(&closed.world, &closed.ada).await;
        let mut open = input(&closed.server);
        open["may_sign_up"] = true.into();
        let id = &closed.provider.id;
        let proof = proof_of(&closed.ada);
        closed.providers().replace(&owner, &proof, id, &read(&open)).await.unwrap();
        closed.signed_in(&BOB).await;
    }

    async fn new_accounts_are_of_the_domains_that_the_owner_allows(world) {
        let story = Story::with(&world, SignUpPolicy::Open, |input| {
            input["allowed_domains"] = json!(["Example.com", "example.org"]);
        }).await;
        let instance = &story.world.services.instance;
        let owner = owner(&story.world, &story.ada).await;
        let change = serde_json::from_value(json!({ "sign_up_domains": ["example.com"] })).unwrap();
        instance.change(&owner, change, Some(&crate::contract::World::proved(owner.actor()))).await.unwrap();
        story.signed_in(&BOB).await;
        for (email, expected) in [
            ("eve@evil.example", Refusal::DomainNotAllowed),
            // Of the provider's domains, and not of the instance's.
            ("eve@example.org", Refusal::DomainNotAllowed),
            ("eve@sub.example.com", Refusal::DomainNotAllowed),
        ] {
            assert_eq!(story.refusal(&Person::new("e-1", email)).await, expected, "{email}");
        }
        let unverified = Person::unverified("e-2", "eve@example.com");
        assert_eq!(story.refusal(&unverified).await, Refusal::NoVerifiedEmail);
        // Who has left the domain does not come in any more, account or not.
        let left = Person::new("b-7", "bob@evil.example");
        assert_eq!(story.refusal(&left).await, Refusal::DomainNotAllowed);
    }

    async fn what_the_id_token_leaves_out_userinfo_tells(world) {
        let story = Story::new(&world).await;
        story.server.inner().is_short = true;
        let account = story.signed_in(&BOB).await;
        assert_eq!(account.email, "bob@example.com");
        // As some send it.
        story.server.inner().edit_user_info = Some(Box::new(|said| {
            said["email_verified"] = "true".into();
            said["updated_at"] = "2026-11-26T00:00:00Z".into();
        }));
        story.signed_in(&Person::new("c-1", "carol@example.com")).await;
    }

    async fn a_disabled_account_is_refused_as_if_there_were_none(world) {
        let story = Story::new(&world).await;
        let bob = story.signed_in(&BOB).await;
        let disable = async || {
            let mut tx = story.world.db().begin().await.unwrap();
            let sql = "UPDATE users SET disabled_at = 1 WHERE id = $1";
            crate::db::execute!(&mut tx, sqlx::query(sql).bind(&bob.id)).unwrap();
            tx.commit().await.unwrap();
        };
        disable().await;
        assert_eq!(story.refusal(&BOB).await, Refusal::NoAccount);
        // Nor by another identity with the address.
        let other = Person::new("b-8", "bob@example.com");
        assert_eq!(story.refusal(&other).await, Refusal::NoAccount);
    }

    async fn two_first_visits_at_once_make_one_account(world) {
        let story = Story::new(&world).await;
        let (one, two) = tokio::join!(story.comes(&BOB), story.comes(&BOB));
        let id = |came: Result<Outcome, NotSignedIn>| match came {
            Ok(Outcome::SignedIn { account, .. }) => account.id,
            other => panic!("{other:?}"),
        };
        assert_eq!(id(one), id(two));
    }

    async fn documents_are_kept_for_an_hour_and_keys_asked_for_when_one_is_new(world) {
        let story = Story::new(&world).await;
        let asked = || {
            let inner = story.server.inner();
            (inner.discoveries, inner.key_fetches)
        };
        story.signed_in(&BOB).await;
        assert_eq!(asked(), (1, 1), "from when it was made");
        // It signs with a key that it does not tell of, and we ask once a minute at most.
        story.world.clock.advance_seconds(61);
        story.server.inner().key = 1;
        for _ in 0..3 {
            assert_eq!(story.cause(&BOB).await, Cause::IdTokenSignature);
        }
        assert_eq!(asked(), (1, 2));
        story.server.inner().published = vec![0, 1];
        assert_eq!(story.cause(&BOB).await, Cause::IdTokenSignature);
        story.world.clock.advance_seconds(61);
        story.signed_in(&BOB).await;
        assert_eq!(asked(), (1, 3));
        story.signed_in(&BOB).await;
        assert_eq!(asked(), (1, 3));
        story.world.clock.advance_seconds(3_600);
        story.signed_in(&BOB).await;
        assert_eq!(asked(), (2, 4));
    }

    async fn a_provider_that_fails_is_not_asked_again_at_once(world) {
        let story = Story::new(&world).await;
        story.world.clock.advance_seconds(3_600);
        story.server.inner().edit_discovery = Some(Box::new(|document| *document = "busy".into()));
        let begin = async || {
            let begun = story.providers().begin_sign_in(&story.provider.id, HERE).await;
            match begun {
                Err(NotSignedIn::Provider(cause)) => Some(cause),
                Err(other) => panic!("{other:?}"),
                Ok(_) => None,
            }
        };
        for _ in 0..3 {
            assert_eq!(begin().await, Some(Cause::Discovery));
        }
        assert_eq!(story.server.inner().discoveries, 2);
        story.server.inner().edit_discovery = None;
        story.world.clock.advance_seconds(5);
        assert_eq!(begin().await, None);
    }
}

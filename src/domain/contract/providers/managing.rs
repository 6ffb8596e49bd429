//! What an owner of the instance sets up.

use super::*;
use crate::{
    clock::SystemRandom,
    contract::mailing::new_session,
    sealing::{Keyring, MasterKey, Sealer},
    sessions::{NewSession, Session, SignInMethod},
};

on_both! {
    async fn an_owner_adds_changes_and_deletes_a_provider(world) {
        let story = Story::new(&world).await;
        let owner = owner(&story.world, &story.ada).await;
        let (id, proof, providers) = (&story.provider.id, proof_of(&story.ada), story.providers());
        let entry = providers.get(&owner, id).await.unwrap();
        assert_eq!(entry.provider, story.provider);
        assert_eq!((entry.accounts, entry.only_way_in), (0, 0));
        assert_eq!(entry.redirect_uri, format!("http://localhost:3000/sign-in/with/{id}/callback"));
        assert!(entry.provider.has_secret() && !format!("{entry:?}").contains(SECRET));

        let mut change = input(&story.server);
        change["name"] = "Renamed".into();
        change["allowed_domains"] = json!(["EXAMPLE.com", "@example.com"]);
        change.as_object_mut().unwrap().shift_remove("client_secret");
        let changed = providers.replace(&owner, &proof, id, &read(&change)).await.unwrap().provider;
        assert_eq!(changed.allowed_domains, ["example.com"]);
        assert!(changed.has_secret());
        story.signed_in(&BOB).await;
        assert!(story.server.inner().authorization.is_some(), "with the secret that was kept");
        change["client_secret"] = "".into();
        let public = providers.replace(&owner, &proof, id, &read(&change)).await.unwrap().provider;
        assert!(!public.has_secret());
        story.signed_in(&BOB).await;
        assert!(story.server.inner().authorization.is_none());
        assert_eq!(story.server.inner().asked["client_id"], "tengine");

        let offered = providers.offered().await.unwrap();
        assert_eq!((offered.len(), offered[0].name.as_str()), (1, "Renamed"));
        change["is_enabled"] = false.into();
        providers.replace(&owner, &proof, id, &read(&change)).await.unwrap();
        assert!(providers.offered().await.unwrap().is_empty());

        providers.delete(&owner, &proof, id, true).await.unwrap();
        assert!(matches!(providers.get(&owner, id).await, Err(Error::NotFound(_))));
        let page = audit::Page::first(10);
        let rows = story.world.services.audit.of_instance(&owner, &page).await.unwrap();
        let acts: Vec<_> = rows.iter().map(|row| row.act).collect();
        assert_eq!(acts.first(), Some(&audit::Act::ProviderRemoved));
        let mut of_providers = acts.iter().rev().filter(|act| act.as_str().contains("provider"));
        assert_eq!(of_providers.next(), Some(&audit::Act::ProviderAdded));
        assert!(rows.iter().all(|row| !format!("{row:?}").contains(SECRET)));
    }

    async fn deleting_a_provider_says_whom_it_locks_out(world) {
        let story = Story::new(&world).await;
        story.signed_in(&BOB).await;
        story.signed_in(&Person::new("c-1", "carol@example.com")).await;
        story.links(&story.ada, &ADA).await.unwrap();
        let owner = owner(&story.world, &story.ada).await;
        let (id, proof, providers) = (&story.provider.id, proof_of(&story.ada), story.providers());
        let entry = providers.get(&owner, id).await.unwrap();
        assert_eq!((entry.accounts, entry.only_way_in), (3, 2));
        let Err(Error::Conflict(field)) = providers.delete(&owner, &proof, id, false).await else {
            panic!("two people were locked out");
        };
        assert!(field.message.starts_with("2 accounts have no other way"), "{}", field.message);
        providers.delete(&owner, &proof, id, true).await.unwrap();
        assert!(providers.identities(&story.ada).await.unwrap().is_empty());
        let gone = providers.delete(&owner, &proof, id, true).await;
        assert!(matches!(gone, Err(Error::NotFound(_))));
    }

    async fn a_provider_that_is_switched_off_or_deleted_takes_its_sessions_along(world) {
        let story = Story::new(&world).await;
        let bob = story.signed_in(&BOB).await;
        let sessions = &story.world.services.sessions;
        let by_provider = NewSession {
            method: SignInMethod::Provider,
            provider_id: Some(story.provider.id.clone()),
            ..new_session()
        };
        let begin = async || sessions.begin(&bob, &by_provider).await.unwrap();
        let is_live = async |session: &Session| sessions.current(&session.id).await.unwrap().is_some();
        let (first, second) = (begin().await, begin().await);
        let other = sessions.begin(&bob, &new_session()).await.unwrap();
        for session in [&first, &second, &other] {
            assert!(is_live(session).await);
        }
        let owner = owner(&story.world, &story.ada).await;
        let (id, proof, providers) = (&story.provider.id, proof_of(&story.ada), story.providers());
        assert_eq!(providers.get(&owner, id).await.unwrap().sessions, 2);
        // A change that leaves it on ends none.
        let mut change = input(&story.server);
        let changed = providers.replace(&owner, &proof, id, &read(&change)).await.unwrap();
        assert_eq!(changed.sessions_ended, 0);
        assert!(is_live(&first).await);
        change["is_enabled"] = false.into();
        let off = providers.replace(&owner, &proof, id, &read(&change)).await.unwrap();
        assert_eq!(off.sessions_ended, 2);
        assert!(!is_live(&first).await && !is_live(&second).await);
        assert!(is_live(&other).await, "it began another way");
        // Nor does one begin of who was on the way in meanwhile.
        let late = sessions.begin(&bob, &by_provider).await;
        assert!(matches!(late, Err(Error::WrongCredentials)));
        let page = audit::Page::first(1);
        let rows = story.world.services.audit.of_instance(&owner, &page).await.unwrap();
        assert!(rows[0].detail.as_ref().unwrap().contains("sessions ended: 2"), "{rows:?}");

        change["is_enabled"] = true.into();
        providers.replace(&owner, &proof, id, &read(&change)).await.unwrap();
        assert!(!is_live(&first).await, "what has ended stays so");
        let third = begin().await;
        assert!(is_live(&third).await);
        assert_eq!(providers.delete(&owner, &proof, id, true).await.unwrap(), 1);
        assert!(!is_live(&third).await && is_live(&other).await);
        assert!(sessions.begin(&bob, &by_provider).await.is_err());
    }

    async fn what_an_owner_may_nobody_else_may(world) {
        let story = Story::new(&world).await;
        let bob = person(&story.signed_in(&BOB).await);
        let instance = &story.world.services.instance;
        assert!(matches!(instance.owner(&bob).await, Err(Error::Forbidden(_))));
        let owner = owner(&story.world, &story.ada).await;
        let (id, input, anothers) = (&story.provider.id, read(&input(&story.server)), proof_of(&bob));
        let providers = story.providers();
        assert!(matches!(providers.create(&owner, &anothers, &input).await, Err(Error::ProofNeeded)));
        let replaced = providers.replace(&owner, &anothers, id, &input).await;
        assert!(matches!(replaced, Err(Error::ProofNeeded)));
        assert!(matches!(providers.delete(&owner, &anothers, id, true).await, Err(Error::ProofNeeded)));
    }

    async fn each_wrong_field_is_named_and_says_what_to_do(world) {
        let story = Story::new(&world).await;
        let with = |field: &str, value: Value| {
            let mut wrong = input(&story.server);
            wrong["name"] = "New".into();
            wrong[field] = value;
            wrong
        };
        for (field, wrong) in [
            ("name", with("name", " ".into())),
            ("name", with("name", "x".repeat(61).into())),
            ("issuer", with("issuer", "login.example".into())),
            ("issuer", with("issuer", "http://login.example".into())),
            ("issuer", with("issuer", "https://login.example?tenant=1".into())),
            ("client_id", with("client_id", "".into())),
            ("client_id", with("client_id", "a b".into())),
            ("client_secret", with("client_secret", "ü".into())),
            ("allowed_domains[0]", with("allowed_domains", json!(["localhost"]))),
            ("issuer", json!({ "kind": "google", "name": "G", "issuer": "https://evil.example",
                "client_id": "x", "client_secret": "y" })),
            ("kind", with("issuer", "https://accounts.google.com".into())),
            ("client_secret", json!({ "kind": "google", "name": "G", "client_id": "x" })),
            ("client_secret", json!({ "kind": "github", "name": "G", "client_id": "x" })),
            ("issuer", json!({ "kind": "github", "name": "G", "client_id": "x", "client_secret": "y",
                "issuer": "https://github.example/team" })),
        ] {
            let Err(Error::Invalid(fields)) = created(&story.world, &story.ada, &wrong).await else {
                panic!("{wrong} was accepted");
            };
            let named: Vec<_> = fields.iter().map(|error| error.field.as_str()).collect();
            assert_eq!(named, [field], "{wrong}");
        }
        let taken = created(&story.world, &story.ada, &input(&story.server)).await;
        assert!(matches!(taken, Err(Error::Conflict(error)) if error.field == "name"));
        // Who people are is the issuer's word: it does not change under them.
        let owner = owner(&story.world, &story.ada).await;
        for (field, value) in [("issuer", json!("https://evil.example")), ("kind", json!("github"))] {
            let mut change = input(&story.server);
            change[field] = value;
            let (id, proof) = (&story.provider.id, proof_of(&story.ada));
            let replaced = story.providers().replace(&owner, &proof, id, &read(&change)).await;
            let Err(Error::Invalid(fields)) = replaced else { panic!("{replaced:?}") };
            assert_eq!(fields[0].field, field);
        }
    }

    async fn a_provider_that_cannot_be_used_is_refused_with_what_is_wrong(world) {
        let story = Story::new(&world).await;
        let mut new = input(&story.server);
        new["name"] = "New".into();
        let cases: [(Edit, &str); 6] = [
            (|document| *document = "<html>".into(), "is not a JSON object"),
            (|document| document["issuer"] = "https://evil.example".into(), "\"https://evil.example\""),
            (|document| document["code_challenge_methods_supported"] = json!(["plain"]), "S256"),
            (|document| document["jwks_uri"] = Value::Null, "no jwks_uri"),
            (|document| document["jwks_uri"] = format!("{}/nothing", document["issuer"].as_str().unwrap()).into(), "status 404"),
            (|document| document["padding"] = "x".repeat(1_100_000).into(), "larger than 1048576 bytes"),
        ];
        for (edit, words) in cases {
            story.server.inner().edit_discovery = Some(Box::new(edit));
            let Err(Error::Invalid(fields)) = created(&story.world, &story.ada, &new).await else {
                panic!("{words}: it was accepted");
            };
            assert_eq!(fields[0].field, "issuer");
            assert!(fields[0].message.contains(words), "{}", fields[0].message);
        }
        story.server.inner().edit_discovery = None;
        story.server.inner().published = Vec::new();
        let keyless = created(&story.world, &story.ada, &new).await;
        assert!(matches!(keyless, Err(Error::Invalid(fields)) if fields[0].message.contains("no key")));
        // Nothing that the operator did not list is asked.
        let guarded = world.another_process().await;
        let Err(Error::Invalid(fields)) = created(&guarded, &story.ada, &new).await else {
            panic!("it was asked");
        };
        assert!(fields[0].message.contains("may connect to"), "{}", fields[0].message);
        new["issuer"] = "https://10.0.0.1".into();
        assert!(created(&guarded, &story.ada, &new).await.is_err());
    }

    async fn a_client_secret_is_sealed_anew(world) {
        let story = Story::new(&world).await;
        let old = MasterKey::generate(&SystemRandom);
        let new = MasterKey::generate(&SystemRandom);
        let before = Sealer::new(Keyring::of(old.clone()));
        let story = Story { world: story.world.sealed_by(before).await.with_loopback().await, ..story };
        // Sealed under a key that this process does not have.
        assert!(matches!(story.comes(&BOB).await, Err(NotSignedIn::Failed(Error::Corrupt { .. }))));
        let owner = owner(&story.world, &story.ada).await;
        let (id, proof) = (&story.provider.id, proof_of(&story.ada));
        let replaced = story.providers().replace(&owner, &proof, id, &read(&input(&story.server))).await;
        replaced.unwrap();
        let both = Sealer::new(Keyring::of(old).with_new(new.clone()));
        let during = story.world.sealed_by(both).await;
        let done = during.services.core.reseal(async || {}).await.unwrap();
        assert_eq!((done.values, done.resealed), (1, 1));
        let after = Sealer::new(Keyring::of(new));
        let story = Story { world: story.world.sealed_by(after).await.with_loopback().await, ..story };
        story.signed_in(&BOB).await;
        let basic = Some("Basic dGVuZ2luZTpjbDFlbnQtczNjcmV0");
        assert_eq!(story.server.inner().authorization.as_deref(), basic);
    }
}

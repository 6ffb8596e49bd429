use super::{HERE, PASSWORD, on_both};
use crate::{
    Error,
    accounts::{SignUp, SignUpState},
    api_keys,
    members::{Admin, Developer, Owner, Role, Viewer},
};

on_both! {
    async fn the_first_account_owns_the_instance(world) {
        let accounts = &world.services.accounts;
        assert_eq!(
            accounts.sign_up_state().await.unwrap(),
            SignUpState::Unclaimed { setup_code: false }
        );
        let ada = world.sign_up(" Ada@Example.com ").await;
        assert_eq!(ada.email, "ada@example.com");
        assert_eq!(accounts.sign_up_state().await.unwrap(), SignUpState::Open);
        let again = SignUp { email: "ADA@example.com", password: PASSWORD, setup_code: None, invitation: None, link: None };
        let Err(Error::Conflict(field)) = accounts.sign_up(again, HERE).await else {
            panic!("the same email signed up twice");
        };
        assert_eq!(field.field, "email");
        assert_eq!(accounts.by_email("ada@EXAMPLE.com").await.unwrap().unwrap().id, ada.id);
        assert!(accounts.enabled(&ada.id).await.unwrap().is_some());
        assert!(accounts.enabled(&"usr_nobody".into()).await.unwrap().is_none());
    }

    async fn sign_in_wants_the_right_password(world) {
        let ada = world.sign_up("ada@example.com").await;
        let accounts = &world.services.accounts;
        let signed_in = accounts.sign_in("Ada@example.com", PASSWORD, HERE).await.unwrap();
        assert_eq!(signed_in.id, ada.id);
        for (email, password) in [("ada@example.com", "wrong password"), ("bob@example.com", PASSWORD)] {
            assert!(matches!(
                accounts.sign_in(email, password, HERE).await,
                Err(Error::WrongCredentials)
            ));
        }
    }

    async fn of_two_first_accounts_at_once_one_owns_the_instance(world) {
        let sign_up = |email| {
            let accounts = world.services.accounts.clone();
            async move {
                accounts
                    .sign_up(SignUp { email, password: PASSWORD, setup_code: None, invitation: None, link: None }, HERE)
                    .await
            }
        };
        let (one, two) = tokio::join!(sign_up("one@example.com"), sign_up("two@example.com"));
        assert!(one.is_ok() && two.is_ok());
        let owners: i64 = crate::db::read!(world.db(), |c| {
            sqlx::query_scalar("SELECT COUNT(*) FROM instance").fetch_one(c).await
        })
        .unwrap();
        assert_eq!(owners, 1);
    }

    async fn a_key_speaks_for_its_project_and_never_above_its_role(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let (key, secret) = world.key(&admin, "ci", Role::Developer).await;
        assert!(key.prefix.starts_with(api_keys::PREFIX));
        let actor = world.services.api_keys.authenticate(secret.reveal()).await.unwrap();
        let members = &world.services.members;
        assert!(members.access::<Developer>(&actor, &ada.1).await.is_ok());
        assert!(matches!(
            members.access::<Admin>(&actor, &ada.1).await,
            Err(Error::Forbidden(_))
        ));
        let other = world.services.projects.create(&ada.0, "Other").await.unwrap();
        assert!(matches!(
            members.access::<Viewer>(&actor, &other.id).await,
            Err(Error::NotFound(_))
        ));
        assert!(matches!(
            world.services.projects.create(&actor, "Third").await,
            Err(Error::Forbidden(_))
        ));
        for wrong in ["", "tng_key_", "tng_key_x", &secret.reveal().replace("tng_key_", "tng_cs_")] {
            assert!(world.services.api_keys.authenticate(wrong).await.is_err(), "{wrong}");
        }
    }

    async fn what_names_nothing_is_not_there_whatever_it_holds(world) {
        let ada = world.person("ada@example.com").await;
        let services = &world.services;
        assert!(services.members.access::<Viewer>(&ada.0, &"prj_\0".into()).await.is_err());
        let viewer = world.access::<Viewer>(&ada).await;
        assert!(matches!(services.tools.get(&viewer, &"\0".into()).await, Err(Error::NotFound(_))));
        assert!(services.integrations.get(&viewer, &"\0".into()).await.is_err());
        assert!(services.integrations.by_client_id("\0").await.unwrap().is_none());
        assert!(!services.integrations.slug_exists("\0").await.unwrap());
        assert!(matches!(
            services.accounts.sign_in("a\0b@example.com", PASSWORD, HERE).await,
            Err(Error::WrongCredentials)
        ));
    }

    async fn who_is_no_member_learns_nothing_of_a_project(world) {
        let ada = world.person("ada@example.com").await;
        let bob = world.person("bob@example.com").await;
        assert!(matches!(
            world.services.members.access::<Viewer>(&bob.0, &ada.1).await,
            Err(Error::NotFound("project"))
        ));
        assert_eq!(world.access::<Owner>(&ada).await.role(), Role::Owner);
    }
}

#[tokio::test]
async fn a_public_instance_is_claimed_with_the_set_up_code_only() {
    use crate::{accounts::SignUpPolicy, contract::World, db::testing::TestDatabase};

    let world = World::new(TestDatabase::sqlite().await, SignUpPolicy::First);
    let core = crate::Core::new(crate::services::CoreParts {
        db: world.db().clone(),
        clock: world.services.core.clock.clone(),
        random: world.services.core.random.clone(),
        sealer: world.services.core.sealer.clone(),
        public_url: "https://tools.example.com".parse().unwrap(),
        fixed: crate::instance::FixedSettings {
            sign_up: Some(SignUpPolicy::First),
            ..crate::instance::FixedSettings::default()
        },
        is_exposed: true,
        limits: true,
        mailer: crate::mail::Mailer::none(),
        lifetimes: crate::grants::Lifetimes::default(),
        session_limits: crate::sessions::SessionLimits::default(),
        details: crate::calls::DetailLimits::default(),
    });
    let code = core.sealer.setup_code();
    let accounts = crate::accounts::Accounts::new(core);
    let sign_up = |code| SignUp {
        email: "ada@example.com",
        password: PASSWORD,
        setup_code: code,
        invitation: None,
        link: None,
    };
    for wrong in [None, Some(""), Some("guess")] {
        let Err(Error::Invalid(fields)) = accounts.sign_up(sign_up(wrong), HERE).await else {
            panic!("{wrong:?} claimed the instance");
        };
        assert_eq!(fields[0].field, "setup_code");
    }
    accounts.sign_up(sign_up(Some(&code)), HERE).await.unwrap();
    let second = SignUp {
        email: "bob@example.com",
        password: PASSWORD,
        setup_code: Some(&code),
        invitation: None,
        link: None,
    };
    assert!(matches!(
        accounts.sign_up(second, HERE).await,
        Err(Error::Forbidden(_))
    ));
    assert!(
        accounts
            .by_email("bob@example.com")
            .await
            .unwrap()
            .is_none(),
        "nothing stays behind"
    );
}

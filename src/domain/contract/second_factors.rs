use super::{HERE, World, browser::Browser, browser::kept, on_both};
use crate::{
    Error,
    accounts::{Account, Actor},
    audit::{Act, Page},
    clock::SystemRandom,
    db::execute,
    instance::SettingsChange,
    members::Owner,
    sealing::{Keyring, MasterKey, Sealer},
    second_factors::{CODES, totp::code_at},
    sessions::SecondFactor,
};

/// Runs a statement about one thing.
pub(super) async fn run(world: &World, sql: &'static str, id: &str) {
    let mut tx = world.db().begin().await.unwrap();
    execute!(&mut tx, sqlx::query(sql).bind(id)).unwrap();
    tx.commit().await.unwrap();
}

pub(super) async fn disable(world: &World, actor: &Actor) {
    let sql = "UPDATE users SET disabled_at = 1 WHERE id = $1";
    run(world, sql, actor.user_id().as_str()).await;
}

pub(super) async fn account(world: &World, actor: &Actor) -> Account {
    let accounts = &world.services.accounts;
    accounts.enabled(actor.user_id()).await.unwrap().unwrap()
}

/// A person's authenticator app, by its secret.
pub(super) struct App(String);

impl App {
    /// The code that it shows some seconds from now.
    pub(super) fn code(&self, world: &World, seconds: i64) -> String {
        code_at(&self.0, world.services.core.now().seconds() + seconds)
    }
}

/// An app of a person's, and the recovery codes that they got with it.
pub(super) async fn app(world: &World, actor: &Actor) -> (App, Vec<String>) {
    let factors = &world.services.second_factors;
    let (setup, state) = factors.begin_totp(&account(world, actor).await).unwrap();
    let app = App(setup.secret);
    let proof = world.proof(actor).await;
    let codes = factors
        .confirm_totp(actor, &proof, &kept(&state), &app.code(world, 0), HERE)
        .await
        .unwrap();
    world.clock.advance_seconds(30);
    let codes = codes.map(|codes| codes.reveal().collect());
    (app, codes.unwrap_or_default())
}

on_both! {
    async fn an_app_is_set_up_with_a_code_that_it_shows(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let factors = &world.services.second_factors;
        let (setup, state) = factors.begin_totp(&account(&world, &ada).await).unwrap();
        assert_eq!(setup.secret.replace(' ', "").len(), 32);
        assert!(setup.uri.starts_with("otpauth://totp/TengineAI%20%28localhost%29:ada%40example.com?secret="), "{}", setup.uri);
        assert!(setup.qr_svg.starts_with("<svg") && setup.qr_svg.ends_with("</svg>"));
        assert!(!format!("{setup:?}{state:?}").contains(&setup.secret.replace(' ', "")));
        let app = App(setup.secret);
        let proof = world.proof(&ada).await;
        for wrong in ["", "abcdef", &app.code(&world, 300)] {
            let Err(Error::Invalid(fields)) = factors.confirm_totp(&ada, &proof, &state, wrong, HERE).await else {
                panic!("{wrong} is a code");
            };
            assert_eq!(fields[0].field, "code");
        }
        let none = factors.status(ada.user_id()).await.unwrap();
        assert_eq!((none.totp_since, none.recovery_codes), (None, 0), "nothing is stored yet");

        let code = app.code(&world, 0);
        let shown = format!("{} {}", &code[..3], &code[3..]);
        let codes = factors.confirm_totp(&ada, &proof, &kept(&state), &shown, HERE).await.unwrap().unwrap();
        assert_eq!(codes.reveal().count(), CODES);
        assert!(codes.reveal().all(|code| code.len() == 19 && code.as_bytes()[4] == b' '));
        let status = factors.status(ada.user_id()).await.unwrap();
        assert_eq!(status.totp_since, Some(world.services.core.now()));
        assert_eq!(status.recovery_codes, 10);
        let accepted = factors.required_at_sign_in(ada.user_id()).await.unwrap();
        assert_eq!(accepted, [SecondFactor::Totp, SecondFactor::RecoveryCode]);

        world.clock.advance_seconds(30);
        assert_eq!(factors.check(ada.user_id(), &app.code(&world, 0), HERE).await.unwrap(), SecondFactor::Totp);
        // A clock that is half a minute ahead.
        assert!(factors.check(ada.user_id(), &app.code(&world, 30), HERE).await.is_ok());
    }

    async fn another_phone_takes_the_place_of_the_first(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let factors = &world.services.second_factors;
        let (first, codes) = app(&world, &ada).await;
        let (second, none) = app(&world, &ada).await;
        assert_eq!((codes.len(), none.len()), (10, 0), "the codes stay");
        assert!(factors.check(ada.user_id(), &first.code(&world, 0), HERE).await.is_err());
        assert!(factors.check(ada.user_id(), &second.code(&world, 0), HERE).await.is_ok());
        assert!(factors.check(ada.user_id(), &codes[0], HERE).await.is_ok());
    }

    async fn a_recovery_code_works_once_and_new_ones_end_the_old(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let factors = &world.services.second_factors;
        let (_, codes) = app(&world, &ada).await;
        let used = factors.check(ada.user_id(), &codes[0].to_lowercase(), HERE).await;
        assert_eq!(used.unwrap(), SecondFactor::RecoveryCode);
        assert!(factors.check(ada.user_id(), &codes[0], HERE).await.is_err());
        assert_eq!(factors.status(ada.user_id()).await.unwrap().recovery_codes, 9);
        let log = world.services.audit.of_account(ada.user_id(), &Page::first(20)).await.unwrap();
        let row = log.iter().find(|row| row.act == Act::RecoveryCodeUsed).unwrap();
        assert_eq!(row.detail.as_deref(), Some("9 left"));
        assert_eq!(row.address.as_deref(), Some("127.0.0.1"));
        let proof = world.proof(&ada).await;
        let new: Vec<_> = factors.make_recovery_codes(&ada, &proof, HERE).await.unwrap().reveal().collect();
        assert!(factors.check(ada.user_id(), &codes[1], HERE).await.is_err());
        assert!(factors.check(ada.user_id(), &new[1], HERE).await.is_ok());
    }

    async fn who_has_passkeys_only_gets_recovery_codes_too(world) {
        let (ada, _) = world.person("ada@example.com").await;
        let factors = &world.services.second_factors;
        let proof = world.proof(&ada).await;
        assert!(matches!(
            factors.make_recovery_codes(&ada, &proof, HERE).await,
            Err(Error::Forbidden(_))
        ));
        let passkey = Browser::default().enrol(&world, &ada).await;
        let codes: Vec<_> = factors.make_recovery_codes(&ada, &proof, HERE).await.unwrap().reveal().collect();
        let accepted = factors.required_at_sign_in(ada.user_id()).await.unwrap();
        assert_eq!(accepted, [SecondFactor::Passkey, SecondFactor::RecoveryCode]);
        // They go with the last of what they stand in for.
        world.services.passkeys.remove(&ada, &proof, &passkey.id, HERE).await.unwrap();
        assert!(factors.check(ada.user_id(), &codes[0], HERE).await.is_err());
        assert!(factors.required_at_sign_in(ada.user_id()).await.unwrap().is_empty());
    }

    async fn the_last_second_factor_stays_where_one_is_asked_for(world) {
        let (ada, project) = world.person("ada@example.com").await;
        let factors = &world.services.second_factors;
        app(&world, &ada).await;
        let proof = world.proof(&ada).await;
        let required = "UPDATE projects SET require_second_factor = TRUE WHERE id = $1";
        run(&world, required, project.as_str()).await;
        let Err(Error::Forbidden(why)) = factors.remove_totp(&ada, &proof, HERE).await else {
            panic!("it is gone");
        };
        assert!(why.contains("The project CRM asks"), "{why}");
        assert_eq!(factors.status(ada.user_id()).await.unwrap().recovery_codes, 10, "nothing happened");
        // With a passkey it may go, and then the passkey may not.
        let passkey = Browser::default().enrol(&world, &ada).await;
        factors.remove_totp(&ada, &proof, HERE).await.unwrap();
        let passkeys = &world.services.passkeys;
        assert!(matches!(passkeys.remove(&ada, &proof, &passkey.id, HERE).await, Err(Error::Forbidden(_))));
        let over = "UPDATE projects SET require_second_factor = FALSE WHERE id = $1";
        run(&world, over, project.as_str()).await;
        let owner = world.services.instance.owner(&ada).await.unwrap();
        let change = SettingsChange { require_second_factor: Some(true), ..SettingsChange::default() };
        world.services.instance.change(&owner, change, Some(&World::proved(owner.actor()))).await.unwrap();
        let Err(Error::Forbidden(why)) = passkeys.remove(&ada, &proof, &passkey.id, HERE).await else {
            panic!("it is gone");
        };
        assert!(why.contains("This instance asks"), "{why}");
        assert!(world.services.members.access::<Owner>(&ada, &project).await.is_ok());
    }

    async fn of_two_last_ones_that_go_at_the_same_moment_one_stays(world) {
        let (ada, project) = world.person("ada@example.com").await;
        let factors = &world.services.second_factors;
        app(&world, &ada).await;
        let passkey = Browser::default().enrol(&world, &ada).await;
        let required = "UPDATE projects SET require_second_factor = TRUE WHERE id = $1";
        run(&world, required, project.as_str()).await;
        let proof = world.proof(&ada).await;
        let (a, b) = tokio::join!(
            factors.remove_totp(&ada, &proof, HERE),
            world.services.passkeys.remove(&ada, &proof, &passkey.id, HERE),
        );
        assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1);
        assert!(factors.status(ada.user_id()).await.unwrap().has_second_factor());
    }

    async fn an_apps_secret_is_sealed_anew_under_a_new_key(world) {
        let [old, new] = [(); 2].map(|()| MasterKey::generate(&SystemRandom));
        let before = world.sealed_by(Sealer::new(Keyring::of(old.clone()))).await;
        let (ada, _) = before.person("ada@example.com").await;
        let (app, _) = app(&before, &ada).await;
        let both = Sealer::new(Keyring::of(old.clone()).with_new(new.clone()));
        let done = before.sealed_by(both).await.services.core.reseal(async || {}).await.unwrap();
        assert_eq!((done.values, done.resealed), (1, 1));
        let after = before.sealed_by(Sealer::new(Keyring::of(new))).await;
        let code = app.code(&after, 0);
        assert!(after.services.second_factors.check(ada.user_id(), &code, HERE).await.is_ok());
        let left = before.sealed_by(Sealer::new(Keyring::of(old))).await;
        let code = app.code(&left, 30);
        let checked = left.services.second_factors.check(ada.user_id(), &code, HERE).await;
        assert!(matches!(checked, Err(Error::Corrupt { .. })), "nothing is left under the old key");
    }
}

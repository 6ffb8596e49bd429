use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, SaltString},
};

use super::{HERE, PASSWORD, World, on_both};
use crate::{
    Error,
    accounts::SignUp,
    db::{execute, read},
    ids::UserId,
};

/// As the program made them when machines were weaker.
fn old_hash() -> String {
    let params = Params::new(4_096, 3, 1, None).unwrap();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(
            PASSWORD.as_bytes(),
            &SaltString::encode_b64(&[7; 16]).unwrap(),
        )
        .unwrap()
        .to_string()
}

async fn set_hash(world: &World, user: &UserId, hash: &str) {
    let mut tx = world.db().begin().await.unwrap();
    let sql = "UPDATE users SET password_hash = $2 WHERE id = $1";
    execute!(&mut tx, sqlx::query(sql).bind(user).bind(hash)).unwrap();
    tx.commit().await.unwrap();
}

async fn hash_of(world: &World, user: &UserId) -> String {
    let sql = "SELECT password_hash FROM users WHERE id = $1";
    read!(world.db(), |c| sqlx::query_scalar(sql)
        .bind(user)
        .fetch_one(c)
        .await)
    .unwrap()
}

on_both! {
    async fn a_hash_of_other_days_is_made_anew_when_its_person_signs_in(world) {
        let ada = world.sign_up("ada@example.com").await;
        let todays = hash_of(&world, &ada.id).await;
        assert!(todays.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{todays}");
        let accounts = &world.services.accounts;
        accounts.sign_in(&ada.email, PASSWORD, HERE).await.unwrap();
        assert_eq!(hash_of(&world, &ada.id).await, todays, "one of today stays");

        let old = old_hash();
        set_hash(&world, &ada.id, &old).await;
        assert!(accounts.sign_in(&ada.email, "not the password", HERE).await.is_err());
        assert_eq!(hash_of(&world, &ada.id).await, old);
        let sign_in = || accounts.sign_in(&ada.email, PASSWORD, HERE);
        let (one, other) = tokio::join!(sign_in(), sign_in());
        assert!(one.is_ok() && other.is_ok());
        let new = hash_of(&world, &ada.id).await;
        assert!(new.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{new}");
        sign_in().await.unwrap();
        assert_eq!(hash_of(&world, &ada.id).await, new);
    }

    async fn an_account_without_a_password_is_opened_by_none(world) {
        let ada = world.sign_up("ada@example.com").await;
        set_hash(&world, &ada.id, "").await;
        let accounts = &world.services.accounts;
        // The last is what stands in for a password where there is none, for the time that it takes.
        for password in ["", PASSWORD, "nobody has this password"] {
            assert!(matches!(
                accounts.sign_in(&ada.email, password, HERE).await,
                Err(Error::WrongCredentials)
            ));
        }
    }

    async fn the_commonest_passwords_are_refused_at_sign_up(world) {
        for password in ["password123", "1234567890", "ada@example", "tengine-ai"] {
            let sign_up = SignUp { email: "ada@example.com", password, setup_code: None, invitation: None, link: None };
            let signed_up = world.services.accounts.sign_up(sign_up, HERE).await;
            let Err(Error::Invalid(fields)) = signed_up else { panic!("{password} passed") };
            assert_eq!(fields[0].field, "password");
            assert!(fields[0].message.contains("three or four words"), "{fields:?}");
        }
        world.sign_up("ada@example.com").await;
    }
}

//! Sealing anew under a new master key: nothing that is stored is forgotten, and nothing that comes
//! meanwhile.

use std::sync::{Arc, Mutex};

use serde_json::{Map, json};

use super::{
    World,
    connecting::{connected, connection, connection_of, refresh, refresh_token, shared},
    on_both, tool,
    upstream::Story,
};
use crate::{
    accounts::Actor,
    calls::Outcome,
    clock::SystemRandom,
    db::{Db, DbKind, read},
    execute::Once,
    grants::ToolRule,
    ids::{ProjectId, VaultSecretId},
    integrations::Approval,
    members::{Admin, Developer, Viewer},
    sealing::{Keyring, MasterKey, NotResealed, Sealer},
    tools::{AuthStrategy, ToolInput},
    vault::VaultSecretInput,
};

type Person = (Actor, ProjectId);

fn new_key() -> MasterKey {
    MasterKey::generate(&SystemRandom)
}

fn alone(key: &MasterKey) -> Sealer {
    Sealer::new(Keyring::of(key.clone()))
}

/// One that opens with both and seals under the new one.
fn both(old: &MasterKey, new: &MasterKey) -> Sealer {
    Sealer::new(Keyring::of(old.clone()).with_new(new.clone()))
}

fn crm(name: &str) -> VaultSecretInput {
    let input = json!({ "name": name, "value": "s3cret", "origins": ["https://crm.example.com"],
        "auth_strategy": "static_bearer" });
    serde_json::from_value(input).unwrap()
}

/// A secret that is kept by a process which has these keys.
async fn kept(world: &World, ada: &Person, name: &str) -> VaultSecretId {
    let admin = world.access::<Admin>(ada).await;
    world
        .services
        .vault
        .create(&admin, &crm(name))
        .await
        .unwrap()
        .id
}

async fn opens(world: &World, ada: &Person, id: &VaultSecretId) -> bool {
    let viewer = world.access::<Viewer>(ada).await;
    let found = world.services.vault.get(&viewer, id).await.unwrap();
    matches!(found.secret.open(&world.services.core), Ok(Some(plain)) if plain.as_slice() == b"s3cret")
}

fn own_secrets(count: usize) -> Vec<ToolInput> {
    let of = |at| ToolInput {
        auth_strategy: AuthStrategy::StaticBearer,
        auth_secret: Some(format!("own-{at}")),
        ..tool(&format!("t{at}"))
    };
    (0..count).map(of).collect()
}

/// Where nothing comes meanwhile.
async fn nothing_comes() {}

/// Every column of bytes that is no hash.
async fn columns_of_bytes(db: &Db) -> Vec<String> {
    const SQLITE: &str = "SELECT m.name || '.' || c.name FROM sqlite_master m, \
         pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'BLOB'";
    const POSTGRES: &str = "SELECT table_name || '.' || column_name \
         FROM information_schema.columns \
         WHERE table_schema = current_schema() AND data_type = 'bytea'";
    let sql = match db.kind {
        DbKind::Sqlite(_) => SQLITE,
        DbKind::Postgres(_) => POSTGRES,
    };
    let rows: Vec<(String,)> = read!(db, |c| sqlx::query_as(sql).fetch_all(c).await).unwrap();
    let mut columns: Vec<_> = rows
        .into_iter()
        .map(|(name,)| name)
        .filter(|name| !name.ends_with("hash") && !name.ends_with(".parent"))
        .filter(|name| !name.starts_with("_sqlx") && name != "passkeys.credential_id")
        .collect();
    columns.sort_unstable();
    columns
}

on_both! {
    async fn every_sealed_column_is_sealed_anew(world) {
        // Whoever adds a column of bytes seals it anew too, in `sealing/reseal.rs`, or says here that
        // it is no secret.
        assert_eq!(columns_of_bytes(world.db()).await, [
            "idempotency_keys.result",
            "idempotent_requests.answer",
            "identity_providers.client_secret",
            "refresh_tokens.sealed",
            "signing_keys.private_key",
            "tools.auth_secret",
            "totp.secret",
            "upstream_connections.sealed",
            "vault_secrets.sealed",
        ]);
    }

    async fn all_that_is_sealed_opens_under_the_new_key_alone(world) {
        let (old, new) = (new_key(), new_key());
        let before = world.sealed_by(alone(&old)).await;
        let connection = connection(&before, Approval::Ask).await;
        let first = connected(&before, &connection, ToolRule::All).await;
        let renew = async |world: &World| {
            let grants = &world.services.grants;
            grants.refresh(&connection.client, refresh(refresh_token(&first))).await.unwrap()
        };
        let second = renew(&before).await;
        let ada = &connection.owner;
        let developer = world.access::<Developer>(ada).await;
        let secret = kept(&before, ada, "CRM").await;
        before.services.tools.apply(&developer, &own_secrets(450)).await.unwrap();

        let during = world.sealed_by(both(&old, &new)).await;
        let done = during.services.core.reseal(nothing_comes).await.unwrap();
        // Beside the tools' a secret, a signing key and refresh tokens.
        assert!(done.values > 452 && done.resealed == done.values, "{done:?}");
        let again = during.services.core.reseal(nothing_comes).await.unwrap();
        assert_eq!((again.values, again.resealed), (done.values, 0));

        let after = world.sealed_by(alone(&new)).await;
        let viewer = after.access(ada).await;
        for tool in after.services.tools.list(&viewer).await.unwrap() {
            let at = tool.name.strip_prefix('t').unwrap().to_owned();
            let opened = tool.open_secret(&after.services.core).unwrap();
            assert_eq!(opened.as_slice(), format!("own-{at}").as_bytes());
        }
        assert!(opens(&after, ada, &secret).await);
        // Whoever lost the answer to a refresh gets the same token again, which is kept sealed.
        assert_eq!(refresh_token(&renew(&after).await), refresh_token(&second));
        let left = world.sealed_by(alone(&old)).await;
        let Err(NotResealed::Unopened(all)) = left.services.core.reseal(nothing_comes).await else {
            panic!("something is left under the old key");
        };
        assert_eq!(u64::try_from(all.count).unwrap(), done.values);
    }

    async fn what_people_connected_and_answers_that_are_kept_are_sealed_anew(world) {
        let (old, new) = (new_key(), new_key());
        let before = world.sealed_by(alone(&old)).await;
        let story = Story::new(&before, AuthStrategy::OAuth2AuthorizationCode).await;
        story.other.inner().expires_in = Some(600);
        story.connect().await;
        let connection = connection_of(&story.world, story.ada.clone(), Approval::Ask).await;
        let token = connected(&story.world, &connection, ToolRule::All).await.access_token;
        let once = async |world: &World| {
            let bearer = world.services.grants.bearer(&token, &shared(world)).await.unwrap();
            let execute = &world.services.execute;
            let called = execute
                .call_once(bearer.grant_id(), "k", &bearer.caller(), &story.tool, Map::new(), None)
                .await;
            match called.unwrap() {
                Once::Called(result) => (result.outcome, result.call_id),
                other => panic!("{other:?}"),
            }
        };
        let (outcome, first) = once(&story.world).await;
        assert_eq!((outcome, story.other.inner().calls), (Outcome::Ok, 1));

        let during = world.sealed_by(both(&old, &new)).await;
        let done = during.services.core.reseal(nothing_comes).await.unwrap();
        // The client's secret, the person's tokens, a signing key, a refresh token and the answer.
        assert_eq!((done.values, done.resealed), (5, 5));

        let after = world.sealed_by(alone(&new)).await.with_loopback().await;
        assert_eq!(once(&after).await, (Outcome::Ok, first));
        assert_eq!(story.other.inner().calls, 1, "the answer was kept");
        let by = async |world: &World| {
            let viewer = world.access::<Viewer>(&story.ada).await;
            let tool = world.services.tools.list(&viewer).await.unwrap().remove(0);
            world.services.execute.call(&story.caller(), &tool, Map::new(), None).await
        };
        assert_eq!(by(&after).await.unwrap().outcome, Outcome::Ok);
        assert_eq!(story.other.inner().issued, 1, "with the token that was kept");
        world.clock.advance_seconds(600);
        assert_eq!(by(&after).await.unwrap().outcome, Outcome::Ok);
        assert_eq!(story.other.inner().issued, 2, "which the kept refresh token renews");
        let left = world.sealed_by(alone(&old)).await.with_loopback().await;
        let called = by(&left).await.unwrap();
        assert_eq!(called.outcome, Outcome::NoToken, "nothing is left under the old key");
    }

    async fn tools_that_are_remembered_are_opened_under_the_new_key(world) {
        let (old, new) = (new_key(), new_key());
        let found = Arc::new(Mutex::new(Keyring::of(old.clone())));
        let reads = found.clone();
        let sealer = Sealer::followed(
            Keyring::of(old.clone()),
            Arc::new(move || Ok(reads.lock().unwrap().clone())),
        );
        let server = world.sealed_by(sealer).await;
        let connection = connection(&server, Approval::Ask).await;
        let developer = world.access::<Developer>(&connection.owner).await;
        server.services.tools.apply(&developer, &own_secrets(1)).await.unwrap();
        let token = connected(&server, &connection, ToolRule::All).await.access_token;
        let bearer = server.services.grants.bearer(&token, &shared(&server)).await.unwrap();
        let secret = async || {
            let tool = server.services.grants.tool_of(&bearer, "t0").await.unwrap().unwrap();
            tool.open_secret(&server.services.core).map(|plain| plain.to_vec())
        };
        assert_eq!(secret().await.unwrap(), b"own-0");
        let core = &server.services.core;
        *found.lock().unwrap() = Keyring::of(old).with_new(new.clone());
        core.announce_keys().await.unwrap();
        assert_eq!(secret().await.unwrap(), b"own-0");
        core.reseal(nothing_comes).await.unwrap();
        core.announce_keys().await.unwrap();
        *found.lock().unwrap() = Keyring::of(new);
        core.announce_keys().await.unwrap();
        assert_eq!(secret().await.unwrap(), b"own-0");
    }

    async fn what_is_committed_late_under_the_old_key_is_found(world) {
        let (old, new) = (new_key(), new_key());
        let before = world.sealed_by(alone(&old)).await;
        let ada = before.person("ada@example.com").await;
        let mut secrets = vec![kept(&before, &ada, "k0").await];
        let during = world.sealed_by(both(&old, &new)).await;
        // As transactions that began before their process heard: each ends after a pass.
        let late = async || {
            if secrets.len() < 4 {
                let name = format!("k{}", secrets.len());
                secrets.push(kept(&before, &ada, &name).await);
            }
        };
        let done = during.services.core.reseal(late).await.unwrap();
        assert_eq!((done.values, done.resealed), (4, 4));
        let after = world.sealed_by(alone(&new)).await;
        for secret in &secrets {
            assert!(opens(&after, &ada, secret).await);
        }

        // A process that never hears.
        let mut at = 4;
        kept(&before, &ada, "k4").await;
        let always = async || {
            at += 1;
            kept(&before, &ada, &format!("k{at}")).await;
        };
        let never = during.services.core.reseal(always).await;
        assert!(matches!(never, Err(NotResealed::NeverSettles)), "{never:?}");
    }

    async fn a_value_that_no_key_opens_is_named_and_stops_no_other(world) {
        let (old, new) = (new_key(), new_key());
        let before = world.sealed_by(alone(&old)).await;
        let ada = before.person("ada@example.com").await;
        let strange = world.sealed_by(alone(&new_key())).await;
        let lost = kept(&strange, &ada, "lost").await;
        let good = kept(&before, &ada, "good").await;
        let during = world.sealed_by(both(&old, &new)).await;
        let Err(error) = during.services.core.reseal(nothing_comes).await else {
            panic!("it was passed over");
        };
        let place = format!("vault_secrets.sealed, id {:?}", lost.as_str());
        assert!(error.to_string().ends_with(&format!("\n  {place}")), "{error}");
        let NotResealed::Unopened(all) = error else { panic!("{error}") };
        assert_eq!((all.count, all.first), (1, vec![place]));
        let after = world.sealed_by(alone(&new)).await;
        assert!(opens(&after, &ada, &good).await);

        let developer = world.access::<Developer>(&ada).await;
        strange.services.tools.apply(&developer, &own_secrets(250)).await.unwrap();
        let Err(error) = during.services.core.reseal(nothing_comes).await else {
            panic!("they were passed over");
        };
        assert!(error.to_string().ends_with("and 231 more"), "{error}");
        assert!(!error.to_string().contains("own-"), "{error}");
        let NotResealed::Unopened(all) = error else { panic!("{error}") };
        assert_eq!((all.count, all.first.len()), (251, 20));
    }
}

use super::{
    World,
    connecting::{connected, connection, refresh, refresh_token},
    on_both, tool,
};
use crate::{
    clock::SystemRandom,
    db::{Db, DbKind, read},
    grants::ToolRule,
    integrations::Approval,
    members::{Admin, Developer},
    sealing::{Keyring, MasterKey, Sealer},
    tools::AuthStrategy,
};

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
        .filter(|name| !name.starts_with("_sqlx"))
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
            "refresh_tokens.sealed",
            "signing_keys.private_key",
            "tools.auth_secret",
            "upstream_connections.sealed",
            "vault_secrets.sealed",
        ]);
    }

    async fn all_that_is_sealed_opens_under_the_new_key_alone(world) {
        let (old, new) = (MasterKey::generate(&SystemRandom), MasterKey::generate(&SystemRandom));
        let before = world.sealed_by(Sealer::new(Keyring::of(old.clone()))).await;
        let connection = connection(&before, Approval::Ask).await;
        let first = connected(&before, &connection, ToolRule::All).await;
        let renew = async |world: &World| {
            let grants = &world.services.grants;
            grants.refresh(&connection.client, refresh(refresh_token(&first))).await.unwrap()
        };
        let second = renew(&before).await;
        let ada = &connection.owner;
        let (admin, developer) = (world.access::<Admin>(ada).await, world.access::<Developer>(ada).await);
        let secret = serde_json::from_value(serde_json::json!({
            "name": "CRM", "value": "s3cret", "origins": ["https://crm.example.com"],
            "auth_strategy": "static_bearer",
        })).unwrap();
        let secret = before.services.vault.create(&admin, &secret).await.unwrap();
        let inputs: Vec<_> = (0..450)
            .map(|at| crate::tools::ToolInput {
                auth_strategy: AuthStrategy::StaticBearer,
                auth_secret: Some(format!("own-{at}")),
                ..tool(&format!("t{at}"))
            })
            .collect();
        before.services.tools.apply(&developer, &inputs).await.unwrap();

        let both = Keyring::of(old.clone()).with_new(new.clone());
        let during = world.sealed_by(Sealer::new(both)).await;
        let done = during.services.core.reseal().await.unwrap();
        // Beside the tools' a secret, a signing key and refresh tokens.
        assert!(done.values > 452 && done.resealed == done.values, "{done:?}");
        let again = during.services.core.reseal().await.unwrap();
        assert_eq!((again.values, again.resealed), (done.values, 0));

        let after = world.sealed_by(Sealer::new(Keyring::of(new))).await;
        let viewer = after.access(ada).await;
        for tool in after.services.tools.list(&viewer).await.unwrap() {
            let at = tool.name.strip_prefix('t').unwrap().to_owned();
            let opened = tool.open_secret(&after.services.core).unwrap();
            assert_eq!(opened.as_slice(), format!("own-{at}").as_bytes());
        }
        let kept = after.services.vault.get(&viewer, &secret.id).await.unwrap();
        assert_eq!(kept.secret.open(&after.services.core).unwrap().unwrap().as_slice(), b"s3cret");
        // Whoever lost the answer to a refresh gets the same token again, which is kept sealed.
        assert_eq!(refresh_token(&renew(&after).await), refresh_token(&second));
        let left = world.sealed_by(Sealer::new(Keyring::of(old))).await;
        assert!(left.services.core.reseal().await.is_err(), "nothing is left under the old key");
    }
}

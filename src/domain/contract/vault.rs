use serde_json::json;

use super::{World, on_both, tool};
use crate::{
    Error, Result,
    accounts::Actor,
    ids::ProjectId,
    members::{Admin, Developer},
    tools::{AuthStrategy, ToolInput, ToolSecret, toolset::Toolsets},
    vault::{VaultEntry, VaultSecret, VaultSecretInput},
};

const CRM: &str = "https://crm.example.com";

fn secret(value: &str) -> VaultSecretInput {
    read(json!({ "name": "CRM", "value": value, "origins": [CRM] }))
}

fn read(input: serde_json::Value) -> VaultSecretInput {
    serde_json::from_value(input).unwrap()
}

fn with_secret(name: &str) -> ToolInput {
    ToolInput {
        auth_strategy: AuthStrategy::StaticBearer,
        auth_secret_name: Some(name.to_owned()),
        ..tool("crm-contacts-get")
    }
}

fn broken<T: std::fmt::Debug>(result: Result<T>) -> Vec<String> {
    match result {
        Err(Error::Invalid(fields)) => fields.into_iter().map(|one| one.field).collect(),
        Err(Error::Conflict(field)) => vec![field.field],
        other => panic!("{other:?}"),
    }
}

async fn entries(world: &World, person: &(Actor, ProjectId)) -> Vec<VaultEntry> {
    let viewer = world.access(person).await;
    world.services.vault.list(&viewer).await.unwrap()
}

fn opened(world: &World, secret: &VaultSecret) -> Vec<u8> {
    secret.open(&world.services.core).unwrap().unwrap().to_vec()
}

on_both! {
    async fn a_secret_is_kept_used_replaced_and_deleted(world) {
        let ada = world.person("ada@example.com").await;
        let (admin, developer) = (world.access::<Admin>(&ada).await, world.access::<Developer>(&ada).await);
        let (vault, tools) = (&world.services.vault, &world.services.tools);
        let made = vault.create(&admin, &secret("s3cret")).await.unwrap();
        assert_eq!(opened(&world, &made), b"s3cret");
        assert!(!made.sealed.as_ref().unwrap().windows(6).any(|bytes| bytes == b"s3cret"));
        assert_eq!(broken(vault.create(&admin, &secret("other")).await), ["name"]);

        let used = tools.create(&developer, &with_secret("CRM")).await.unwrap();
        assert_eq!(used.open_secret(&world.services.core).unwrap().as_slice(), b"s3cret");
        let listed = entries(&world, &ada).await;
        assert_eq!(listed.len(), 1);
        assert_eq!((&listed[0].secret, &listed[0].used_by[..]), (&made, &["crm-contacts-get".to_owned()][..]));
        assert_eq!(listed[0].updated_by.as_deref(), Some("ada@example.com"));
        assert_eq!(broken(vault.delete(&admin, &made.id).await), ["name"]);

        // The next call has the new one, and the tool's definition is what it was.
        world.clock.advance_seconds(1);
        let served = Toolsets::new(world.services.core.clone());
        let toolset = served.of(&ada.1).await.unwrap();
        assert_eq!(toolset.tools()[0].open_secret(&world.services.core).unwrap().as_slice(), b"s3cret");
        vault.replace(&admin, &made.id, &secret("n3w")).await.unwrap();
        let toolset = served.of(&ada.1).await.unwrap();
        assert_eq!(toolset.tools()[0].open_secret(&world.services.core).unwrap().as_slice(), b"n3w");
        assert_eq!(toolset.tools()[0].updated_at, used.updated_at);
        let applied = tools.apply(&developer, &[with_secret("CRM")]).await.unwrap();
        assert_eq!(applied.unchanged, ["crm-contacts-get"]);

        // Renamed, it is the same secret to the tool.
        let renamed = read(json!({ "name": "crm_key", "origins": [CRM] }));
        vault.replace(&admin, &made.id, &renamed).await.unwrap();
        let tool = tools.get(&world.access(&ada).await, &used.id).await.unwrap();
        assert_eq!(tool.as_input().auth_secret_name.as_deref(), Some("crm_key"));

        let mut without = tool.as_input();
        (without.auth_strategy, without.auth_secret_name) = (AuthStrategy::None, None);
        tools.replace(&developer, &used.id, &without).await.unwrap();
        vault.delete(&admin, &made.id).await.unwrap();
        assert_eq!(entries(&world, &ada).await, []);
        assert!(matches!(vault.delete(&admin, &made.id).await, Err(Error::NotFound("secret"))));
    }

    async fn a_secret_goes_where_it_was_meant_to_and_nowhere_else(world) {
        let ada = world.person("ada@example.com").await;
        let (admin, developer) = (world.access::<Admin>(&ada).await, world.access::<Developer>(&ada).await);
        let (vault, tools) = (&world.services.vault, &world.services.tools);
        let made = vault.create(&admin, &secret("s3cret")).await.unwrap();
        let away = ToolInput { base_url: "https://evil.example".to_owned(), ..with_secret("CRM") };
        assert_eq!(broken(tools.create(&developer, &away).await), ["auth_secret_name"]);
        let used = tools.create(&developer, &with_secret("CRM")).await.unwrap();
        assert_eq!(broken(tools.replace(&developer, &used.id, &away).await), ["auth_secret_name"]);
        assert_eq!(broken(tools.apply(&developer, &[away]).await), ["tools[0].auth_secret_name"]);

        // Nor by a change of the secret itself, by someone who does not know it.
        for change in [
            json!({ "name": "CRM", "origins": [CRM, "https://evil.example"] }),
            json!({ "name": "CRM", "origins": [CRM], "oauth2": {
                "client_id": "a", "token_url": "https://evil.example/token",
            } }),
        ] {
            assert_eq!(broken(vault.replace(&admin, &made.id, &read(change)).await), ["value"]);
        }
        // A tool that uses it keeps it usable.
        let elsewhere = json!({ "name": "CRM", "value": "v", "origins": ["https://other.example"] });
        assert_eq!(broken(vault.replace(&admin, &made.id, &read(elsewhere)).await), ["origins"]);
        let client = json!({ "name": "CRM", "value": "v", "origins": [CRM], "oauth2": {
            "client_id": "a", "token_url": "https://login.example/token",
        } });
        assert_eq!(broken(vault.replace(&admin, &made.id, &read(client)).await), ["oauth2"]);
    }

    async fn a_secret_of_another_project_is_none(world) {
        let (ada, eve) = (world.person("ada@example.com").await, world.person("eve@example.com").await);
        let made = world.services.vault.create(&world.access(&ada).await, &secret("s3cret")).await.unwrap();
        let admin = world.access::<Admin>(&eve).await;
        let developer = world.access::<Developer>(&eve).await;
        assert_eq!(broken(world.services.tools.create(&developer, &with_secret("CRM")).await), ["auth_secret_name"]);
        assert!(matches!(world.services.vault.get(&world.access(&eve).await, &made.id).await, Err(Error::NotFound(_))));
        assert!(matches!(world.services.vault.replace(&admin, &made.id, &secret("x")).await, Err(Error::NotFound(_))));
        assert!(matches!(world.services.vault.delete(&admin, &made.id).await, Err(Error::NotFound(_))));
        assert_eq!(entries(&world, &eve).await, []);
    }

    async fn each_strategy_takes_its_kind_of_secret(world) {
        let ada = world.person("ada@example.com").await;
        let (admin, developer) = (world.access::<Admin>(&ada).await, world.access::<Developer>(&ada).await);
        let (vault, tools) = (&world.services.vault, &world.services.tools);
        for input in [
            json!({ "name": "plain", "value": "v", "origins": [CRM] }),
            json!({ "name": "webhooks", "value": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "origins": [CRM] }),
            json!({ "name": "machine", "value": "v", "origins": [CRM],
                "oauth2": { "client_id": "a", "token_url": "https://login.example/token" } }),
            json!({ "name": "person", "origins": [CRM],
                "oauth2": { "client_id": "a", "token_url": "https://login.example/token",
                    "authorization_url": "https://login.example/authorize", "client_auth": "none" } }),
        ] {
            vault.create(&admin, &read(input)).await.unwrap();
        }
        for (strategy, fitting) in [
            (AuthStrategy::StaticBearer, &["plain", "webhooks"][..]),
            (AuthStrategy::HmacSignature, &["plain", "webhooks"]),
            (AuthStrategy::StandardWebhooks, &["webhooks"]),
            (AuthStrategy::OAuth2ClientCredentials, &["machine", "person"]),
            (AuthStrategy::OAuth2AuthorizationCode, &["person"]),
            (AuthStrategy::None, &[]),
        ] {
            for name in ["plain", "webhooks", "machine", "person"] {
                let input = ToolInput { auth_strategy: strategy, ..with_secret(name) };
                match tools.create(&developer, &input).await {
                    Ok(made) => {
                        assert!(fitting.contains(&name), "{strategy} took {name}");
                        assert!(matches!(made.auth_secret, Some(ToolSecret::Named(_))));
                        tools.delete(&developer, &made.id).await.unwrap();
                    }
                    refused => {
                        assert!(!fitting.contains(&name), "{strategy} did not take {name}");
                        assert_eq!(broken(refused), ["auth_secret_name"]);
                    }
                }
            }
        }
        // A key that libraries check stays one while a tool signs with it.
        let signs = ToolInput { auth_strategy: AuthStrategy::StandardWebhooks, ..with_secret("webhooks") };
        tools.create(&developer, &signs).await.unwrap();
        let listed = entries(&world, &ada).await;
        let webhooks = listed.iter().find(|entry| entry.secret.name == "webhooks").unwrap();
        let worse = json!({ "name": "webhooks", "value": "v", "origins": [CRM] });
        assert_eq!(broken(vault.replace(&admin, &webhooks.secret.id, &read(worse)).await), ["value"]);
        let both = ToolInput { auth_secret: Some("x".to_owned()), ..with_secret("plain") };
        assert_eq!(broken(tools.create(&developer, &both).await), ["auth_secret_name"]);
    }

    async fn bad_secrets_name_the_field(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let oauth = |change: serde_json::Value| {
            let mut client = json!({ "client_id": "a", "token_url": "https://login.example/token" });
            client.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            json!({ "name": "a", "value": "v", "origins": [CRM], "oauth2": client })
        };
        for (input, field) in [
            (json!({ "name": "1a", "value": "v", "origins": [CRM] }), "name"),
            (json!({ "name": "a b", "value": "v", "origins": [CRM] }), "name"),
            (json!({ "name": "a", "origins": [CRM] }), "value"),
            (json!({ "name": "a", "value": "a\nb", "origins": [CRM] }), "value"),
            (json!({ "name": "a", "value": "v".repeat(5_000), "origins": [CRM] }), "value"),
            (json!({ "name": "a", "value": "v", "origins": [] }), "origins"),
            (json!({ "name": "a", "value": "v", "origins": ["https://a.example/path"] }), "origins[0]"),
            (json!({ "name": "a", "value": "v", "origins": [CRM, "https://10.0.0.1"] }), "origins[1]"),
            (oauth(json!({ "client_id": "" })), "oauth2.client_id"),
            (oauth(json!({ "token_url": "https://169.254.169.254/token" })), "oauth2.token_url"),
            (oauth(json!({ "token_url": "ftp://login.example/token" })), "oauth2.token_url"),
            (oauth(json!({ "token_url": "https://a:b@login.example/token" })), "oauth2.token_url"),
            (oauth(json!({ "authorization_url": "javascript:alert(1)" })), "oauth2.authorization_url"),
            (oauth(json!({ "authorization_url": "https://login.example/#a" })), "oauth2.authorization_url"),
            (oauth(json!({ "scopes": ["a b"] })), "oauth2.scopes"),
            (oauth(json!({ "audience": "" })), "oauth2.audience"),
            (oauth(json!({ "client_auth": "none" })), "value"),
        ] {
            let found = broken(world.services.vault.create(&admin, &read(input.clone())).await);
            assert_eq!(found, [field], "{input}");
        }
    }
}

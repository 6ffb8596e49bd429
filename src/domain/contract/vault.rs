use serde_json::json;

use super::{World, on_both, tool};
use crate::{
    Error, Result,
    accounts::Actor,
    ids::ProjectId,
    members::{Admin, Developer},
    tools::{AuthConfig, AuthStrategy, ToolInput, ToolSecret, toolset::Toolsets},
    vault::{VaultEntry, VaultSecret, VaultSecretInput},
};

const CRM: &str = "https://crm.example.com";

fn secret(value: &str) -> VaultSecretInput {
    read(json!({
        "name": "CRM", "value": value, "origins": [CRM], "auth_strategy": "static_bearer",
    }))
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
        assert_eq!(broken(vault.delete(&admin, &made.id, Some(&World::proved(admin.actor()))).await), ["name"]);

        // The next call has the new one, and the tool's definition is what it was.
        world.clock.advance_seconds(1);
        let served = Toolsets::new(world.services.core.clone());
        let toolset = served.of(&ada.1).await.unwrap();
        assert_eq!(toolset.tools()[0].open_secret(&world.services.core).unwrap().as_slice(), b"s3cret");
        vault.replace(&admin, &made.id, &secret("n3w"), Some(&World::proved(admin.actor()))).await.unwrap();
        let toolset = served.of(&ada.1).await.unwrap();
        assert_eq!(toolset.tools()[0].open_secret(&world.services.core).unwrap().as_slice(), b"n3w");
        assert_eq!(toolset.tools()[0].updated_at, used.updated_at);
        let applied = tools.apply(&developer, &[with_secret("CRM")]).await.unwrap();
        assert_eq!(applied.unchanged, ["crm-contacts-get"]);

        // Renamed, it is the same secret to the tool.
        let renamed = read(json!({ "name": "crm_key", "origins": [CRM], "auth_strategy": "static_bearer" }));
        vault.replace(&admin, &made.id, &renamed, Some(&World::proved(admin.actor()))).await.unwrap();
        let tool = tools.get(&world.access(&ada).await, &used.id).await.unwrap();
        assert_eq!(tool.as_input().auth_secret_name.as_deref(), Some("crm_key"));

        let mut without = tool.as_input();
        (without.auth_strategy, without.auth_secret_name) = (AuthStrategy::None, None);
        tools.replace(&developer, &used.id, &without).await.unwrap();
        vault.delete(&admin, &made.id, Some(&World::proved(admin.actor()))).await.unwrap();
        assert_eq!(entries(&world, &ada).await, []);
        assert!(matches!(vault.delete(&admin, &made.id, Some(&World::proved(admin.actor()))).await, Err(Error::NotFound("secret"))));
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
            json!({ "name": "CRM", "auth_strategy": "static_bearer", "origins": [CRM, "https://evil.example"] }),
            json!({ "name": "CRM", "auth_strategy": "api_key_query", "auth_config": { "parameter": "name" },
                "origins": [CRM] }),
            json!({ "name": "CRM", "origins": [CRM], "oauth2": {
                "client_id": "a", "token_url": "https://evil.example/token",
            } }),
        ] {
            assert_eq!(broken(vault.replace(&admin, &made.id, &read(change), Some(&World::proved(admin.actor()))).await), ["value"]);
        }
        // A tool that uses it keeps it usable.
        let elsewhere = json!({ "name": "CRM", "value": "v", "origins": ["https://other.example"],
            "auth_strategy": "static_bearer" });
        assert_eq!(broken(vault.replace(&admin, &made.id, &read(elsewhere), Some(&World::proved(admin.actor()))).await), ["origins"]);
        let client = json!({ "name": "CRM", "value": "v", "origins": [CRM], "oauth2": {
            "client_id": "a", "token_url": "https://login.example/token",
        } });
        assert_eq!(broken(vault.replace(&admin, &made.id, &read(client), Some(&World::proved(admin.actor()))).await), ["oauth2"]);
    }

    async fn a_secret_of_another_project_is_none(world) {
        let (ada, eve) = (world.person("ada@example.com").await, world.person("eve@example.com").await);
        let made = world.services.vault.create(&world.access(&ada).await, &secret("s3cret")).await.unwrap();
        let admin = world.access::<Admin>(&eve).await;
        let developer = world.access::<Developer>(&eve).await;
        assert_eq!(broken(world.services.tools.create(&developer, &with_secret("CRM")).await), ["auth_secret_name"]);
        assert!(matches!(world.services.vault.get(&world.access(&eve).await, &made.id).await, Err(Error::NotFound(_))));
        assert!(matches!(world.services.vault.replace(&admin, &made.id, &secret("x"), Some(&World::proved(admin.actor()))).await, Err(Error::NotFound(_))));
        assert!(matches!(world.services.vault.delete(&admin, &made.id, Some(&World::proved(admin.actor()))).await, Err(Error::NotFound(_))));
        assert_eq!(entries(&world, &eve).await, []);
    }

    async fn each_strategy_takes_its_kind_of_secret(world) {
        let ada = world.person("ada@example.com").await;
        let (admin, developer) = (world.access::<Admin>(&ada).await, world.access::<Developer>(&ada).await);
        let (vault, tools) = (&world.services.vault, &world.services.tools);
        let secret = |name: &str, more: serde_json::Value| {
            let mut input = json!({ "name": name, "value": "v", "origins": [CRM] });
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            read(input)
        };
        let client = |more: serde_json::Value| {
            let mut client = json!({ "client_id": "a", "token_url": "https://login.example/token" });
            client.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({ "oauth2": client })
        };
        let mut person = secret("person", client(json!({
            "authorization_url": "https://login.example/authorize", "client_auth": "none",
        })));
        person.value = None;
        for input in [
            secret("bearer", json!({ "auth_strategy": "static_bearer" })),
            secret("signs", json!({ "auth_strategy": "hmac_signature" })),
            secret("header", json!({ "auth_strategy": "api_key_header", "auth_config": { "header": "X-Key" } })),
            secret("machine", client(json!({}))),
            person,
        ] {
            vault.create(&admin, &input).await.unwrap();
        }
        let header = |name: &str| serde_json::from_value(json!({ "header": name })).unwrap();
        for (strategy, config, fitting) in [
            (AuthStrategy::StaticBearer, AuthConfig::default(), &["bearer"][..]),
            (AuthStrategy::HmacSignature, AuthConfig::default(), &["signs"]),
            (AuthStrategy::ApiKeyHeader, header("X-Key"), &["header"]),
            // Where an endpoint would show it to whoever made the tool.
            (AuthStrategy::ApiKeyHeader, header("X-Title"), &[]),
            (AuthStrategy::OAuth2ClientCredentials, AuthConfig::default(), &["machine", "person"]),
            (AuthStrategy::OAuth2AuthorizationCode, AuthConfig::default(), &["person"]),
            (AuthStrategy::None, AuthConfig::default(), &[]),
        ] {
            for name in ["bearer", "signs", "header", "machine", "person"] {
                let input = ToolInput {
                    auth_strategy: strategy,
                    auth_config: config.clone(),
                    ..with_secret(name)
                };
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
        // How it is sent stays, while a tool sends it so.
        tools.create(&developer, &with_secret("bearer")).await.unwrap();
        let listed = entries(&world, &ada).await;
        let bearer = listed.iter().find(|entry| entry.secret.name == "bearer").unwrap();
        let signs = secret("bearer", json!({ "auth_strategy": "hmac_signature" }));
        assert_eq!(broken(vault.replace(&admin, &bearer.secret.id, &signs, Some(&World::proved(admin.actor()))).await), ["auth_strategy"]);
        let both = ToolInput { auth_secret: Some("x".to_owned()), ..with_secret("bearer") };
        assert_eq!(broken(tools.create(&developer, &both).await), ["auth_secret_name"]);
    }

    async fn edits_of_a_secret_at_once_all_hold(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let vault = &world.services.vault;
        let mut two = secret("s3cret");
        two.origins.push("https://other.example".to_owned());
        let made = vault.create(&admin, &two).await.unwrap();
        let fewer = |mut input: VaultSecretInput| {
            input.origins = vec![CRM.to_owned()];
            Ok(input)
        };
        let renamed = |mut input: VaultSecretInput| {
            input.name = "renamed".to_owned();
            Ok(input)
        };
        let proof = World::proved(admin.actor());
        let (one, other) = tokio::join!(
            vault.patch(&admin, &made.id, fewer, Some(&proof)),
            vault.patch(&admin, &made.id, renamed, Some(&proof)),
        );
        assert!(one.is_ok() && other.is_ok());
        let now = &entries(&world, &ada).await[0].secret;
        assert_eq!((now.name.as_str(), &now.origins[..]), ("renamed", &[CRM.to_owned()][..]));
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
            (json!({ "auth_strategy": "static_bearer", "name": "1a", "value": "v", "origins": [CRM] }), "name"),
            (json!({ "auth_strategy": "static_bearer", "name": "a b", "value": "v", "origins": [CRM] }), "name"),
            (json!({ "auth_strategy": "static_bearer", "name": "a", "origins": [CRM] }), "value"),
            (json!({ "auth_strategy": "static_bearer", "name": "a", "value": "a\nb", "origins": [CRM] }), "value"),
            (json!({ "auth_strategy": "static_bearer", "name": "a", "value": "v".repeat(5_000), "origins": [CRM] }), "value"),
            (json!({ "auth_strategy": "static_bearer", "name": "a", "value": "v", "origins": [] }), "origins"),
            (json!({ "auth_strategy": "static_bearer", "name": "a", "value": "v", "origins": ["https://a.example/path"] }), "origins[0]"),
            (json!({ "auth_strategy": "static_bearer", "name": "a", "value": "v", "origins": [CRM, "https://10.0.0.1"] }), "origins[1]"),
            (oauth(json!({ "client_id": "" })), "oauth2.client_id"),
            (oauth(json!({ "token_url": "https://169.254.169.254/token" })), "oauth2.token_url"),
            (oauth(json!({ "token_url": "ftp://login.example/token" })), "oauth2.token_url"),
            (oauth(json!({ "token_url": "https://a:b@login.example/token" })), "oauth2.token_url"),
            (oauth(json!({ "authorization_url": "javascript:alert(1)" })), "oauth2.authorization_url"),
            (oauth(json!({ "authorization_url": "https://login.example/#a" })), "oauth2.authorization_url"),
            (oauth(json!({ "scopes": ["a b"] })), "oauth2.scopes"),
            (oauth(json!({ "audience": "" })), "oauth2.audience"),
            (oauth(json!({ "client_auth": "none" })), "value"),
            (json!({ "name": "a", "value": "v", "origins": [CRM] }), "auth_strategy"),
            (json!({ "name": "a", "value": "v", "origins": [CRM],
                "auth_strategy": "oauth2_client_credentials" }), "auth_strategy"),
            (json!({ "name": "a", "value": "v", "origins": [CRM],
                "auth_strategy": "api_key_header" }), "auth_config.header"),
            (json!({ "name": "a", "value": "v", "origins": [CRM],
                "auth_strategy": "standard_webhooks" }), "value"),
            (oauth(json!({})).as_object().map(|all| {
                let mut all = all.clone();
                all.insert("auth_strategy".to_owned(), "static_bearer".into());
                serde_json::Value::from(all)
            }).unwrap(), "auth_strategy"),
        ] {
            let found = broken(world.services.vault.create(&admin, &read(input.clone())).await);
            assert_eq!(found, [field], "{input}");
        }
    }
}

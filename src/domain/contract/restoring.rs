//! An older version of a tool comes back, and what it may not bring with it.

use serde_json::json;

use super::{
    on_both, tool,
    versions::{definition, versions},
};
use crate::{
    Error, Result,
    members::{Admin, Developer},
    tools::{AuthStrategy, ToolInput},
};

fn broken<T: std::fmt::Debug>(result: Result<T>) -> (String, String) {
    match result {
        Err(Error::Invalid(mut fields)) if fields.len() == 1 => {
            let error = fields.remove(0);
            (error.field, error.message)
        }
        Err(Error::Conflict(error)) => (error.field, error.message),
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn what_is_restored_keeps_its_secret_only_where_an_edit_would(world) {
        let ada = world.person("ada@example.com").await;
        let (admin, developer) = (world.access::<Admin>(&ada).await, world.access::<Developer>(&ada).await);
        let tools = &world.services.tools;
        let mut input = tool("a");
        (input.auth_strategy, input.auth_secret) = (AuthStrategy::StaticBearer, Some("s3cret".to_owned()));
        let made = tools.create(&developer, &input).await.unwrap();
        // The same place: the secret of today stays, also where there was another one.
        input.title = "Two".to_owned();
        input.auth_secret = Some("0ther".to_owned());
        tools.replace(&developer, &made.id, &input).await.unwrap();
        let restored = tools.restore(&developer, &made.id, 1).await.unwrap();
        assert_eq!(restored.title, made.title);
        assert_eq!(restored.open_secret(&world.services.core).unwrap().as_slice(), b"0ther");
        assert!(!versions(&world, &ada, &made.id).await[0].secret_changed);

        // Another place, or none: it has to be entered.
        let moved = ToolInput { base_url: "https://other.example".to_owned(), auth_secret: Some("n3w".to_owned()), ..input };
        tools.replace(&developer, &made.id, &moved).await.unwrap();
        let (field, message) = broken(tools.restore(&developer, &made.id, 1).await);
        assert_eq!(field, "auth_secret");
        assert!(message.contains("edit the tool"), "{message}");
        let without = ToolInput { auth_strategy: AuthStrategy::None, auth_secret: None, ..moved };
        tools.replace(&developer, &made.id, &without).await.unwrap();
        assert_eq!(broken(tools.restore(&developer, &made.id, 4).await).0, "auth_secret");
        let dropped = tools.restore(&developer, &made.id, 5).await.unwrap();
        assert_eq!((dropped.auth_secret, dropped.version), (None, 5));

        // One of the vault is found by its name, or missed by it.
        let vault = &world.services.vault;
        let named = json!({ "name": "CRM", "value": "v", "origins": ["https://crm.example.com"], "auth_strategy": "static_bearer" });
        let entry = vault.create(&admin, &serde_json::from_value(named).unwrap()).await.unwrap();
        let mut uses = tool("a");
        (uses.auth_strategy, uses.auth_secret_name) = (AuthStrategy::StaticBearer, Some("CRM".to_owned()));
        tools.replace(&developer, &made.id, &uses).await.unwrap();
        tools.restore(&developer, &made.id, 5).await.unwrap();
        let again = tools.restore(&developer, &made.id, 6).await.unwrap();
        assert_eq!(again.as_input().auth_secret_name.as_deref(), Some("CRM"));
        tools.restore(&developer, &made.id, 5).await.unwrap();
        vault.delete(&admin, &entry.id, Some(&crate::contract::World::proved(admin.actor()))).await.unwrap();
        assert_eq!(broken(tools.restore(&developer, &made.id, 6).await).0, "auth_secret_name");
    }

    async fn what_is_restored_is_checked_as_if_it_were_new(world) {
        let ada = world.person("ada@example.com").await;
        let developer = world.access::<Developer>(&ada).await;
        let tools = &world.services.tools;
        let made = tools.create(&developer, &tool("a")).await.unwrap();
        let renamed = ToolInput { name: "b".to_owned(), ..made.as_input() };
        tools.replace(&developer, &made.id, &renamed).await.unwrap();
        let other = tools.create(&developer, &tool("a")).await.unwrap();
        assert_eq!(broken(tools.restore(&developer, &made.id, 1).await).0, "name");
        tools.delete(&developer, &other.id).await.unwrap();
        assert_eq!(tools.restore(&developer, &made.id, 1).await.unwrap().name, "a");

        // An address that the instance does not allow any more.
        let loopback = world.with_loopback().await;
        let near = ToolInput { base_url: "http://127.0.0.1:9".to_owned(), ..made.as_input() };
        loopback.services.tools.replace(&developer, &made.id, &near).await.unwrap();
        tools.restore(&developer, &made.id, 3).await.unwrap();
        assert_eq!(broken(tools.restore(&developer, &made.id, 4).await).0, "base_url");
        assert_eq!(tools.get(&developer.as_viewer(), &made.id).await.unwrap().version, 5);

        // A switch is not brought back.
        tools.set_enabled(&developer, &made.id, false).await.unwrap();
        let off = loopback.services.tools.restore(&developer, &made.id, 4).await.unwrap();
        assert!(!off.is_enabled);
        assert_eq!(off.base_url, "http://127.0.0.1:9");
        assert!(definition(&world, &ada, &made.id, 4).await.is_enabled);
    }
}

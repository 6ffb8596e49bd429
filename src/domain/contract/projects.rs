use super::on_both;
use crate::{
    Error,
    bootstrap::Bootstrap,
    integrations::{Approval, ClientKind, NewIntegration},
    members::{Owner, Viewer},
};

on_both! {
    async fn a_project_is_made_renamed_and_deleted(world) {
        let ada = world.person("ada@example.com").await;
        let projects = &world.services.projects;
        assert!(matches!(projects.create(&ada.0, "CRM").await, Err(Error::Conflict(_))));
        assert!(matches!(projects.create(&ada.0, " ").await, Err(Error::Invalid(_))));
        let listed = projects.list(&ada.0).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!((listed[0].tools, listed[0].integrations), (0, 0));
        assert_eq!(projects.all_by_operator().await.unwrap().len(), 1);
        let owner = world.access::<Owner>(&ada).await;
        assert_eq!(projects.rename(&owner, "Sales").await.unwrap().name, "Sales");
        assert_eq!(projects.created_by(&ada.1).await.unwrap().as_ref(), Some(ada.0.user_id()));
        projects.delete(&owner, &world.proof(owner.actor()).await).await.unwrap();
        assert!(projects.list(&ada.0).await.unwrap().is_empty());
        assert!(world.services.members.access::<Viewer>(&ada.0, &ada.1).await.is_err());
    }

    async fn bootstrap_makes_all_or_nothing(world) {
        let services = &world.services;
        let tools = [crate::contract::tool("crm-contacts-get"), crate::contract::tool("bad name")];
        let bootstrap = |tools| Bootstrap {
            email: "ada@example.com",
            password: crate::contract::PASSWORD,
            project: "CRM",
            tools,
            integration: NewIntegration {
                name: "Claude".to_owned(),
                client_kind: ClientKind::Secret,
                approval: Approval::Ask,
                redirect_uris: None,
            },
        };
        let Err(Error::Invalid(fields)) = services.bootstrap(bootstrap(&tools)).await else {
            panic!("a bad name passed");
        };
        assert_eq!(fields[0].field, "tools[1].name");
        assert!(services.accounts.by_email("ada@example.com").await.unwrap().is_none());
        let made = services.bootstrap(bootstrap(&tools[..1])).await.unwrap();
        assert!(made.client_secret.is_some());
        let actor = services.api_keys.authenticate(made.api_key.reveal()).await.unwrap();
        assert_eq!(actor.user_id(), &made.account.id);
        assert!(matches!(services.bootstrap(bootstrap(&tools[..1])).await, Err(Error::Conflict(_))));
    }

    async fn the_database_says_that_it_is_ready(world) {
        world.db().ping().await.unwrap();
        assert!(world.db().is_migrated().await.unwrap());
        world.db().migrate().await.unwrap();
    }
}

//! What is noted of secrets, projects and integrations, and what a stolen session is not enough for.

use serde_json::json;

use super::{HERE, World, integrations::new, mailing::actor, on_both};
use crate::{
    Error,
    audit::{Act, AuditRow, Page},
    instance::SettingsChange,
    integrations::{Approval, IntegrationChange, Overlap},
    invitations::NewInvitation,
    members::{Admin, Owner, Role},
    vault::VaultSecretInput,
};

fn secret(value: &str) -> VaultSecretInput {
    serde_json::from_value(json!({
        "name": "crm", "origins": ["https://crm.example.com"], "value": value,
        "auth_strategy": "static_bearer",
    }))
    .unwrap()
}

fn active(is_active: bool) -> IntegrationChange {
    IntegrationChange {
        is_active: Some(is_active),
        ..IntegrationChange::default()
    }
}

fn acts(rows: &[AuditRow]) -> Vec<Act> {
    rows.iter().rev().map(|row| row.act).collect()
}

on_both! {
    async fn what_is_done_to_projects_integrations_and_secrets_is_noted(world) {
        let ada = world.person("ada@example.com").await;
        let (admin, owner) = (world.access::<Admin>(&ada).await, world.access::<Owner>(&ada).await);
        let proof = World::proved(&ada.0);
        let services = &world.services;
        let (integrations, vault) = (&services.integrations, &services.vault);
        services.projects.rename(&owner, "Sales").await.unwrap();
        let (made, first) = integrations.create(&admin, &new("Claude", Approval::Ask), None).await.unwrap();
        let id = &made.id;
        integrations.update(&admin, id, &active(false), None).await.unwrap();
        integrations.update(&admin, id, &active(false), None).await.unwrap();
        integrations.update(&admin, id, &active(true), None).await.unwrap();
        let (_, second) = integrations.rotate_secret(&admin, id, Overlap::OneDay, &proof).await.unwrap();
        let live = integrations.secrets(&admin.as_viewer(), id).await.unwrap();
        let old = live.iter().find(|one| one.ends_at.is_some()).unwrap();
        integrations.end_secret(&admin, id, &old.id).await.unwrap();
        integrations.delete(&admin, id, &proof).await.unwrap();
        let kept = vault.create(&admin, &secret("s3cret")).await.unwrap();
        vault.replace(&admin, &kept.id, &secret("n3w-s3cret"), Some(&proof)).await.unwrap();
        let (key, key_secret) = world.key(&admin, "ci", Role::Admin).await;
        let by_key = services.api_keys.authenticate(key_secret.reveal()).await.unwrap();
        let with_key = services.members.access::<Admin>(&by_key, &ada.1).await.unwrap();
        vault.delete(&with_key, &kept.id, None).await.unwrap();
        let rows = services.audit.of_project(&admin, &Page::first(100)).await.unwrap();
        assert_eq!(acts(&rows), [
            Act::ProjectMade,
            Act::ProjectRenamed,
            Act::IntegrationMade,
            Act::IntegrationDeactivated,
            Act::IntegrationActivated,
            Act::IntegrationSecretMade,
            Act::IntegrationSecretEnded,
            Act::IntegrationDeleted,
            Act::VaultSecretMade,
            Act::VaultSecretReplaced,
            Act::ApiKeyMade,
            Act::VaultSecretDeleted,
        ]);
        assert!(rows.iter().all(|row| row.actor_email.as_deref() == Some("ada@example.com")));
        assert_eq!(rows[0].api_key_id.as_ref(), Some(&key.id), "by which key");
        assert_eq!(rows[0].detail.as_deref(), Some("crm"));
        let written = format!("{rows:?}");
        let first = first.unwrap();
        for hidden in [first.reveal(), second.reveal(), "s3cret", "Claude"] {
            assert!(!written.contains(hidden), "{hidden}: {written}");
        }
        assert!(written.contains(made.client_id.as_str()));

        services.projects.delete(&owner, &proof).await.unwrap();
        let instance = services.instance.owner(&ada.0).await.unwrap();
        let rows = services.audit.of_instance(&instance, &Page::first(1)).await.unwrap();
        assert_eq!((rows[0].act, rows[0].project_id.as_ref()), (Act::ProjectDeleted, Some(&ada.1)));
    }

    async fn what_fails_is_not_noted(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let services = &world.services;
        let before = services.audit.of_project(&admin, &Page::first(100)).await.unwrap().len();
        services.vault.create(&admin, &secret("")).await.unwrap_err();
        services.projects.create(&ada.0, "CRM").await.unwrap_err();
        services.integrations.update(&admin, &"int_0".into(), &active(false), None).await.unwrap_err();
        let after = services.audit.of_project(&admin, &Page::first(100)).await.unwrap().len();
        assert_eq!(after, before);
    }

    async fn a_session_alone_replaces_and_deletes_no_secret_of_the_vault(world) {
        let ada = world.person("ada@example.com").await;
        let eve = actor(&world.sign_up("eve@example.com").await);
        let admin = world.access::<Admin>(&ada).await;
        let vault = &world.services.vault;
        let kept = vault.create(&admin, &secret("s3cret")).await.unwrap();
        let eves = World::proved(&eve);
        for proof in [None, Some(&eves)] {
            let replaced = vault.replace(&admin, &kept.id, &secret("evil"), proof).await;
            assert!(matches!(replaced, Err(Error::ProofNeeded)));
            let patched = vault.patch(&admin, &kept.id, |_| Ok(secret("evil")), proof).await;
            assert!(matches!(patched, Err(Error::ProofNeeded)));
            assert!(matches!(vault.delete(&admin, &kept.id, proof).await, Err(Error::ProofNeeded)));
        }
        let entry = vault.get(&admin.as_viewer(), &kept.id).await.unwrap();
        assert_eq!(entry.secret, kept);
        // Whoever holds the server holds the database.
        vault.replace_by_operator(&admin, &kept.id, &secret("n3w")).await.unwrap();
        vault.delete_by_operator(&admin, &kept.id).await.unwrap();
    }

    async fn a_session_alone_opens_the_instance_to_nobody(world) {
        let ada = actor(&world.sign_up("ada@example.com").await);
        let eve = actor(&world.sign_up("eve@example.com").await);
        let services = &world.services;
        let owner = services.instance.owner(&ada).await.unwrap();
        let (accounts, invitations) = (&services.accounts, &services.invitations);
        // To take away needs none.
        accounts.disable(&owner, eve.user_id()).await.unwrap();
        accounts.sign_out_everywhere(&owner, eve.user_id()).await.unwrap();
        let eves = World::proved(&eve);
        let before = services.instance.settings().await.unwrap();
        for proof in [None, Some(&eves)] {
            let change = SettingsChange {
                sign_up_domains: Some(vec!["evil.example".to_owned()]),
                dynamic_registration: Some(false),
                ..SettingsChange::default()
            };
            let changed = services.instance.change(&owner, change, proof).await;
            assert!(matches!(changed, Err(Error::ProofNeeded)));
            let new = NewInvitation::default();
            let invited = invitations.create_for_instance(&owner, &new, proof).await;
            assert!(matches!(invited, Err(Error::ProofNeeded)));
            let enabled = accounts.enable(&owner, eve.user_id(), proof).await;
            assert!(matches!(enabled, Err(Error::ProofNeeded)));
        }
        assert_eq!(services.instance.settings().await.unwrap(), before);
        assert!(invitations.list_of_instance(&owner).await.unwrap().is_empty());
        assert!(accounts.sign_in("eve@example.com", crate::contract::PASSWORD, HERE).await.is_err());
    }
}

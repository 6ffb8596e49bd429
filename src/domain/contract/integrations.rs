use super::on_both;
use crate::{
    Error,
    integrations::{
        Approval, ClientError, ClientKind, ClientProof, IntegrationChange, NewIntegration,
    },
    members::{Admin, Viewer},
};

pub(super) fn new(name: &str, approval: Approval) -> NewIntegration {
    NewIntegration {
        name: name.to_owned(),
        client_kind: ClientKind::Secret,
        approval,
        redirect_uris: None,
    }
}

on_both! {
    async fn an_integration_has_an_id_a_secret_and_a_url_of_its_own(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let viewer = world.access::<Viewer>(&ada).await;
        let integrations = &world.services.integrations;
        let (made, secret) = integrations.create(&admin, &new("Ada's Claude!", Approval::Ask)).await.unwrap();
        let secret = secret.unwrap();
        assert!(made.slug.starts_with("ada-s-claude-"), "{}", made.slug);
        assert!(made.redirect_uris.contains(&"https://claude.ai/api/mcp/auth_callback".to_owned()));
        assert_eq!(integrations.get(&viewer, &made.id).await.unwrap(), made);
        assert_eq!(integrations.list(&viewer).await.unwrap(), std::slice::from_ref(&made));
        assert_eq!(integrations.by_client_id(&made.client_id).await.unwrap(), Some(made.clone()));
        assert!(integrations.slug_exists(&made.slug).await.unwrap());
        assert!(!integrations.slug_exists("nothing").await.unwrap());
        let secrets = integrations.secrets(&viewer, &made.id).await.unwrap();
        assert!(secret.reveal().starts_with(&secrets[0].prefix));
        assert!(matches!(
            integrations.create(&admin, &new("Ada's Claude!", Approval::Ask)).await,
            Err(Error::Conflict(_))
        ));
        let bob = world.person("bob@example.com").await;
        assert!(integrations.get(&world.access(&bob).await, &made.id).await.is_err());
        integrations.delete(&admin, &made.id).await.unwrap();
        assert!(matches!(
            integrations.authenticate(&made.client_id, ClientProof::Secret(secret.reveal())).await,
            Err(ClientError::Wrong)
        ));
    }

    async fn only_the_newest_secret_works_and_a_rotated_one_says_so(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let integrations = &world.services.integrations;
        let (made, old) = integrations.create(&admin, &new("Claude", Approval::Ask)).await.unwrap();
        let old = old.unwrap();
        let authenticate = async |secret: &str| {
            integrations.authenticate(&made.client_id, ClientProof::Secret(secret)).await
        };
        assert!(authenticate(old.reveal()).await.is_ok());
        let secrets = integrations.secrets(&world.access(&ada).await, &made.id).await.unwrap();
        assert!(secrets[0].last_used_at.is_some());
        world.clock.advance_seconds(1);
        let (_, new) = integrations.rotate_secret(&admin, &made.id).await.unwrap();
        assert!(authenticate(new.reveal()).await.is_ok());
        assert!(matches!(authenticate(old.reveal()).await, Err(ClientError::Rotated { .. })));
        assert!(matches!(authenticate("tng_cs_guess").await, Err(ClientError::Wrong)));
        assert!(matches!(
            integrations.authenticate(&made.client_id, ClientProof::Nothing).await,
            Err(ClientError::SecretMissing)
        ));
        assert!(matches!(
            integrations.authenticate("tng_ci_nobody", ClientProof::Secret(new.reveal())).await,
            Err(ClientError::Wrong)
        ));
    }

    async fn of_rotations_at_once_one_secret_stays(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let integrations = &world.services.integrations;
        let (made, _) = integrations.create(&admin, &new("Claude", Approval::Ask)).await.unwrap();
        for _ in 0..10 {
            let (one, two, three) = tokio::join!(
                integrations.rotate_secret(&admin, &made.id),
                integrations.rotate_secret(&admin, &made.id),
                integrations.rotate_secret(&admin, &made.id),
            );
            assert!(one.is_ok() && two.is_ok() && three.is_ok());
            let live = integrations.secrets(&world.access(&ada).await, &made.id).await.unwrap();
            assert_eq!(live.len(), 1);
        }
        let (rotated, deleted) = tokio::join!(
            integrations.rotate_secret(&admin, &made.id),
            integrations.delete(&admin, &made.id),
        );
        assert!(matches!(rotated, Ok(_) | Err(Error::NotFound(_))), "{rotated:?}");
        deleted.unwrap();
    }

    async fn edits_at_once_all_hold(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let integrations = &world.services.integrations;
        let (made, _) = integrations.create(&admin, &new("Claude", Approval::Ask)).await.unwrap();
        for round in 0..10 {
            let on = IntegrationChange { is_active: Some(true), ..Default::default() };
            integrations.update(&admin, &made.id, &on).await.unwrap();
            let off = IntegrationChange { is_active: Some(false), ..Default::default() };
            let renamed =
                IntegrationChange { name: Some(format!("n{round}")), ..Default::default() };
            let (one, two) = tokio::join!(
                integrations.update(&admin, &made.id, &renamed),
                integrations.update(&admin, &made.id, &off),
            );
            assert!(one.is_ok() && two.is_ok());
            let now = integrations.get(&world.access(&ada).await, &made.id).await.unwrap();
            assert_eq!((now.is_active, now.name), (false, format!("n{round}")));
        }
    }

    async fn another_integrations_secret_is_worth_nothing(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let integrations = &world.services.integrations;
        let (one, _) = integrations.create(&admin, &new("one", Approval::Ask)).await.unwrap();
        let (_, of_two) = integrations.create(&admin, &new("two", Approval::Ask)).await.unwrap();
        let of_two = of_two.unwrap();
        assert!(matches!(
            integrations.authenticate(&one.client_id, ClientProof::Secret(of_two.reveal())).await,
            Err(ClientError::Wrong)
        ));
    }

    async fn an_inactive_integration_refuses_until_it_is_active_again(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let integrations = &world.services.integrations;
        let (made, secret) = integrations.create(&admin, &new("Claude", Approval::Ask)).await.unwrap();
        let secret = secret.unwrap();
        for (is_active, expected) in [(false, false), (true, true)] {
            let change = IntegrationChange { is_active: Some(is_active), ..Default::default() };
            integrations.update(&admin, &made.id, &change).await.unwrap();
            let proof = ClientProof::Secret(secret.reveal());
            assert_eq!(integrations.authenticate(&made.client_id, proof).await.is_ok(), expected);
        }
    }

    async fn rules_of_an_integration_name_their_field(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let integrations = &world.services.integrations;
        for (input, field) in [
            (NewIntegration { name: " ".to_owned(), ..new("", Approval::Ask) }, "name"),
            (
                NewIntegration { client_kind: ClientKind::Public, ..new("a", Approval::Automatic) },
                "approval",
            ),
            (
                NewIntegration {
                    redirect_uris: Some(vec![
                        "https://a.example/cb".to_owned(),
                        "http://a.example/cb".to_owned(),
                    ]),
                    ..new("a", Approval::Ask)
                },
                "redirect_uris[1]",
            ),
        ] {
            let Err(Error::Invalid(fields)) = integrations.create(&admin, &input).await else {
                panic!("{input:?} passed");
            };
            assert_eq!(fields[0].field, field);
        }
        let public = NewIntegration { client_kind: ClientKind::Public, ..new("p", Approval::Ask) };
        let (made, secret) = integrations.create(&admin, &public).await.unwrap();
        assert!(secret.is_none());
        assert!(integrations.rotate_secret(&admin, &made.id).await.is_err());
        assert!(integrations.authenticate(&made.client_id, ClientProof::Nothing).await.is_ok());
        assert!(integrations.authenticate(&made.client_id, ClientProof::Secret("x")).await.is_err());
    }
}

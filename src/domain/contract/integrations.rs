use super::on_both;
use crate::{
    Error,
    clients::{ClientError, ClientProof},
    events::Cause,
    integrations::{Approval, ClientKind, IntegrationChange, NewIntegration, Overlap, TickedTools},
    members::{Admin, Developer, Viewer},
    tools::ToolCounts,
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
        let proof = world.proof(admin.actor()).await;
        let viewer = world.access::<Viewer>(&ada).await;
        let integrations = &world.services.integrations;
        let (made, secret) = integrations.create(&admin, &new("Ada's Claude!", Approval::Ask), None).await.unwrap();
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
            integrations.create(&admin, &new("Ada's Claude!", Approval::Ask), None).await,
            Err(Error::Conflict(_))
        ));
        let bob = world.person("bob@example.com").await;
        assert!(integrations.get(&world.access(&bob).await, &made.id).await.is_err());
        integrations.delete(&admin, &made.id, &proof).await.unwrap();
        assert!(matches!(
            world.services.clients.authenticate(&made.client_id, ClientProof::Secret(secret.reveal())).await,
            Err(ClientError::Refused { cause: Cause::UnknownClient, .. })
        ));
    }

    async fn only_the_newest_secret_works_and_a_rotated_one_says_so(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let proof = world.proof(admin.actor()).await;
        let integrations = &world.services.integrations;
        let (made, old) = integrations.create(&admin, &new("Claude", Approval::Ask), None).await.unwrap();
        let old = old.unwrap();
        let authenticate = async |secret: &str| {
            world.services.clients.authenticate(&made.client_id, ClientProof::Secret(secret)).await
        };
        assert!(authenticate(old.reveal()).await.is_ok());
        let secrets = integrations.secrets(&world.access(&ada).await, &made.id).await.unwrap();
        assert!(secrets[0].last_used_at.is_some());
        world.clock.advance_seconds(1);
        let (_, new) = integrations.rotate_secret(&admin, &made.id, Overlap::None, &proof).await.unwrap();
        assert!(authenticate(new.reveal()).await.is_ok());
        assert!(matches!(authenticate(old.reveal()).await, Err(ClientError::Refused { cause: Cause::RotatedSecret, .. })));
        assert!(matches!(authenticate("tng_cs_guess").await, Err(ClientError::Refused { cause: Cause::WrongSecret, .. })));
        assert!(matches!(
            world.services.clients.authenticate(&made.client_id, ClientProof::Nothing).await,
            Err(ClientError::Refused { cause: Cause::SecretMissing, .. })
        ));
        assert!(matches!(
            world.services.clients.authenticate("tng_ci_nobody", ClientProof::Secret(new.reveal())).await,
            Err(ClientError::Refused { cause: Cause::UnknownClient, .. })
        ));
    }

    async fn of_rotations_at_once_one_secret_stays(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let proof = world.proof(admin.actor()).await;
        let integrations = &world.services.integrations;
        let (made, _) = integrations.create(&admin, &new("Claude", Approval::Ask), None).await.unwrap();
        for _ in 0..10 {
            let (one, two, three) = tokio::join!(
                integrations.rotate_secret(&admin, &made.id, Overlap::None, &proof),
                integrations.rotate_secret(&admin, &made.id, Overlap::None, &proof),
                integrations.rotate_secret(&admin, &made.id, Overlap::None, &proof),
            );
            assert!(one.is_ok() && two.is_ok() && three.is_ok());
            let live = integrations.secrets(&world.access(&ada).await, &made.id).await.unwrap();
            assert_eq!(live.len(), 1);
        }
        let (rotated, deleted) = tokio::join!(
            integrations.rotate_secret(&admin, &made.id, Overlap::None, &proof),
            integrations.delete(&admin, &made.id, &proof),
        );
        assert!(matches!(rotated, Ok(_) | Err(Error::NotFound(_))), "{rotated:?}");
        deleted.unwrap();
    }

    async fn edits_at_once_all_hold(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let integrations = &world.services.integrations;
        let (made, _) = integrations.create(&admin, &new("Claude", Approval::Ask), None).await.unwrap();
        for round in 0..10 {
            let on = IntegrationChange { is_active: Some(true), ..Default::default() };
            integrations.update(&admin, &made.id, &on, None).await.unwrap();
            let off = IntegrationChange { is_active: Some(false), ..Default::default() };
            let renamed =
                IntegrationChange { name: Some(format!("n{round}")), ..Default::default() };
            let (one, two) = tokio::join!(
                integrations.update(&admin, &made.id, &renamed, None),
                integrations.update(&admin, &made.id, &off, None),
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
        let (one, _) = integrations.create(&admin, &new("one", Approval::Ask), None).await.unwrap();
        let (_, of_two) = integrations.create(&admin, &new("two", Approval::Ask), None).await.unwrap();
        let of_two = of_two.unwrap();
        assert!(matches!(
            world.services.clients.authenticate(&one.client_id, ClientProof::Secret(of_two.reveal())).await,
            Err(ClientError::Refused { cause: Cause::WrongSecret, .. })
        ));
    }

    async fn rules_of_an_integration_name_their_field(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let proof = world.proof(admin.actor()).await;
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
            let Err(Error::Invalid(fields)) = integrations.create(&admin, &input, None).await else {
                panic!("{input:?} passed");
            };
            assert_eq!(fields[0].field, field);
        }
        let public = NewIntegration { client_kind: ClientKind::Public, ..new("p", Approval::Ask) };
        let (made, secret) = integrations.create(&admin, &public, None).await.unwrap();
        assert!(secret.is_none());
        assert!(integrations.rotate_secret(&admin, &made.id, Overlap::None, &proof).await.is_err());
        assert!(world.services.clients.authenticate(&made.client_id, ClientProof::Nothing).await.is_ok());
        assert!(world.services.clients.authenticate(&made.client_id, ClientProof::Secret("x")).await.is_err());
    }

    async fn a_rotation_with_an_overlap_leaves_two_secrets_for_that_long(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let integrations = &world.services.integrations;
        let (made, first) = integrations.create(&admin, &new("Claude", Approval::Ask), None).await.unwrap();
        let first = first.unwrap();
        let fresh = world.proof(&ada.0).await;
        let works = async |secret: &crate::crypto::BearerSecret| {
            let proof = ClientProof::Secret(secret.reveal());
            world.services.clients.authenticate(&made.client_id, proof).await.is_ok()
        };
        let (_, second) = integrations.rotate_secret(&admin, &made.id, Overlap::OneDay, &fresh).await.unwrap();
        assert!(works(&first).await && works(&second).await);
        let live = integrations.secrets(&world.access(&ada).await, &made.id).await.unwrap();
        assert_eq!(live.len(), 2);
        assert_eq!(live[0].created_by.as_deref(), Some("ada@example.com"));
        assert_eq!((live[0].ends_at, live[1].ends_at.is_some()), (None, true));
        // A third one ends the first: never more than two are live.
        let (_, third) = integrations.rotate_secret(&admin, &made.id, Overlap::OneWeek, &fresh).await.unwrap();
        assert!(!works(&first).await && works(&second).await && works(&third).await);
        world.clock.advance_seconds(7 * 86_400);
        assert!(!works(&second).await && works(&third).await);
        let (_, fourth) = integrations.rotate_secret(&admin, &made.id, Overlap::OneHour, &fresh).await.unwrap();
        let live = integrations.secrets(&world.access(&ada).await, &made.id).await.unwrap();
        integrations.end_secret(&admin, &made.id, &live[1].id).await.unwrap();
        assert!(!works(&third).await && works(&fourth).await);
        assert!(matches!(
            integrations.end_secret(&admin, &made.id, &live[0].id).await,
            Err(Error::Conflict(_))
        ));
        assert!(matches!(
            integrations.end_secret(&admin, &made.id, &live[1].id).await,
            Err(Error::NotFound(_))
        ));
    }

    async fn that_the_secret_alone_authorizes_takes_a_fresh_proof_of_identity(world) {
        let ada = world.person("ada@example.com").await;
        let bob = world.person("bob@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let integrations = &world.services.integrations;
        let automatic = new("a", Approval::Automatic);
        assert!(integrations.create(&admin, &automatic, None).await.is_err());
        let (made, _) = integrations.create(&admin, &new("b", Approval::Ask), None).await.unwrap();
        for change in [
            IntegrationChange { approval: Some(Approval::Automatic), ..Default::default() },
            IntegrationChange { client_credentials: Some(true), ..Default::default() },
        ] {
            assert!(matches!(
                integrations.update(&admin, &made.id, &change, None).await,
                Err(Error::ProofNeeded)
            ));
            let of_bob = world.proof(&bob.0).await;
            assert!(integrations.update(&admin, &made.id, &change, Some(&of_bob)).await.is_err());
            let proof = world.proof(&ada.0).await;
            integrations.update(&admin, &made.id, &change, Some(&proof)).await.unwrap();
            // What is on stays on without another proof.
            integrations.update(&admin, &made.id, &change, None).await.unwrap();
        }
        let accounts = &world.services.accounts;
        assert!(accounts.prove(&ada.0, "wrong", crate::contract::HERE).await.is_err());
    }

    async fn an_integration_offers_a_subset_of_its_projects_tools(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let integrations = &world.services.integrations;
        let tools = &world.services.tools;
        let mine = tools.create(&world.access(&ada).await, &crate::contract::tool("a")).await.unwrap();
        let (made, _) = integrations.create(&admin, &new("b", Approval::Ask), None).await.unwrap();
        let bob = world.person("bob@example.com").await;
        let theirs = tools.create(&world.access(&bob).await, &crate::contract::tool("b")).await.unwrap();
        let subset = |ids| IntegrationChange { tool_ids: Some(Some(ids)), ..Default::default() };
        let foreign = integrations.update(&admin, &made.id, &subset(vec![theirs.id]), None).await;
        assert!(matches!(foreign, Err(Error::Invalid(fields)) if fields[0].field == "tool_ids[0]"));
        let change = subset(vec![mine.id.clone(), mine.id.clone()]);
        let changed = integrations.update(&admin, &made.id, &change, None).await.unwrap();
        assert_eq!(changed.tool_ids, Some(vec![mine.id]));
        let all = IntegrationChange { tool_ids: Some(None), ..Default::default() };
        integrations.update(&admin, &made.id, &all, None).await.unwrap();
        let now = integrations.get(&world.access(&ada).await, &made.id).await.unwrap();
        assert_eq!(now.tool_ids, None);
    }

    async fn ticks_of_one_page_of_the_tools_leave_the_other_pages_alone(world) {
        let ada = world.person("ada@example.com").await;
        let admin = world.access::<Admin>(&ada).await;
        let viewer = admin.as_viewer();
        let (integrations, tools) = (&world.services.integrations, &world.services.tools);
        let developer = world.access::<Developer>(&ada).await;
        let mut ids = Vec::new();
        for name in ["a", "b", "c", "d"] {
            ids.push(tools.create(&developer, &crate::contract::tool(name)).await.unwrap().id);
        }
        tools.set_enabled(&developer, &ids[1], false).await.unwrap();
        let (made, _) = integrations.create(&admin, &new("Claude", Approval::Ask), None).await.unwrap();
        let counts = tools.counts(&viewer, &made).await.unwrap();
        assert_eq!(counts, ToolCounts { all: 4, enabled: 3, offered: 4, callable: 3 });

        let save = async |shown: &[usize], ticked: &[usize]| {
            let of = |places: &[usize]| places.iter().map(|place| ids[*place].clone()).collect();
            let ticks = TickedTools { shown: of(shown), ticked: of(ticked) };
            let change = IntegrationChange { ticked_tools: Some(ticks), ..Default::default() };
            integrations.update(&admin, &made.id, &change, None).await
        };
        // One that offers all begins with none.
        let after = save(&[0, 1], &[1]).await.unwrap();
        assert_eq!(after.tool_ids, Some(vec![ids[1].clone()]));
        let after = save(&[2, 3], &[2, 3]).await.unwrap();
        assert_eq!(after.tool_ids, Some(vec![ids[1].clone(), ids[2].clone(), ids[3].clone()]));
        let after = save(&[0, 1], &[0]).await.unwrap();
        assert_eq!(after.tool_ids, Some(vec![ids[2].clone(), ids[3].clone(), ids[0].clone()]));
        let counts = tools.counts(&viewer, &after).await.unwrap();
        assert_eq!(counts, ToolCounts { all: 4, enabled: 3, offered: 3, callable: 3 });
        // A tool that is gone meanwhile stands in nobody's way.
        tools.delete(&developer, &ids[3]).await.unwrap();
        let after = save(&[0], &[]).await.unwrap();
        assert_eq!(after.tool_ids, Some(vec![ids[2].clone()]));
        let none = save(&[2], &[]).await;
        assert!(matches!(none, Err(Error::Invalid(fields)) if fields[0].field == "tool_ids"));
        assert!(save(&[], &[3]).await.is_err(), "a tool that is not there");

        let outlines = tools.outlines(&viewer).await.unwrap();
        let names: Vec<&str> = outlines.iter().map(|tool| tool.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(outlines.iter().map(|tool| tool.is_enabled).collect::<Vec<_>>(), [true, false, true]);
        let bob = world.person("bob@example.com").await;
        assert!(tools.counts(&world.access(&bob).await, &made).await.is_err());
    }
}

//! Tools with tokens of another server.

mod races;
mod server;

use serde_json::{Map, json};

use self::server::Other;
use super::{World, on_both, tool};
use crate::{
    accounts::Actor,
    calls::{Outcome, Via},
    execute::{CallResult, Caller, Content, Member},
    ids::{ProjectId, VaultSecretId},
    members::{Admin, Developer, Role},
    tools::{AuthStrategy, Tool, ToolInput},
    upstream::{Callback, ConnectionState, NotAuthorized, Pending},
    vault::VaultSecretInput,
};

type Person = (Actor, ProjectId);

/// A tool at somebody else's server, with a token of theirs.
pub(super) struct Story {
    pub(super) world: World,
    pub(super) other: Other,
    pub(super) ada: Person,
    secret: VaultSecretId,
    pub(super) tool: Tool,
    input: serde_json::Value,
}

impl Story {
    pub(super) async fn new(world: &World, strategy: AuthStrategy) -> Self {
        let ada = world.person("ada@example.com").await;
        let world = world.with_loopback().await;
        let other = Other::default();
        let origin = format!("http://{}", other.served().await);
        let input = json!({
            "name": "acme", "value": "cl1ent-s3cret", "origins": [origin],
            "oauth2": {
                "client_id": "tengine", "token_url": format!("{origin}/token"),
                "authorization_url": "https://login.example/authorize?tenant=1",
                "scopes": ["contacts.read", "offline_access"], "audience": "crm",
            },
        });
        let admin = world.access::<Admin>(&ada).await;
        let secret = world
            .services
            .vault
            .create(&admin, &read(&input))
            .await
            .unwrap();
        let tool = ToolInput {
            base_url: origin,
            endpoint_path: "/api".to_owned(),
            input_schema: json!({ "type": "object" }),
            auth_strategy: strategy,
            auth_secret_name: Some("acme".to_owned()),
            ..tool("acme-api-get")
        };
        let developer = world.access::<Developer>(&ada).await;
        let tool = world
            .services
            .tools
            .create(&developer, &tool)
            .await
            .unwrap();
        Self {
            world,
            other,
            ada,
            secret: secret.id,
            tool,
            input,
        }
    }

    pub(super) fn caller(&self) -> Caller {
        Caller {
            project_id: self.ada.1.clone(),
            integration_id: None,
            grant_id: None,
            api_key_id: None,
            member: Some(Member {
                id: self.ada.0.user_id().clone(),
                email: "ada@example.com".to_owned(),
                role: Role::Owner,
            }),
            via: Via::Mcp,
        }
    }

    async fn call(&self) -> (Outcome, String) {
        self.call_by(&self.world).await
    }

    async fn call_by(&self, world: &World) -> (Outcome, String) {
        let caller = self.caller();
        let call = world
            .services
            .execute
            .call(&caller, &self.tool, Map::new(), None);
        said(&call.await.unwrap())
    }

    async fn begun(&self) -> (url::Url, Pending) {
        let viewer = self.world.access(&self.ada).await;
        let upstream = &self.world.services.upstream;
        let shown = upstream.connection(&viewer, &self.secret).await.unwrap();
        let digest = shown.secret.client_digest();
        let begun = upstream
            .begin(&viewer, &self.secret, &digest)
            .await
            .unwrap();
        (begun.url.parse().unwrap(), begun.pending)
    }

    async fn finish(
        &self,
        pending: Option<Pending>,
        callback: Callback,
    ) -> Result<(), NotAuthorized> {
        let viewer = self.world.access(&self.ada).await;
        self.world
            .services
            .upstream
            .finish(&viewer, &self.secret, pending, callback)
            .await
    }

    /// What the person does in their browser.
    pub(super) async fn connect(&self) {
        let (pending, callback) = self.gave_leave().await;
        self.finish(Some(pending), callback).await.unwrap();
    }

    async fn gave_leave(&self) -> (Pending, Callback) {
        let (url, pending) = self.begun().await;
        let given = |name| {
            url.query_pairs()
                .find(|(key, _)| key == name)
                .unwrap()
                .1
                .into_owned()
        };
        self.other.inner().code = Some(("c0de".to_owned(), given("code_challenge")));
        let callback = Callback {
            state: Some(given("state")),
            code: Some("c0de".to_owned()),
            error: None,
        };
        (pending, callback)
    }

    async fn state(&self) -> ConnectionState {
        let viewer = self.world.access(&self.ada).await;
        self.world
            .services
            .upstream
            .connection(&viewer, &self.secret)
            .await
            .unwrap()
            .state
    }
}

fn read(input: &serde_json::Value) -> VaultSecretInput {
    serde_json::from_value(input.clone()).unwrap()
}

fn said(result: &CallResult) -> (Outcome, String) {
    match &result.content[0] {
        Content::Text(text) => (result.outcome, text.clone()),
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn a_client_has_one_token_until_it_ends(world) {
        let story = Story::new(&world, AuthStrategy::OAuth2ClientCredentials).await;
        story.other.inner().expires_in = Some(3_600);
        let calls = (0..10).map(|_| story.call());
        let mut calls: Vec<_> = calls.map(Box::pin).collect();
        for call in &mut calls {
            assert_eq!(call.await, (Outcome::Ok, "with [redacted]".to_owned()));
        }
        {
            let inner = story.other.inner();
            assert_eq!((inner.issued, inner.calls), (1, 10));
            assert_eq!(inner.asked["scope"], "contacts.read offline_access");
            assert_eq!(inner.asked["audience"], "crm");
            // base64 of tengine:cl1ent-s3cret
            assert_eq!(inner.authorization.as_deref(), Some("Basic dGVuZ2luZTpjbDFlbnQtczNjcmV0"));
        }
        story.world.clock.advance_seconds(3_600 - 61);
        story.call().await;
        assert_eq!(story.other.inner().issued, 1);
        story.world.clock.advance_seconds(2);
        story.call().await;
        assert_eq!(story.other.inner().issued, 2);
    }

    async fn a_token_that_the_endpoint_refuses_is_renewed_once(world) {
        let story = Story::new(&world, AuthStrategy::OAuth2ClientCredentials).await;
        assert_eq!(story.call().await.0, Outcome::Ok);
        story.other.inner().good.clear();
        // A fresh one is refused for another reason, and asking for more would not help.
        assert_eq!(story.call().await.0, Outcome::HttpError);
        assert_eq!(story.other.inner().issued, 1);
        story.world.clock.advance_seconds(61);
        assert_eq!(story.call().await.0, Outcome::Ok);
        let inner = story.other.inner();
        assert_eq!((inner.issued, inner.calls), (2, 4));
    }

    async fn a_token_endpoint_that_refuses_is_told_and_its_words_are_not(world) {
        let story = Story::new(&world, AuthStrategy::OAuth2ClientCredentials).await;
        for (status, body, words) in [
            (401, r#"{"error":"invalid_client","error_description":"cl1ent-s3cret is wrong"}"#, "invalid_client"),
            (400, r#"{"error":"invalid_scope"}"#, "invalid_scope"),
            (200, r#"{"error":"unauthorized_client"}"#, "unauthorized_client"),
            (200, r#"{"access_token":"a","token_type":"mac"}"#, "other than Bearer"),
            (200, "{\"access_token\":\"a\\nb\",\"token_type\":\"bearer\"}", "a header takes"),
            (200, "<html>", "not that of a token endpoint"),
            (503, "", "not that of a token endpoint"),
            (302, "", "not that of a token endpoint"),
        ] {
            story.other.inner().instead = Some((status, body));
            let (outcome, text) = story.call().await;
            assert_eq!(outcome, Outcome::NoToken, "{text}");
            assert!(text.contains(words), "{text}");
            assert!(text.contains("acme") && text.contains("Nothing was sent"), "{text}");
            assert!(!text.contains("s3cret"), "{text}");
        }
        assert_eq!(story.other.inner().calls, 0);
    }

    async fn a_person_connects_and_the_tool_acts_for_them(world) {
        let story = Story::new(&world, AuthStrategy::OAuth2AuthorizationCode).await;
        let (outcome, text) = story.call().await;
        assert_eq!(outcome, Outcome::ConnectionRequired);
        let link = format!("http://localhost:3000/connect/{}", story.secret);
        assert!(text.contains(&link), "{text}");
        assert_eq!(story.state().await, ConnectionState::NotConnected);

        let (url, _) = story.begun().await;
        assert!(url.as_str().starts_with("https://login.example/authorize?tenant=1&"), "{url}");
        let asked: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", "tengine"),
            ("scope", "contacts.read offline_access"),
            ("code_challenge_method", "S256"),
            ("redirect_uri", &format!("{link}/callback")),
        ] {
            assert_eq!(asked[name], value);
        }
        story.connect().await;
        assert!(matches!(story.state().await, ConnectionState::Connected { .. }));
        assert_eq!(story.other.inner().asked["redirect_uri"], format!("{link}/callback"));
        assert_eq!(story.call().await, (Outcome::Ok, "with [redacted]".to_owned()));

        // Nobody else, and no machine, acts with it.
        let machine = Caller { member: None, ..story.caller() };
        let call = story.world.services.execute.call(&machine, &story.tool, Map::new(), None).await;
        assert_eq!(call.unwrap().outcome, Outcome::MemberRequired);
        let eve = story.world.person("eve@example.com").await;
        let other = Caller {
            member: Some(Member { id: eve.0.user_id().clone(), email: String::new(), role: Role::Viewer }),
            ..story.caller()
        };
        let call = story.world.services.execute.call(&other, &story.tool, Map::new(), None).await;
        assert_eq!(call.unwrap().outcome, Outcome::ConnectionRequired);

        let viewer = story.world.access(&story.ada).await;
        story.world.services.upstream.disconnect(&viewer, &story.secret).await.unwrap();
        assert_eq!(story.call().await.0, Outcome::ConnectionRequired);
    }

    async fn one_process_renews_and_the_others_wait(world) {
        let story = Story::new(&world, AuthStrategy::OAuth2AuthorizationCode).await;
        let beside = story.world.with_loopback().await;
        story.other.inner().expires_in = Some(3_600);
        story.connect().await;
        assert_eq!(story.call().await.0, Outcome::Ok);
        for round in 2..5 {
            // The server takes each refresh token once, and ends everything at a second use.
            story.world.clock.advance_seconds(3_600);
            let calls = tokio::join!(story.call(), story.call_by(&beside), story.call(), story.call_by(&beside));
            for (outcome, text) in [calls.0, calls.1, calls.2, calls.3] {
                assert_eq!(outcome, Outcome::Ok, "{text}");
            }
            assert_eq!(story.other.inner().issued, round);
        }
    }

    async fn a_connection_that_the_other_server_ended_asks_for_a_new_one(world) {
        let story = Story::new(&world, AuthStrategy::OAuth2AuthorizationCode).await;
        story.other.inner().expires_in = Some(600);
        story.connect().await;
        // Unreachable for a while is no end.
        story.other.inner().instead = Some((503, ""));
        story.world.clock.advance_seconds(590);
        assert_eq!(story.call().await.0, Outcome::Ok, "it lasts 10 s yet");
        story.world.clock.advance_seconds(10);
        assert_eq!(story.call().await.0, Outcome::NoToken);
        story.other.inner().instead = None;
        assert_eq!(story.call().await.0, Outcome::Ok);
        story.world.clock.advance_seconds(600);
        story.other.inner().instead = Some((400, r#"{"error":"invalid_grant"}"#));
        assert_eq!(story.call().await.0, Outcome::ConnectionRequired);
        assert!(matches!(story.state().await, ConnectionState::Ended { .. }));
        story.other.inner().instead = None;
        story.connect().await;
        assert_eq!(story.call().await.0, Outcome::Ok);
    }

    async fn a_caller_who_goes_away_loses_no_refresh_token(world) {
        let story = Story::new(&world, AuthStrategy::OAuth2AuthorizationCode).await;
        story.other.inner().expires_in = Some(600);
        story.connect().await;
        story.world.clock.advance_seconds(600);
        let gone = tokio::time::timeout(std::time::Duration::from_millis(10), story.call()).await;
        assert!(gone.is_err());
        assert_eq!(story.call().await.0, Outcome::Ok);
        assert_eq!(story.other.inner().issued, 2);
    }

    async fn what_was_not_begun_here_connects_nobody(world) {
        let story = Story::new(&world, AuthStrategy::OAuth2AuthorizationCode).await;
        let (url, pending) = story.begun().await;
        let state = url.query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned();
        let with = |state: &str| Callback {
            state: Some(state.to_owned()),
            code: Some("c0de".to_owned()),
            error: None,
        };
        for (pending, callback) in [
            (None, with(&state)),
            (Some(pending.clone()), with("another")),
            (Some(pending.clone()), with("")),
            (Some(pending.clone()), Callback::default()),
        ] {
            assert!(matches!(story.finish(pending, callback).await, Err(NotAuthorized::NotBegun)));
        }
        let denied = Callback { error: Some("access_denied".to_owned()), code: None, ..with(&state) };
        assert!(matches!(story.finish(Some(pending.clone()), denied).await, Err(NotAuthorized::Denied)));
        // A code of somebody else's: its challenge is not that of our verifier.
        story.other.inner().code = Some(("c0de".to_owned(), "another-challenge".to_owned()));
        let stolen = story.finish(Some(pending.clone()), with(&state)).await;
        assert!(matches!(stolen, Err(NotAuthorized::Refused(_))));
        // Another person in the same project's place.
        let eve = story.world.person("eve@example.com").await;
        let viewer = story.world.access(&eve).await;
        let upstream = &story.world.services.upstream;
        let other = upstream.finish(&viewer, &story.secret, Some(pending.clone()), with(&state)).await;
        assert!(matches!(other, Err(NotAuthorized::NotBegun)));
        story.world.clock.advance_seconds(601);
        assert!(matches!(story.finish(Some(pending), with(&state)).await, Err(NotAuthorized::NotBegun)));
        assert_eq!(story.state().await, ConnectionState::NotConnected);
    }

    async fn a_client_that_changes_while_the_person_is_away_gets_nothing(world) {
        let mut story = Story::new(&world, AuthStrategy::OAuth2AuthorizationCode).await;
        let admin = story.world.access::<Admin>(&story.ada).await;
        let vault = story.world.services.vault.clone();
        for (pointer, value) in [
            ("/oauth2/token_url", json!("https://evil.example/token")),
            ("/oauth2/authorization_url", json!("https://evil.example/authorize")),
            ("/origins", json!([story.input["origins"][0], "https://evil.example"])),
        ] {
            vault.replace(&admin, &story.secret, &read(&story.input), Some(&World::proved(admin.actor()))).await.unwrap();
            let (url, pending) = story.begun().await;
            let state = url.query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned();
            let mut changed = story.input.clone();
            *changed.pointer_mut(pointer).unwrap() = value;
            vault.replace(&admin, &story.secret, &read(&changed), Some(&World::proved(admin.actor()))).await.unwrap();
            let callback = Callback { state: Some(state), code: Some("c0de".to_owned()), error: None };
            let finished = story.finish(Some(pending), callback).await;
            assert!(matches!(finished, Err(NotAuthorized::Changed)), "{pointer}");
            assert_eq!(story.state().await, ConnectionState::NotConnected);
        }
        assert!(story.other.inner().asked.is_empty(), "nothing was sent anywhere");
        // Nor does one begin that is not what the page showed.
        let viewer = story.world.access(&story.ada).await;
        let begun = story.world.services.upstream.begin(&viewer, &story.secret, "another").await;
        assert!(matches!(begun, Err(NotAuthorized::Changed)));
        story.input["value"] = "n3w".into();
    }

    async fn a_token_that_cannot_be_renewed_survives_a_401(world) {
        let story = Story::new(&world, AuthStrategy::OAuth2AuthorizationCode).await;
        story.other.inner().no_refresh = true;
        story.connect().await;
        story.world.clock.advance_seconds(3_600);
        let good = std::mem::take(&mut story.other.inner().good);
        assert_eq!(story.call().await.0, Outcome::HttpError);
        story.other.inner().good = good;
        assert_eq!(story.call().await.0, Outcome::Ok, "it had another reason");
    }

    async fn another_client_or_more_places_end_what_people_connected(world) {
        let mut story = Story::new(&world, AuthStrategy::OAuth2AuthorizationCode).await;
        let admin = story.world.access::<Admin>(&story.ada).await;
        let vault = story.world.services.vault.clone();
        // A new secret of the same client is no reason.
        story.connect().await;
        story.input["value"] = "n3w-s3cret".into();
        vault.replace(&admin, &story.secret, &read(&story.input), Some(&World::proved(admin.actor()))).await.unwrap();
        assert_eq!(story.call().await.0, Outcome::Ok);
        for (pointer, value) in [
            ("/oauth2/client_id", json!("another")),
            ("/oauth2/token_url", json!("https://evil.example/token")),
            ("/oauth2/authorization_url", json!("https://evil.example/authorize")),
            ("/origins", json!([story.input["origins"][0], "https://evil.example"])),
        ] {
            vault.replace(&admin, &story.secret, &read(&story.input), Some(&World::proved(admin.actor()))).await.unwrap();
            story.connect().await;
            let mut changed = story.input.clone();
            *changed.pointer_mut(pointer).unwrap() = value;
            vault.replace(&admin, &story.secret, &read(&changed), Some(&World::proved(admin.actor()))).await.unwrap();
            assert_eq!(story.state().await, ConnectionState::NotConnected, "{pointer}");
        }
    }
}

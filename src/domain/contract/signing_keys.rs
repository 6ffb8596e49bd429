use super::{
    connecting::{connected, connection, refresh, refresh_token, shared},
    on_both,
};
use crate::{
    Services,
    execute::{Allowlist, Network},
    grants::ToolRule,
    integrations::Approval,
};

fn kids(jwks: &serde_json::Value) -> Vec<String> {
    let keys = jwks["keys"].as_array().unwrap();
    keys.iter()
        .map(|key| key["kid"].as_str().unwrap().to_owned())
        .collect()
}

on_both! {
    async fn an_old_key_is_served_until_its_last_token_has_ended(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let old = connected(&world, &connection, ToolRule::All).await;
        let before = kids(&grants.signing_keys().jwks().await.unwrap());
        let rotated = grants.signing_keys().rotate(false).await.unwrap();
        assert_eq!(rotated.retired[0].0, before[0]);
        let both = kids(&grants.signing_keys().jwks().await.unwrap());
        assert_eq!(both.len(), 2);
        assert!(both.contains(&rotated.kid) && both.contains(&before[0]));
        let new = grants
            .refresh(&connection.client, refresh(refresh_token(&old)))
            .await
            .unwrap();
        let kid = jsonwebtoken::decode_header(&new.access_token).unwrap().kid;
        assert_eq!(kid.as_deref(), Some(rotated.kid.as_str()));
        for tokens in [&old, &new] {
            assert!(grants.bearer(&tokens.access_token, &shared(&world)).await.is_ok());
        }
        world.clock.advance_seconds(3_600 + 61);
        assert_eq!(kids(&grants.signing_keys().jwks().await.unwrap()), [rotated.kid]);
    }

    async fn a_key_that_leaked_verifies_nothing_from_then_on(world) {
        let connection = connection(&world, Approval::Ask).await;
        let grants = &world.services.grants;
        let tokens = connected(&world, &connection, ToolRule::All).await;
        grants.signing_keys().rotate(true).await.unwrap();
        assert!(grants.bearer(&tokens.access_token, &shared(&world)).await.is_err());
        assert_eq!(kids(&grants.signing_keys().jwks().await.unwrap()).len(), 1);
        // The connection is not ended by it: its next refresh gets a token of the new key.
        let new = grants.refresh(&connection.client, refresh(refresh_token(&tokens))).await.unwrap();
        assert!(grants.bearer(&new.access_token, &shared(&world)).await.is_ok());
    }

    async fn what_another_process_rotated_acts_within_a_second(world) {
        let connection = connection(&world, Approval::Ask).await;
        let tokens = connected(&world, &connection, ToolRule::All).await;
        let network = Network::new(Allowlist::default(), Vec::new(), None);
        let command_line = Services::new(world.services.core.clone(), network);
        let rotated = command_line.grants.signing_keys().rotate(true).await.unwrap();
        world.clock.advance_seconds(1);
        let grants = &world.services.grants;
        assert!(grants.bearer(&tokens.access_token, &shared(&world)).await.is_err());
        assert_eq!(kids(&grants.signing_keys().jwks().await.unwrap()), [rotated.kid]);
    }
}

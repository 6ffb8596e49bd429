//! GitHub, which knows no ID tokens, and Google, which says more.

use super::*;
use crate::db::execute;

async fn github(world: &World) -> Story {
    Story::with(world, SignUpPolicy::Open, |input| {
        input["kind"] = "github".into()
    })
    .await
}

/// Its issuer is fixed, so that one here is made of another.
async fn google(world: &World, domains: &[&str]) -> Story {
    let mut story = Story::with(world, SignUpPolicy::Open, |input| {
        input["allowed_domains"] = json!(domains);
    })
    .await;
    let mut tx = story.world.db().begin().await.unwrap();
    let sql = "UPDATE identity_providers SET kind = 'google' WHERE id = $1";
    execute!(&mut tx, sqlx::query(sql).bind(&story.provider.id)).unwrap();
    tx.commit().await.unwrap();
    story.provider.kind = crate::providers::ProviderKind::Google;
    story
}

on_both! {
    async fn github_tells_by_its_api_who_somebody_is(world) {
        let story = github(&world).await;
        assert_eq!(story.server.inner().discoveries, 0);
        let (url, _) = story.begin().await;
        assert_eq!(url.path(), "/login/oauth/authorize");
        let asked: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(asked["scope"], "user:email");
        assert_eq!(asked["code_challenge_method"], "S256");
        let octo = Person::new("583231", "octo@example.com");
        let account = story.signed_in(&octo).await;
        assert_eq!(account.email, "octo@example.com");
        assert_eq!(story.server.inner().asked["client_secret"], SECRET);
        let identities = story.providers().identities(&person(&account)).await.unwrap();
        assert_eq!(identities[0].subject, "583231");
        assert_eq!(story.signed_in(&octo).await, account);
        // Never by the address alone, and never by one that is not confirmed.
        assert!(matches!(
            story.comes(&Person::new("7", "ada@example.com")).await,
            Ok(Outcome::LinkNeeded(_))
        ));
        let eve = Person::unverified("8", "eve@example.com");
        assert_eq!(story.refusal(&eve).await, Refusal::NoVerifiedEmail);
        // It does not say when somebody signed in.
        let proof = story.providers().begin_proof(&story.provider.id, &story.ada, HERE).await;
        assert!(matches!(proof.err(), Some(NotSignedIn::Refused(Refusal::CannotProve))));
        let (url, pending) = story.begin().await;
        let iss = Some("https://evil.example".to_owned());
        let callback = Callback { iss, ..story.server.signs_in(&url, &octo) };
        let came = story.finish(Some(pending), callback).await;
        assert!(matches!(came, Err(NotSignedIn::Provider(Cause::OtherIssuer))), "{came:?}");
    }

    async fn github_refuses_with_a_200(world) {
        let story = github(&world).await;
        let octo = Person::new("583231", "octo@example.com");
        for (body, cause) in [
            (json!({ "error": "bad_verification_code", "error_description": "x" }), Cause::CodeRefused),
            (json!({ "error": "incorrect_client_credentials" }), Cause::ClientRefused),
            (json!({ "error": "redirect_uri_mismatch" }), Cause::ClientRefused),
            (json!({ "access_token": "unknown", "token_type": "bearer" }), Cause::UserInfo),
            (json!({ "access_token": "a\nb", "token_type": "bearer" }), Cause::TokenAnswer),
        ] {
            story.server.inner().instead = Some((200, body.to_string()));
            assert_eq!(story.cause(&octo).await, cause, "{body}");
        }
    }

    async fn google_answers_for_its_own_addresses_alone(world) {
        let story = google(&world, &["example.com"]).await;
        let (url, _) = story.begin().await;
        assert!(url.query_pairs().any(|pair| pair == ("hd".into(), "example.com".into())), "{url}");
        // Of somebody who left the company and kept an account with its address.
        assert_eq!(story.refusal(&BOB).await, Refusal::NoVerifiedEmail);
        story.server.inner().edit_claims = Some(Box::new(|claims| claims["hd"] = "evil.example".into()));
        assert_eq!(story.refusal(&BOB).await, Refusal::DomainNotAllowed);
        story.server.inner().edit_claims = Some(Box::new(|claims| claims["hd"] = "example.com".into()));
        story.signed_in(&BOB).await;
        let proof = story.providers().begin_proof(&story.provider.id, &story.ada, HERE).await;
        assert!(matches!(proof.err(), Some(NotSignedIn::Refused(Refusal::CannotProve))));
    }
}

//! Answers that prove nothing: of a provider that fails, and of somebody who plays one.

use super::{signing::Signing, *};

on_both! {
    async fn an_id_token_that_is_not_for_this_sign_in_is_refused(world) {
        let story = Story::new(&world).await;
        let cases: [(&str, Edit, Cause); 16] = [
            ("wrong nonce", |c| c["nonce"] = "another".into(), Cause::IdTokenNonce),
            ("no nonce", |c| c["nonce"] = Value::Null, Cause::IdTokenNonce),
            ("wrong aud", |c| c["aud"] = "another".into(), Cause::IdTokenAudience),
            ("no aud", |c| c["aud"] = json!([]), Cause::IdTokenAudience),
            ("one more aud", |c| c["aud"] = json!(["tengine", "another"]), Cause::IdTokenAudience),
            ("wrong azp", |c| c["azp"] = "another".into(), Cause::IdTokenAudience),
            ("expired", |c| c["exp"] = (c["iat"].as_i64().unwrap() - 61).into(), Cause::IdTokenTime),
            ("from the future", |c| c["iat"] = (c["iat"].as_i64().unwrap() + 120).into(), Cause::IdTokenTime),
            ("old", |c| c["iat"] = (c["iat"].as_i64().unwrap() - 700).into(), Cause::IdTokenTime),
            ("another issuer", |c| c["iss"] = "https://evil.example".into(), Cause::IdTokenIssuer),
            ("almost the issuer", |c| c["iss"] = format!("{}/", c["iss"].as_str().unwrap()).into(), Cause::IdTokenIssuer),
            ("wrong at_hash", |c| c["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA".into(), Cause::IdTokenAccessToken),
            ("no sub", |c| { c.as_object_mut().unwrap().shift_remove("sub"); }, Cause::TokenAnswer),
            ("empty sub", |c| c["sub"] = "".into(), Cause::IdToken),
            ("NUL in sub", |c| c["sub"] = "b-7\0".into(), Cause::IdToken),
            ("endless sub", |c| c["sub"] = "b".repeat(256).into(), Cause::IdToken),
        ];
        for (attack, edit, cause) in cases {
            story.server.inner().edit_claims = Some(Box::new(edit));
            assert_eq!(story.cause(&BOB).await, cause, "{attack}");
        }
        let accounts = &story.world.services.accounts;
        assert!(accounts.by_email("bob@example.com").await.unwrap().is_none());
        let fine: Edit = |c| {
            c["exp"] = (c["iat"].as_i64().unwrap() - 30).into();
            c["azp"] = "tengine".into();
            c["aud"] = json!(["tengine"]);
            c.as_object_mut().unwrap().shift_remove("at_hash");
        };
        story.server.inner().edit_claims = Some(Box::new(fine));
        story.signed_in(&BOB).await;
    }

    async fn an_id_token_that_is_not_signed_by_the_provider_is_refused(world) {
        let story = Story::new(&world).await;
        for signing in [
            Signing::NotAtAll,
            // Key confusion: what everybody can read is no secret.
            Signing::WithThePublicKey,
            Signing::WithTheClientSecret,
            Signing::WithAnothersKey,
        ] {
            story.server.inner().signing = signing;
            assert_eq!(story.cause(&BOB).await, Cause::IdTokenSignature);
        }
        for signing in [Signing::Well, Signing::WithAnEllipticCurve] {
            story.server.inner().signing = signing;
            story.signed_in(&BOB).await;
        }
    }

    async fn a_token_endpoint_that_misbehaves_is_told_in_the_log_alone(world) {
        let story = Story::new(&world).await;
        for (status, body, cause) in [
            (401, json!({ "error": "invalid_client", "error_description": SECRET }), Cause::ClientRefused),
            (200, json!({ "error": "unauthorized_client" }), Cause::ClientRefused),
            (400, json!({ "error": "odd" }), Cause::TokenAnswer),
            (200, json!({ "access_token": "a", "token_type": "bearer" }), Cause::NoIdToken),
            (200, json!({ "access_token": "a", "token_type": "mac" }), Cause::TokenAnswer),
            (200, json!({ "access_token": "a", "token_type": "bearer", "id_token": "x.y.z" }), Cause::TokenAnswer),
            (200, json!("x".repeat(1_100_000)), Cause::Unreachable),
            (302, json!({}), Cause::TokenAnswer),
        ] {
            story.server.inner().instead = Some((status, body.to_string()));
            let Err(error) = story.comes(&BOB).await else { panic!("it was accepted") };
            assert!(!error.to_string().contains(SECRET));
            assert!(matches!(error, NotSignedIn::Provider(found) if found == cause), "{error:?}");
        }
    }

    async fn userinfo_about_somebody_else_is_refused(world) {
        let story = Story::new(&world).await;
        story.server.inner().is_short = true;
        story.server.inner().edit_user_info = Some(Box::new(|said| said["sub"] = "1815".into()));
        assert_eq!(story.cause(&BOB).await, Cause::UserInfoSubject);
    }

    async fn half_of_an_address_is_not_confirmed_by_the_other_half(world) {
        let story = Story::new(&world).await;
        // The ID token confirms, and UserInfo has another address.
        story.server.inner().edit_claims = Some(Box::new(|claims| {
            claims.as_object_mut().unwrap().shift_remove("email");
        }));
        story.server.inner().edit_user_info = Some(Box::new(|said| {
            said["email"] = "new@example.com".into();
            said.as_object_mut().unwrap().shift_remove("email_verified");
        }));
        let eve = Person::new("e-1", "eve@example.com");
        assert_eq!(story.refusal(&eve).await, Refusal::NoVerifiedEmail);
    }

    async fn a_token_that_no_header_takes_is_sent_to_nobody(world) {
        let story = Story::new(&world).await;
        story.server.inner().is_short = true;
        for token in ["a\nb", "", "\u{fc}", &"x".repeat(20_000)] {
            story.server.inner().access_token = Some(token.to_owned());
            assert_eq!(story.cause(&BOB).await, Cause::TokenAnswer);
        }
    }
}

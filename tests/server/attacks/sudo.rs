//! What a stolen session alone must not be enough for.

use axum::http::StatusCode;
use domain::{audit::Page, bootstrap::Bootstrapped, integrations::Approval, members::Role};

use super::{functions, provider::Provider};
use crate::app::{EMAIL, Options, PASSWORD, TestApp};

const BOB: &str = "bob@example.com";

/// All that was ever done, and what a proof changes.
pub async fn state(app: &TestApp, made: &Bootstrapped) -> String {
    let actor = domain::accounts::Actor::Person {
        user_id: made.account.id.clone(),
    };
    let owner = app.services.instance.owner(&actor).await.unwrap();
    let rows = app
        .services
        .audit
        .of_instance(&owner, &Page::first(500))
        .await
        .unwrap();
    let acts: Vec<_> = rows.iter().map(|row| (row.act, &row.detail)).collect();
    let sessions = app.services.sessions.list(&made.account.id).await.unwrap();
    let sessions: Vec<_> = sessions
        .iter()
        .map(|one| (&one.id, one.proved_at))
        .collect();
    let access = app.access::<domain::members::Owner>(made).await;
    let members = app
        .services
        .members
        .list(&access.as_viewer())
        .await
        .unwrap();
    let members: Vec<_> = members.iter().map(|one| (&one.user_id, one.role)).collect();
    let project = app
        .services
        .projects
        .get(&access.as_viewer())
        .await
        .unwrap();
    let integrations = app
        .services
        .integrations
        .list(&access.as_viewer())
        .await
        .unwrap();
    let integrations: Vec<_> = integrations
        .iter()
        .map(|one| (&one.id, &one.name))
        .collect();
    format!("{acts:?} {sessions:?} {members:?} {project:?} {integrations:?}")
}

struct Target {
    app: TestApp,
    made: Bootstrapped,
    bob: String,
    provider: String,
    secret: String,
}

/// An instance whose owner's session is older than the limit.
async fn target() -> Target {
    let app = TestApp::with_settings(Options {
        tools_allow: "127.0.0.1".parse().unwrap(),
        ..Options::default()
    })
    .await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_up(BOB, PASSWORD).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let provider = Provider::added(&app, &made).await.id;
    let bob = app
        .services
        .accounts
        .by_email(BOB)
        .await
        .unwrap()
        .unwrap()
        .id;
    let new = domain::invitations::NewInvitation {
        most_uses: None,
        valid_seconds: None,
        email: None,
        is_mailed: false,
    };
    let (owner, proof) = (app.access(&made).await, app.proof(&made).await);
    let invited = app
        .services
        .invitations
        .create(&owner, Role::Owner, &new, Some(&proof))
        .await;
    let (_, token) = invited.unwrap();
    let actor = domain::accounts::Actor::Person {
        user_id: bob.clone(),
    };
    let here = std::net::IpAddr::from([127, 0, 0, 1]);
    app.services
        .invitations
        .accept(token.reveal(), &actor, here)
        .await
        .unwrap();
    let secret = serde_json::json!({
        "name": "acme", "value": "a secret", "origins": ["https://api.example"],
        "auth_strategy": "static_bearer",
    });
    let secret = serde_json::from_value(secret).unwrap();
    let vault = &app.services.vault;
    let secret = vault.create(&app.access(&made).await, &secret).await;
    let secret = secret.unwrap().id.to_string();
    app.clock.advance_seconds(600);
    assert_eq!(app.get("/projects").await.status, StatusCode::OK);
    Target {
        app,
        made,
        bob: bob.to_string(),
        provider,
        secret,
    }
}

impl Target {
    /// Arguments with which the function would do something.
    fn arguments(&self, function: &str) -> Vec<(&'static str, &str)> {
        let project = ("project_id", self.made.project.id.as_str());
        let integration = ("integration_id", self.made.integration.id.as_str());
        let bob = ("user_id", self.bob.as_str());
        match function {
            "change_password" => vec![("password", "another battery entirely")],
            "change_email" => vec![("email", "mallory@example.com")],
            "delete_account" => vec![("confirm_email", EMAIL)],
            "remove_passkey" | "remove_totp" => vec![],
            "unlink_identity" => vec![("provider_id", &self.provider), ("subject", "1815")],
            "invite_member" => vec![
                project,
                ("role", "admin"),
                ("email", "mallory@example.com"),
                ("by_mail", "false"),
                ("valid_days", "7"),
            ],
            "set_member_role" => vec![project, bob, ("role", "admin")],
            "remove_member" | "transfer_project" => vec![project, bob],
            "require_second_factor" => vec![project, ("is_on", "false")],
            "create_api_key" => vec![project, ("role", "admin"), ("expires_in_days", "0")],
            "create_own_api_key" => vec![("role", "owner"), ("expires_in_days", "0")],
            "delete_project" => vec![project, ("confirm_name", "CRM")],
            "delete_integration" => vec![project, integration, ("confirm_name", "Claude")],
            "rotate_secret" => vec![project, integration],
            "create_integration" => vec![project, ("is_automatic", "true"), ("is_public", "false")],
            "set_approval" => vec![project, integration, ("is_automatic", "true")],
            "set_client_credentials" => vec![project, integration, ("is_on", "true")],
            "save_provider" => vec![
                ("provider_id", &self.provider),
                ("form[kind]", "github"),
                ("form[name]", "Evil"),
                ("form[client_id]", "evil"),
                ("form[is_enabled]", "true"),
            ],
            "delete_provider" => vec![("provider_id", &self.provider)],
            "enable_account" => vec![bob],
            "invite_to_instance" => vec![("email", "mallory@example.com"), ("by_mail", "false")],
            "set_sign_up" => vec![("sign_up", "invite")],
            "save_vault_secret" => vec![
                project,
                ("secret_id", &self.secret),
                ("form[name]", "acme"),
                ("form[origins]", "https://evil.example"),
                ("form[value]", "evil"),
                ("form[kind]", "static_bearer"),
            ],
            "delete_vault_secret" => vec![project, ("secret_id", &self.secret)],
            "set_instance_owner" => vec![bob, ("is_owner", "true")],
            "make_reset_link" => vec![bob, ("removes_second_factor", "true")],
            "set_switch" => vec![("name", "require_second_factor"), ("is_on", "false")],
            other => {
                panic!("{other} asks for a proof: say with which arguments it would do something")
            }
        }
    }
}

/// OWASP ASVS 7.5.1 and 7.5.3: every act that asks for a proof is refused to a session that is older, and
/// does nothing.
#[tokio::test]
async fn no_sensitive_function_takes_an_old_session() {
    let target = target().await;
    let (app, made) = (&target.app, &target.made);
    let before = state(app, made).await;
    let sensitive: Vec<_> = functions::all()
        .into_iter()
        .filter(functions::Function::asks_for_a_proof)
        .collect();
    assert!(sensitive.len() > 20, "{}", sensitive.len());
    for function in &sensitive {
        let answer = function.call(app, &target.arguments(&function.name)).await;
        assert_eq!(
            answer.status,
            StatusCode::FORBIDDEN,
            "{}: {}",
            function.name,
            answer.body
        );
        assert_eq!(
            answer.json()["kind"],
            "proof_needed",
            "{}: {}",
            function.name,
            answer.body
        );
    }
    assert_eq!(state(app, made).await, before);
    // Each would have been done, or refused for another reason, with a proof.
    let csrf = app.get("/confirm").await.hidden("csrf");
    app.form("/confirm", &[("csrf", &csrf), ("password", PASSWORD)])
        .await;
    for function in &sensitive {
        // These end what the others are about.
        if ["delete_account", "delete_project", "transfer_project"]
            .contains(&function.name.as_str())
        {
            continue;
        }
        let answer = function.call(app, &target.arguments(&function.name)).await;
        assert!(
            !answer.body.contains("proof_needed"),
            "{}: {}",
            function.name,
            answer.body
        );
    }
}

/// OWASP ASVS 7.5.1: nor does a plain form about one's own account.
#[tokio::test]
async fn no_sensitive_form_takes_an_old_session() {
    let target = target().await;
    let (app, made) = (&target.app, &target.made);
    let before = state(app, made).await;
    let csrf = app.call("load_me", &[]).await.json()["csrf"]
        .as_str()
        .unwrap()
        .to_owned();
    let authenticator = app.get("/account/authenticator").await;
    assert_eq!(
        authenticator.header("location"),
        "/confirm?next=/account/authenticator"
    );
    let link = format!("/sign-in/with/{}", target.provider);
    for path in [
        "/account/authenticator",
        "/account/recovery-codes",
        "/account/passkeys",
        "/account/export",
        &link,
    ] {
        let answer = app
            .form(
                path,
                &[("csrf", &csrf), ("code", "123456"), ("purpose", "link")],
            )
            .await;
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "{path}: {}",
            answer.body
        );
        assert!(
            answer
                .header("location")
                .starts_with("/confirm?next=/account"),
            "{path}"
        );
    }
    let challenge = app
        .form("/account/passkeys/challenge", &[("csrf", &csrf)])
        .await;
    assert_eq!(challenge.status, StatusCode::FORBIDDEN);
    assert!(challenge.json().get("publicKey").is_none());
    assert_eq!(state(app, made).await, before);
}

//! What hostile people call themselves, on the pages of others.

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use domain::{accounts::Actor, integrations::Approval, invitations::NewInvitation, members::Role};
use serde_json::Value;

use crate::app::{Answer, Cookies, EMAIL, PASSWORD, TestApp, encoded, form};

const MARKUP: &str = "<img/src=x/onerror=alert(1)>";

async fn signs_in_with(app: &TestApp, agent: &str, email: &str) -> Answer {
    let csrf = app.get("/recover").await.hidden("csrf");
    let fields = [("email", email), ("password", PASSWORD), ("csrf", &csrf)];
    let request = form("/sign-in").header(header::USER_AGENT, agent);
    app.send(request.body(Body::from(encoded(&fields))).unwrap())
        .await
}

/// Nothing of the page came to be markup that was text.
fn is_text(path: &str, page: &Answer) {
    assert_eq!(page.status, StatusCode::OK, "{path}");
    for markup in ["<img/src", "<script>alert", "<svg/onload"] {
        assert!(!page.body.contains(markup), "{path}: {markup}");
    }
}

/// OWASP ASVS 1.2.1 and 1.3.1: a browser calls itself what it likes; its person's list shows a short text.
#[tokio::test]
async fn a_hostile_user_agent_is_a_short_text() {
    let app = TestApp::new().await;
    app.bootstrap(Approval::Ask).await;
    let agents = [
        MARKUP.to_owned(),
        format!("{MARKUP} Chrome/1"),
        "A".repeat(7_000),
        "</script><script>alert(1)</script>".to_owned(),
        "\"><svg/onload=alert(1)>".to_owned(),
        String::new(),
    ];
    for agent in &agents {
        app.switch(Cookies::new());
        let answer = signs_in_with(&app, agent, EMAIL).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{agent}");
    }
    for path in [
        "/account/sessions",
        "/account",
        "/instance/audit",
        "/instance/accounts",
    ] {
        is_text(path, &app.get(path).await);
    }
    let list = app.call("list_sessions", &[]).await.json();
    let sessions = list["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), agents.len());
    for session in sessions {
        let device = session["device"].as_str().unwrap();
        assert!(device.chars().count() <= 80, "{device}");
        assert!(!device.is_empty());
    }
}

/// OWASP ASVS 1.2.1, Unicode TR 36 §2: an address is text, and none is made of characters that hide or turn it.
#[tokio::test]
async fn a_hostile_address_is_text_and_looks_like_what_it_is() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let email = "<img/src=x/onerror=alert(1)>@example.com";
    assert_eq!(
        app.sign_up(email, PASSWORD).await.status,
        StatusCode::SEE_OTHER
    );
    let mallory = app
        .services
        .accounts
        .by_email(email)
        .await
        .unwrap()
        .unwrap()
        .id;
    let access = app.access(&made).await;
    let new = NewInvitation {
        most_uses: None,
        valid_seconds: None,
        email: None,
        is_mailed: false,
    };
    let (_, token) = app
        .services
        .invitations
        .create(&access, Role::Developer, &new, None)
        .await
        .unwrap();
    let here = std::net::IpAddr::from([127, 0, 0, 1]);
    let actor = Actor::Person { user_id: mallory };
    app.services
        .invitations
        .accept(token.reveal(), &actor, here)
        .await
        .unwrap();
    app.get("/account").await;
    app.forget_cookies();
    app.sign_in(EMAIL, PASSWORD).await;
    let members = format!("/projects/{}/members", made.project.id);
    for path in [members.as_str(), "/instance/accounts", "/instance/audit"] {
        let page = app.get(path).await;
        is_text(path, &page);
        assert!(
            page.body.contains("onerror=alert(1)"),
            "{path}: it is shown"
        );
    }
    for hidden in [
        "ada\u{200b}@example.com",
        "moc.elpmaxe@\u{202e}ada",
        "ada@example.com\u{2066}",
        "a\u{ad}da@example.com",
    ] {
        app.forget_cookies();
        let answer = app.sign_up(hidden, PASSWORD).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{hidden:?}"
        );
    }
    let long = format!("{}@example.com", "a".repeat(10_000));
    assert_eq!(
        app.sign_up(&long, PASSWORD).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

/// OWASP ASVS 1.2.1, Unicode TR 36 §2: the name of a project stands on the invitation that a stranger reads.
#[tokio::test]
async fn a_hostile_name_is_text_and_turns_nothing() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let id = made.project.id.as_str();
    let renamed = app
        .call("rename_project", &[("project_id", id), ("name", MARKUP)])
        .await;
    assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.body);
    let invite = super::functions::all()
        .into_iter()
        .find(|one| one.name == "invite_member")
        .unwrap();
    let given = [
        ("project_id", id),
        ("role", "viewer"),
        ("email", " "),
        ("by_mail", "false"),
        ("valid_days", "7"),
    ];
    let link = invite.call(&app, &given).await.json();
    let url = link["url"].as_str().unwrap_or_else(|| panic!("{link}"));
    let path = url.strip_prefix(crate::app::PUBLIC).unwrap();
    let overview = format!("/projects/{id}");
    for path in [path, "/projects", overview.as_str()] {
        let page = app.get(path).await;
        is_text(path, &page);
        assert!(
            page.body.contains("onerror=alert(1)"),
            "{path}: it is shown"
        );
    }
    for name in [
        "CRM\u{202e}gnp.exe",
        "\u{2066}CRM",
        &"a".repeat(10_000),
        "CRM\u{0}",
    ] {
        let refused = app
            .call("rename_project", &[("project_id", id), ("name", name)])
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name:?}");
    }
    let passkey = app
        .call("rename_passkey", &[("passkey_id", "x"), ("name", MARKUP)])
        .await;
    assert_eq!(passkey.json()["kind"], Value::from("not_found"));
}

//! Links that let people in, in the wrong hands.

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use domain::{
    accounts::{Actor, SignUpPolicy},
    bootstrap::Bootstrapped,
    db::testing::TestDatabase,
    events::Visit,
    integrations::Approval,
    invitations::NewInvitation,
    members::Role,
};
use futures_util::future::join_all;

use crate::app::{Answer, Cookies, EMAIL, PASSWORD, PUBLIC, TestApp, encoded, form};

const HERE: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

async fn target(database: TestDatabase, sign_up: SignUpPolicy) -> (TestApp, Bootstrapped) {
    let app = TestApp::with(database, PUBLIC, sign_up).await;
    let made = app.bootstrap(Approval::Ask).await;
    (app, made)
}

fn link(most_uses: i64, email: Option<&str>) -> NewInvitation {
    NewInvitation {
        most_uses: Some(most_uses),
        valid_seconds: None,
        email: email.map(ToOwned::to_owned),
        is_mailed: false,
    }
}

async fn invited(app: &TestApp, made: &Bootstrapped, role: Role, new: &NewInvitation) -> String {
    let (access, proof) = (app.access(made).await, app.proof(made).await);
    let invitations = &app.services.invitations;
    let (_, token) = invitations
        .create(&access, role, new, Some(&proof))
        .await
        .unwrap();
    token.reveal().to_owned()
}

async fn accepts(app: &TestApp, token: &str) -> Answer {
    let csrf = app.get("/recover").await.hidden("csrf");
    app.form(&format!("/invite/{token}"), &[("csrf", &csrf)])
        .await
}

async fn signs_up(app: &TestApp, email: &str, token: &str) -> Answer {
    let next = format!("/invite/{token}");
    let fields = [
        ("email", email),
        ("password", PASSWORD),
        ("csrf", "token"),
        ("next", &next),
    ];
    let request = form("/sign-up").header(header::COOKIE, "tengine_form=token");
    app.send(request.body(Body::from(encoded(&fields))).unwrap())
        .await
}

async fn role(app: &TestApp, made: &Bootstrapped, email: &str) -> Option<Role> {
    let account = app.services.accounts.by_email(email).await.unwrap()?;
    app.services
        .members
        .role(&made.project.id, &account.id)
        .await
        .unwrap()
}

/// OWASP ASVS 2.3.4: a link for one lets one in: not the next, and not a second time who was removed.
#[tokio::test]
async fn a_link_that_was_used_lets_nobody_in() {
    let (app, made) = target(TestDatabase::sqlite().await, SignUpPolicy::Open).await;
    let token = invited(&app, &made, Role::Developer, &link(1, None)).await;
    app.sign_up("bob@example.com", PASSWORD).await;
    assert_eq!(
        accepts(&app, &token).await.header("location"),
        format!("/projects/{}", made.project.id)
    );
    app.forget_cookies();
    app.sign_up("eve@example.com", PASSWORD).await;
    assert_eq!(accepts(&app, &token).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        signs_up(&app, "eve2@example.com", &token).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(role(&app, &made, "eve@example.com").await, None);
    let bob = app
        .services
        .accounts
        .by_email("bob@example.com")
        .await
        .unwrap()
        .unwrap()
        .id;
    let access = app.access(&made).await;
    app.services
        .members
        .remove(&access, &bob, None, &Visit::default())
        .await
        .unwrap();
    app.forget_cookies();
    app.sign_in("bob@example.com", PASSWORD).await;
    assert_eq!(accepts(&app, &token).await.status, StatusCode::NOT_FOUND);
    assert_eq!(role(&app, &made, "bob@example.com").await, None);
}

/// OWASP ASVS 8.2.2: a link for somebody's address that was forwarded lets nobody else in, and is not used up
/// by who tries.
#[tokio::test]
async fn a_forwarded_link_is_for_its_address_only() {
    let (app, made) = target(TestDatabase::sqlite().await, SignUpPolicy::Invite).await;
    let token = invited(&app, &made, Role::Admin, &link(1, Some("bob@example.com"))).await;
    // Mallory has an account from elsewhere.
    let other = invited(&app, &made, Role::Viewer, &link(1, None)).await;
    assert_eq!(
        signs_up(&app, "mallory@example.com", &other).await.status,
        StatusCode::SEE_OTHER
    );
    let answer = accepts(&app, &token).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
    assert!(!answer.body.contains("bob@example.com"), "{}", answer.body);
    assert_eq!(
        role(&app, &made, "mallory@example.com").await,
        Some(Role::Viewer)
    );
    for email in [
        "eve@example.com",
        "bob@example.com.evil.example",
        "bob+x@example.com",
    ] {
        let answer = signs_up(&app, email, &token).await;
        assert!(
            answer.status.is_client_error(),
            "{email}: {}",
            answer.status
        );
        assert!(!answer.body.contains(">bob@example.com"), "{email}");
        assert!(
            app.services
                .accounts
                .by_email(email)
                .await
                .unwrap()
                .is_none()
        );
    }
    assert_eq!(
        signs_up(&app, "Bob@Example.com", &token).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        role(&app, &made, "bob@example.com").await,
        Some(Role::Admin)
    );
}

async fn race(database: TestDatabase) {
    let (app, made) = target(database, SignUpPolicy::Invite).await;
    let token = invited(&app, &made, Role::Viewer, &link(2, None)).await;
    let emails: Vec<String> = (0..6)
        .map(|number| format!("person{number}@example.com"))
        .collect();
    let answers = join_all(emails.iter().map(|email| signs_up(&app, email, &token))).await;
    let inside = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::SEE_OTHER);
    assert_eq!(inside.count(), 2, "{answers:?}");
    let mut accounts = 0;
    for email in &emails {
        let is_member = role(&app, &made, email).await == Some(Role::Viewer);
        let has_account = app
            .services
            .accounts
            .by_email(email)
            .await
            .unwrap()
            .is_some();
        assert_eq!(is_member, has_account, "who was too late has no account");
        accounts += usize::from(has_account);
    }
    assert_eq!(accounts, 2);
}

/// OWASP ASVS 2.3.4: of many who use the last place of a link at once, as many get in as there are places.
#[tokio::test]
async fn the_last_place_of_a_link_is_taken_once_on_sqlite() {
    race(TestDatabase::sqlite().await).await;
}

#[tokio::test]
async fn the_last_place_of_a_link_is_taken_once_on_postgres() {
    race(TestDatabase::postgres().await).await;
}

/// OWASP ASVS 8.3.2: what somebody invited to ends with their own place in it.
#[tokio::test]
async fn a_link_of_who_was_removed_or_lowered_lets_nobody_in() {
    let (app, made) = target(TestDatabase::sqlite().await, SignUpPolicy::Open).await;
    let of_admin = invited(&app, &made, Role::Admin, &link(1, None)).await;
    app.sign_up("bob@example.com", PASSWORD).await;
    accepts(&app, &of_admin).await;
    let bob = app
        .services
        .accounts
        .by_email("bob@example.com")
        .await
        .unwrap()
        .unwrap()
        .id;
    let actor = Actor::Person {
        user_id: bob.clone(),
    };
    let mut tokens = Vec::new();
    let new = link(1, None);
    for _ in 0..2 {
        let access = app
            .services
            .members
            .access(&actor, &made.project.id)
            .await
            .unwrap();
        let created = app
            .services
            .invitations
            .create(&access, Role::Developer, &new, None);
        tokens.push(created.await.unwrap().1.reveal().to_owned());
    }
    let (owner, proof) = (app.access(&made).await, app.proof(&made).await);
    let members = &app.services.members;
    members
        .set_role(&owner, &bob, Role::Viewer, Some(&proof))
        .await
        .unwrap();
    app.forget_cookies();
    app.sign_up("eve@example.com", PASSWORD).await;
    assert_eq!(
        accepts(&app, &tokens[0]).await.status,
        StatusCode::NOT_FOUND
    );
    members
        .remove(&owner, &bob, Some(&proof), &Visit::default())
        .await
        .unwrap();
    for token in &tokens {
        assert_eq!(accepts(&app, token).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            app.get(&format!("/invite/{token}")).await.status,
            StatusCode::NOT_FOUND
        );
    }
    assert_eq!(role(&app, &made, "eve@example.com").await, None);
    assert!(
        app.services
            .invitations
            .accept(&tokens[0], &actor, HERE)
            .await
            .is_err()
    );
}

/// OWASP ASVS 1.2.2: a token that is none is text, in the page and in the address that it leads to.
#[tokio::test]
async fn a_token_that_is_none_leads_nowhere() {
    let (app, _) = target(TestDatabase::sqlite().await, SignUpPolicy::Open).await;
    for token in [
        "x&next=%2F%2Fevil.example",
        "..%2F..%2Fsign-out",
        "%22%3E%3Cscript%3E",
        "%C3%A9%E2%80%AE",
        "x%3Fnext=%2F%2Fevil",
        "%23",
        "%25",
    ] {
        app.switch(Cookies::new());
        let page = app.get(&format!("/invite/{token}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{token}");
        assert!(!page.body.contains("<script>"), "{token}");
        let answer = accepts(&app, token).await;
        let to = answer.location();
        assert_eq!(to.path(), "/sign-in", "{token}: {answer:?}");
        let next: Vec<_> = to.query_pairs().collect();
        assert!(
            next.len() == 1 && next[0].1.starts_with("/invite/"),
            "{token}: {to}"
        );
        app.sign_in(EMAIL, PASSWORD).await;
        assert_eq!(
            accepts(&app, token).await.status,
            StatusCode::NOT_FOUND,
            "{token}"
        );
    }
}

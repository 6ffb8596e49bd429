//! Who may listen to a project, and what a page may lead to.

use axum::http::StatusCode;
use domain::integrations::Approval;

use crate::app::{EMAIL, PASSWORD, TestApp};

/// Refusals only: what is let in does not end (`contract/live.rs`, `end2end/tests/live.spec.ts`).
#[tokio::test]
async fn nobody_listens_to_what_is_not_theirs() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let project = made.project.id.as_str();
    let path = format!("/live/{project}");
    assert_eq!(app.get(&path).await.status, StatusCode::UNAUTHORIZED);
    app.sign_in(EMAIL, PASSWORD).await;
    for strange in ["int_nobody", "%00", ""] {
        let answer = app.get(&format!("{path}?integration={strange}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{strange}");
    }
    app.forget_cookies();
    app.sign_up("eve@example.com", PASSWORD).await;
    assert_eq!(app.get(&path).await.status, StatusCode::NOT_FOUND);
}

/// Chromium holds the redirect after a form to its page's policy: the link to a provider would be blocked.
#[tokio::test]
async fn only_the_page_that_links_providers_may_lead_elsewhere() {
    let app = TestApp::new().await;
    app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let policy = async |path: &str| {
        let answer = app.get(path).await;
        answer.header("content-security-policy").to_owned()
    };
    let linking = policy("/account/security").await;
    assert!(linking.contains("form-action 'self' https:"), "{linking}");
    for path in ["/account", "/projects", "/instance/providers"] {
        let other = policy(path).await;
        assert!(other.contains("form-action 'self';"), "{path}: {other}");
    }
}

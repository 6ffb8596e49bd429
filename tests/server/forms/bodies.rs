//! How large a form may be, and what of its body its page gets to see.

use axum::http::StatusCode;

use super::{sent, signed_in};

#[tokio::test]
async fn a_form_that_is_too_large_is_told_so_on_a_page() {
    let (app, _) = signed_in().await;
    let name = "x".repeat(2 * 1024 * 1024);
    let answer = sent(&app, "create_project", "/projects", &[("name", &name)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.header("content-type").starts_with("text/html"));
    assert!(answer.body.contains("This is too large"));
}

/// OWASP ASVS 14.2.2: a password goes one way.
#[tokio::test]
async fn a_password_does_not_come_back() {
    let (app, _) = signed_in().await;
    let typed = "short pw";
    let fields = [("password", typed)];
    let answer = sent(&app, "change_password", "/account", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("id=\"main\""), "{}", answer.body);
    assert!(!answer.body.contains(typed), "{}", answer.body);
}

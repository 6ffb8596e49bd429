//! What a form is answered with.

use axum::http::StatusCode;

use super::{is_page_of_ours, sent, sent_with, signed_in, tag};
use crate::app::{EMAIL, PUBLIC, TestApp};

#[tokio::test]
async fn what_is_done_leads_on() {
    let (app, made) = signed_in().await;
    let answer = sent(&app, "create_project", "/projects", &[("name", "Billing")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let to = answer.header("location").to_owned();
    assert!(to.starts_with("/projects/"), "{to}");
    assert!(answer.header("serverfnredirect").is_empty());
    assert!(app.get(&to).await.body.contains("Billing"));

    // A function that names no place leads back to where the form was.
    let page = format!("/projects/{}/settings?tab=name", made.project.id);
    let fields = [("project_id", made.project.id.as_str()), ("name", "Sales")];
    let answer = sent(&app, "rename_project", &page, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), page);
    assert!(app.get(&page).await.body.contains("Sales"));
}

#[tokio::test]
async fn what_fails_comes_back_with_what_was_typed_and_what_is_wrong_with_it() {
    let (app, _) = signed_in().await;
    let long = format!("\"><script>alert(1)</script>{}", "x".repeat(80));
    let answer = sent(&app, "create_project", "/projects", &[("name", &long)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(is_page_of_ours(&answer), "{}", answer.body);
    assert!(answer.header("content-type").starts_with("text/html"));
    assert_eq!(answer.header("cache-control"), "private, no-store");
    // The page's own policy, with the nonce of its own scripts.
    let policy = answer.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).unwrap();
    let nonce = &nonce[..nonce.find('\'').unwrap()];
    assert!(answer.body.contains(&format!("nonce=\"{nonce}\"")));

    let input = tag(&answer.body, "name");
    assert!(input.contains("aria-invalid=\"true\""), "{input}");
    assert!(input.contains("aria-describedby=\"name-problem"), "{input}");
    assert!(input.contains(&"x".repeat(80)), "{input}");
    assert!(answer.body.contains("id=\"name-problem\""));
    assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
    // Without wasm the dialog that the form is in is open.
    assert!(tag(&answer.body, "new-project").contains(" open"));
    // The page as it is asked for has nothing of it.
    let page = app.get("/projects").await;
    assert!(!page.body.contains(&"x".repeat(80)));
    assert!(!tag(&page.body, "name").contains("aria-invalid=\"true\""));
}

#[tokio::test]
async fn a_form_that_came_back_can_be_sent_again() {
    let (app, made) = signed_in().await;
    let page = format!("/projects/{}/settings", made.project.id);
    let project = made.project.id.as_str();
    let fields = [("project_id", project), ("name", "")];
    let answer = sent(&app, "rename_project", &page, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    // The browser stands at the function's address by then.
    let known = answer.hidden("_page");
    assert_eq!(known, page);
    let fields = [("project_id", project), ("name", ""), ("_page", &known)];
    let again = sent(&app, "rename_project", "/_ui/rename_project", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(again.hidden("_page"), page);
    let fields = [
        ("project_id", project),
        ("name", "Sales"),
        ("_page", &known),
    ];
    let done = sent(&app, "rename_project", "/_ui/rename_project", &fields).await;
    assert_eq!(done.header("location"), page);
    // Whoever loads the function's address by itself is at home.
    let opened = app.get("/_ui/rename_project").await;
    assert_eq!(opened.header("location"), "/projects");
}

#[tokio::test]
async fn a_secret_is_in_the_answer_and_in_no_page() {
    let (app, made) = signed_in().await;
    let page = format!("/projects/{}/integrations", made.project.id);
    let fields = [
        ("project_id", made.project.id.as_str()),
        ("name", "Claude Desktop"),
        ("is_public", "false"),
        ("is_automatic", "false"),
    ];
    let answer = sent(&app, "create_integration?show", &page, &fields).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.header("cache-control").contains("no-store"));
    let shown = answer.body.split("data-testid=\"client-secret\">").nth(1);
    let shown = shown.unwrap_or_else(|| panic!("no secret in {}", answer.body));
    let secret = &shown[..shown.find('<').unwrap()];
    assert!(secret.len() > 30, "{secret}");
    for again in [page.as_str(), "/_ui/create_integration?show", "/projects"] {
        let answer = app.get(again).await;
        assert!(!answer.body.contains(secret), "{again}");
        assert!(!answer.header("location").contains(secret), "{again}");
    }
    assert!(app.get(&page).await.body.contains("Claude Desktop"));
}

#[tokio::test]
async fn the_wasm_is_told_where_to_go_and_stays() {
    let (app, made) = signed_in().await;
    let page = format!("/projects/{}/settings", made.project.id);
    let referer = format!("{PUBLIC}{page}");
    let headers = [("referer", referer.as_str()), ("x-tengine-form", "1")];
    let fields = [("project_id", made.project.id.as_str()), ("name", "Sales")];
    let answer = sent_with(&app, "rename_project", &headers, &fields).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(answer.header("x-tengine-to"), page);
    assert_eq!(answer.header("location"), "");
    assert_eq!(answer.body, "");

    app.forget_cookies();
    let answer = sent_with(&app, "rename_project", &headers, &fields).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let to = answer.header("x-tengine-to");
    assert!(to.starts_with("/sign-in?next=%2Fprojects%2F"), "{to}");
}

#[tokio::test]
async fn who_is_signed_out_signs_in_and_comes_back() {
    let app = TestApp::new().await;
    let fields = [("name", "Billing")];
    let answer = sent(&app, "create_project", "/projects?page=2", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location().path(), "/sign-in");
    assert_eq!(
        answer.parameter("next").as_deref(),
        Some("/projects?page=2")
    );
}

/// What a page does not have, it cannot say.
#[tokio::test]
async fn what_its_page_cannot_say_a_page_of_its_own_does() {
    let (app, made) = signed_in().await;
    let fields = [("project_id", made.project.id.as_str()), ("name", "")];
    for page in ["/projects", "/docs", "/", "/nothing", "/sign-in"] {
        let answer = sent(&app, "rename_project", page, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
        assert!(answer.body.contains("This was not done"), "{page}");
        assert!(answer.body.contains(&format!("href=\"{page}\"")), "{page}");
        assert_eq!(answer.header("location"), "", "{page}");
        assert_eq!(answer.header("cache-control"), "private, no-store");
    }
    let answer = sent(&app, "no_such_function", "/projects", &[]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("This was not done"), "{}", answer.body);
}

#[tokio::test]
async fn a_program_is_answered_in_json_as_ever() {
    let (app, _) = signed_in().await;
    let done = app.call("load_me", &[]).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(done.body.contains(EMAIL), "{}", done.body);
    let failed = app.call("create_project", &[("name", "")]).await;
    assert_eq!(failed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(failed.json()["kind"], "invalid");
    app.forget_cookies();
    let out = app.call("create_project", &[("name", "x")]).await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED);
    assert_eq!(out.json()["kind"], "signed_out");
}

//! Forms that say they are on a page which is none of ours, and forms of other sites.

use axum::http::StatusCode;

use super::{sent_with, signed_in};
use crate::app::PUBLIC;

/// What is no page of ours, by the header or by the form's own field.
fn elsewhere() -> Vec<String> {
    let mut all: Vec<String> = [
        "https://evil.example/projects/x",
        "http://localhost:3000.evil.example/x",
        "http://localhost:3000@evil.example/x",
        "//evil.example/x",
        "javascript:alert(1)",
        "about:blank",
        "",
    ]
    .map(ToOwned::to_owned)
    .to_vec();
    for path in [
        "//evil.example",
        "/\\evil.example",
        "/_ui/delete_account",
        "/_ui/list_projects?x",
        "/projects/%00",
        "/projects/%ff",
    ] {
        all.push(path.to_owned());
        all.push(format!("{PUBLIC}{path}"));
    }
    all.push(format!("{PUBLIC}/{}", "a".repeat(8_000)));
    all
}

/// CWE-601: whatever a form says of where it is, it leads to no other place, and is answered by no other.
#[tokio::test]
async fn a_form_from_nowhere_is_at_home() {
    let (app, made) = signed_in().await;
    let project = made.project.id.as_str();
    for from in elsewhere() {
        for by_field in [false, true] {
            let headers = [("referer", if by_field { "" } else { from.as_str() })];
            let page = if by_field { from.as_str() } else { "" };
            let fields = [("project_id", project), ("name", "Sales"), ("_page", page)];
            let done = sent_with(&app, "rename_project", &headers, &fields).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{from}: {}", done.body);
            assert_eq!(done.header("location"), "/projects", "{from}");
            let failing = [("name", ""), ("_page", page)];
            let failed = sent_with(&app, "create_project", &headers, &failing).await;
            assert_eq!(failed.status, StatusCode::UNPROCESSABLE_ENTITY, "{from}");
            assert!(failed.body.contains("id=\"new-project\""), "{from}");
            assert!(!failed.body.contains("evil.example"), "{from}");
        }
    }
}

/// CWE-113: a line break in a field makes no header.
#[tokio::test]
async fn a_field_makes_no_header() {
    let (app, made) = signed_in().await;
    for page in ["/projects\r\nset-cookie: a=b", "/projects\nx: y", "/\u{e9}"] {
        let fields = [
            ("project_id", made.project.id.as_str()),
            ("name", "Sales"),
            ("_page", page),
        ];
        let done = sent_with(&app, "rename_project", &[], &fields).await;
        assert_eq!(done.header("location"), "/projects", "{page:?}");
        assert!(!done.headers.contains_key("x"));
        assert!(!done.header("set-cookie").starts_with("a="));
    }
}

/// A form names a page, and no other thing that is to be asked for in its name: those of sign-in, consent
/// and the API are other roads, and none of them is taken.
#[tokio::test]
async fn a_form_opens_nothing_but_the_dashboards_pages() {
    let (app, made) = signed_in().await;
    let authorize = app.authorize_url(&made.integration.client_id, &[]);
    for page in [
        authorize.as_str(),
        "/api/v1/projects",
        "/mcp/",
        "/healthz",
        "/sign-in",
        "/account/export",
        "/live/x",
        "/pkg/tengine.js",
    ] {
        let fields = [("name", ""), ("_page", page)];
        let answer = sent_with(&app, "create_project", &[], &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
        assert!(answer.body.contains("This was not done"), "{page}");
    }
}

/// OWASP ASVS 3.5.1: what another site's page sends as a form is refused before it is looked at.
#[tokio::test]
async fn another_sites_form_is_refused() {
    let (app, _) = signed_in().await;
    let before = app.get("/projects").await.body;
    for headers in [
        [("origin", "https://evil.example"), ("accept", "text/html")],
        [("sec-fetch-site", "cross-site"), ("accept", "text/html")],
        [("origin", "null"), ("x-tengine-form", "1")],
    ] {
        let mut request = crate::app::form("/_ui/create_project");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let body = crate::app::encoded(&[("name", "Theirs")]);
        let answer = app.send(request.body(body.into()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    assert!(!before.contains("Theirs"));
    assert!(!app.get("/projects").await.body.contains("Theirs"));
}

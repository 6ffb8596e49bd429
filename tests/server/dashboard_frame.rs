//! What is around every page: light or dark, the menus, the search.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use domain::integrations::Approval;
use leptos::config::Env;

use crate::app::{Answer, EMAIL, Options, PASSWORD, TestApp, encoded, form};

/// Chooses as the menu's form does, on this page.
async fn choose(app: &TestApp, theme: &str, page: &str) -> Answer {
    let fields = encoded(&[("_page", page), ("theme", theme)]);
    app.send(form("/theme").body(Body::from(fields)).unwrap())
        .await
}

#[tokio::test]
async fn a_theme_is_chosen_by_a_plain_form_and_stays() {
    let app = TestApp::new().await;
    app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    assert!(!app.get("/projects").await.body.contains("data-theme"));
    let chosen = choose(&app, "dark", "/docs/roles?a=b").await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER);
    assert_eq!(chosen.header("location"), "/docs/roles?a=b");
    let cookie = chosen.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    // On pages of the dashboard, and on those beside it.
    for page in ["/projects", "/recover", "/nowhere"] {
        let body = app.get(page).await.body;
        assert!(body.contains("data-theme=\"dark\""), "{page}: {body}");
        assert!(
            body.contains("name=\"color-scheme\" content=\"dark\""),
            "{page}"
        );
    }
    let back = choose(&app, "system", "/projects").await;
    assert!(back.header("set-cookie").contains("Max-Age=0"));
}

#[tokio::test]
async fn a_theme_leads_nowhere_else_and_is_no_markup() {
    let app = TestApp::new().await;
    for page in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
        let chosen = choose(&app, "\"><script>", page).await;
        assert_eq!(chosen.header("location"), "/projects", "{page}");
        assert!(!chosen.header("set-cookie").contains('<'));
    }
    let request = Request::builder()
        .method(Method::GET)
        .uri("/docs")
        .header(header::COOKIE, "theme=\"><script>alert(1)</script>");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert!(!answer.body.contains("data-theme"));
    assert!(!answer.body.contains("alert(1)"));
}

#[tokio::test]
async fn pieces_are_shown_to_developers_only() {
    let app = TestApp::with_settings(Options {
        env: Env::PROD,
        ..Options::default()
    })
    .await;
    let answer = app.get("/dev/pieces").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(
        answer.body.contains("There is nothing here"),
        "{}",
        answer.body
    );
    drop(app);
    let app = TestApp::new().await;
    let answer = app.get("/dev/pieces").await;
    assert_eq!(answer.status, StatusCode::OK);
    for piece in [
        "Badge",
        "Chart",
        "Dialog",
        "Switch",
        "data-theme=\"light\"",
        "data-theme=\"dark\"",
    ] {
        assert!(answer.body.contains(piece), "no {piece}");
    }
}

#[tokio::test]
async fn one_finds_ones_own_and_nothing_of_others() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let project = made.project.id.as_str();
    let asked = format!("/palette?q=samples&project={project}");
    // A stranger finds the guides.
    let answer = app.get("/palette?q=").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer.body.contains("href=\"/docs/get-started\""),
        "{}",
        answer.body
    );
    let answer = app.get(&asked).await;
    assert!(!answer.body.contains(project), "{}", answer.body);

    app.sign_in(EMAIL, PASSWORD).await;
    let answer = app
        .get(&format!("/palette?q=calls&project={project}"))
        .await;
    assert!(
        answer
            .body
            .contains(&format!("href=\"/projects/{project}/calls\"")),
        "{}",
        answer.body
    );
    assert!(answer.body.contains("role=\"option\""));
    let answer = app.get(&format!("/search?q=calls&project={project}")).await;
    assert!(
        answer
            .body
            .contains(&format!("href=\"/projects/{project}/calls\""))
    );
    assert!(!answer.body.contains("role=\"option\""));

    // Another person, who knows the project's id.
    app.forget_cookies();
    app.sign_up("eve@example.com", PASSWORD).await;
    for path in [asked, format!("/search?q=samples&project={project}")] {
        let answer = app.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(
            !answer.body.contains(&format!("/projects/{project}/")),
            "{}",
            answer.body
        );
    }
}

#[tokio::test]
async fn what_is_looked_for_is_text() {
    let app = TestApp::new().await;
    for path in ["/palette?q=", "/search?q="] {
        let answer = app.get(&format!("{path}%22%3E%3Cimg%20src%3Dx%3E")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.body.contains("<img"), "{}", answer.body);
    }
}

#[tokio::test]
async fn the_frame_says_where_one_is() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let project = made.project.id.as_str();
    let page = app.get(&format!("/projects/{project}/tools")).await.body;
    for part in [
        "href=\"#main\" class=\"skip-link\"",
        "popovertarget=\"user-menu\"",
        "popovertarget=\"project-menu\"",
        "id=\"palette\"",
        "id=\"shortcuts\"",
        "action=\"/sign-out\"",
        &format!("name=\"project\" value=\"{project}\""),
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let current = format!("href=\"/projects/{project}/tools\" aria-current=\"page\"");
    assert!(page.contains(&current), "{page}");
}

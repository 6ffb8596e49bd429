//! Forms that another site's page sends, or that were made for another browser.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};

use super::plain_pages::{
    FORMS, Target,
    Token::{Browser, Session},
    routes,
};
use crate::app::{PUBLIC, TestApp};

#[test]
fn every_form_of_the_plain_pages_is_tried() {
    let mut known: Vec<&str> = FORMS.iter().map(|(path, ..)| *path).collect();
    let mut routes = routes();
    known.sort_unstable();
    routes.sort_unstable();
    assert_eq!(routes, known);
}

/// OWASP ASVS 3.5.1 and 3.5.3: a form that the page of another site sends does nothing, even with the right
/// token.
#[tokio::test]
async fn no_form_is_taken_from_another_site() {
    let target = Target::new().await;
    let before = target.state().await;
    for (path, token, fields) in FORMS {
        let csrf = target.token(token).await;
        let mut fields = fields.to_vec();
        fields.push(("csrf", &csrf));
        for header in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "http://localhost:3001"),
            ("origin", "http://localhost:3000.evil.example"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let answer = target.sends(path, &fields, &[header]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {header:?}");
            assert!(
                answer.body.contains("another site"),
                "{path} {header:?}: {}",
                answer.body
            );
        }
    }
    assert_eq!(target.state().await, before);
}

/// OWASP ASVS 3.5.1: nor without the token of its page, with a made-up one, or with one that was made for
/// another browser or another person. With the right one each is taken.
#[tokio::test]
async fn no_form_is_taken_without_the_token_of_its_own_page() {
    let target = Target::new().await;
    let before = target.state().await;
    for (path, token, fields) in FORMS {
        let right = target.token(token).await;
        // The other kind of token of this same browser is none, either.
        let other_kind = target
            .token(if token == Browser { Session } else { Browser })
            .await;
        let is_either = path == "/sign-in/with/{provider}";
        let [of_browser, of_session] = &target.others;
        let mut wrong = vec![
            None,
            Some(""),
            Some("guess"),
            Some(of_browser.as_str()),
            Some(of_session.as_str()),
        ];
        wrong.extend((!is_either).then_some(Some(other_kind.as_str())));
        let cut = &right[..right.len() - 1];
        wrong.push(Some(cut));
        for csrf in wrong {
            let mut fields = fields.to_vec();
            fields.extend(csrf.map(|csrf| ("csrf", csrf)));
            let answer = target.sends(path, &fields, &[("origin", PUBLIC)]).await;
            if path == "/sign-out" {
                assert_eq!(answer.header("location"), "/projects");
                continue;
            }
            assert_eq!(
                answer.status,
                StatusCode::FORBIDDEN,
                "{path} {csrf:?}: {}",
                answer.body
            );
            assert!(
                answer.body.contains("open for too long"),
                "{path} {csrf:?}: {}",
                answer.body
            );
        }
    }
    assert_eq!(target.state().await, before);
    for (path, token, fields) in FORMS {
        let right = target.token(token).await;
        let mut fields = fields.to_vec();
        fields.push(("csrf", &right));
        let answer = target
            .sends(
                path,
                &fields,
                &[("origin", PUBLIC), ("sec-fetch-site", "same-origin")],
            )
            .await;
        assert!(
            !answer.body.contains("open for too long"),
            "{path}: {}",
            answer.body
        );
        assert!(
            !answer.body.contains("another site"),
            "{path}: {}",
            answer.body
        );
        if path == "/sign-out" {
            assert_eq!(answer.header("location"), "/sign-in");
        }
    }
    assert_ne!(target.state_after().await, before);
}

/// OWASP ASVS 3.5.1: the functions of the dashboard have no token; they are closed to every other site.
#[tokio::test]
async fn no_function_is_taken_from_another_site() {
    let target = Target::new().await;
    let before = target.state().await;
    for function in super::functions::all() {
        let path = format!("/_ui/{}", function.name);
        for header in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
        ] {
            let answer = target.sends(&path, &[], &[header]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            assert!(answer.body.contains("another site"), "{path}");
        }
        // Nor by an address that somebody opens.
        let answer = target.app.get(&path).await;
        assert_eq!(answer.header("location"), "/projects", "{path}");
    }
    assert_eq!(target.state().await, before);
}

/// OWASP ASVS 1.2.1: a token that somebody planted as a cookie is written into pages as text.
#[tokio::test]
async fn a_planted_token_is_text() {
    let app = TestApp::new().await;
    for path in ["/sign-in", "/sign-up", "/recover"] {
        let planted = "\"><script>alert(1)</script>";
        let request = Request::get(path).header("cookie", format!("tengine_form={planted}"));
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(
            !answer.body.contains("<script>alert"),
            "{path}: {}",
            answer.body
        );
    }
}

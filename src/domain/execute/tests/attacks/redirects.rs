//! Answers that point inside, or to where a secret must not go.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::Request,
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use http::HeaderMap;
use serde_json::json;

use super::{print, row};
use crate::{
    calls::Outcome,
    execute::tests::{raw::Canary, *},
};

type Landed = Arc<Mutex<Vec<(String, HeaderMap)>>>;

/// A server whose `/go` points to `to` with the status `with`; whoever lands elsewhere is noted.
async fn pointing() -> (SocketAddr, Landed) {
    let landed = Landed::default();
    let noted = landed.clone();
    let answer = move |request: Request| {
        let noted = noted.clone();
        async move { answered(&request, &noted) }
    };
    (serve(Router::new().fallback(answer)).await, landed)
}

fn answered(request: &Request, landed: &Landed) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let query: BTreeMap<String, String> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let path = request.uri().path().to_owned();
    if path != "/go" {
        let mut landed = landed.lock().unwrap();
        landed.push((path.clone(), request.headers().clone()));
    }
    match path.as_str() {
        "/go" => {
            let status = StatusCode::from_u16(query["with"].parse().unwrap()).unwrap();
            (status, [(LOCATION, query["to"].clone())]).into_response()
        }
        "/circle" => (StatusCode::FOUND, [(LOCATION, "/circle")]).into_response(),
        _ => format!("{} {path}", request.method()).into_response(),
    }
}

#[tokio::test]
async fn no_redirect_leads_elsewhere() {
    let canary = Canary::new().await;
    let (at, landed) = pointing().await;
    // All of this machine is listed, so that nothing but the redirect's own rule stands before it.
    let allow = "127.0.0.1 localhost ::1".parse().unwrap();
    let stage = Stage::with(Network::new(allow, Vec::new(), None)).await;
    let (own, other) = (at.port(), canary.port);
    let mut rows = Vec::new();
    for (attack, to) in [
        ("another port", format!("http://127.0.0.1:{other}/")),
        (
            "another host, same machine",
            format!("http://localhost:{other}/"),
        ),
        (
            "same server by another name",
            format!("http://localhost:{own}/landed"),
        ),
        (
            "metadata",
            "http://169.254.169.254/latest/meta-data".to_owned(),
        ),
        (
            "https instead of http",
            format!("https://127.0.0.1:{own}/landed"),
        ),
        ("no scheme", format!("//127.0.0.1:{other}/")),
        ("backslashes", format!("\\\\127.0.0.1:{other}/")),
        ("slash and backslash", format!("/\\127.0.0.1:{other}/")),
        (
            "user name",
            format!("http://127.0.0.1:{own}@127.0.0.1:{other}/"),
        ),
        (
            "user name, same origin",
            format!("http://a:b@127.0.0.1:{own}/landed"),
        ),
        ("decimal", format!("http://2130706433:{other}/")),
        ("IPv6", format!("http://[::1]:{other}/")),
        ("file", "file:///etc/passwd".to_owned()),
        ("script", "javascript:alert(1)".to_owned()),
        ("data", "data:text/plain,landed".to_owned()),
        ("nonsense", "http://[".to_owned()),
        ("circle", "/circle".to_owned()),
    ] {
        for with in [301, 302, 303, 307, 308] {
            landed.lock().unwrap().clear();
            let tool = tool(HttpMethod::Get, at, "/go");
            let result = stage.call(&tool, json!({ "to": to, "with": with })).await;
            assert_eq!(
                result.outcome,
                Outcome::HttpError,
                "{attack}: {}",
                text(&result)
            );
            let landed = landed.lock().unwrap().len();
            assert_eq!(landed, if attack == "circle" { 3 } else { 0 }, "{attack}");
            if with == 302 {
                rows.push(row(attack, &to, text(&result)));
            }
        }
    }
    for (method, with) in [
        (HttpMethod::Post, 302),
        (HttpMethod::Put, 301),
        (HttpMethod::Post, 303),
    ] {
        let mut tool = tool(method, at, "/go");
        for name in ["to", "with"] {
            tool.query_template
                .insert(name.to_owned(), format!("{{{name}}}"));
        }
        let result = stage
            .call(&tool, json!({ "to": "/landed", "with": with }))
            .await;
        assert_eq!(result.outcome, Outcome::HttpError);
        rows.push(row(
            "another method",
            format!("{method} {with} to /landed"),
            text(&result),
        ));
    }
    print("Redirects", &rows);
    assert_eq!(canary.visits().await, 0);
}

#[tokio::test]
async fn no_secret_follows_a_redirect() {
    let stage = Stage::on_loopback().await;
    let (at, landed) = pointing().await;
    let arguments = json!({ "to": "/landed", "with": 307 });
    let mut rows = Vec::new();
    for (strategy, config, secret) in [
        (AuthStrategy::StaticBearer, json!({}), "s3cr-t"),
        (AuthStrategy::Basic, json!({ "username": "ada" }), "s3cr-t"),
        (
            AuthStrategy::ApiKeyHeader,
            json!({ "header": "x-key" }),
            "s3cr-t",
        ),
        (
            AuthStrategy::ApiKeyQuery,
            json!({ "parameter": "key" }),
            "s3cr-t",
        ),
        (AuthStrategy::HmacSignature, json!({}), "s3cr-t"),
        (
            AuthStrategy::StandardWebhooks,
            json!({}),
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ),
    ] {
        let mut tool = tool(HttpMethod::Get, at, "/go");
        stage.sealed(&mut tool, strategy, secret);
        tool.auth_config = serde_json::from_value(config).unwrap();
        let result = stage.call(&tool, arguments.clone()).await;
        assert_eq!(result.outcome, Outcome::HttpError, "{strategy}");
        assert!(
            text(&result).contains("follows no redirect"),
            "{}",
            text(&result)
        );
        assert!(landed.lock().unwrap().is_empty(), "{strategy}");
        rows.push(row(
            "same origin, with a secret",
            strategy.to_string(),
            text(&result),
        ));
    }
    for name in ["authorization", "cookie", "x-api-key", "x-anything"] {
        let mut tool = tool(HttpMethod::Get, at, "/go");
        tool.headers_template
            .insert(name.to_owned(), "s3cr-t".to_owned());
        tool.inject_member_identity = true;
        let result = stage.call(&tool, arguments.clone()).await;
        assert_eq!(text(&result), "GET /landed");
        let (_, headers) = landed.lock().unwrap().pop().unwrap();
        let gone = [
            name,
            "x-tengine-member-id",
            "x-tengine-member-email",
            "x-tengine-member-roles",
        ];
        for gone in gone {
            assert!(!headers.contains_key(gone), "{gone} followed");
        }
        assert_eq!(headers["x-tengine-request-id"], result.request_id.as_str());
        rows.push(row(
            "a template's header, the person",
            name,
            "Followed without them.",
        ));
    }
    print("What follows a redirect of the same origin", &rows);
}

#[tokio::test]
async fn a_redirect_of_the_same_origin_is_followed() {
    let stage = Stage::on_loopback().await;
    let (at, _) = pointing().await;
    let mut get = tool(HttpMethod::Get, at, "/go");
    get.query_template
        .insert("with".to_owned(), "302".to_owned());
    for to in ["/landed", "landed", "./x/../landed", "/landed?x=1#y"] {
        let result = stage.call(&get, json!({ "to": to })).await;
        assert_eq!(text(&result), "GET /landed", "{to}");
    }
    let mut post = tool(HttpMethod::Post, at, "/go");
    post.query_template
        .insert("with".to_owned(), "308".to_owned());
    post.query_template
        .insert("to".to_owned(), "{to}".to_owned());
    let result = stage.call(&post, json!({ "to": "/landed" })).await;
    assert_eq!(text(&result), "POST /landed");
}

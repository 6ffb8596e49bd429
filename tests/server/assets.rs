//! Files of the site: how they are sent, and for how long a browser keeps them.

use std::fs;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};

use crate::app::{Answer, Options, TestApp};

const HASHED: &str = "/pkg/tengine.kP2_-xAb0cD1eF2gH3iJ4k.js";

/// A site as the build leaves it; the compressed forms are told by what they say.
async fn with_site() -> (TestApp, tempfile::TempDir) {
    let site = tempfile::tempdir().unwrap();
    fs::create_dir(site.path().join("pkg")).unwrap();
    for (path, text) in [
        (HASHED, "plain"),
        ("/pkg/tengine.css", "style"),
        ("/favicon.svg", "<svg/>"),
    ] {
        let path = site.path().join(path.trim_start_matches('/'));
        fs::write(&path, text).unwrap();
        if text == "plain" {
            fs::write(format!("{}.br", path.display()), "brotli").unwrap();
            fs::write(format!("{}.gz", path.display()), "gzip").unwrap();
        }
    }
    let options = Options {
        site_root: Some(site.path().display().to_string()),
        ..Options::default()
    };
    (TestApp::with_settings(options).await, site)
}

async fn asked(app: &TestApp, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn each_client_gets_the_encoding_that_it_takes() {
    let (app, _site) = with_site().await;
    for (accepts, body, encoding) in [
        ("gzip, deflate, br, zstd", "brotli", "br"),
        ("gzip", "gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip", "gzip"),
        ("br;q=0, *", "gzip", "gzip"),
        ("identity;q=0, br", "brotli", "br"),
        ("identity", "plain", ""),
        ("br;q=0", "plain", ""),
    ] {
        let answer = asked(&app, Method::GET, HASHED, &[("accept-encoding", accepts)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{accepts}");
        assert_eq!(answer.body, body, "{accepts}");
        assert_eq!(answer.header("content-encoding"), encoding, "{accepts}");
        assert_eq!(answer.header("vary"), "accept-encoding", "{accepts}");
        assert_eq!(
            answer.header("content-type"),
            "text/javascript; charset=utf-8"
        );
    }
    assert_eq!(app.get(HASHED).await.body, "plain");
    let refused = [("accept-encoding", "identity;q=0, zstd")];
    let answer = asked(&app, Method::GET, HASHED, &refused).await;
    assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE);
    assert_eq!(answer.header("vary"), "accept-encoding");
    // Where no compressed form is, the file itself is the answer.
    let answer = asked(
        &app,
        Method::GET,
        "/favicon.svg",
        &[("accept-encoding", "br")],
    )
    .await;
    assert_eq!(answer.body, "<svg/>");
    assert_eq!(answer.header("content-encoding"), "");
}

#[tokio::test]
async fn a_file_whose_name_is_its_content_is_kept_for_good() {
    let (app, _site) = with_site().await;
    let answer = app.get(HASHED).await;
    let for_good = "public, max-age=31536000, immutable";
    assert_eq!(answer.header("cache-control"), for_good);
    for path in ["/pkg/tengine.css", "/favicon.svg"] {
        let answer = app.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
        assert!(!answer.header("etag").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn what_a_client_has_is_not_sent_again() {
    let (app, _site) = with_site().await;
    let brotli = ("accept-encoding", "br");
    let first = asked(&app, Method::GET, HASHED, &[brotli]).await;
    let etag = first.header("etag").to_owned();
    let listed = format!("\"other\", W/{etag}");
    for known in [etag.as_str(), listed.as_str(), "*"] {
        let headers = [brotli, ("if-none-match", known)];
        let answer = asked(&app, Method::GET, HASHED, &headers).await;
        assert_eq!(answer.status, StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(answer.body, "");
        assert_eq!(answer.header("etag"), etag);
        assert_eq!(answer.header("vary"), "accept-encoding");
    }
    // Of another encoding the bytes are others.
    let headers = [
        ("accept-encoding", "gzip"),
        ("if-none-match", etag.as_str()),
    ];
    let answer = asked(&app, Method::GET, HASHED, &headers).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_ne!(answer.header("etag"), etag);
}

#[tokio::test]
async fn a_head_is_a_get_without_its_body() {
    let (app, _site) = with_site().await;
    let headers = [("accept-encoding", "br")];
    let head = asked(&app, Method::HEAD, HASHED, &headers).await;
    assert_eq!(head.status, StatusCode::OK);
    assert_eq!(head.body, "");
    assert_eq!(head.header("content-length"), "6");
    assert_eq!(head.header("content-encoding"), "br");
}

/// CWE-22: nothing outside of the site, and of it only what pages load.
#[tokio::test]
async fn nothing_else_is_served() {
    let (app, site) = with_site().await;
    fs::write(site.path().join("secret"), "secret").unwrap();
    for path in [
        "/pkg/../secret",
        "/pkg/..%2fsecret",
        "/pkg/..",
        "/pkg/.",
        "/pkg/",
        "/pkg//etc/passwd",
        "/pkg/%2fetc%2fpasswd",
        "/pkg/tengine.kP2_-xAb0cD1eF2gH3iJ4k.js.br",
        "/pkg/tengine.kP2_-xAb0cD1eF2gH3iJ4k.js.gz",
        "/pkg/other.js",
        "/secret",
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_ne!(answer.body, "secret", "{path}");
    }
}

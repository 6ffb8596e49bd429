//! What the model sees of an answer.

use axum::{
    Router,
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION},
    },
    response::IntoResponse,
    routing::get,
};
use serde_json::json;

use super::*;
use crate::calls::Outcome;

fn typed(kind: &'static str, body: &'static [u8]) -> impl IntoResponse {
    ([(CONTENT_TYPE, HeaderValue::from_static(kind))], body)
}

async fn kinds() -> SocketAddr {
    serve(
        Router::new()
            .route(
                "/object",
                get(|| async { typed("application/problem+json; charset=utf-8", b"{\"a\": 1}") }),
            )
            .route(
                "/list",
                get(|| async { typed("application/json", b"[1, 2]") }),
            )
            .route(
                "/broken",
                get(|| async { typed("application/json", b"{oops") }),
            )
            .route(
                "/text",
                get(|| async { typed("text/plain; charset=ISO-8859-1", b"caf\xe9") }),
            )
            .route(
                "/html",
                get(|| async { typed("text/html", b"<p>{\"a\":1}") }),
            )
            .route("/image", get(|| async { typed("image/png", b"\x89PNG") }))
            .route("/audio", get(|| async { typed("audio/wav", b"RIFF") }))
            .route(
                "/zip",
                get(|| async { typed("application/zip", b"PK\x03\x04") }),
            )
            .route(
                "/gzip",
                get(|| async { ([(CONTENT_ENCODING, "gzip")], "x") }),
            )
            .route("/nothing", get(|| async { StatusCode::NO_CONTENT }))
            .route("/long", get(|| async { "ü".repeat(150_007) }))
            .route(
                "/teapot",
                get(|| async { (StatusCode::IM_A_TEAPOT, "short and stout ".repeat(200)) }),
            )
            .route(
                "/moved",
                get(|| async {
                    (
                        StatusCode::FOUND,
                        [(LOCATION, "https://login.example/in?token=abc")],
                    )
                }),
            )
            .route("/large", get(|| async { "x".repeat(5_000) }))
            .route(
                "/rows",
                get(|| async { axum::Json(json!({ "a": 1, "rows": vec!["é"; 80_000] })) }),
            ),
    )
    .await
}

#[tokio::test]
async fn each_kind_of_answer_has_its_form() {
    let stage = Stage::on_loopback().await;
    let at = kinds().await;
    let call = async |path: &str| {
        stage
            .call(&tool(HttpMethod::Get, at, path), json!({}))
            .await
    };

    let object = call("/object").await;
    assert_eq!(text(&object), r#"{"a":1}"#);
    assert_eq!(object.structured.unwrap().get(), r#"{"a":1}"#);
    for (path, expected) in [
        ("/list", "[1,2]"),
        ("/broken", "{oops"),
        ("/text", "café"),
        ("/html", "<p>{\"a\":1}"),
        ("/nothing", "The endpoint answered 204 without a body."),
        (
            "/zip",
            "The endpoint answered with 4 bytes of application/zip, which cannot be shown as text.",
        ),
    ] {
        let result = call(path).await;
        assert_eq!(
            (text(&result), result.outcome),
            (expected, Outcome::Ok),
            "{path}"
        );
        assert!(result.structured.is_none());
    }
    assert_eq!(
        call("/image").await.content,
        [Content::Image {
            mime_type: "image/png".to_owned(),
            base64: "iVBORw==".to_owned()
        }]
    );
    assert_eq!(
        call("/audio").await.content,
        [Content::Audio {
            mime_type: "audio/wav".to_owned(),
            base64: "UklGRg==".to_owned()
        }]
    );
    let rows = call("/rows").await;
    assert!(text(&rows).contains("more characters were left out"));
    assert!(rows.structured.is_none(), "what is cut is cut once");
    let gzip = call("/gzip").await;
    assert_eq!(gzip.outcome, Outcome::BadAnswer);
    let long = call("/long").await;
    assert!(
        text(&long)
            .ends_with("\n\n[7 more characters were left out: a result holds at most 150000.]")
    );
    assert!(text(&long).chars().count() < 150_100);
}

#[tokio::test]
async fn a_status_outside_2xx_is_an_error_with_the_beginning_of_the_body() {
    let stage = Stage::on_loopback().await;
    let at = kinds().await;
    let result = stage
        .call(&tool(HttpMethod::Get, at, "/teapot"), json!({}))
        .await;
    assert_eq!(
        (result.outcome, result.http_status),
        (Outcome::HttpError, Some(418))
    );
    let shown = text(&result);
    assert!(
        shown.starts_with("The endpoint answered 418 I'm a teapot:\nshort and stout "),
        "{shown}"
    );
    assert!(shown.ends_with('…') && shown.chars().count() < 2_100);

    let result = stage
        .call(&tool(HttpMethod::Get, at, "/moved"), json!({}))
        .await;
    assert_eq!(
        (result.outcome, result.http_status),
        (Outcome::HttpError, Some(302))
    );
    assert!(text(&result).contains("pointed to login.example.") && !text(&result).contains("abc"));

    let rows = stage.rows().await;
    assert!(rows.iter().all(|row| row.outcome == "http_error"));
    assert_eq!(
        rows.iter()
            .filter(|row| row.error.as_deref() == Some("The endpoint answered 418 I'm a teapot."))
            .count(),
        1
    );
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_not_shown() {
    let stage = Stage::on_loopback().await;
    let mut tool = tool(HttpMethod::Get, kinds().await, "/large");
    tool.max_response_bytes = 5_000;
    assert!(!stage.call(&tool, json!({})).await.is_error());
    tool.max_response_bytes = 4_999;
    let result = stage.call(&tool, json!({})).await;
    assert_eq!(result.outcome, Outcome::BadAnswer);
    assert!(text(&result).contains("4999 bytes"), "{}", text(&result));
    assert_eq!(result.response_bytes, 4_999);
}

#[tokio::test]
async fn an_output_schema_needs_an_object_that_fits_it() {
    let stage = Stage::on_loopback().await;
    let at = kinds().await;
    for (path, fits) in [
        ("/object", true),
        ("/list", false),
        ("/html", false),
        ("/nothing", false),
        ("/rows", false),
    ] {
        let mut tool = tool(HttpMethod::Get, at, path);
        tool.output_schema = Some(object(json!({ "type": "object", "required": ["a"] })));
        let result = stage.call(&tool, json!({})).await;
        assert_eq!(
            result.outcome == Outcome::Ok,
            fits,
            "{path}: {}",
            text(&result)
        );
        assert_eq!(result.outcome == Outcome::BadAnswer, !fits);
    }
    let mut other = tool(HttpMethod::Get, at, "/object");
    other.output_schema = Some(object(json!({ "type": "object", "required": ["b"] })));
    other.updated_at = NOW.plus_seconds(1);
    let result = stage.call(&other, json!({})).await;
    assert!(
        text(&result).contains("\"b\" is a required property"),
        "{}",
        text(&result)
    );
}

//! Each endpoint keeps what its sample tool promises.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use domain::{
    clock::{ManualClock, SystemRandom, Timestamp},
    tools::{samples::samples, schema::Validator},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

/// What the endpoint of a sample answers, which has to fit the sample's output schema.
async fn answer(name: &str, query: &str, body: &str) -> (StatusCode, Value) {
    let sample = samples()
        .into_iter()
        .find(|sample| sample.name == name)
        .unwrap();
    let clock = ManualClock::at(Timestamp(1_700_000_000_000));
    let request = Request::builder()
        .method(sample.http_method.as_str())
        .uri(format!("{}{query}", sample.endpoint_path))
        .header("content-type", "application/json")
        .header("x-tengine-project-id", "prj_1")
        .body(Body::from(body.to_owned()))
        .unwrap();
    let response = super::router(Arc::new(clock), Arc::new(SystemRandom))
        .oneshot(request)
        .await
        .unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let answer = serde_json::from_slice(&bytes).unwrap_or_default();
    if status.is_success() {
        let schema = sample.output_schema.unwrap();
        let validator = Validator::compile(schema.as_object().unwrap()).unwrap();
        let answer: &Value = &answer;
        assert_eq!(validator.violations(answer), [""; 0], "{answer}");
    }
    (status, answer)
}

#[tokio::test]
async fn the_time_is_told_at_an_offset() {
    let (_, now) = answer("sample-time-now", "?utc_offset_minutes=120", "").await;
    assert_eq!(
        now,
        json!({
            "utc": "2023-11-14T22:13:20Z", "local": "2023-11-15T00:13:20+02:00",
            "weekday": "Wednesday", "unix_seconds": 1_700_000_000,
        })
    );
    let (_, now) = answer("sample-time-now", "", "").await;
    assert_eq!(now["local"], now["utc"]);
    let (status, _) = answer("sample-time-now", "?utc_offset_minutes=9999", "").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_text_is_measured_and_dice_are_rolled() {
    let (_, measures) = answer("sample-text-measure", "", r#"{"text":"One. Two three"}"#).await;
    assert_eq!(
        (&measures["words"], &measures["sentences"]),
        (&json!(3), &json!(2))
    );
    let (_, rolled) = answer("sample-dice-roll", "", r#"{"count":3,"sides":20}"#).await;
    assert_eq!(rolled["rolls"].as_array().unwrap().len(), 3);
    let (_, one) = answer("sample-dice-roll", "", "{}").await;
    assert_eq!(one["rolls"][0], one["total"]);
    let (status, _) = answer("sample-dice-roll", "", r#"{"sides":1}"#).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_echo_shows_what_arrived() {
    let (_, echo) = answer("sample-request-echo", "?label=a%26b", r#"{"message":"hi"}"#).await;
    assert_eq!(
        (&echo["method"], &echo["path"]),
        (&json!("POST"), &json!("/echo"))
    );
    assert_eq!(echo["query"], json!([{ "name": "label", "value": "a&b" }]));
    assert_eq!(echo["headers"]["x-tengine-project-id"], "prj_1");
    assert_eq!(echo["body"], json!({ "message": "hi" }));
}

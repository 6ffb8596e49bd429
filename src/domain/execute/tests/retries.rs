//! What is sent once more, and what never is.

use std::{collections::VecDeque, sync::Mutex};

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{
    raw::{Raw, Then},
    *,
};
use crate::calls::Outcome;

type Requests = Arc<Mutex<Vec<HeaderMap>>>;

/// A server that answers with each status in turn, the last one for good; `after` is its
/// `Retry-After`.
async fn answering(statuses: &[u16], after: Option<&'static str>) -> (SocketAddr, Requests) {
    let requests = Requests::default();
    let (heard, statuses) = (requests.clone(), VecDeque::from(statuses.to_vec()));
    let statuses = Arc::new(Mutex::new(statuses));
    let answer = move |headers: HeaderMap| {
        heard.lock().unwrap().push(headers);
        let mut statuses = statuses.lock().unwrap();
        let status = statuses[0];
        if statuses.len() > 1 {
            statuses.pop_front();
        }
        let mut response: Response = StatusCode::from_u16(status).unwrap().into_response();
        *response.body_mut() = Body::from(format!("answer {status}"));
        if let Some(after) = after {
            response
                .headers_mut()
                .insert(RETRY_AFTER, after.parse().unwrap());
        }
        async move { response }
    };
    (serve(Router::new().fallback(answer)).await, requests)
}

fn retried(at: SocketAddr, retries: i64) -> Tool {
    let mut tool = tool(HttpMethod::Get, at, "/");
    tool.max_retries = retries;
    tool
}

#[tokio::test]
async fn an_idempotent_tool_is_sent_again_under_the_same_request_id() {
    let stage = Stage::on_loopback().await;
    let (at, requests) = answering(&[503, 502, 200], None).await;
    let result = stage.call(&retried(at, 2), json!({})).await;
    assert_eq!((result.outcome, text(&result)), (Outcome::Ok, "answer 200"));
    let requests = std::mem::take(&mut *requests.lock().unwrap());
    assert_eq!(requests.len(), 3);
    for headers in &requests {
        assert_eq!(headers["x-tengine-request-id"], result.request_id.as_str());
        assert_eq!(headers["traceparent"], requests[0]["traceparent"]);
    }
    let row = stage.row_soon().await;
    assert_eq!((&*row.outcome, row.http_status), ("ok", Some(200)));
    assert_eq!(row.error.as_deref(), Some("Answered at attempt 3."));
}

#[tokio::test]
async fn as_often_as_the_tool_says_and_the_row_and_the_model_are_told() {
    let stage = Stage::on_loopback().await;
    let (at, requests) = answering(&[503], None).await;
    let result = stage.call(&retried(at, 2), json!({})).await;
    assert_eq!(requests.lock().unwrap().len(), 3);
    assert_eq!(result.outcome, Outcome::HttpError);
    assert_eq!(
        text(&result),
        "The endpoint answered 503 Service Unavailable:\nanswer 503\n\nIt was tried 3 times."
    );
    assert_eq!(
        stage.row_soon().await.error.as_deref(),
        Some("The endpoint answered 503 Service Unavailable. Tried 3 times.")
    );
}

#[tokio::test]
async fn what_is_not_said_to_be_idempotent_is_sent_once_whatever_is_stored() {
    let stage = Stage::on_loopback().await;
    for (retries, is_idempotent) in [(5, false), (0, true)] {
        let (at, requests) = answering(&[503], None).await;
        let mut tool = retried(at, retries);
        tool.annotations.idempotent_hint = is_idempotent;
        let result = stage.call(&tool, json!({})).await;
        assert_eq!(result.outcome, Outcome::HttpError);
        assert_eq!(requests.lock().unwrap().len(), 1);

        let closes = Raw::new("", Then::Close).await;
        let mut tool = retried(closes.at, retries);
        tool.annotations.idempotent_hint = is_idempotent;
        assert_eq!(
            stage.call(&tool, json!({})).await.outcome,
            Outcome::Unreachable
        );
        assert_eq!(closes.heard.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn broken_connections_are_tried_again_and_answers_that_stay_the_same_are_not() {
    let stage = Stage::on_loopback().await;
    for (first, attempts) in [
        ("", 3),
        ("HTTP/1.1 200 OK\r\nContent-", 3),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", 3),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 99\r\n\r\ndata: half\n\n",
            1,
        ),
        ("SSH-2.0-OpenSSH\r\n\r\n", 1),
        ("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", 1),
        ("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", 1),
        ("HTTP/1.1 302 No\r\nContent-Length: 0\r\n\r\n", 1),
    ] {
        let raw = Raw::new(first, Then::Close).await;
        let result = stage.call(&retried(raw.at, 2), json!({})).await;
        assert!(result.is_error() && result.was_sent);
        assert_eq!(raw.heard.lock().unwrap().len(), attempts, "{first}");
    }
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = nobody.local_addr().unwrap();
    drop(nobody);
    let result = stage.call(&retried(at, 1), json!({})).await;
    assert_eq!(
        (result.outcome, result.was_sent),
        (Outcome::Unreachable, false)
    );
    assert!(
        text(&result).ends_with("It was tried 2 times."),
        "{}",
        text(&result)
    );
}

#[tokio::test]
async fn what_was_sent_once_counts_as_sent_whatever_came_after() {
    let stage = Stage::on_loopback().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    // Takes one request, and then nobody listens any more.
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        drop(listener);
        let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut [0; 4_096]).await;
    });
    let result = stage.call(&retried(at, 1), json!({})).await;
    assert!(
        text(&result).contains("refused the connection"),
        "{}",
        text(&result)
    );
    assert!(result.was_sent, "the first attempt may have acted");
}

#[tokio::test]
async fn what_an_endpoint_asks_for_is_kept() {
    let stage = Stage::on_loopback().await;
    for (status, after, attempts) in [
        (429, Some("0"), 2),
        (429, None, 1),
        (429, Some("3600"), 1),
        (503, Some("3600"), 1),
        (503, Some("0"), 2),
    ] {
        let (at, requests) = answering(&[status, 200], after).await;
        stage.call(&retried(at, 3), json!({})).await;
        assert_eq!(
            requests.lock().unwrap().len(),
            attempts,
            "{status} {after:?}"
        );
    }
}

#[tokio::test]
async fn all_attempts_share_the_tools_limit() {
    let stage = Stage::on_loopback().await;
    let (at, requests) = answering(&[503], None).await;
    let mut tool = retried(at, 5);
    // The pauses are at least 100 and 200 ms.
    tool.timeout_ms = 250;
    let result = stage.call(&tool, json!({})).await;
    assert_eq!(result.http_status, Some(503), "the last answer is shown");
    assert!(requests.lock().unwrap().len() <= 2);

    let (at, requests) = answering(&[503], Some("9")).await;
    let mut tool = retried(at, 5);
    tool.timeout_ms = 5_000;
    stage.call(&tool, json!({})).await;
    assert_eq!(
        requests.lock().unwrap().len(),
        1,
        "nobody waits for more than there is"
    );
}

#[tokio::test]
async fn an_answer_is_not_given_up_for_an_attempt_without_time() {
    let stage = Stage::on_loopback().await;
    // Answers once, and then never again.
    let asked = Arc::<std::sync::atomic::AtomicUsize>::default();
    let answer = move || {
        let is_first = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        async move {
            if !is_first {
                std::future::pending::<()>().await;
            }
            (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "2")], "why")
        }
    };
    let at = serve(Router::new().fallback(answer)).await;
    let mut tool = retried(at, 5);
    // Of which the pause leaves less than 100 ms.
    tool.timeout_ms = 2_090;
    let result = stage.call(&tool, json!({})).await;
    assert_eq!(
        (result.outcome, result.http_status),
        (Outcome::HttpError, Some(503)),
        "{}",
        text(&result)
    );
}

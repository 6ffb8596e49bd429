//! The dashboard's forms as a browser without wasm sends them, and as the wasm does.

mod answers;
mod bodies;
mod hostile;

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use domain::{bootstrap::Bootstrapped, integrations::Approval};

use crate::app::{Answer, EMAIL, PASSWORD, PUBLIC, TestApp, encoded, form};

async fn signed_in() -> (TestApp, Bootstrapped) {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    (app, made)
}

/// A form of a page of ours, as a browser sends it.
async fn sent(app: &TestApp, action: &str, page: &str, fields: &[(&str, &str)]) -> Answer {
    let referer = format!("{PUBLIC}{page}");
    sent_with(app, action, &[("referer", &referer)], fields).await
}

async fn sent_with(
    app: &TestApp,
    action: &str,
    headers: &[(&str, &str)],
    fields: &[(&str, &str)],
) -> Answer {
    let mut request = form(&format!("/_ui/{action}"))
        .header(header::ACCEPT, "text/html,application/xhtml+xml")
        .header(header::ORIGIN, PUBLIC)
        .header("sec-fetch-site", "same-origin");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(encoded(fields)));
    app.send(request.unwrap()).await
}

/// The opening tag of the element with this id.
fn tag<'a>(page: &'a str, id: &str) -> &'a str {
    let at = page
        .find(&format!(" id=\"{id}\""))
        .unwrap_or_else(|| panic!("no {id} in {page}"));
    let begin = page[..at].rfind('<').unwrap();
    &page[begin..=begin + page[begin..].find('>').unwrap()]
}

fn is_page_of_ours(answer: &Answer) -> bool {
    answer.status != StatusCode::NOT_FOUND && answer.body.contains("id=\"main\"")
}

//! A document from another server, through the same guard as tools: for a client's metadata.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::Full;

use super::{
    Network,
    client::{HttpClient, Limits},
    failure::Failure,
};
use crate::calls::Phases;

/// Fetches documents. Follows no redirect, sends no credentials.
#[derive(Clone)]
pub(crate) struct Fetcher(HttpClient);

/// A document that came whole.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Fetcher {
    pub(crate) fn new(network: Network) -> Self {
        Self(HttpClient::new(network))
    }

    /// Sends a request and reads its answer, whatever its status.
    ///
    /// # Errors
    /// A sentence that says why there is no answer, and names no address.
    pub(crate) async fn send(
        &self,
        request: Request<Full<Bytes>>,
        timeout: Duration,
        max_bytes: usize,
    ) -> Result<Response<Vec<u8>>, String> {
        let limits = Limits { timeout, max_bytes };
        let deadline = tokio::time::Instant::now() + timeout;
        let mut phases = Phases::default();
        let exchange = self
            .0
            .exchange(request, deadline, limits, None, &mut phases);
        let answer = exchange
            .await
            .map_err(|failure| sentence(&failure, timeout))?;
        if !answer.is_whole {
            return Err(format!("its answer is larger than {max_bytes} bytes"));
        }
        let mut response = Response::new(answer.body);
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        Ok(response)
    }

    /// # Errors
    /// A sentence that says why there is no document, and names no address.
    pub(crate) async fn get(
        &self,
        url: &str,
        timeout: Duration,
        max_bytes: usize,
    ) -> Result<Document, String> {
        let request = Request::get(url)
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, "TengineAI")
            .body(Full::<Bytes>::default())
            .map_err(|_| "its address is not one that can be connected to".to_owned())?;
        let answer = self.send(request, timeout, max_bytes).await?;
        if answer.status() != StatusCode::OK {
            return Err(format!(
                "its server answered with the status {} instead of 200",
                answer.status().as_u16()
            ));
        }
        let (head, body) = answer.into_parts();
        Ok(Document {
            headers: head.headers,
            body,
        })
    }
}

fn sentence(failure: &Failure, timeout: Duration) -> String {
    match failure {
        Failure::Refused(_) => "its address is not one that this server may connect to".to_owned(),
        Failure::NotConnected(why) | Failure::Unreachable(why) => (*why).to_owned(),
        Failure::NotConnectedInTime(_) | Failure::NoTimeToConnect => {
            "its server could not be connected to in time".to_owned()
        }
        Failure::HeadTooLarge => "its server's answer has too many headers".to_owned(),
        Failure::NotHttp => "its server answered with something that is not HTTP".to_owned(),
        Failure::NoAnswerInTime | Failure::NotFinishedInTime { .. } => {
            format!("its server did not answer within {} s", timeout.as_secs())
        }
        Failure::BrokeOff { .. } => "its server's answer broke off".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, response::Redirect, routing::get};

    use super::*;

    async fn served(listed: bool) -> (Fetcher, String) {
        let router = Router::new()
            .route("/good", get(|| async { "{}" }))
            .route("/large", get(|| async { "x".repeat(6_000) }))
            .route("/moved", get(|| async { Redirect::temporary("/good") }))
            .route("/created", get(|| async { (StatusCode::CREATED, "{}") }))
            .route(
                "/slow",
                get(|| async {
                    tokio::time::sleep(Duration::from_secs(30)).await;
                    "{}"
                }),
            );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let allow = if listed {
            address.to_string()
        } else {
            String::new()
        };
        let network = Network::new(allow.parse().unwrap(), Vec::new(), None);
        (Fetcher::new(network), format!("http://{address}"))
    }

    async fn get_(fetcher: &Fetcher, url: String) -> Result<Document, String> {
        fetcher.get(&url, Duration::from_millis(400), 5_120).await
    }

    #[tokio::test]
    async fn only_a_whole_200_in_time_is_a_document() {
        let (fetcher, origin) = served(true).await;
        let document = get_(&fetcher, format!("{origin}/good")).await.unwrap();
        assert_eq!(document.body, b"{}");
        let media_type = document.headers.get("content-type").unwrap();
        assert_eq!(media_type, "text/plain; charset=utf-8");
        for (path, words) in [
            ("/large", "larger than 5120 bytes"),
            ("/moved", "status 307"),
            ("/created", "status 201"),
            ("/nothing", "status 404"),
            ("/slow", "did not answer"),
        ] {
            let why = get_(&fetcher, format!("{origin}{path}")).await.unwrap_err();
            assert!(why.contains(words), "{path}: {why}");
        }
    }

    #[tokio::test]
    async fn the_guard_stands_before_it() {
        let (fetcher, origin) = served(false).await;
        let port = origin.rsplit(':').next().unwrap().to_owned();
        for url in [
            format!("{origin}/good"),
            format!("https://127.0.0.1:{port}/good"),
            format!("https://localhost:{port}/good"),
            format!("https://[::ffff:127.0.0.1]:{port}/good"),
            format!("http://2130706433:{port}/good"),
            "https://169.254.169.254/latest/meta-data".to_owned(),
            "https://10.0.0.1/client.json".to_owned(),
            "http://samples.tengine.internal/time".to_owned(),
        ] {
            let why = get_(&fetcher, url.clone()).await.unwrap_err();
            assert!(why.contains("may connect to"), "{url}: {why}");
        }
    }
}

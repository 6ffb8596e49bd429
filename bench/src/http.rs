//! A pooled HTTP client, for authorizing and for what wrk cannot send.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Request, StatusCode, header};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::timeout;

use crate::child::PATIENCE;

#[derive(Debug, Clone)]
pub struct Http(Client<HttpConnector, Full<Bytes>>);

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Http {
    pub fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self(Client::builder(TokioExecutor::new()).build(connector))
    }

    pub async fn get(&self, server: SocketAddr, path: &str) -> Result<Answer> {
        let request = Request::get(format!("http://{server}{path}"));
        self.send(request.body(Full::default())?).await
    }

    /// Sends a form.
    pub async fn form(
        &self,
        server: SocketAddr,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<Answer> {
        let request = Request::post(format!("http://{server}{path}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Full::from(encoded(fields)))?).await
    }

    pub async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer> {
        timeout(PATIENCE, async {
            let (head, body) = self.0.request(request).await?.into_parts();
            Ok(Answer {
                status: head.status,
                headers: head.headers,
                body: body.collect().await?.to_bytes(),
            })
        })
        .await
        .context("no answer in time")?
    }
}

pub fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

//! Somebody who is signed in and opens pages, as a browser asks for them.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http_body_util::Full;
use hyper::{HeaderMap, Request, StatusCode, header};

use crate::{
    http::{Answer, Http, encoded},
    tengine::{EMAIL, Installation, PASSWORD},
};

/// What a browser can read.
const ENCODINGS: &str = "gzip, deflate, br, zstd";

pub struct Browser<'a> {
    http: Http,
    at: &'a Installation,
    cookies: String,
}

impl<'a> Browser<'a> {
    pub async fn signed_in(at: &'a Installation) -> Result<Self> {
        let http = Http::new();
        let page = http.get(at.address, "/sign-in").await?;
        // The form repeats the visitor's cookie.
        let visitor = cookies(&page.headers);
        let (_, token) = visitor
            .split_once('=')
            .context("the sign-in page sets no cookie")?;
        let fields = [("email", EMAIL), ("password", PASSWORD), ("csrf", token)];
        let request = Request::post(format!("http://{}/sign-in", at.address))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, &visitor)
            .body(Full::from(encoded(&fields)))?;
        let answer = http.send(request).await?;
        if answer.status != StatusCode::SEE_OTHER {
            bail!("signing in was answered with {}", answer.status);
        }
        Ok(Self {
            http,
            at,
            cookies: cookies(&answer.headers),
        })
    }

    /// A page as text, which must say this.
    pub async fn must_say(&self, path: &str, text: &str) -> Result<()> {
        let answer = self.get(path, "identity").await?;
        if !String::from_utf8_lossy(&answer.body).contains(text) {
            bail!("{path} does not say {text}");
        }
        Ok(())
    }

    /// How long the whole answer takes.
    pub async fn time(&self, path: &str) -> Result<Duration> {
        let begun = Instant::now();
        self.get(path, ENCODINGS).await?;
        Ok(begun.elapsed())
    }

    async fn get(&self, path: &str, encodings: &str) -> Result<Answer> {
        let request = Request::get(format!("http://{}{path}", self.at.address))
            .header(header::ACCEPT, "text/html")
            .header(header::ACCEPT_ENCODING, encodings)
            .header(header::COOKIE, &self.cookies);
        let answer = self
            .http
            .send(request.body(Full::<Bytes>::default())?)
            .await?;
        if answer.status != StatusCode::OK {
            bail!("{path} was answered with {}", answer.status);
        }
        Ok(answer)
    }
}

/// What an answer sets, as it is sent back.
fn cookies(headers: &HeaderMap) -> String {
    let set = headers.get_all(header::SET_COOKIE).iter();
    let pairs = set.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    pairs.collect::<Vec<_>>().join("; ")
}

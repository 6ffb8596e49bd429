//! One request on a connection of its own, byte by byte: what an answer takes on the wire is part
//! of what is checked.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::child::PATIENCE;

/// A request, for any server.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Request {
    pub fn get(path: &str) -> Self {
        Self {
            method: "GET",
            path: path.to_owned(),
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// As wrk writes it.
    pub fn bytes(&self, to: SocketAddr) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\nHost: {to}\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!(
            "Content-Length: {}\r\n\r\n{}",
            self.body.len(),
            self.body
        ));
        text.into_bytes()
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    /// Bytes of head and body.
    pub wire: usize,
}

/// # Errors
/// Where there is no whole answer with a length.
pub async fn send(to: SocketAddr, request: &Request) -> Result<Answer> {
    timeout(PATIENCE, exchange(to, request))
        .await
        .with_context(|| format!("no answer to {}", request.path))?
}

async fn exchange(to: SocketAddr, request: &Request) -> Result<Answer> {
    let mut stream = open(to, request).await?;
    let mut received = Vec::new();
    let head = read_head(&mut stream, &mut received).await?;
    let length: usize = head
        .header("content-length")
        .context("the answer has no content-length")?
        .parse()?;
    let wire = head.bytes + length;
    while received.len() < wire {
        if stream.read_buf(&mut received).await? == 0 {
            bail!("the answer broke off");
        }
    }
    if received.len() > wire {
        bail!("the answer is longer than it says");
    }
    Ok(Answer {
        status: head.status,
        body: received.split_off(head.bytes),
        wire,
    })
}

/// A connection on which the request was sent.
pub async fn open(to: SocketAddr, request: &Request) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(to).await?;
    stream.set_nodelay(true)?;
    stream.write_all(&request.bytes(to)).await?;
    Ok(stream)
}

pub struct Head {
    pub status: u16,
    text: String,
    /// With the empty line at its end.
    pub bytes: usize,
}

impl Head {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.text.lines().filter_map(|line| line.split_once(':'));
        lines
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }
}

/// Reads to the end of the head at least.
pub async fn read_head(stream: &mut TcpStream, received: &mut Vec<u8>) -> Result<Head> {
    loop {
        if let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&received[..end]).into_owned();
            let status = text
                .get(9..12)
                .and_then(|status| status.parse().ok())
                .context("the answer is not HTTP")?;
            return Ok(Head {
                status,
                text,
                bytes: end + 4,
            });
        }
        if stream.read_buf(received).await? == 0 {
            bail!("the answer broke off in its head");
        }
    }
}
